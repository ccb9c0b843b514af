"""From what a person asked for (RunSpec) to what the model is built from (model/config.py), and back.

Two values are written differently on both sides: no cut is 0 outside and None in the model, and a k_top that reads
every memory is the largest number that the wire takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, TaskSpec, TrainingSpec
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import fields

_ZERO_IS_NONE = frozenset(field.name for field in fields() if field.facts.zero)
_LARGEST = {field.name: int(field.facts.high) for field in fields() if field.name == "k_top"}


def run_config(spec: RunSpec) -> RunConfig:
    """The model's configuration for a spec."""
    return RunConfig(
        TaskConfig(**spec.task.model_dump()),
        ModelConfig(**to_model(spec.model.model_dump())),
        TrainingConfig(**spec.training.model_dump()),
    )


def run_spec(config: RunConfig) -> RunSpec:
    """The spec that would build `config`."""
    values = config.to_dict()
    return RunSpec(
        task=TaskSpec(**values["task"]),
        model=ModelSpec(**to_wire(values["model"])),
        training=TrainingSpec(**values["training"]),
    )


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields or knobs as the model takes them."""
    return {name: (value or None) if name in _ZERO_IS_NONE else value for name, value in values.items()}


def to_wire(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields or knobs as they are written everywhere else."""
    plain = {name: value or 0 if name in _ZERO_IS_NONE else value for name, value in values.items()}
    return {name: min(value, _LARGEST[name]) if name in _LARGEST else value for name, value in plain.items()}
