"""The row of backend "triton": what it refuses, in words, and that whatever is broken only costs the next best."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
import torch

from sab_visualiser.model.backends import best_for, resolve_backend, row
from sab_visualiser.model.passes import triton as room
from sab_visualiser.model.passes.backend import Target
from sab_visualiser.model.passes.tape import Knobs
from sab_visualiser.model.passes.triton import backend
from sab_visualiser.model.passes.triton.backend import too_old, why_no_triton
from sab_visualiser.model.passes.triton.tiles import tiles_for, too_large
from sab_visualiser.model.sab import SAB

ON_A_GPU = Target(device="cuda")


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SAB_BACKEND", raising=False)
    monkeypatch.setattr(backend, "interpreted", lambda: False)
    backend._judged.cache_clear()
    yield
    backend._judged.cache_clear()


def a_card(monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int] = (9, 0), cuda: str | None = "13.0") -> None:
    """Pretend that there is a card."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    monkeypatch.setattr(torch.version, "cuda", cuda)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (Target(), "its kernels run on a CUDA device, the weights are on cpu"),
        (Target(device="mps"), "its kernels run on a CUDA device, the weights are on mps"),
        (ON_A_GPU._replace(dtype=torch.float64), "its kernels are for float32, the weights are torch.float64"),
        (ON_A_GPU._replace(variant="release"), "its kernels know the paper's variant only"),
        (ON_A_GPU._replace(hidden_size=513), "its walks hold hidden_size up to 512 in registers, this one is 513"),
        (
            ON_A_GPU._replace(attention_size=257),
            "its walks hold attention_size up to 256 in registers, this one is 257",
        ),
        (ON_A_GPU._replace(k_top=65), "its walks hold k_top up to 64 in registers, this one is 65"),
    ],
)
def test_what_does_not_suit_is_refused_without_asking_for_triton(
    monkeypatch: pytest.MonkeyPatch, target: Target, reason: str
) -> None:
    monkeypatch.setitem(sys.modules, "triton", None)
    assert row("triton").why_not(target) == reason


def test_a_network_that_reads_all_memories_goes_to_torch() -> None:
    weights = SAB(2, 4).to("meta").weights()
    assert Target.of(weights, Knobs(k_top=1_000_000)).k_top == 1_000_000
    assert Target.of(weights).k_top == 1


def test_without_a_device_it_says_so() -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    assert row("triton").why_not(ON_A_GPU) == "there is no CUDA device"
    assert best_for(ON_A_GPU).name == "torch"


def test_by_name_it_is_refused_where_the_weights_are_on_a_cpu() -> None:
    layer = SAB(2, 3, backend="triton")
    with pytest.raises(ValueError, match=r"^backend = 'triton': its kernels run on a CUDA device, .*use 'auto'"):
        layer(torch.zeros(1, 2, 2))
    assert resolve_backend("auto", layer.weights()).name == "numba"


@pytest.mark.parametrize("capability", [(7, 5), (6, 1)])
def test_an_old_card_is_refused(monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int]) -> None:
    a_card(monkeypatch, capability)
    have = ".".join(map(str, capability))
    assert why_no_triton() == f"this card has compute capability {have}, Triton wants 8.0 or later"
    assert too_old((8, 0)) is None


def test_another_makers_gpu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch, cuda=None)
    assert why_no_triton() == "this GPU is not one of NVIDIA's"


def test_it_can_be_switched_off_with_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)
    monkeypatch.setenv("SAB_BACKEND", "torch")
    assert why_no_triton() == "switched off by SAB_BACKEND=torch"


