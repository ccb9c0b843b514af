"""A CUDA device that is not there, not taken, or fails: each is told in one line, and nothing else is raised."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch

from sab_visualiser.model import card

NO_DRIVER = "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver"
TOO_OLD = "The NVIDIA driver on your system is too old (found version 11040)."
ADVICE = (
    "\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be"
    " incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1\nCompile with `TORCH_USE_CUDA_DSA`."
)
ACCELERATOR: type[RuntimeError] = getattr(torch, "AcceleratorError", RuntimeError)
LOST = ("device-side assert triggered", "unspecified launch failure", "the launch timed out and was terminated")


def raises(error: BaseException) -> Callable[..., Any]:
    def raising(*_: object, **__: object) -> Any:
        raise error

    return raising


def a_machine(
    monkeypatch: pytest.MonkeyPatch,
    *,
    there: Callable[[], bool] = lambda: True,
    begins: Callable[..., Any] = lambda: None,
    named: Callable[[], str] = lambda: "NVIDIA H100",
    capability: tuple[int, int] = (9, 0),
    built_for: tuple[str, ...] = ("sm_80", "sm_90", "compute_90"),
) -> None:
    """Pretend what torch says of the machine."""
    monkeypatch.setattr(torch.cuda, "is_available", there)
    monkeypatch.setattr(torch.cuda, "init", begins)
    monkeypatch.setattr(torch.cuda, "get_device_name", named)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: list(built_for))


def test_a_card_that_works_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    a_machine(monkeypatch)
    assert card.found() == card.Card("NVIDIA H100")


@pytest.mark.skipif(torch.version.cuda is not None, reason="this torch is built with CUDA")
def test_a_torch_without_cuda_says_so_and_that_is_no_trouble() -> None:
    assert card.found() == card.Card(why_not="Torch not compiled with CUDA enabled")


@pytest.mark.parametrize(
    ("words", "troubled"),
    [(NO_DRIVER, False), ("No CUDA GPUs are available", False), (TOO_OLD, True), ("CUDA unknown error", True)],
)
def test_what_the_driver_says_is_the_reason(monkeypatch: pytest.MonkeyPatch, words: str, troubled: bool) -> None:
    def warns() -> bool:
        warnings.warn(f"CUDA initialization: {words}", stacklevel=1)
        return False

    a_machine(monkeypatch, there=warns, begins=raises(RuntimeError(f"{words}\nand more")))
    told = f"RuntimeError: {words} and more" if troubled else words.split(". ")[0]
    assert card.found() == card.Card(why_not=told, troubled=troubled)


def test_a_device_that_raises_when_it_is_named_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = "CUDA error: CUDA-capable device(s) is/are busy or unavailable"
    a_machine(monkeypatch, named=raises(ACCELERATOR(busy + ADVICE)))
    assert card.found() == card.Card(None, f"{ACCELERATOR.__name__}: {busy}", troubled=True)


def test_a_card_for_which_torch_has_no_code_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    a_machine(monkeypatch, capability=(7, 0), built_for=("sm_75", "sm_80", "sm_90"))
    reason = "this torch has no code for its compute capability 7.0, only for sm_75, sm_80, sm_90"
    assert card.found() == card.Card(None, f"NVIDIA H100: {reason}", troubled=True)


@pytest.mark.parametrize(
    ("capability", "built_for", "runs"),
    [
        ((8, 6), ["sm_80"], True),
        ((8, 0), ["sm_86"], False),
        ((9, 0), ["sm_80"], False),
        ((9, 0), ["sm_80", "compute_80"], True),
        ((12, 0), ["sm_90", "sm_120"], True),
        ((12, 1), ["sm_100", "compute_120"], True),
        ((6, 1), ["sm_75", "compute_75"], False),
        ((9, 0), [], True),
        ((9, 0), ["gfx90a"], True),
    ],
)
def test_code_runs_on_later_cards_of_its_major_version(
    capability: tuple[int, int], built_for: list[str], runs: bool
) -> None:
    assert (card.no_code(capability, built_for) is None) == runs


def test_a_device_is_tried_with_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert card.failing("cpu") is None
    monkeypatch.setattr(torch, "ones", lambda *_, **__: torch.tensor([7.0]))
    assert card.failing("cuda") == "it says that 1 + 1 is 8"
    kernel = "CUDA error: no kernel image is available for execution on the device"
    monkeypatch.setattr(torch, "ones", raises(ACCELERATOR(kernel + ADVICE)))
    assert card.failing("cuda") == f"{ACCELERATOR.__name__}: {kernel}"


def test_free_memory_is_what_the_driver_says_and_none_where_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (3, 8))
    assert card.free_bytes() == (3, 8)
    monkeypatch.setattr(torch.cuda, "mem_get_info", raises(RuntimeError("CUDA error: invalid argument")))
    assert card.free_bytes() is None


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        ACCELERATOR("CUDA error: out of memory" + ADVICE),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("Triton Error [CUDA]: out of memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    ],
    ids=str,
)
def test_memory_that_is_refused_is_known_whoever_asked_for_it(error: RuntimeError) -> None:
    assert card.out_of_memory(error)
    assert not card.is_lost(error)


@pytest.mark.parametrize("words", LOST)
@pytest.mark.parametrize("kind", [ACCELERATOR, RuntimeError])
def test_a_device_that_fails_while_it_computes_is_known_in_its_first_line(kind: type[RuntimeError], words: str) -> None:
    error = kind(f"CUDA error: {words}{ADVICE}")
    assert card.is_lost(error)
    assert not card.out_of_memory(error)
    assert card.in_one_line(error) == f"{kind.__name__}: CUDA error: {words}"


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes differ"), ValueError("CUDA error: no"), MemoryError(), KeyError("CUDA error")]
)
def test_other_errors_are_neither(error: BaseException) -> None:
    assert not card.is_lost(error)
    assert not card.out_of_memory(error)


def test_a_long_error_of_another_kind_is_cut_and_stays_on_one_line() -> None:
    told = card.in_one_line(RuntimeError("at 12:8:\n    tl.store(\n" + "x" * 500))
    assert told.startswith("RuntimeError: at 12:8: tl.store( xxx")
    assert len(told) == card.LONGEST
