"""Frozen configurations of network, task and training, each validated once, when it is made.

What this file deliberately does not do: parse user input (app/wire/requests.py does, with friendlier errors) or hold
anything that changes during a run (the knobs in force are attributes of the layer).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Method = Literal["sab", "tbptt", "bptt", "attention"]
Normalizer = Literal["shift", "softmax"]
Variant = Literal["paper", "release"]
Rule = Literal["sab", "truncated", "full", "local"]
Phase = Literal["fixed", "random"]
TaskName = Literal["copy", "adding", "recall", "denoise"]

RULES: tuple[Rule, ...] = get_args(Rule)
EVERY_MEMORY = 1 << 30
"""A k_top no sequence reaches: method `attention` reads all memories."""


def require_int(name: str, value: object, low: int, remedy: str) -> None:
    """Raise ValueError unless `value` is a plain integer of at least `low`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise ValueError(f"{name} = {value!r}: must be an integer ≥ {low}; {remedy}")


def require_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless `value` is one of `choices`."""
    if value not in choices:
        raise ValueError(f"{name} = {value!r}: must be one of {', '.join(choices)}")


@dataclass(frozen=True)
class ModelConfig:
    """Shape and rules of a network (spec/sab.md sections 1, 2); `k_trunc=None` means no cut."""

    method: Method = "sab"
    hidden_size: int = 128
    attention_size: int = 32
    k_top: int = 5
    k_trunc: int | None = 5
    k_att: int = 2
    normalizer: Normalizer = "shift"
    variant: Variant = "paper"
    initial_memory: bool = True

    def __post_init__(self) -> None:
        require_choice("method", self.method, get_args(Method))
        require_choice("normalizer", self.normalizer, get_args(Normalizer))
        require_choice("variant", self.variant, get_args(Variant))
        require_int("hidden_size", self.hidden_size, 1, "32 to 256 suits the toy tasks")
        require_int("attention_size", self.attention_size, 1, "16 to 128 suits the toy tasks")
        require_int("k_top", self.k_top, 0, "0 reads no memory")
        require_int("k_att", self.k_att, 1, "1 stores every step as a memory")
        if self.k_trunc is not None:
            require_int("k_trunc", self.k_trunc, 1, "use None for no cut")


@dataclass(frozen=True)
class TaskConfig:
    """Which toy task, how long, how much to remember; `items=None` takes the task's own default."""

    name: TaskName = "copy"
    T: int = 50
    items: int | None = None

    def __post_init__(self) -> None:
        require_choice("task.name", self.name, get_args(TaskName))
        require_int("task.T", self.T, 1, "20 to 200 is comfortable")
        if self.items is not None:
            require_int("task.items", self.items, 1, "10 symbols is the classic copy task")


@dataclass(frozen=True)
class TrainingConfig:
    """Optimiser and length of a training run; `clip_norm=0` switches clipping off."""

    batch_size: int = 32
    learning_rate: float = 2e-3
    clip_norm: float = 0.5
    updates: int = 10_000
    seed: int = 0
    phase: Phase = "fixed"

    def __post_init__(self) -> None:
        require_int("batch_size", self.batch_size, 1, "32 suits the toy tasks")
        require_int("updates", self.updates, 1, "a run makes at least one update")
        require_int("seed", self.seed, 0, "any non-negative integer")
        require_choice("phase", self.phase, get_args(Phase))
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate = {self.learning_rate!r}: must be finite and > 0; 2e-3 is a good start")
        if not (math.isfinite(self.clip_norm) and self.clip_norm >= 0):
            raise ValueError(f"clip_norm = {self.clip_norm!r}: must be finite and ≥ 0; 0 switches clipping off")


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
