"""The script for a GPU: its parts work, on a CPU where they can, and nothing trivial can stop it."""

from __future__ import annotations

import importlib.util
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.gpu import __main__ as script
from benchmarks.gpu import parity, served, speed, training
from benchmarks.shapes import Shape
from benchmarks.subjects import Subject, subject_of
from sab_visualiser.model import card
from sab_visualiser.model.card import Card
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.passes.triton.backend import TritonBackend
from sab_visualiser.model.training.graphs import Passes
from tests.oracles.on_a_backend import Distance

SMALL = Shape(T=6, B=3, D=8, A=4)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_without_a_gpu_the_script_says_so_in_one_line_and_ends_with_its_own_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert script.main(["--json"]) == script.NO_GPU == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"there is no CUDA device here \([^\n]+\): nothing was measured\n", err)


def test_a_card_that_computes_nothing_is_told_in_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(card, "found", lambda: Card("Old"))
    monkeypatch.setattr(card, "failing", lambda device: "CUDA error: no kernel image")
    assert script.main([]) == script.NO_GPU
    words = "Old computes nothing (CUDA error: no kernel image): nothing was measured\n"
    assert capsys.readouterr() == ("", words)


@pytest.fixture
def a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend to have a card, which is the CPU, and what is asked of one."""
    properties = SimpleNamespace(name="A card", major=9, minor=0, multi_processor_count=132, total_memory=80 * 2**30)
    monkeypatch.setattr(card, "found", lambda: Card("A card"))
    monkeypatch.setattr(card, "failing", lambda device: None)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: properties)


@pytest.mark.usefixtures("a_card")
def test_a_folder_that_is_not_there_is_refused_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "parts", lambda device: pytest.fail("measured"))
    with pytest.raises(SystemExit) as ended:
        script.main(["--output", str(tmp_path / "none" / "a.json")])
    assert ended.value.code == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_a_document_is_json_for_every_reader_whatever_was_measured() -> None:
    text = script.as_json({"a": math.nan, "b": [math.inf, 1.5], 3: (None, Path("x"))})
    assert json.loads(text, parse_constant=pytest.fail) == {"a": "nan", "b": ["inf", 1.5], "3": [None, "x"]}


def tiny(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    """Every part of the script at sizes that take no time, with the device in the place of a card."""
    few = ("one step",)
    monkeypatch.setattr(parity, "RULES", ("sab",))
    small = replace(training.COPY_30, model=ModelConfig(hidden_size=8, attention_size=4))
    monkeypatch.setattr(script, "DEVICE", device)
    monkeypatch.setattr(
        script,
        "parts",
        lambda device: {
            "parity": lambda: parity.measure("triton", device, few),
            "training": lambda: training.measure(device, small, updates=3),
            "served": lambda: served.measure(device),
            "speed": lambda: speed.measure(device, (SMALL,)),
        },
    )


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.usefixtures("a_card")
def test_every_part_runs_with_the_walks_interpreted_and_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if importlib.util.find_spec("triton") is None:
        pytest.skip("Triton is not installed: the extra [gpu]")
    tiny(monkeypatch, "cpu")
    monkeypatch.setattr(TritonBackend, "why_not", lambda self, target: None)
    path = tmp_path / "found.json"
    with np.errstate(all="ignore"):
        code = script.main(["--json", "--output", str(path)])
    out, err = capsys.readouterr()
    found = json.loads(out, parse_constant=pytest.fail)
    assert json.loads(path.read_text()) == found
    assert [line.split(":")[0] for line in err.splitlines()] == ["parity", "training", "served", "speed"]
    assert [one["part"] for one in found["figures"]] == ["parity", "training", "served", "speed"]
    assert all(one["value"] is not None for one in found["figures"]), found["figures"]
    assert (found["gpu"]["name"], found["gpu"]["capability"]) == ("A card", "9.0")
    assert code == script.verdict(found["figures"]) == 0
    print("\n".join(script.line(one) for one in found["figures"]))


@pytest.mark.usefixtures("a_card")
def test_a_card_on_which_nothing_works_is_told_part_by_part_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    tiny(monkeypatch, "cpu")
    for module, name in ((parity, "distance"), (training, "Trainer"), (served, "running"), (speed, "subject_of")):
        monkeypatch.setattr(module, name, breaks)
    monkeypatch.setattr(speed, "update_of", breaks)
    monkeypatch.setattr(torch.cuda, "get_device_properties", breaks)
    assert script.main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all("not measured, " in line and "OutOfMemoryError: CUDA out of memory." in line for line in lines), lines


def test_one_option_that_breaks_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def distance(case: Any, rule: str, **_: Any) -> Distance:
        if case.hidden == 128:
            raise RuntimeError("out of resource: registers")
        return Distance({"hidden": 1e-6}, 1e-4)

    monkeypatch.setattr(parity, "distance", distance)
    (found,) = parity.measure("triton", "cpu")
    assert (found["value"], found["holds"]) == (0.01, False)
    assert found["broken"] == {"D 128": "RuntimeError: out of resource: registers"}


def test_what_is_asked_of_a_device_beside_an_update_is_there(
    monkeypatch: pytest.MonkeyPatch, made: list[Subject]
) -> None:
    asked: list[str] = []

    def on_the_cpu(kind: str, shape: Shape, device: str) -> Subject:
        made.append(subject_of(kind, shape))
        return made[-1]

    def noted(name: str) -> int:
        asked.append(name)
        return 3 * 2**20

    monkeypatch.setattr(speed, "subject_of", on_the_cpu)
    monkeypatch.setattr(speed, "recorder_for", lambda device: Replays())
    for name in ("empty_cache", "reset_peak_memory_stats", "synchronize", "max_memory_allocated"):
        assert callable(getattr(torch.cuda, name))
        monkeypatch.setattr(torch.cuda, name, partial(noted, name))
    report = speed.measured("sab-torch", SMALL, "cuda")
    assert (report["peak_mib"], set(report["ms"])) == (3, {"median", "quartiles", "range", "count"})
    assert {"empty_cache", "reset_peak_memory_stats", "synchronize", "max_memory_allocated"} == set(asked)
    assert len(made) == 1


def test_a_part_that_breaks_is_told_and_the_others_are_measured() -> None:
    def breaks() -> script.Figures:
        raise RuntimeError("CUDA error: an illegal memory access\nand advice")

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
    assert found["holds"], found
    assert found["engine"]["device"] == "cpu"
    assert found["probe"] == {"steps": 40, "nonfinite": 0}
    assert found["export"] > 100
