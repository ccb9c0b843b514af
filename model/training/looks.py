"""Looks at fresh examples while a network trains: what it can do by now, apart from what it happens to train on.

Examples of a look depend on the seed and the update alone, so a look disturbs no other random stream, and a resumed
run looks at the same ones.
"""

from __future__ import annotations

import torch

from sab_visualiser.model.contract import Until, parse_until
from sab_visualiser.model.training.trainer import Trainer, evaluate, stream_seed

LOOK_EVERY = 125
"""Updates between two looks."""
LOOK_EXAMPLES = 128
"""Fresh examples of a look; at the longest delay, as everything that is compared."""
HELD = 2
"""Looks in a row at which a bound must hold: a single one may be luck."""


def look(trainer: Trainer) -> dict[str, float]:
    """The task's metrics, and `loss`, on fresh examples of this update."""
    seed = stream_seed(trainer.config.training.seed, f"look {trainer.update}")
    return evaluate(trainer.network, trainer.task, trainer.task.batch(LOOK_EXAMPLES, _generator(seed)))


def look_due(update: int) -> bool:
    """Whether there is a look after `update` updates."""
    return update > 0 and update % LOOK_EVERY == 0


class Goal:
    """`training.until` of a run, and how often in a row it has held.

    Args:
        trainer: Of the run; a run without a bound never reaches its goal.
    """

    def __init__(self, trainer: Trainer) -> None:
        words = trainer.config.training.until
        self.until: Until | None = None if words is None else parse_until(words, trainer.config.task.name)
        self._held = 0

    def reached(self, trainer: Trainer) -> bool:
        """Look if a look is due; whether the bound has held on the last two looks. A resumed run counts anew."""
        if self.until is None or not look_due(trainer.update):
            return False
        self._held = self._held + 1 if self.until.reached(look(trainer)) else 0
        return self._held >= HELD

    def words(self) -> str:
        """Why a run that reached its goal ended."""
        return f"{self.until} held on {HELD} looks in a row at {LOOK_EXAMPLES} fresh examples"


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
