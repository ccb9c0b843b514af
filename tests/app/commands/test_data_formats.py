"""Texts as they are passed round for language models: lines of words with marks (Penn Treebank), one line (text8)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sab_visualiser.app.cli import main
from sab_visualiser.model.tasks.data import text_named
from tests.app.commands.test_data import SMALL, said

LINES = [
    " no it was n't black <unk> \n",
    " mr. <unk> is chairman of <unk> n.v. the dutch group \n",
    " rose N N to $ N \n",
]
PTB = {"ptb.train.txt": LINES * 30, "ptb.valid.txt": LINES, "ptb.test.txt": LINES[::-1] * 4}
TEXT8 = " anarchism originated as a term of abuse first used against early working class radicals" * 12


def ptb(folder: Path) -> Path:
    folder.mkdir()
    for name, lines in PTB.items():
        (folder / name).write_text("".join(lines))
    return folder


def test_the_parts_of_a_treebank_are_one_text_whose_test_part_is_held_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ptb(tmp_path / "ptb")
    told = json.loads(said(capsys, "data", "check", str(folder), "--json"))
    training, test = ("".join(PTB[name]) for name in ("ptb.train.txt", "ptb.test.txt"))
    assert (told["characters"], told["training"]) == (len(training + test), len(training))
    assert set(told["symbols"]) == set(training + test)
    assert {"\n", "<", "$"} <= set(told["symbols"]), "ends of lines and marks are characters like others"
    assert f"{len(test):,} held out" in told["what"]
    one = said(capsys, "data", "check", str(folder / "ptb.train.txt"))
    assert f"a text of {len(training):,} characters" in one
    words = ("--task", "char", "--set", f"task.data={folder}", "--set", "task.T=25", *SMALL, "--updates", "2")
    trained = json.loads(said(capsys, "train", *words, "--json"))
    assert trained["metrics"]["bpc"] > 0
    brought = text_named(f"ptb@{told['sha256']}")
    read = "".join(told["symbols"][place] for place in brought.symbols_N.tolist())
    assert read == training + test, "the validation part is left alone, and nothing is between the other two"


@pytest.mark.parametrize("name", ["text8", "text8.txt", "text8.gz"])
def test_text8_is_one_line_of_27_characters_whatever_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(TEXT8.encode(), mtime=0) if name.endswith(".gz") else TEXT8.encode())
    told = json.loads(said(capsys, "data", "check", str(path), "--json"))
    assert told["symbols"] == "".join(sorted(set(TEXT8)))
    assert "\n" not in told["symbols"]
    assert (told["characters"], told["training"]) == (len(TEXT8), len(TEXT8) * 9 // 10)
    words = ("--task", "char", "--set", f"task.data={path}", "--set", "task.T=25", *SMALL, "--updates", "2")
    assert json.loads(said(capsys, "train", *words, "--json"))["metrics"]["bpc"] > 0


def test_a_folder_with_a_treebank_and_something_else_says_which_parts_it_wants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ptb(tmp_path / "ptb")
    (folder / "ptb.train.old.txt").write_text("more words\n")
    with pytest.raises(SystemExit):
        main(["data", "check", str(folder)])
    assert "have one with train and one with test in it" in capsys.readouterr().err
