"""Files of data: what each one is, and one clear line about one that is cut off, renamed, or something else."""

from __future__ import annotations

import gzip
import hashlib
import random
import struct
import tracemalloc

import pytest

from sab_visualiser.model.contract import judge
from sab_visualiser.model.contract.data import ImageFacts, TextFacts
from sab_visualiser.model.contract.judge import CIFAR_CLASSES, FileError, file_of, judged, told


def idx_images(count: int = 3, rows: int = 2, columns: int = 3) -> bytes:
    return struct.pack(">4i", 0x803, count, rows, columns) + bytes(range(count * rows * columns))


def idx_labels(*labels: int) -> bytes:
    return struct.pack(">2i", 0x801, len(labels)) + bytes(labels)


def cifar(*labels: int) -> bytes:
    return b"".join(bytes([label]) + bytes([200]) * 3072 for label in labels)


IDX = {
    "train-images-idx3-ubyte": idx_images(3),
    "train-labels-idx1-ubyte": idx_labels(0, 2, 1),
    "t10k-images-idx3-ubyte": idx_images(2),
    "t10k-labels-idx1-ubyte": idx_labels(1, 4),
}
BATCHES = {"data_batch_1.bin": cifar(0, 1), "data_batch_2.bin": cifar(9), "test_batch.bin": cifar(3)}


def test_a_text_is_one_data_set_and_its_last_tenth_is_held_out() -> None:
    text = "Ein Löwe. " * 50
    found = judged({"löwe.txt": text.encode()}, "löwe.txt")
    assert isinstance(found.facts, TextFacts)
    assert (found.text, found.facts.characters, found.facts.training) == (text, 500, 450)
    assert found.facts.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert "500 characters, 9 different ones, 50 held out" in told(found.facts)


def test_a_gzipped_text_and_one_with_a_mark_of_its_bytes_are_the_plain_one() -> None:
    text = b"ab" * 40
    plain = judged({"a.txt": text}, "a.txt").facts
    assert judged({"a.txt": gzip.compress(text, mtime=0)}, "a.txt").facts == plain
    assert judged({"a.txt": b"\xef\xbb\xbf" + text}, "a.txt").facts == plain


def test_files_of_train_and_test_text_keep_their_parts() -> None:
    """As the Penn Treebank comes; what is there for validation is left alone."""
    files = {"ptb.train.txt": b"a b <unk> " * 30, "ptb.valid.txt": b"zzz", "ptb.test.txt": b"b a " * 10}
    found = judged(files, "ptb")
    assert isinstance(found.facts, TextFacts)
    assert (found.facts.training, found.facts.characters) == (300, 340)
    assert "z" not in found.facts.symbols
    assert found.facts.most_T == 39


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_files_are_one_data_set_packed_or_not(pack: object) -> None:
    assert callable(pack)
    found = judged({name: pack(content) for name, content in IDX.items()}, "Fashion MNIST")
    assert isinstance(found.facts, ImageFacts)
    assert (found.facts.shape, found.facts.training, found.facts.test) == ((2, 3, 1), 3, 2)
    assert found.facts.classes == ("0", "1", "2", "3", "4")
    assert found.facts.sha256 == hashlib.sha256(b"".join(IDX.values())).hexdigest()
    assert found.facts.name.startswith("fashion-mnist@")
    assert [bytes(part.labels) for part in found.parts] == [bytes([0, 2, 1]), bytes([1, 4])]
    assert bytes(found.parts[0].pixels) == bytes(range(18))


