"""Judges files of data: a text in UTF-8, IDX files (MNIST, Fashion-MNIST), batches of CIFAR-10; plain or gzipped.

It says what a set of files is, with all that is to be known of it, or what is wrong with it. It reads no disk.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sab_visualiser.model.contract.data import DataFacts, ImageFacts, TextFacts, full_name, text_facts
from sab_visualiser.model.contract.files.published import published

Kind = Literal["text", "images", "labels", "CIFAR-10 batch"]
IMAGES, LABELS = b"\0\0\x08\x03", b"\0\0\x08\x01"
"""How IDX files of bytes begin, with three dimensions and with one."""
CIFAR_LABEL, CIFAR_PIXELS, CIFAR_SIDE = 1, 3072, 32
CIFAR_RECORD = CIFAR_LABEL + CIFAR_PIXELS
CIFAR_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
LARGEST_BYTES, LARGEST_TEXT_BYTES = 2**30, 2**26
"""Bytes that a gzipped file of images may unpack to, and a gzipped text."""
PIECE_BYTES = 2**14
"""Packed bytes that are unpacked at a time: they become 16 MiB at most, so that little more is held than may be."""


class FileError(ValueError):
    """A file is not what it should be; the message names it and says what to do."""


class Part(NamedTuple):
    """Images and labels: training or test."""

    pixels: memoryview
    labels: memoryview


class Found(NamedTuple):
    """A data set, and what it is made of.

    Attributes:
        facts: What is to be known of it.
        text: Of a text: all of it.
        parts: Of images: the training part and the test part. Pixels lie row by row, one byte a channel; in a batch of
            CIFAR-10 one plane of channels after the other, each image behind its label.
        planes: Whether pixels lie so.
    """

    facts: DataFacts
    text: str = ""
    parts: tuple[Part, ...] = ()
    planes: bool = False


class File(NamedTuple):
    """A file as it was found: its kind, size unpacked, and for images their number and size."""

    kind: Kind
    content: bytes
    number: int = 0
    rows: int = 0
    columns: int = 0


def unpacked(name: str, content: bytes, most: int | None = None) -> bytes:
    """The content of a file, without its gzip.

    Args:
        name: Of the file.
        content: Of the file.
        most: Bytes that it may unpack to; None: LARGEST_BYTES where it begins or is called as images are, else
            LARGEST_TEXT_BYTES.

    Raises:
        FileError: The gzip is broken, or unpacks to more than that.
    """
    if content[:2] != b"\x1f\x8b":
        return content
    unpacker, found = zlib.decompressobj(16 + zlib.MAX_WBITS), bytearray()
    for at in range(0, len(content), PIECE_BYTES):
        try:
            found += unpacker.decompress(content[at : at + PIECE_BYTES])
        except zlib.error:
            raise FileError(f"{name}: its gzip is broken; get the file again") from None
        images = found.startswith((IMAGES, LABELS)) or _named_like_cifar(name)
        bound = most or (LARGEST_BYTES if images else LARGEST_TEXT_BYTES)
        if len(found) > bound:
            told = f"{name}: unpacks to more than {bound:,} bytes, the most that is unpacked here"
            raise FileError(f"{told}; choose a smaller file, or put it unpacked into a folder of files of data")
        if unpacker.eof:
            return bytes(found)
    raise FileError(f"{name}: its gzip is cut off; get the file again")


def file_of(name: str, content: bytes, most: int | None = None) -> File:
    """What one file is.

    Args:
        name: Of the file.
        content: Of the file.
        most: As for `unpacked`.

    Raises:
        FileError: It is none of the kinds, or not whole.
    """
    content = unpacked(name, content, most)
    if content[:4] == IMAGES:
        return _idx_images(name, content)
    if content[:4] == LABELS:
        return _idx_labels(name, content)
    if _named_like_cifar(name) or _looks_like_cifar(content):
        return _cifar(name, content)
    if _is_text(name, content):
        return File("text", content, len(content.decode()))
    raise AssertionError("a file is a text or was refused")


def _is_text(name: str, content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name}: is no text in UTF-8 (byte {error.start:,} is 0x{content[error.start]:02x}), no IDX file and no"
            " batch of CIFAR-10; save a text as UTF-8"
        ) from None
    return True


def _idx_images(name: str, content: bytes) -> File:
    if len(content) < 16:
        raise FileError(f"{name}: is cut off within its head of 16 bytes; get the file again")
    count, rows, columns = (int.from_bytes(content[at : at + 4], "big") for at in (4, 8, 12))
    due = 16 + count * rows * columns
    if len(content) != due:
        raise FileError(
            f"{name}: {len(content):,} bytes, where {count:,} images of {rows} × {columns} take {due:,};"
            " it is cut off or was changed, get the file again"
        )
    if not count * rows * columns:
        raise FileError(f"{name}: has no pixels; choose a file with images")
    return File("images", content, count, rows, columns)


def _idx_labels(name: str, content: bytes) -> File:
    count = int.from_bytes(content[4:8], "big")
    if len(content) != 8 + count:
        raise FileError(
            f"{name}: {len(content):,} bytes, where {count:,} labels take {8 + count:,};"
            " it is cut off or was changed, get the file again"
        )
    return File("labels", content, count)


def _named_like_cifar(name: str) -> bool:
    return name.lower().startswith(("data_batch", "test_batch"))


def _looks_like_cifar(content: bytes) -> bool:
    """Whether records fit, all labels are classes, and it is no text."""
    if not content or len(content) % CIFAR_RECORD or max(content[::CIFAR_RECORD]) >= len(CIFAR_CLASSES):
        return False
    return max(content[: 16 * CIFAR_RECORD]) > 127


def _cifar(name: str, content: bytes) -> File:
    count, rest = divmod(len(content), CIFAR_RECORD)
    if rest or not count:
        raise FileError(
            f"{name}: {len(content):,} bytes are no whole number of images of CIFAR-10, which take {CIFAR_RECORD:,}"
            " each (a label, 3 × 32 × 32 numbers); get the binary version again"
        )
    if max(content[::CIFAR_RECORD]) >= len(CIFAR_CLASSES):
        raise FileError(f"{name}: has a label above 9, which CIFAR-10 has not; get the binary version again")
    return File("CIFAR-10 batch", content, count, CIFAR_SIDE, CIFAR_SIDE)


def judged(files: Mapping[str, bytes], words: str) -> Found:
    """What a set of files is: one text, the train and test files of a text, or those of images.

    Args:
        files: Contents by name, as they lie in one folder.
        words: What a person calls it; its name is made from it.

    Raises:
        FileError: What is wrong with them.
    """
    if not files:
        raise FileError(f"{words}: there are no files of data; choose a folder that holds them")
    found = {name: file_of(name, content) for name, content in sorted(files.items())}
    kinds = {file.kind for file in found.values()}
    if kinds == {"text"}:
        return _text(found, words)
    if kinds == {"CIFAR-10 batch"}:
        return _batches(found, words)
    if kinds <= {"images", "labels"}:
        return _idx(found, words)
    told = "; ".join(f"{name} is {_told(file)}" for name, file in found.items())
    raise FileError(f"{words}: files of different kinds do not make one data set ({told}); keep one kind")


def _told(file: File) -> str:
    return {"text": "a text", "images": "IDX images", "labels": "IDX labels"}.get(file.kind, file.kind)


def _text(found: Mapping[str, File], words: str) -> Found:
    parts = {part: [name for name in found if part in name] for part in ("train", "test")}
    if len(found) == 1:
        ((name, file),) = found.items()
        return _found_text(name, file.content.decode(), words, None)
    if any(len(names) != 1 for names in parts.values()):
        raise FileError(
            f"{words}: {len(found)} texts; name one of them, or have one with train and one with test in it"
        )
    training, test = (found[names[0]].content.decode() for names in parts.values())
    return _found_text(words, training + test, words, len(training))


def _found_text(name: str, text: str, words: str, training: int | None) -> Found:
    try:
        return Found(text_facts(text.removeprefix("\ufeff"), words, training=training), text.removeprefix("\ufeff"))
    except ValueError as error:
        raise FileError(f"{name}: {error}") from None


def _idx(found: Mapping[str, File], words: str) -> Found:
    names = [_one(found, words, part, what) for part in ("train", "t10k") for what in ("images", "labels")]
    train_images, train_labels, test_images, test_labels = files = [found[name] for name in names]
    for images, labels, name in ((train_images, train_labels, names[1]), (test_images, test_labels, names[3])):
        if images.number != labels.number:
            raise FileError(f"{name}: {labels.number:,} labels for {images.number:,} images; get both files again")
    if train_images[3:] != test_images[3:]:
        sizes = " and ".join(f"{file.rows} × {file.columns}" for file in (train_images, test_images))
        raise FileError(f"{words}: training and test images have {sizes} pixels; they must have one size")
    parts = tuple(
        Part(memoryview(images.content)[16:], memoryview(labels.content)[8:])
        for images, labels in ((train_images, train_labels), (test_images, test_labels))
    )
    classes = tuple(str(label) for label in range(1 + max(max(part.labels) for part in parts)))
    shape = (train_images.rows, train_images.columns, 1)
    return Found(_image_facts(files, words, shape, (train_images.number, test_images.number), classes), parts=parts)


def _one(found: Mapping[str, File], words: str, part: str, what: str) -> str:
    named = [name for name in found if name.startswith(part) and what in name]
    if len(named) != 1:
        raise FileError(
            f"{words}: has {len(named) or 'no'} {'files' if len(named) > 1 else 'file'} {part}-{what}-…; a data set of"
            " IDX files has train-images, train-labels, t10k-images and t10k-labels, each once"
        )
    if found[named[0]].kind != what:
        raise FileError(f"{named[0]}: holds {found[named[0]].kind}, not {what}; give the files their own names again")
    return named[0]


def _batches(found: Mapping[str, File], words: str) -> Found:
    training = [found[name] for name in found if not name.lower().startswith("test")]
    test = [found[name] for name in found if name.lower().startswith("test")]
    if not training or not test:
        missing = "test_batch.bin" if training else "data_batch_1.bin"
        raise FileError(f"{words}: {missing} is not there; CIFAR-10 has data_batch_1.bin … data_batch_5.bin and it")
    contents = [memoryview(b"".join(file.content for file in files)) for files in (training, test)]
    parts = tuple(Part(content, content[::CIFAR_RECORD]) for content in contents)
    counts = (sum(file.number for file in training), sum(file.number for file in test))
    shape = (CIFAR_SIDE, CIFAR_SIDE, 3)
    facts = _image_facts([*training, *test], words, shape, counts, CIFAR_CLASSES)
    return Found(facts, parts=parts, planes=True)


def _image_facts(
    files: Sequence[File],
    words: str,
    shape: tuple[int, int, int],
    counts: tuple[int, int],
    classes: tuple[str, ...],
) -> ImageFacts:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.content)
    size = sum(len(file.content) for file in files)
    name = full_name(words, digest.hexdigest())
    return published(ImageFacts(name, words, digest.hexdigest(), size, shape, *counts, classes))


def told(facts: DataFacts) -> str:
    """A data set in one line, for people."""
    if isinstance(facts, TextFacts):
        return (
            f"a text of {facts.characters:,} characters, {len(facts.symbols)} different ones,"
            f" {facts.characters - facts.training:,} held out; guessing costs {facts.entropy_bits:.3f} bits each"
        )
    rows, columns, channels = facts.shape
    return (
        f"images of {rows} × {columns}{' in 3 colours' if channels == 3 else ''}: {facts.training:,} to train on,"
        f" {facts.test:,} held out, {len(facts.classes)} classes"
    )
