"""From what a person asked for (RunSpec) to what the model is built from (model/config.py), and back."""

from __future__ import annotations

from typing import Any

from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, TaskSpec, TrainingSpec
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig

KNOBS = ("k_top", "k_trunc", "k_att")


def run_config(spec: RunSpec) -> RunConfig:
    """The model's configuration for a spec; k_trunc = 0 (shown as ∞) becomes None, no cut."""
    model = spec.model.model_dump()
    model["k_trunc"] = model["k_trunc"] or None
    return RunConfig(
        TaskConfig(**spec.task.model_dump()),
        ModelConfig(**model),
        TrainingConfig(**spec.training.model_dump()),
    )


def run_spec(config: RunConfig) -> RunSpec:
    """The spec that would build `config`."""
    values = config.to_dict()
    values["model"]["k_trunc"] = values["model"]["k_trunc"] or 0
    return RunSpec(
        task=TaskSpec(**values["task"]),
        model=ModelSpec(**values["model"]),
        training=TrainingSpec(**values["training"]),
    )


def to_model(parameters: dict[str, Any]) -> dict[str, Any]:
    """Knobs from the wire: k_trunc 0 → None."""
    return {name: (value or None) if name == "k_trunc" else value for name, value in parameters.items()}


def to_wire(parameters: dict[str, Any]) -> dict[str, Any]:
    """Knobs for the wire: k_trunc None → 0, an endless k_top as the largest number the wire takes."""
    out = dict(parameters)
    if "k_trunc" in out:
        out["k_trunc"] = out["k_trunc"] or 0
    if "k_top" in out:
        out["k_top"] = min(out["k_top"], 10_000)
    return out
