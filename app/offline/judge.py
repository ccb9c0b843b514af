"""Judges a training without a server by the rule that the server has: what its looks come to, and the word for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from sab_visualiser.app.runs.shapes import Rate, Spec
from sab_visualiser.app.runs.verdict import Progress, seen
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.wire.requests import RunStatus
from sab_visualiser.app.worker.record import look_figures
from sab_visualiser.app.worker.translate import run_spec
from sab_visualiser.model.training.looks import Goal, Look, Watch, look_due
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

OnLook = Callable[[Look], None]


class Judge:
    """Looks at a trainer when looks are due.

    Args:
        trainer: In training; a resumed one is judged from here on.
        on_look: Shown every look.
    """

    def __init__(self, trainer: Trainer, on_look: OnLook | None = None) -> None:
        self.goal = Goal(trainer)
        self._trainer, self._watch, self._on_look = trainer, Watch(trainer), on_look
        self._spec = cast(Spec, run_spec(trainer.config).model_dump(mode="json"))
        self._progress: Progress | None = None
        self.health: dict[str, float | None] | None = None
        self._show(self._watch.look())

    def note(self, result: UpdateResult) -> bool:
        """Take an update, and look if a look is due; whether `training.until` has held on two looks in a row."""
        self._watch.note(result)
        if not look_due(self._trainer.update):
            return False
        look = self._watch.look()
        self._show(look)
        return self.goal.reached(look)

    def verdict(self, status: RunStatus = "finished", rate: Rate | None = None) -> Verdict | None:
        """What became of it; None before the first look at fresh examples."""
        return verdict(self._progress, self._spec, status, rate)

    def _show(self, look: Look) -> None:
        figures = look_figures(look)
        self.health = {name: value if math.isfinite(value or 0) else None for name, value in figures.items()}
        if look.fresh is not None:
            self._progress = seen(self._progress, self._spec, look.update, look.fresh, self.health)
        if self._on_look is not None:
            self._on_look(look)
