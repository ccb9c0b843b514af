"""Does what a checkpoint file says fit together? Config, tensor shapes, counters, parameters, metrics.

Everything here looks at the header alone and allocates nothing of the size a file claims.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import KNOBS, fields
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training.checkpoint_format import CheckpointError, Shapes
from sab_visualiser.model.training.reading import PARTS
from sab_visualiser.model.training.trainer import streams

WEIGHTS, OPTIMIZER, GENERATORS, CARRIED = "network.", "opt.", "rng.", "carried."
"""What the names of a checkpoint's tensors begin with."""
LARGEST_COUNT = 2**53


def config_of(document: dict[str, Any]) -> RunConfig:
    """Read the config; raise CheckpointError where it is missing, unknown or out of range."""
    try:
        config = RunConfig.from_dict(document["config"])
        make_task(config.task)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"config: {error}") from error
    return config


def _expected_shapes(config: RunConfig) -> tuple[Shapes, Shapes, Shapes]:
    task = make_task(config.task)
    try:
        # On the meta device a network has shapes but no memory, so that a hostile size costs nothing.
        with torch.device("meta"):
            network = Network(task.input_size, task.output_size, config.model)
    except (RuntimeError, OverflowError) as error:
        raise CheckpointError(f"config: no network has this size: {error}") from error
    weights = {WEIGHTS + name: ("F32", tuple(w.shape)) for name, w in network.state_dict().items()}
    optimizer: Shapes = {}
    for index, weight in enumerate(network.parameters()):
        optimizer[f"{OPTIMIZER}{index}.step"] = ("F32", ())
        for key in ("exp_avg", "exp_avg_sq"):
            optimizer[f"{OPTIMIZER}{index}.{key}"] = ("F32", tuple(weight.shape))
    size_bytes = torch.Generator().get_state().numel()
    generators: Shapes = {GENERATORS + name: ("U8", (size_bytes,)) for name in streams(config)}
    if config.task.carry:
        size = config.training.batch_size, config.model.hidden_size
        generators |= {CARRIED + name: ("F32", size) for name in PARTS}
    return weights, optimizer, generators


def check_shapes(config: RunConfig, shapes: Shapes) -> None:
    """Raise CheckpointError unless names, shapes and dtypes are those of the config's network and trainer.

    Args:
        config: The run's config.
        shapes: Every tensor of the file. Optimiser, generators and carried state are all there or all left out.
    """
    weights, optimizer, generators = _expected_shapes(config)
    known = weights | optimizer | generators
    unknown = sorted(shapes.keys() - known.keys())
    if unknown:
        raise CheckpointError(f"{unknown[0][:100]}: the config has no such tensor")
    needed = dict(weights)
    if any(not name.startswith(WEIGHTS) for name in shapes):
        needed |= generators
        # Weights that never had a gradient have no optimiser entry; those that have one have all of it.
        present = {name.split(".")[1] for name in shapes if name.startswith(OPTIMIZER)}
        needed |= {name: shape for name, shape in optimizer.items() if name.split(".")[1] in present}
    missing = sorted(needed.keys() - shapes.keys())
    if missing:
        raise CheckpointError(f"{missing[0]}: is missing")
    for name, shape in shapes.items():
        if shape != known[name]:
            raise CheckpointError(f"{name}: is {shape[0]} {shape[1]}, the config asks for {known[name]}")


def count_of(document: dict[str, Any], name: str) -> int:
    """Read one counter; raise CheckpointError unless it is an integer from 0 to 2⁵³."""
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_COUNT:
        raise CheckpointError(f"{name} = {value!r}: must be an integer from 0 to {LARGEST_COUNT}")
    return value


def parameters_of(document: dict[str, Any]) -> dict[str, int | float | None]:
    """Read the parameters in force; raise CheckpointError unless each is there and of its type."""
    values = document.get("parameters")
    if not isinstance(values, dict) or values.keys() != set(KNOBS):
        raise CheckpointError(f"parameters: must be exactly {', '.join(KNOBS)}")
    facts = {field.name: field.facts for field in fields()}
    for name, value in values.items():
        wanted: type | tuple[type, ...] = int if facts[name].kind == "whole" else (int, float)
        absent = bool(facts[name].null) and value is None
        if not absent and (isinstance(value, bool) or not isinstance(value, wanted)):
            raise CheckpointError(f"parameters.{name} = {value!r}: must be a number")
    return values


def metrics_of(document: dict[str, Any]) -> dict[str, float]:
    """Read the metrics, null as NaN; raise CheckpointError unless all are numbers."""
    values = document.get("metrics")
    if not isinstance(values, dict):
        raise CheckpointError("metrics: is missing")
    for name, value in values.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise CheckpointError(f"metrics.{name} = {value!r}: must be a number or null")
    return {name: math.nan if value is None else float(value) for name, value in values.items()}