def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has not loaded the walks yet."""
    for name in ("check", "passes", "state", "kernels", "kernels.arrays", "kernels.forward", "kernels.backward"):
        monkeypatch.delitem(sys.modules, f"{room.__name__}.{name}", raising=False)
        monkeypatch.delattr(room, name, raising=False)


class Broken(ModuleType):
    """A library that is there, and whose parts cannot be loaded."""

    def __getattr__(self, name: str) -> object:
        raise ImportError("libcuda.so.1: cannot open shared object file:\n  No such file or directory")


def test_a_triton_that_cannot_be_loaded_is_told_in_one_line_and_costs_the_next_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_card(monkeypatch)
    unloaded(monkeypatch)
    monkeypatch.setitem(sys.modules, "triton", Broken("triton"))
    monkeypatch.setitem(sys.modules, "triton.language", Broken("triton.language"))
    reason = "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory"
    assert row("triton").why_not(ON_A_GPU) == reason
    assert best_for(ON_A_GPU).name == "torch"


def test_without_triton_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)
    unloaded(monkeypatch)
    monkeypatch.setitem(sys.modules, "triton", None)
    assert why_no_triton() == "triton is not installed (pip install 'sab-visualiser[gpu]')"
    assert best_for(ON_A_GPU).name == "torch"


def test_another_module_that_is_missing_is_named_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)

    def broken() -> tuple[int, int]:
        raise ModuleNotFoundError("No module named 'triton.backends.nvidia'", name="triton.backends.nvidia")

    monkeypatch.setattr(torch.cuda, "get_device_capability", broken)
    assert why_no_triton() == "ModuleNotFoundError: No module named 'triton.backends.nvidia'"


def test_an_interpreter_is_no_machine_to_train_on(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)
    monkeypatch.setattr(backend, "interpreted", lambda: True)
    reason = why_no_triton()
    assert reason is not None
    assert reason.startswith("TRITON_INTERPRET is set, so kernels would be interpreted")


@pytest.mark.parametrize(("value", "is_set"), [("1", True), ("true", True), ("0", False), (None, False)])
def test_triton_is_told_to_interpret_by_a_word(
    monkeypatch: pytest.MonkeyPatch, value: str | None, is_set: bool
) -> None:
    monkeypatch.undo()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TRITON_INTERPRET", raising=False)
        if value is not None:
            patch.setenv("TRITON_INTERPRET", value)
        assert backend.interpreted() == is_set


def test_a_card_that_is_full_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)

    def full() -> tuple[int, int]:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.cuda, "get_device_capability", full)
    reason = why_no_triton()
    assert reason is not None
    assert reason.startswith("the memory of the GPU is full")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 0))
    assert why_no_triton() == "this card has compute capability 7.0, Triton wants 8.0 or later"


def test_a_driver_that_breaks_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch)

    def broken() -> tuple[int, int]:
        raise RuntimeError("CUDA driver initialization failed,\n  you might not\n  have a card")

    monkeypatch.setattr(torch.cuda, "get_device_capability", broken)
    reason = why_no_triton()
    assert reason == "RuntimeError: CUDA driver initialization failed, you might not have a card"


@pytest.mark.parametrize(
    ("batch", "rows"), [(1, 1), (64, 1), (132, 1), (133, 2), (512, 4), (1024, 8), (2048, 16), (100_000, 16)]
)
def test_tiles_are_as_small_as_the_number_of_processors_allows(batch: int, rows: int) -> None:
    assert tiles_for(batch, 128, 32, processors=132).rows == rows


@pytest.mark.parametrize("hidden", [1, 64, 128, 300, 512])
@pytest.mark.parametrize("batch", [1, 200, 1000, 5000])
def test_sizes_of_pieces_are_powers_of_two_that_fit_into_registers(batch: int, hidden: int) -> None:
    tiles = tiles_for(batch, hidden, 64, processors=132)
    assert all(size & (size - 1) == 0 and size > 0 for size in tiles[:4])
    assert tiles.resident == (hidden <= 64 and tiles.rows <= 4)
    if tiles.rows < 16:
        assert tiles.rows * tiles.depth * max(hidden, 64) <= 8192
    else:
        assert tiles.depth >= 16
    assert too_large(hidden, 64, 5) is None