def test_batches_of_cifar_are_one_data_set_of_three_channels() -> None:
    found = judged(BATCHES, "cifar")
    assert isinstance(found.facts, ImageFacts)
    assert (found.facts.shape, found.facts.training, found.facts.test) == ((32, 32, 3), 3, 1)
    assert (found.facts.classes, found.planes) == (CIFAR_CLASSES, True)
    assert "in 3 colours" in told(found.facts)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"train-images-idx3-ubyte": idx_images(3)[:-1]}, r"33 bytes, where 3 images of 2 × 3 take 34; it is cut off"),
        ({"train-images-idx3-ubyte": idx_images(3)[:9]}, r"cut off within its head"),
        ({"train-labels-idx1-ubyte": idx_labels(0, 1)}, r"train-labels-idx1-ubyte: 2 labels for 3 images"),
        ({"t10k-labels-idx1-ubyte": idx_labels(1, 2) + b"x"}, r"11 bytes, where 2 labels take 10"),
        (
            {"t10k-labels-idx1-ubyte": idx_images(2)},
            r"t10k-labels-idx1-ubyte: holds images, not labels; give the files",
        ),
        ({"t10k-images-idx3-ubyte": idx_images(2, 3, 3)}, r"training and test images have 2 × 3 and 3 × 3 pixels"),
        ({"t10k-labels-idx1-ubyte": None}, r"has no file t10k-labels-…; a data set of IDX files has train-images"),
        ({"train-images.idx3-ubyte": idx_images(3)}, r"has 2 files train-images-…"),
        ({"train-images-idx3-ubyte": idx_images(0)}, r"has no pixels"),
        ({"notes.txt": b"hello"}, r"files of different kinds do not make one data set \(notes\.txt is a text"),
    ],
)
def test_idx_files_that_do_not_fit_say_which_and_why(changes: dict[str, bytes | None], message: str) -> None:
    files = {name: content for name, content in {**IDX, **changes}.items() if content is not None}
    with pytest.raises(FileError, match=message):
        judged(files, "mnist")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data_batch_1.bin": cifar(0)[:-1]}, r"data_batch_1\.bin: 3,072 bytes are no whole number of images"),
        ({"data_batch_1.bin": cifar(0) + b"0"}, r"3,074 bytes are no whole number"),
        ({"data_batch_1.bin": b""}, r"0 bytes are no whole number"),
        ({"test_batch.bin": cifar(10)}, r"test_batch\.bin: has a label above 9"),
        ({"test_batch.bin": None}, r"test_batch\.bin is not there"),
        ({"data_batch_1.bin": None, "data_batch_2.bin": None}, r"data_batch_1\.bin is not there"),
    ],
)
def test_batches_that_do_not_fit_say_which_and_why(changes: dict[str, bytes | None], message: str) -> None:
    files = {name: content for name, content in {**BATCHES, **changes}.items() if content is not None}
    with pytest.raises(FileError, match=message):
        judged(files, "cifar")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"a\.txt: text of 0 characters: there is nothing to read"),
        (b"aaaa", r"a\.txt: text of 1 different characters"),
        (b"caf\xe9 cr\xe8me", r"a\.txt: is no text in UTF-8 \(byte 3 is 0xe9\)"),
        (gzip.compress(b"abcabc" * 100, mtime=0)[:-12], r"a\.txt: its gzip is cut off"),
        (b"\x1f\x8b" + b"no gzip at all", r"a\.txt: its gzip is broken"),
    ],
)
def test_a_text_that_cannot_be_read_says_why(content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        judged({"a.txt": content}, "a.txt")


def test_what_unpacks_without_end_is_left_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "LARGEST_TEXT_BYTES", 1000)
    monkeypatch.setattr(judge, "LARGEST_BYTES", 2000)
    for name, begin, most in (
        ("a.txt", b"ab", 1000),
        ("train-images", judge.IMAGES, 2000),
        ("data_batch_1", b"", 2000),
    ):
        packed = gzip.compress((begin + b"ab" * 5000)[: most + 1], mtime=0)
        with pytest.raises(FileError, match=rf"{name}: unpacks to more than {most:,} bytes"):
            judge.unpacked(name, packed)
        whole = (begin + b"ab" * 5000)[:most]
        assert judge.unpacked(name, gzip.compress(whole, mtime=0)) == whole
    with pytest.raises(FileError, match="more than 999 bytes"):
        file_of("a.txt", gzip.compress(judge.IMAGES + b"ab" * 500, mtime=0), 999)


@pytest.mark.parametrize("begin", [b"ab", judge.IMAGES])
def test_a_gzipped_bomb_is_not_unpacked_beyond_the_bound_of_a_text(begin: bytes) -> None:
    packed = gzip.compress(begin + bytes(2 * judge.LARGEST_TEXT_BYTES), 9, mtime=0)
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match=r"unpacks to more than 67,108,864 bytes"):
            file_of("bomb.txt", packed, judge.LARGEST_TEXT_BYTES)
        assert tracemalloc.get_traced_memory()[1] < 2 * judge.LARGEST_TEXT_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0, 1, 3 * judge.PIECE_BYTES])
def test_what_was_gzipped_is_the_same_unpacked(size: int) -> None:
    content = random.Random(size).randbytes(size)
    packed = gzip.compress(content, mtime=0)
    assert judge.unpacked("a", packed) == content
    for cut in range(2, len(packed), 4096):
        with pytest.raises(FileError, match="its gzip is cut off"):
            judge.unpacked("a", packed[:cut])


def test_several_texts_or_none_are_no_data_set() -> None:
    with pytest.raises(FileError, match=r"poems: 2 texts; name one of them"):
        judged({"a.txt": b"ab", "b.txt": b"cd"}, "poems")
    with pytest.raises(FileError, match=r"poems: there are no files of data"):
        judged({}, "poems")
