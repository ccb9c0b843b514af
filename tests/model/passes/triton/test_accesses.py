"""Every access of the walks lies within an array, and none depends on which thread comes first.

The interpreter has no threads, so its loads and stores are watched: between two barriers no address that was written
may be read or written again, and none that was read may be written, unless this very number is added to in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.passes.triton.tiles import Tiles
from tests.model.passes.triton.interpreted import NAME, case, interpreted
from tests.oracles.on_a_backend import in_float32, rounded

pytestmark = pytest.mark.slow

GUARD = 64
"""Numbers on both sides of an array."""


def tensors(arguments: Any) -> Iterator[Tensor]:
    """All tensors of a call, in order."""
    if isinstance(arguments, Tensor):
        yield arguments
    elif isinstance(arguments, tuple):
        for one in arguments:
            yield from tensors(one)


def exchanged(arguments: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """The same arguments with other tensors."""
    if isinstance(arguments, Tensor):
        return change(arguments)
    if isinstance(arguments, tuple):
        parts = [exchanged(one, change) for one in arguments]
        return type(arguments)(*parts) if hasattr(arguments, "_fields") else tuple(parts)
    return arguments


class Watch:
    """Notes what a walk does that it should not."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.hasty: list[str] = []
        self.barriers = 0
        self._ranges: list[tuple[int, int]] = []
        self._program: tuple[int, ...] = ()
        self._forget()

    def _forget(self) -> None:
        self._read, self._written = set[int](), set[int]()
        self._just_read: set[int] = set()

    def begin(self, arguments: Any) -> None:
        """A launch: these arrays may be touched."""
        self._ranges = [(x.data_ptr(), x.data_ptr() + x.numel() * x.element_size()) for x in tensors(arguments)]
        self._forget()

    def program(self, index: tuple[int, ...]) -> None:
        """Another program: it shares no thread with the one before."""
        if index != self._program:
            self._program = index
            self._forget()

    def barrier(self) -> None:
        """All threads have met."""
        self.barriers += 1
        self._forget()

    def load(self, addresses: set[int]) -> None:
        """Some addresses are read."""
        self._inside(addresses)
        if addresses & self._written:
            self.hasty.append("read what was just written")
        self._read |= addresses
        self._just_read = addresses

    def store(self, addresses: set[int]) -> None:
        """Some addresses are written."""
        self._inside(addresses)
        if addresses & self._written:
            self.hasty.append("written twice")
        if addresses & self._read and addresses != self._just_read:
            self.hasty.append("written over what was just read")
        self._written |= addresses

    def _inside(self, addresses: set[int]) -> None:
        for address in addresses:
            if not any(first <= address < last for first, last in self._ranges):
                self.outside.append(f"address {address}")


class Launcher:
    """Stands in for a kernel: tells the watch which arrays it gets, and lets it run."""

    def __init__(self, kernel: Any, watch: Watch, guarded: bool) -> None:
        self._kernel, self._watch, self._guarded = kernel, watch, guarded

    def __getitem__(self, grid: tuple[int, ...]) -> Callable[..., None]:
        def launch(*arguments: Any, **options: Any) -> None:
            given = arguments
            if self._guarded:
                rooms: list[tuple[Tensor, Tensor]] = []
                given = exchanged(arguments, lambda tensor: fenced(tensor, rooms))
            self._watch.begin(given)
            self._kernel[grid](*given, **options)
            if self._guarded:
                for original, room in rooms:
                    assert bool((room[:GUARD] == fence(room)).all())
                    assert bool((room[room.numel() - GUARD :] == fence(room)).all())
                    original.copy_(room[GUARD : room.numel() - GUARD].view(original.shape))

        return launch


def fence(room: Tensor) -> float:
    """What stands around an array: so large that whoever reads it is seen in the result."""
    return 1e30 if room.is_floating_point() else 77


def fenced(tensor: Tensor, rooms: list[tuple[Tensor, Tensor]]) -> Tensor:
    """A copy of an array between guards."""
    room = torch.empty(tensor.numel() + 2 * GUARD, dtype=tensor.dtype)
    room.fill_(fence(room))
    middle = room[GUARD : GUARD + tensor.numel()].view(tensor.shape)
    middle.copy_(tensor)
    rooms.append((tensor, room))
    return middle


