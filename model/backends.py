"""The registry of backends: which code runs a pass. A backend is one row; whatever wrote a tape also goes back over it.

"auto" takes the first row that runs on the weights at hand, so "torch", which runs everywhere, ends its choice: rows
registered after it are taken by name only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from torch import Tensor

from sab_visualiser.model.config import Rule, require_choice
from sab_visualiser.model.passes.backend import Backend, ReadOut, Target
from sab_visualiser.model.passes.fused.backend import NumbaBackend
from sab_visualiser.model.passes.plain.backend import TorchBackend
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights
from sab_visualiser.model.passes.triton.backend import TritonBackend

BackendName = str
"""`auto`, or the name of a row: `torch`, `numba` and `triton`."""

_rows: list[Backend] = [
    NumbaBackend(),
    TritonBackend(),
    TorchBackend(),
]


def names() -> tuple[str, ...]:
    """What a backend may be called."""
    return ("auto", *(backend.name for backend in _rows))


def row(name: str) -> Backend:
    """The backend of that name; KeyError where it is not registered."""
    for found in _rows:
        if found.name == name:
            return found
    raise KeyError(name)


@contextmanager
def registered(backend: Backend) -> Iterator[None]:
    """While this is open, there is one backend more, taken by name only.

    Raises:
        ValueError: The name is taken.
    """
    if backend.name in names():
        raise ValueError(f"backend = {backend.name!r}: there is one of that name; choose another")
    _rows.append(backend)
    try:
        yield
    finally:
        _rows.remove(backend)


def resolve_backend(backend: BackendName, weights: Weights | None = None, knobs: Knobs | None = None) -> Backend:
    """Which backend a name stands for.

    Args:
        backend: `auto` or the name of a row.
        weights: What it shall run on; None asks for float32 on a CPU in the paper's variant.
        knobs: Those in force; None for some that suit every backend.

    Raises:
        ValueError: The name is unknown, or a backend was asked for by name where it cannot run.
    """
    require_choice("backend", backend, names())
    target = Target() if weights is None else Target.of(weights, knobs)
    if backend == "auto":
        return best_for(target)
    found = row(backend)
    if (reason := found.why_not(target)) is not None:
        raise ValueError(f"backend = {backend!r}: {reason}; use 'auto' or 'torch'")
    return found


def best_for(target: Target) -> Backend:
    """What "auto" stands for there."""
    return next(candidate for candidate in _rows if candidate.why_not(target) is None)


def why_not(name: str, weights: Weights | None = None, knobs: Knobs | None = None) -> str | None:
    """Why the backend of that name does not run on these weights (None: on any), in one line; None when it does."""
    return row(name).why_not(Target() if weights is None else Target.of(weights, knobs))


def forward_pass(
    backend: Backend,
    weights: Weights,
    inputs: Tensor,
    knobs: Knobs,
    phase: int = 0,
    knocked_out: KnockedOut | None = None,
    *,
    keep: bool = True,
    state: State | None = None,
) -> Tape:
    """Run the network over a batch, and note on the tape who wrote it; see `Backend.forward`."""
    tape = backend.forward(weights, inputs, knobs, phase, knocked_out, keep=keep, state=state)
    return tape if tape.backend == backend.name else replace(tape, backend=backend.name)


def backward_pass(
    tape: Tape,
    d_hidden_BTD: Tensor,
    d_summary_BTD: Tensor,
    rule: Rule = "sab",
    observer: Observer | None = None,
    *,
    inputs: bool = True,
    sum_floor: float = 0.0,
    d_last_cell_BD: Tensor | None = None,
) -> Gradients:
    """Send gradients back over a tape with the backend that wrote it; see `Backend.backward`."""
    back = partial(row(tape.backend).backward, inputs=inputs, sum_floor=sum_floor, d_last_cell_BD=d_last_cell_BD)
    return back(tape, d_hidden_BTD, d_summary_BTD, rule, observer)


def observe(tape: Tape, d_hidden_BTD: Tensor, d_summary_BTD: Tensor, rule: Rule, observer: Observer) -> None:
    """As `backward_pass`, for the observer alone."""
    row(tape.backend).observe(tape, d_hidden_BTD, d_summary_BTD, rule, observer)


def read_out(backend: BackendName, weights: Weights) -> ReadOut | None:
    """The read-out of the backend that a name stands for; None where torch's linear map does it."""
    return resolve_backend(backend, weights).read_out(weights)
