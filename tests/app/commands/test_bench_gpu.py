"""The script for a GPU: what is reckoned stands in the decision; its parts work, on a CPU where they can."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.gpu import __main__ as script
from benchmarks.gpu import parity, served, speed, training
from benchmarks.gpu.reckoning import H100, Card, reckon
from benchmarks.shapes import Shape
from benchmarks.subjects import Subject, subject_of
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.training.graphs import Passes
from tests.oracles.on_a_backend import Distance

SMALL = Shape(T=6, B=3, D=8, A=4)

ADR = Path(__file__).resolve().parents[3] / "docs" / "adr" / "0020-one-launch-for-the-walk.md"


def rows() -> list[list[float]]:
    lines = [line for line in ADR.read_text().splitlines() if line.startswith("| ") and line[2].isdigit()]
    return [[float(cell) for cell in line.strip("| ").split("|")] for line in lines]


def test_the_table_of_the_decision_is_what_is_reckoned() -> None:
    assert len(rows()) == 6
    for T, B, D, A, programs, forward_us, backward_us, whole_ms, _ in rows():
        walk = reckon(Shape(T=int(T), B=int(B), D=int(D), A=int(A)))
        assert walk.programs == programs
        found = [round(figure, 1) for figure in (walk.forward_us, walk.backward_us, walk.whole_ms(int(T)))]
        assert found == [forward_us, backward_us, whole_ms]


def test_a_step_that_is_all_streaming_takes_what_its_matrices_take_from_l2() -> None:
    endless = Card(processors=132, operations_per_s=1e30, bytes_per_s=5.5e12)
    walk = reckon(Shape(T=1, B=1, D=128, A=32, k_top=0), endless)
    matrices = 4 * (4 * 128 * 128 + 2 * 32 * 128)
    assert walk.backward_us == pytest.approx(1e6 * 132 * matrices / 5.5e12)
    assert walk.forward_us == pytest.approx(1e6 * 132 * (matrices + 4 * 1 * 32) / 5.5e12)


def test_a_card_with_half_the_arithmetic_takes_twice_as_long_where_arithmetic_is_the_bound() -> None:
    many, slow = Shape(T=10, B=2048, D=64), H100._replace(bytes_per_s=1e30)
    half = slow._replace(operations_per_s=H100.operations_per_s / 2)
    assert reckon(many, half).forward_us == pytest.approx(2 * reckon(many, slow).forward_us)


def test_more_tiles_than_processors_take_turns() -> None:
    one = reckon(Shape(T=10, B=132 * 16))
    two = reckon(Shape(T=10, B=132 * 16 + 1))
    assert (one.programs, two.programs) == (132, 133)
    assert two.backward_us == pytest.approx(2 * one.backward_us)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_without_a_gpu_the_script_says_so_in_one_line_and_ends_with_its_own_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert script.main(["--json"]) == script.NO_GPU == 3
    out, err = capsys.readouterr()
    assert (out, err) == ("", "there is no CUDA device here: nothing was measured\n")


def test_a_part_that_breaks_is_told_and_the_others_are_measured() -> None:
    def breaks() -> script.Figures:
        raise RuntimeError("CUDA error:\n  an illegal memory access")

    good = {"what": "a", "value": 1.0, "unit": "ratio", "budget": "≤ 2", "holds": True}
    found = script.measure({"bad": breaks, "good": lambda: [good]})
    assert [one["part"] for one in found] == ["bad", "good"]
    assert script.line(found[0]) == "bad: not measured, RuntimeError: CUDA error: an illegal memory access"
    assert script.line(found[1]) == "a: 1.0 ratio (≤ 2: held)"
    assert script.verdict(found) == 1
    assert script.verdict(found[1:]) == 0
    assert script.verdict([{**good, "holds": False}]) == 1


def test_every_option_of_a_right_backend_is_within_what_is_allowed() -> None:
    (found,) = parity.measure("torch", "cpu")
    assert found["holds"], found
    assert found["cases"] + len(found["turned_by_rounding"]) == len(parity.OPTIONS) + 6
    assert found["cases"] > len(parity.OPTIONS)


@pytest.mark.parametrize("wrong", [2e-4, math.nan])
def test_one_number_beyond_the_tolerance_is_found(wrong: float) -> None:
    right, off = Distance({"hidden": 1e-6, "bias_ih": 2e-6}, 1e-4), Distance({"hidden": wrong, "bias_ih": 0.0}, 1e-4)
    (found,) = parity.figures({"a": right, "b": off, "c": Distance({}, 0.0, same_choice=False)})
    assert not found["holds"]
    assert (found["worst"], found["failed"], found["turned_by_rounding"]) == ("b", ["b"], ["c"])
    (good,) = parity.figures({"a": right})
    assert good["holds"]
    assert good["value"] == pytest.approx(0.02)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Subject]:
    """The networks that are measured, as they are made."""
    found: list[Subject] = []

    def remembered(*words: Any) -> Subject:
        found.append(subject_of(*words))
        return found[-1]

    monkeypatch.setattr(speed, "subject_of", remembered)
    return found


@pytest.mark.parametrize("kind", ["sab-torch", "lstm", "dense"])
def test_an_update_of_every_kind_learns(kind: str, made: list[Subject]) -> None:
    update = speed.update_on(kind, SMALL, "cpu", None)
    before = float(made[0].loss().detach())
    for _ in range(5):
        update()
    assert float(made[0].loss().detach()) < before


class Replays:
    """Records as a device does: what is replayed goes into the tensors of the first time."""

    def __init__(self) -> None:
        self.replayed = 0

    def record(self, work: Callable[[], Passes]) -> tuple[Passes, Callable[[], None]]:
        kept = work()

        def replay() -> None:
            self.replayed += 1
            for still, fresh in zip(kept.gradients, work().gradients, strict=True):
                if still is not None and fresh is not None:
                    still.copy_(fresh)

        return kept, replay


def test_a_recorded_update_does_what_a_plain_one_does(made: list[Subject]) -> None:
    recorder = Replays()
    updates = [speed.update_on("sab-torch", SMALL, "cpu", one) for one in (None, recorder)]
    for _ in range(3):
        for update in updates:
            update()
    assert recorder.replayed == 3
    assert float(made[0].loss().detach()) == float(made[1].loss().detach())


def test_ratios_and_budgets_of_a_shape() -> None:
    def report(ms: float, mib: int) -> dict[str, Any]:
        return {"ms": {"median": ms}, "peak_mib": mib}

    reports = {"sab-triton": report(12.0, 400), "sab-torch": report(136.0, 1000), "lstm": report(5.0, 300)}
    over, peak = speed.judged(Shape(T=784), reports)
    assert (over["value"], over["budget"], over["holds"]) == (2.4, "≤ 5.0", True)
    assert (peak["value"], peak["budget"], peak["holds"]) == (0.4, "≤ 0.5", True)
    reports["sab-triton"] = {"reason": "OutOfResources: registers"}
    (over,) = speed.judged(Shape(T=784), reports)
    assert (over["value"], over["reason"]) == (None, "sab-triton: OutOfResources: registers")


def test_what_would_not_fit_or_take_too_long_is_left_out_with_a_reason() -> None:
    assert speed.left_out("dense", Shape(T=120)) is None
    assert speed.left_out("dense", Shape(T=784)) is not None
    assert speed.left_out("loops", Shape(T=784)) is None
    assert speed.left_out("loops", Shape(T=120, B=1024, D=512)) == "seconds an update"
    assert all(speed.left_out(kind, shape) is None for kind in ("sab-triton", "lstm") for shape in speed.SHAPES)


def test_a_kind_that_the_device_refuses_is_told_and_the_others_go_on() -> None:
    (over,) = speed.measure("cpu", (SMALL,))
    assert over["value"] is None
    assert over["reason"].startswith("sab-triton: ValueError: backend = 'triton': its kernels run on a CUDA device")
    assert over["all"]["lstm"]["ms"]["count"] >= 1
    assert over["all"]["loops"]["ms"]["count"] >= 1


def test_two_trainings_on_one_device_have_the_same_losses() -> None:
    config = replace(training.COPY_30, model=ModelConfig(hidden_size=8, attention_size=4))
    (found,) = training.measure("cpu", config, updates=3)
    assert (found["value"], found["holds"], found["updates"]) == (0.0, True, 3)
    assert [engine for engine, _ in found["loss_of_the_last_20"]] == ["cpu, fused loops"] * 2


@pytest.mark.server
def test_a_server_trains_turns_a_knob_answers_and_exports() -> None:
    (found,) = served.measure("cpu")
    assert found["value"] == 4, found
    assert found["holds"]
    assert found["engine"]["device"] == "cpu"
    assert found["probe"] == {"steps": 40, "nonfinite": 0}
    assert found["export"] > 100
