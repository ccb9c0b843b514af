"""Looks at a network while it trains: is it healthy, and what can it do with examples that it never saw?

They are made for the look, or drawn from the held-out part of a data set (`fresh` in figures either way). They depend
on the seed and the update alone, so a look disturbs no other random stream, and a resumed run looks at the same ones.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import torch

from sab_visualiser.model.contract import (
    HELD,
    LOOK_EVERY,
    LOOK_EXAMPLES,
    Until,
    carry_words,
    look_examples,
    parse_until,
    unseen,
)
from sab_visualiser.model.probe.health import Health, health
from sab_visualiser.model.training.movement import GROUPS, moved
from sab_visualiser.model.training.reading import examine
from sab_visualiser.model.training.trainer import Trainer, UpdateResult, stream_seed


@dataclass(frozen=True)
class Look:
    """What was seen after an update.

    Attributes:
        update: The update.
        health: Of the network on the probe batch.
        moved: ‖update‖ / ‖weight‖ of the last update, by group; None before it.
        norm_median: Of the gradient norms before clipping, over the last 125 updates; None before the first.
        norm_p99: The norm that 99 of 100 of them do not exceed; one that is not a number counts as infinite.
        fresh: The task's metrics, and `loss`, on fresh examples; None where only health was looked at.
    """

    update: int
    health: Health
    moved: dict[str, float | None]
    norm_median: float | None
    norm_p99: float | None
    fresh: dict[str, float] | None


class Watch:
    """Looks at one trainer; `note` every update, `look` when something is to be seen."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._probe = trainer.task.probe_batch()
        self._norms: deque[float] = deque(maxlen=LOOK_EVERY)

    def note(self, result: UpdateResult) -> None:
        """Keep the gradient norm of an update."""
        self._norms.append(math.inf if math.isnan(result.gradient_norm) else result.gradient_norm)

    def look(self) -> Look:
        """Health now, and fresh examples where they are due."""
        trainer = self._trainer
        ordered = sorted(self._norms)
        return Look(
            update=trainer.update,
            health=health(trainer.network, self._probe),
            moved=moved(trainer.network, trainer.optimizer) if ordered else dict.fromkeys(GROUPS),
            norm_median=_quantile(ordered, 0.5),
            norm_p99=_quantile(ordered, 0.99),
            fresh=fresh(trainer) if look_due(trainer.update) else None,
        )


class Goal:
    """`training.until` of a run, and how often in a row it has held.

    Args:
        trainer: Of the run; a run without a bound never reaches its goal.
    """

    def __init__(self, trainer: Trainer) -> None:
        words = trainer.config.training.until
        self.until: Until | None = None if words is None else parse_until(words, trainer.config.task.name)
        task = trainer.config.task
        self._examples = f"{look_examples(task)} {unseen(task.name)} examples"
        self._examples += f", {carry_words(task)}" if task.carry else ""
        self._held = 0

    def reached(self, look: Look) -> bool:
        """Whether the bound has held on the last two looks at fresh examples. A resumed run counts anew."""
        if self.until is None or look.fresh is None:
            return False
        self._held = self._held + 1 if self.until.reached(look.fresh) else 0
        return self._held >= HELD

    def words(self) -> str:
        """Why a run that reached its goal ended."""
        return f"{self.until} held on {HELD} looks in a row at {self._examples}"


def fresh(trainer: Trainer) -> dict[str, float]:
    """The task's metrics, and `loss`, on fresh examples of this update."""
    seed = stream_seed(trainer.config.training.seed, f"look {trainer.update}")
    examples = trainer.task.examined(LOOK_EXAMPLES, LOOK_EXAMPLES, torch.Generator().manual_seed(seed))
    return examine(trainer.network, trainer.task, examples)


def look_due(update: int) -> bool:
    """Whether there is a look at fresh examples after `update` updates."""
    return update > 0 and update % LOOK_EVERY == 0


def _quantile(ordered: list[float], share: float) -> float | None:
    """The smallest of them that `share` of them do not exceed: always one that was measured, also an infinite one."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else None
