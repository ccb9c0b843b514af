"""The configuration of a run as the model takes it: the three parts of the contract in one frozen record.

Each part is validated once, when it is made (model/contract). What changes during a run, the knobs in force, are
attributes of the layer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, get_args

from sab_visualiser.model.contract import ALL_MEMORIES as ALL_MEMORIES
from sab_visualiser.model.contract import Method as Method
from sab_visualiser.model.contract import Model as ModelConfig
from sab_visualiser.model.contract import Normalizer as Normalizer
from sab_visualiser.model.contract import Phase as Phase
from sab_visualiser.model.contract import Rule as Rule
from sab_visualiser.model.contract import Task as TaskConfig
from sab_visualiser.model.contract import TaskName as TaskName
from sab_visualiser.model.contract import Training as TrainingConfig
from sab_visualiser.model.contract import Variant as Variant

__all__ = ["ModelConfig", "RunConfig", "TaskConfig", "TrainingConfig"]

RULES: tuple[Rule, ...] = get_args(Rule)


def require_int(name: str, value: object, low: int, remedy: str) -> None:
    """Raise ValueError unless `value` is a plain integer of at least `low`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise ValueError(f"{name} = {value!r}: must be an integer ≥ {low}; {remedy}")


def require_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless `value` is one of `choices`."""
    if value not in choices:
        raise ValueError(f"{name} = {value!r}: must be one of {', '.join(choices)}")


@dataclass(frozen=True)
class RunConfig:
    """Everything that, with the seed, determines a training run."""

    task: TaskConfig = TaskConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RunConfig:
        """Rebuild from `to_dict`; unknown keys raise TypeError, bad values ValueError."""
        return cls(TaskConfig(**values["task"]), ModelConfig(**values["model"]), TrainingConfig(**values["training"]))
