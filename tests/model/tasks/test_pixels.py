"""Pixels: which image is read where and in which order, and what an own image becomes."""

from __future__ import annotations

import gzip
import math

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.contract import pixel_order
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.trace import Probe, trace
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.base import NO_TARGET
from sab_visualiser.model.tasks.data import FOLDER, DataError
from sab_visualiser.model.tasks.pixels import PixelsTask

LINES = gzip.decompress((FOLDER / "digits.csv.gz").read_bytes()).decode().split()
ROWS = [[int(cell) for cell in line.split(",")] for line in LINES]


def pixels(permuted: int | None = None) -> PixelsTask:
    task = make_task(TaskConfig("pixels", 64, permuted=permuted))
    assert isinstance(task, PixelsTask)
    return task


def images(permuted: int | None, part: str) -> list[list[int]]:
    """Pixels, row by row from 0 to 16, and the label, as they were drawn."""
    task, generator = pixels(permuted), torch.Generator().manual_seed(0)
    batches = [task.batch(300, generator)] if part == "training" else list(task.held_out(9999, 50, generator))
    order, found = pixel_order(64, permuted), []
    for batch in batches:
        for image_TI, target_T in zip(batch.inputs_BTI, batch.targets_BT, strict=True):
            row = [0] * 64
            for step, pixel in enumerate(order):
                row[pixel] = round(float(image_TI[step, 0]) * 16)
            found.append([*row, int(target_T[-1])])
    return found


@pytest.mark.parametrize("permuted", [None, 0, 4])
def test_training_reads_the_first_1437_images_and_the_others_are_held_out(permuted: int | None) -> None:
    training = images(permuted, "training")
    assert len(training) == 300
    assert all(image in ROWS[:1437] for image in training)
    held_out = images(permuted, "test")
    assert sorted(held_out) == sorted(ROWS[1437:])
    assert held_out != ROWS[1437:]


def test_the_class_is_asked_at_the_last_step_alone() -> None:
    batch = pixels().batch(40, torch.Generator().manual_seed(1))
    assert (batch.targets_BT[:, :-1] == NO_TARGET).all()
    assert (batch.targets_BT[:, -1] >= 0).all()
    assert batch.scored_BT.sum() == 40
    assert batch.symbols_BT is None
    assert 0 <= float(batch.inputs_BTI.min()) < float(batch.inputs_BTI.max()) == 1


def test_accuracy_and_ce_look_at_the_last_step_alone() -> None:
    task = pixels()
    batch = task.batch(10, torch.Generator().manual_seed(1))
    outputs_BTC = torch.zeros(10, 64, 10)
    assert task.metrics(outputs_BTC, batch)["ce"] == pytest.approx(math.log(10))
    outputs_BTC[:, :-1, 0] = 100
    assert task.metrics(outputs_BTC, batch)["ce"] == pytest.approx(math.log(10))
    for example in range(6):
        outputs_BTC[example, -1, batch.targets_BT[example, -1]] = 100
    for example in range(6, 10):
        outputs_BTC[example, -1, (batch.targets_BT[example, -1] + 1) % 10] = 100
    assert task.metrics(outputs_BTC, batch)["accuracy"] == pytest.approx(0.6)


def test_a_network_reads_what_is_bright_as_a_number() -> None:
    task = pixels(2)
    assert (task.input_size, task.output_size, task.symbol_names, task.shape) == (1, 10, tuple("0123456789"), (8, 8, 1))


@pytest.mark.parametrize("inputs", [[0.5] * 64, [1] * 64, [[0.25]] * 64])
def test_an_own_image_has_no_target_and_is_followed_from_its_last_step(inputs: list[object]) -> None:
    task = pixels()
    batch = task.batch_from(inputs)
    assert (batch.targets_BT == NO_TARGET).all()
    assert task.loss_step_of(batch) == 63
    outputs_BTC = torch.zeros(1, 64, 10)
    assert float(task.loss(outputs_BTC, batch)) == 0


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([0.5] * 63, r"inputs of 63 pixels: an image has 8 × 8, that is 64"),
        ([0.5] * 63 + [1.5], r"inputs\[63\] = 1\.5: must be a number from 0 to 1"),
        ([math.nan] * 64, r"inputs\[0\] = nan"),
        ([[0.5, 0.5]] * 64, r"inputs\[0\] = \[0\.5, 0\.5\]: must be a number"),
        (["a"] * 64, r"inputs\[0\] = 'a'"),
        ([True] * 64, r"inputs\[0\] = True"),
    ],
)
def test_an_own_image_that_cannot_be_read_says_why(inputs: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pixels().batch_from(inputs)


def test_a_trace_of_an_image_follows_the_loss_of_its_last_step() -> None:
    task = pixels()
    network = Network(1, 10, ModelConfig(hidden_size=8, attention_size=4))
    found = trace(network, task, task.probe_batch(1), Probe(loss_step=63))
    assert (found.true_sources, found.hit_rate, found.symbols_T) == ({}, None, None)
    assert found.loss_T[:-1].max() == 0 < found.loss_T[-1]
    assert found.gradient_norm["full"][0] > 0


def test_images_that_are_not_here_are_asked_for() -> None:
    with pytest.raises(DataError, match=r"task\.data = shoes@00000000"):
        make_task(TaskConfig("pixels", 784, data=f"shoes@{'0' * 64}"))
