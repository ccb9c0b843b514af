"""Both passes of a training batch recorded once and replayed, since a GPU works faster than Python can launch.

A recording holds one shape, one set of knobs and one place of the weights in memory; whatever differs makes another.
Where recording is refused, the passes simply run, and `refused` says why. How a device records is the part of a
`Recorder`; the bookkeeping around it is plain Python and is tested without a GPU. On a CPU nothing is recorded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from sab_visualiser.model.passes.tape import Knobs, State
from sab_visualiser.model.tasks.base import Batch

KEPT = 8
"""Recordings kept; each holds the states of its batch on the device. With phase="random" there is one a phase."""
MOST_KEPT = 32
"""Recordings kept where every update may have another length."""
STALE = 64
"""Passes for which a recording goes unused before a new one may take its place: else lengths drawn at random would push
each other out, and every update would pay for a recording."""
WARM_UPS = 3
"""Passes before a recording, as CUDA wants them: libraries choose their kernels and allocate then."""


@dataclass(frozen=True)
class Passes:
    """What a forward and a backward pass leave: outputs, loss, and a gradient for each weight (None where none is).

    And the state after the last step, where the batch brought one.
    """

    outputs_BTC: Tensor
    loss: Tensor
    gradients: Sequence[Tensor | None]
    state: State | None = None


class Recorder(Protocol):
    """How a device records work."""

    def record(self, work: Callable[[], Passes]) -> tuple[Passes, Callable[[], None]]:
        """Record `work`; return its result, and a function that does it all again into the same tensors.

        Raises:
            RuntimeError: The device cannot record it.
        """


class CudaRecorder:
    """CUDA graphs."""

    def record(self, work: Callable[[], Passes]) -> tuple[Passes, Callable[[], None]]:
        """Warm up on a stream of its own, then record."""
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARM_UPS):
                work()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            passes = work()
        return passes, graph.replay


def recorder_for(device: torch.device) -> Recorder | None:
    """The recorder of a device; None where work is not recorded."""
    return CudaRecorder() if device.type == "cuda" else None


@dataclass(frozen=True)
class _Recording:
    batch: Batch
    passes: Passes
    replay: Callable[[], None]


class RecordedPasses:
    """Runs the passes of training batches, from recordings where that is possible.

    Args:
        work: Forward and backward pass of a batch at a phase, on the weights and knobs in force; it must read nothing
            of the batch but its tensors.
        recorder: None runs `work` every time.
        weights: Where they lie in memory is part of what a recording holds.
        kept: Recordings kept at most; passes beyond them simply run.

    Attributes:
        refused: Why nothing is recorded any more; None while nothing went wrong.
        most_kept: Recordings kept at most.
    """

    def __init__(
        self,
        work: Callable[[Batch, int], Passes],
        recorder: Recorder | None,
        weights: Sequence[Tensor],
        kept: int = KEPT,
    ) -> None:
        self._work, self._recorder, self._weights, self.most_kept = work, recorder, weights, kept
        self._calls = 0
        self._last_used: dict[Hashable, int] = {}
        self._kept: OrderedDict[Hashable, _Recording] = OrderedDict()
        self.refused: str | None = None

    def __call__(self, batch: Batch, phase: int, knobs: Knobs) -> Passes:
        """Run both passes.

        Args:
            batch: On the device of the weights.
            phase: Shifts the cuts.
            knobs: Those in force.

        Returns:
            Tensors that the next call may overwrite.
        """
        if self._recorder is None or self.refused is not None:
            return self._work(batch, phase)
        self._calls += 1
        key = self._key(batch, phase, knobs)
        if key not in self._kept:
            if not self._make_room():
                return self._work(batch, phase)
            try:
                recording = self._record(self._recorder, batch, phase)
            except RuntimeError as error:  # torch's own errors of a device are RuntimeErrors too
                self.refused = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no words'}"
                self._kept.clear()
                self._last_used.clear()
                return self._work(batch, phase)
            self._kept[key] = recording
        self._kept.move_to_end(key)
        self._last_used[key] = self._calls
        recording = self._kept[key]
        for still, fresh in zip(recording.batch.tensors(), batch.tensors(), strict=True):
            still.copy_(fresh)
        recording.replay()
        return recording.passes

    def __len__(self) -> int:
        """How many recordings are kept."""
        return len(self._kept)

    def _make_room(self) -> bool:
        """Whether one more recording may be kept; the one that went unused for longest goes, if it is stale."""
        if len(self._kept) < self.most_kept:
            return True
        oldest = next(iter(self._kept))
        if self._calls - self._last_used[oldest] < STALE:
            return False
        del self._kept[oldest], self._last_used[oldest]
        return True

    def _record(self, recorder: Recorder, batch: Batch, phase: int) -> _Recording:
        """Record on a copy of the batch that stays where it is."""
        still = batch.copy()
        passes, replay = recorder.record(lambda: self._work(still, phase))
        return _Recording(still, passes, replay)

    def _key(self, batch: Batch, phase: int, knobs: Knobs) -> Hashable:
        shapes = tuple((tuple(t.shape), t.dtype, t.device) for t in batch.tensors())
        return shapes, phase, knobs, tuple(weight.data_ptr() for weight in self._weights)
