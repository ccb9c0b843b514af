"""States of a trainer that are kept beside it, in memory: the last whose loss was finite, and the one before an update
that takes long.

Both exist because the trainer's own state cannot be had at the moment when it is wanted: after a loss that is no
number the weights are spoilt, and in the middle of an update they are nobody's. Nothing here touches a file.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

FINITE_COPY_EVERY_UPDATES = 50
LONG_S = 0.2
"""An update that takes longer has a copy of the state made before the next: a few per cent of its time."""


class Kept:
    """Makes a trainer's updates, and keeps what is to be had while one of them is under way.

    Args:
        trainer: Whose updates it makes; only `step` may call it from now on.

    Attributes:
        finite: The last state that is known to have given a finite loss.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.finite = Checkpoint.of(trainer)
        self._untried: Checkpoint | None = None
        self._state: Callable[[], Checkpoint] | None = None
        self._longest_s = 0.0
        self._turn = threading.Lock()
        self._turn.acquire()

    def step(self) -> UpdateResult:
        """One update. It does not end once another thread has taken the state before it.

        Raises:
            DivergedError: As the trainer's own `step`.
        """
        before = Checkpoint.of(self._trainer) if self._longest_s > LONG_S else None
        with self._open(None if before is None else lambda: before):
            result = self._trainer.step()
        self._longest_s = max(result.seconds, 0.9 * self._longest_s)  # lengths of a task with mixed delays differ
        self._note(result)
        return result

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Something that may take long looks at the network, and changes nothing."""
        with self._open(lambda: Checkpoint.of(self._trainer)):
            yield

    def take(self) -> Checkpoint | None:
        """The state after the last update that ended, for another thread than that which makes updates.

        Waits while neither an update nor a look is under way. From then on neither ends any more: the process has to
        end, or, where None says that there is no such state, to call `give_back`.
        """
        self._turn.acquire()
        return self._state() if self._state else None

    def give_back(self) -> None:
        """Let what is under way end after all."""
        self._turn.release()

    @contextmanager
    def _open(self, state: Callable[[], Checkpoint] | None) -> Iterator[None]:
        self._state = state
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    def _note(self, result: UpdateResult) -> None:
        """Keep, now and then, a copy of weights that still gave a finite loss."""
        finite = math.isfinite(result.loss)
        # The loss is that of the weights before the update; only the next one tells what the copied weights give.
        if finite and self._untried is not None:
            self.finite = self._untried
        due = finite and result.update % FINITE_COPY_EVERY_UPDATES == 0
        self._untried = Checkpoint.of(self._trainer) if due else None
