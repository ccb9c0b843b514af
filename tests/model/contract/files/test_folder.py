"""A folder of files of data: which data sets it holds, what is remembered of them, and by which name they are known."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sab_visualiser.model.contract import data
from sab_visualiser.model.contract.data import ImageFacts, TextFacts, called, know, resolved
from sab_visualiser.model.contract.files import folder as files
from sab_visualiser.model.contract.files import published
from sab_visualiser.model.contract.files.folder import find, look, read
from sab_visualiser.model.contract.judge import Found
from tests.model.contract.test_judge import BATCHES, IDX

TEXT = "a few words, again and again\n" * 20


def written(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder as people have it: images, batches, texts in two parts, a text, and what is none of all that."""
    shelf = tmp_path / "shelf"
    written(shelf / "Small Images", IDX)
    written(shelf / "batches", BATCHES)
    written(shelf / "ptb", {"ptb.train.txt": TEXT.encode(), "ptb.valid.txt": b"no", "ptb.test.txt": b"few words\n" * 9})
    written(shelf / "photos", {"holiday.jpg": b"\xff\xd8"})
    written(shelf, {"poem.txt": TEXT.upper().encode(), "text8.txt.gz": gzip.compress(TEXT[::-1].encode(), mtime=0)})
    return written(shelf, {"broken.txt": b"\xff\xfe", "README.md": b"about all this"})


def test_every_data_set_of_a_folder_is_found_and_what_is_none_is_said_or_passed_over(shelf: Path) -> None:
    found = look(shelf)
    words = {held.facts.name.partition("@")[0]: held for held in found.held}
    assert sorted(words) == ["batches", "poem-txt", "ptb", "small-images", "text8-txt-gz"]
    assert isinstance(words["small-images"].facts, ImageFacts)
    ptb = words["ptb"].facts
    assert isinstance(ptb, TextFacts)
    assert (ptb.training, ptb.characters) == (len(TEXT), len(TEXT) + 90)
    (line,) = found.refused
    assert line.startswith(f"{shelf / 'broken.txt'}: broken.txt: is no text in UTF-8")
    assert look(None) == look(shelf / "gone") == files.Look()


def test_files_that_lie_in_the_folder_itself_are_a_data_set_too(tmp_path: Path) -> None:
    (held,) = look(written(tmp_path / "fashion-mnist", IDX)).held
    assert held.path == tmp_path / "fashion-mnist"
    assert held.facts.name.startswith("fashion-mnist@")


def test_what_was_found_out_is_not_found_out_again_until_a_file_changes(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "files.json"
    first = look(shelf, memory)
    asked: list[Path] = []

    def noted(path: Path) -> Found:
        asked.append(path)
        return read(path)

    monkeypatch.setattr(files, "read", noted)
    assert look(shelf, memory) == first
    assert asked == []
    (shelf / "poem.txt").write_text(TEXT.upper() + "one line more")
    again = look(shelf, memory)
    assert asked == [shelf / "poem.txt"]
    assert {held.facts.sha256 for held in again.held} != {held.facts.sha256 for held in first.held}
    for spoilt in ("", "[]", json.dumps({str(shelf / "poem.txt"): {"kind": "text", "facts": {}}})):
        memory.write_text(spoilt)
        assert look(shelf, memory) == again


def test_a_data_set_is_found_by_its_sha256_whatever_its_folder_is_called(shelf: Path) -> None:
    for held in look(shelf).held:
        found = find(shelf, f"another-word@{held.facts.sha256}")
        assert found is not None
        assert found.facts == held.facts
    assert find(shelf, f"poem-txt@{'0' * 64}") is None
    assert find(None, f"poem-txt@{'0' * 64}") is None


def test_a_word_names_the_one_data_set_that_is_called_so(monkeypatch: pytest.MonkeyPatch, shelf: Path) -> None:
    monkeypatch.setattr(data, "_ADDED", {})
    held = look(shelf).held
    for one in held:
        know(one.facts)
    (images,) = (one.facts for one in held if one.facts.name.startswith("small-images@"))
    assert resolved("small-images") == images.name
    assert resolved(images.name) == images.name
    assert (resolved("hamlet"), resolved("gone")) == ("hamlet", "gone")
    assert "small-images" in called()
    twin = data.text_facts("another text of that name", "small images")
    know(twin)
    assert resolved("small-images") == "small-images", "two are called so, and neither is meant"
    assert {data.short_name(images.name), data.short_name(twin.name)} <= set(called())


def test_a_published_set_has_the_name_and_classes_of_its_authors_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = read(written(tmp_path / "some-folder", IDX)).facts
    assert isinstance(unknown, ImageFacts)
    about = {"name": "tiny", "title": "Tiny", "classes": tuple("vwxyz"), "licence": "CC0", "source": "the authors"}
    monkeypatch.setitem(published.PUBLISHED, unknown.sha256, about)
    known = read(tmp_path / "some-folder").facts
    assert isinstance(known, ImageFacts)
    assert known.name == f"tiny@{unknown.sha256}"
    assert (known.classes, known.licence, known.title) == (tuple("vwxyz"), "CC0", "Tiny")
    assert (known.shape, known.training, known.test) == (unknown.shape, unknown.training, unknown.test)