def addresses_of(pointers: Any, mask: Any) -> set[int]:
    flags = np.broadcast_to(np.asarray(mask.data, bool), pointers.data.shape)
    return {int(address) for address in pointers.data[flags].ravel()}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watches all that the interpreter loads and stores."""
    from triton.runtime.interpreter import InterpreterBuilder, interpreter_builder

    watch = Watch()
    load, store = InterpreterBuilder.create_masked_load, InterpreterBuilder.create_masked_store

    def watched_load(self: Any, pointers: Any, mask: Any, *rest: Any) -> Any:
        watch.program(tuple(interpreter_builder.grid_idx))
        watch.load(addresses_of(pointers, mask))
        return load(self, pointers, mask, *rest)

    def watched_store(self: Any, pointers: Any, value: Any, mask: Any, *rest: Any) -> Any:
        watch.program(tuple(interpreter_builder.grid_idx))
        watch.store(addresses_of(pointers, mask))
        return store(self, pointers, value, mask, *rest)

    monkeypatch.setattr(InterpreterBuilder, "create_masked_load", watched_load)
    monkeypatch.setattr(InterpreterBuilder, "create_masked_store", watched_store)
    monkeypatch.setattr(InterpreterBuilder, "create_barrier", lambda self: watch.barrier())
    return watch


def stand_in(monkeypatch: pytest.MonkeyPatch, watch: Watch, *, guarded: bool = False) -> None:
    from sab_visualiser.model.passes.triton import passes

    for name in ("forward_walk", "backward_walk"):
        monkeypatch.setattr(passes, name, Launcher(getattr(passes, name), watch, guarded))


def run(**changes: Any) -> list[Tensor]:
    """Both walks of a case, watched by an observer or not; states and gradients."""
    observed, tiles = changes.pop("observed", False), changes.pop("tiles", Tiles(2, 4, 4))
    drawn = case(**changes)
    layer, (inputs, d_hidden, d_summary, *_) = rounded(drawn)
    with interpreted(tiles):
        tape = in_float32(layer, drawn, NAME)(inputs.float(), drawn.phase, drawn.knocked_out).tape
        seen = (lambda _: None) if observed else None
        found = backends.backward_pass(tape, d_hidden.float(), d_summary.float(), "sab", seen)
    return [tape.hidden_TBD, tape.summary_TBD, *(w for w in found.weights if w is not None), found.inputs_BTI]


CASES: list[dict[str, Any]] = [
    {},
    {"observed": True, "knocked_out": ((3, 0), (4, -1))},
    {"k_top": 20, "k_att": 2, "initial_memory": False, "form": ("paper", "softmax")},
    {"tiles": Tiles(16, 16, 8), "hidden": 7, "k_trunc": None},
    {"batch": 1, "k_top": 0},
    {"tiles": Tiles(2, 4, 4, resident=True)},
]


@pytest.mark.parametrize("changes", CASES, ids=str)
def test_every_access_lies_within_an_array_and_waits_for_the_one_before(
    monkeypatch: pytest.MonkeyPatch, watch: Watch, changes: dict[str, Any]
) -> None:
    stand_in(monkeypatch, watch)
    run(**changes)
    assert watch.outside == []
    assert watch.hasty == []
    assert watch.barriers > 0


def test_a_walk_whose_threads_do_not_wait_for_each_other_is_noticed(
    monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    from triton.runtime.interpreter import InterpreterBuilder

    stand_in(monkeypatch, watch)
    monkeypatch.setattr(InterpreterBuilder, "create_barrier", lambda self: None)
    run()
    assert {"read what was just written", "written over what was just read"} <= set(watch.hasty)


def test_an_access_beside_an_array_is_noticed() -> None:
    watch, numbers = Watch(), torch.zeros(4)
    watch.begin((numbers,))
    watch.load({numbers.data_ptr(), numbers.data_ptr() + 12})
    assert watch.outside == []
    watch.store({numbers.data_ptr() + 16})
    assert len(watch.outside) == 1


@pytest.mark.parametrize("changes", CASES, ids=str)
def test_guards_around_every_array_are_neither_read_nor_written(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    free = run(**changes)
    stand_in(monkeypatch, Watch(), guarded=True)
    for mine, plain in zip(run(**changes), free, strict=True):
        assert torch.equal(mine, plain)
