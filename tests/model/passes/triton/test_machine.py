"""The kernels compile for cards that are not here, and a machine on which they count wrong is found out."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.gpu import parity
from sab_visualiser.model import card
from sab_visualiser.model.devices import resolve_device
from sab_visualiser.model.passes.triton import backend
from sab_visualiser.model.passes.triton.backend import TritonBackend
from tests.model.passes.triton.interpreted import NAME, interpreted

pytestmark = pytest.mark.slow

COMPILE = Path(__file__).with_name("compile_for.py")


@pytest.mark.parametrize("capability", [80, 90])
def test_both_walks_compile_with_every_option_for_a_card(capability: int, tmp_path: Path) -> None:
    """As at a launch: the same arguments, down to machine code; in a process of its own, for this one interprets."""
    environment = {**os.environ, "TRITON_INTERPRET": "0", "TRITON_CACHE_DIR": str(tmp_path)}
    words = [sys.executable, str(COMPILE), str(capability)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.split("\n")[:-1]
    assert len(lines) == 15
    assert all(0 <= int(line.split()[1]) <= 48 * 1024 for line in lines), lines


def test_a_machine_that_counts_right_is_not_refused() -> None:
    from sab_visualiser.model.passes.triton.check import wrong_number

    with np.errstate(all="ignore"):
        assert wrong_number(torch.device("cpu")) is None


def test_a_machine_that_counts_wrong_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from sab_visualiser.model.passes.triton import check, passes

    right = passes.backward_pass

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        found.weights.weight_hh.mul_(1.01)
        return found

    monkeypatch.setattr(passes, "backward_pass", wrong)
    with np.errstate(all="ignore"):
        reason = check.wrong_number(torch.device("cpu"))
    assert reason is not None
    assert reason.startswith("a small layer gives a wrong number here: weight_hh is off by ")


@pytest.fixture
def fresh_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A card, whose kernels the interpreter plays; a process that has not asked for it yet."""
    from sab_visualiser.model.passes.triton import check

    drawn = check._case
    monkeypatch.delenv("SAB_BACKEND", raising=False)
    monkeypatch.setattr(backend, "interpreted", lambda: False)
    monkeypatch.setattr(check, "_case", lambda device, hidden: drawn(torch.device("cpu"), hidden))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (9, 0))
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(card, "failing", lambda device: None)
    monkeypatch.setattr(card, "free_bytes", lambda: None)
    backend._judged.cache_clear()
    with np.errstate(all="ignore"):
        yield
    backend._judged.cache_clear()


def launches(monkeypatch: pytest.MonkeyPatch, walk: str, change: Callable[[Any], Callable[..., None]]) -> None:
    """In the place of a kernel: what `change` makes of its launch."""
    from sab_visualiser.model.passes.triton import passes

    kernel = getattr(passes, walk)

    class Launched:
        def __getitem__(self, grid: tuple[int, ...]) -> Callable[..., None]:
            return change(kernel[grid])

    monkeypatch.setattr(passes, walk, Launched())


@pytest.mark.usefixtures("fresh_card")
def test_a_card_whose_small_layer_is_right_gets_the_walks() -> None:
    place = resolve_device("cuda")
    assert (place.backend, place.as_wished) == ("triton", True)
    assert place.why == "kernels that walk all steps in one launch on NVIDIA H100"


def errors() -> list[Exception]:
    """What compilers, drivers and cards are known to say."""
    if importlib.util.find_spec("triton") is None:
        return []
    from triton.compiler.errors import CompilationError
    from triton.runtime.errors import OutOfResources

    return [
        CompilationError("tl.dot(a, b)", None, "input_precision is not known"),
        OutOfResources(240_000, 101_376, "shared memory"),
        RuntimeError("Failed to find C compiler. Please specify via CC environment variable."),
        getattr(torch, "AcceleratorError", RuntimeError)("CUDA error: an illegal memory access\nand advice"),
    ]


@pytest.mark.usefixtures("fresh_card")
@pytest.mark.parametrize("walk", ["forward_walk", "backward_walk"])
@pytest.mark.parametrize("error", errors(), ids=lambda error: type(error).__name__)
def test_a_walk_that_cannot_be_compiled_or_launched_leaves_the_card_to_torch(
    monkeypatch: pytest.MonkeyPatch, walk: str, error: Exception
) -> None:
    def breaks(_: Any) -> Callable[..., None]:
        def launch(*arguments: Any, **options: Any) -> None:
            raise error

        return launch

    launches(monkeypatch, walk, breaks)
    place = resolve_device("cuda")
    assert (place.device.type, place.backend, place.as_wished) == ("cuda", "torch", False)
    assert place.why.endswith(f"recorded as CUDA graphs; {TritonBackend.words} cannot run: {card.in_one_line(error)}")
    assert "\n" not in place.why
    assert resolve_device("cuda").why == place.why


@pytest.mark.usefixtures("fresh_card")
@pytest.mark.parametrize(("walk", "number"), [("forward_walk", "hidden"), ("backward_walk", "weight_ih")])
def test_a_walk_that_gives_a_wrong_number_leaves_the_card_to_torch(
    monkeypatch: pytest.MonkeyPatch, walk: str, number: str
) -> None:
    def wrong(right: Callable[..., None]) -> Callable[..., None]:
        def launch(*arguments: Any, **options: Any) -> None:
            right(*arguments, **options)
            spoilt = arguments[0].states if walk == "forward_walk" else arguments[1].gates
            spoilt.mul_(1.01)

        return launch

    launches(monkeypatch, walk, wrong)
    place = resolve_device("cuda")
    assert (place.backend, place.as_wished) == ("torch", False)
    assert f"a small layer gives a wrong number here: {number} is off by " in place.why


def test_the_script_for_a_gpu_finds_the_walks_right() -> None:
    with interpreted():
        (found,) = parity.measure(NAME, "cpu", ("softmax", "knocked out"))
    assert found["holds"], found
    assert found["cases"] + len(found["turned_by_rounding"]) == 8
