"""`sab data`, and files of one's own in `sab train` and `sab evaluate`: what is told, and one line on a bad file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sab_visualiser.app.cli import main
from sab_visualiser.model.contract.data import BUNDLED
from tests.model.contract.test_judge import IDX

SMALL = ["--set", "model.hidden_size=6", "--set", "model.attention_size=4", "--set", "training.batch_size=2"]
TEXT = "the cat sat on the mat, and the dog ate it\n" * 20


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(list(words))
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def folder(path: Path) -> Path:
    path.mkdir()
    for name, content in IDX.items():
        (path / name).write_bytes(content)
    return path


def test_the_list_has_what_is_bundled_and_what_lies_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "poem.txt").write_text(TEXT)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    folder(tmp_path / "images")
    told = json.loads(said(capsys, "data", "list", "--data-dir", str(tmp_path), "--json"))
    assert [row["path"] for row in told["data"]] == [*BUNDLED, str(tmp_path / "images"), str(tmp_path / "poem.txt")]
    (why,) = told["refused"]
    assert "bad.txt: is no text in UTF-8" in why
    assert "held out" in said(capsys, "data", "list")


def test_check_says_what_a_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poem, images = tmp_path / "poem.txt", folder(tmp_path / "images")
    poem.write_text(TEXT)
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    told = json.loads(said(capsys, "data", "check", str(poem), "--json"))
    assert (told["sha256"], told["size_bytes"], told["characters"]) == (sha256, len(TEXT), len(TEXT))
    assert sha256 in said(capsys, "data", "check", str(poem), "--sha256", sha256)
    assert "5 classes" in said(capsys, "data", "check", str(images))
    labels = said(capsys, "data", "check", str(images / "train-labels-idx1-ubyte"))
    assert "an IDX file: 3 labels, a part of a data set" in labels
    assert f"its sha256 is {sha256}, not 00" in refused(capsys, "data", "check", str(poem), "--sha256", "00")
    assert "No such file" in refused(capsys, "data", "check", str(tmp_path / "gone.txt"))
    poem.write_bytes(b"\xff\xfe")
    assert "is no text in UTF-8" in refused(capsys, "data", "check", str(poem))


def test_a_network_is_trained_on_a_file_of_ones_own_and_measured_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poem, other, out = tmp_path / "poem.txt", tmp_path / "other.txt", tmp_path / "out"
    poem.write_text(TEXT)
    other.write_text(TEXT + "!")
    words = ["--task", "char", "--set", f"task.data={poem}", "--set", "task.T=20", *SMALL, "--updates", "2"]
    trained = json.loads(said(capsys, "train", *words, "--output", str(out), "--json"))
    assert trained["metrics"]["bpc"] > 0
    checkpoint = str(out / "checkpoint.safetensors")
    assert str(tmp_path).encode() not in Path(checkpoint).read_bytes()
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    assert f"poem-txt@{sha256}".encode() in Path(checkpoint).read_bytes()
    measured = json.loads(said(capsys, "evaluate", checkpoint, "--data", str(poem), "--examples", "999", "--json"))
    assert measured["examples"] == (len(TEXT) - len(TEXT) * 9 // 10 - 1) // 20
    assert measured["metrics"]["bpc"] == pytest.approx(trained["metrics"]["bpc"])
    assert measured["reading"] == "each window begins with nothing"


def test_a_text_that_is_read_on_is_measured_with_the_state_carried_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--task", "char", "--set", "task.carry=true", "--set", "task.T=20", *SMALL, "--updates", "2"]
    trained = json.loads(said(capsys, "train", *words, "--output", str(tmp_path), "--json"))
    checkpoint = str(tmp_path / "checkpoint.safetensors")
    measured = json.loads(said(capsys, "evaluate", checkpoint, "--examples", "9999", "--json"))
    assert measured["metrics"]["bpc"] == pytest.approx(trained["metrics"]["bpc"])
    assert measured["examples"] == (176_350 - 158_715 - 1) // 20
    assert measured["reading"] == "state carried from one window to the next"
    assert "(state carried from one window to the next): bpc" in said(capsys, "evaluate", checkpoint)


def test_a_file_that_is_not_the_one_a_network_was_trained_on_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poem, other, out = tmp_path / "first.txt", tmp_path / "second.txt", tmp_path / "out"
    poem.write_text("some words that no other test has read\n" * 30)
    words = ["--task", "char", "--set", f"task.data={poem}", "--set", "task.T=20", *SMALL, "--updates", "1"]
    said(capsys, "train", *words, "--output", str(out), "--json")
    from sab_visualiser.model.tasks import data

    data._BROUGHT.clear()  # as in another process
    other.write_text(TEXT + "?")
    checkpoint = str(out / "checkpoint.safetensors")
    why = refused(capsys, "evaluate", checkpoint, "--data", str(other))
    assert "the data set with this sha256 is not here (what was read is second-txt@" in why
    data._BROUGHT.clear()
    assert "name its file, --data PATH or --set task.data=PATH" in refused(capsys, "evaluate", checkpoint)


@pytest.mark.parametrize(
    ("content", "T", "why"),
    [
        (b"", 9, "text of 0 characters"),
        (b"aaaa", 9, "text of 1 different characters"),
        (b"caf\xe9", 9, "is no text in UTF-8"),
        (b"abc" * 30, 9, "both parts of mine-txt@"),
    ],
)
def test_a_text_that_cannot_be_trained_on_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, T: int, why: str
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    words = ("--task", "char", "--set", f"task.data={path}", "--set", f"task.T={T}", "--updates", "1")
    assert why in refused(capsys, "train", *words)


def test_images_give_their_length_and_a_path_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = folder(tmp_path / "images")
    words = ["--task", "pixels", "--set", f"task.data={images}", *SMALL, "--updates", "1"]
    trained = json.loads(said(capsys, "train", *words, "--json"))
    assert trained["metrics"]["accuracy"] is not None
    assert "an image of images@" in refused(capsys, "train", *words, "--set", "task.T=7")
    gone = refused(capsys, "train", "--task", "pixels", "--set", f"task.data={tmp_path}/gone")
    assert "hamlet, digits, or the path of a file or folder" in gone
