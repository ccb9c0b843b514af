"""From the model's trace to the one record of it: the only bridge between the model's numbers and what travels.

Norms and credits leave float64 here (docs/adr/0001): what is finite stays finite, what is not zero stays not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.app.wire.columns import AttentionColumns, EdgeColumns, PathRecord, TraceRecord
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.worker.borrowed import knobs_of
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import data_name
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.batch_hits import batch_hits
from sab_visualiser.model.probe.credit import Edges
from sab_visualiser.model.probe.trace import Attention, Probe, Trace, trace
from sab_visualiser.model.tasks import Task, make_task
from sab_visualiser.model.tasks.base import NO_TARGET, Batch
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.looks import Look
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

F32 = np.finfo(np.float32)


def snapshot_record(trainer: Trainer) -> TraceRecord:
    """The trace of a run's network on example 0 of its probe batch, at the step that tells the task's story."""
    return record_of(
        trainer.network,
        trainer.task,
        trainer.config.task,
        ProbeRequest(preset="snapshot"),
        trainer.update,
    )


def probe_record(path: Path, request: ProbeRequest) -> TraceRecord:
    """The trace that answers `request` about the network stored at `path`.

    Raises:
        UserError: A field of the request does not suit the network (422).
        CheckpointError: The file is no checkpoint of ours.
    """
    stored = checkpoint.load(path)
    return record_of(stored.network(), make_task(stored.config.task), stored.config.task, request, stored.update)


def record_of(network: Network, task: Task, config: TaskConfig, request: ProbeRequest, update: int) -> TraceRecord:
    """Probe `network` with the knobs of `request`, and leave it with its own.

    Raises:
        UserError: A field of the request does not suit the network (422).
    """
    batch = _batch(task, request)
    loss_step = request.loss_step if "loss_step" in request.model_fields_set else task.loss_step_of(batch)
    if loss_step is not None and loss_step >= batch.steps:
        raise field_error("loss_step", loss_step, f"0 … {batch.steps - 1}, whole number", "or null for the whole loss")
    with knobs_of(request, network):
        found = trace(
            network,
            task,
            batch,
            Probe(
                example=0 if request.inputs is not None else request.example,
                loss_step=loss_step,
                knocked_out=request.knocked_out,
                rules=tuple(dict.fromkeys(request.rules)),
                phase=request.phase,
                cuts=request.cuts,
                share=request.share,
            ),
        )
    return _record(found, update, _task(task, config, batch.steps))


def hits_of(network: Network, task: Task, request: ProbeRequest, update: int) -> dict[str, Any]:
    """The hit rate over the whole probe batch, or over the inputs of `request`.

    Raises:
        UserError: A field of the request does not suit the network (422).
    """
    batch = _batch(task, request)
    with knobs_of(request, network):
        found = batch_hits(network, batch, request.knocked_out)
    return {"update": update, **asdict(found), "hit_rate": found.rate}


def _batch(task: Task, request: ProbeRequest) -> Batch:
    if request.inputs is None:
        return task.probe_batch()
    try:
        return task.batch_from(request.inputs)
    except ValueError as error:
        raise field_error("inputs", request.inputs, str(error), "see GET /api/tasks for what the task reads") from None


def traced_record(found: Trace, task: Task, update: int) -> TraceRecord:
    """The record of a trace that somebody took by himself, of a network of `task` after `update` updates."""
    return _record(found, update, _task(task, task.config, found.steps))


def _task(task: Task, config: TaskConfig, steps: int) -> dict[str, Any]:
    return {
        "name": config.name,
        "T": config.T,
        "items": config.items,
        "kind": task.kind,
        "steps": steps,
        "symbols": list(task.symbol_names),
        "default_loss_step": task.default_loss_step,
        "data": data_name(config),
        "permuted": config.permuted,
        "shape": list(task.shape),
    }


def _targets(targets_T: NDArray[Any]) -> list[Any]:
    """Null where a step asks for nothing."""
    listed: list[Any] = plain(targets_T)
    return listed if targets_T.dtype.kind == "f" else [None if value == NO_TARGET else value for value in listed]


def _record(found: Trace, update: int, task: dict[str, Any]) -> TraceRecord:
    return {
        "update": update,
        "task": task,
        "share": found.share,
        "knocked_out": [list(pair) for pair in found.knocked_out],
        "example": found.example,
        "loss_step": found.loss_step,
        "parameters": to_wire(found.parameters),
        "steps": found.steps,
        "inputs": plain(found.inputs_TI if found.symbols_T is None else found.symbols_T),
        "targets": _targets(found.targets_T),
        "predictions": plain(found.predictions_T),
        "loss_T": narrow(found.loss_T),
        "loss": plain(found.metrics["loss"]),
        "metrics": plain(found.metrics),
        "true_sources": {str(reader): list(sources) for reader, sources in found.true_sources.items()},
        "memories": np.array(found.memories, np.int16),
        "cuts": np.array(found.cuts, np.uint16),
        "attention": _attention(found.attention),
        "gradient_norm": {rule: narrow(norm) for rule, norm in found.gradient_norm.items()},
        "gradient_norm_cell": {rule: narrow(norm) for rule, norm in found.gradient_norm_cell.items()},
        "edges": _edges(found.edges),
        "paths": _paths(found),
        "paths_hidden": found.hidden_paths,
        "skip_credit": plain(found.skip_credit),
        "reach": {rule: [list(interval) for interval in intervals] for rule, intervals in found.reach.items()},
        "hits": {str(reader): hit for reader, hit in found.hit.items()},
        "hit_rate": found.hit_rate,
        "nonfinite": found.nonfinite,
    }


def _attention(attention: Attention) -> AttentionColumns:
    return {
        "reader": attention.reader_E.astype(np.uint16),
        "source": attention.source_E.astype(np.int16),
        "weight": narrow(attention.weight_E),
        "score": narrow(attention.score_E),
    }


def _paths(found: Trace) -> list[PathRecord]:
    strengths = narrow(np.array([path.strength for path in found.paths])).tolist()
    return [
        {"steps": list(path.steps), "kinds": list(path.kinds), "strength": strength}
        for path, strength in zip(found.paths, strengths, strict=True)
    ]


def _edges(edges: Edges) -> EdgeColumns:
    return {
        "kind": edges.skip_E.astype(np.uint8),
        "reader": edges.reader_E.astype(np.uint16),
        "source": edges.source_E.astype(np.uint16),
        "credit": narrow(edges.credit_E),
        "credit_hidden": narrow(edges.credit_hidden_E),
        "credit_cell": narrow(edges.credit_cell_E),
        "weight": narrow(edges.weight_E),
        "chosen": edges.chosen_E.astype(np.uint8),
    }


def narrow(values: NDArray[Any]) -> NDArray[np.float32]:
    """As float32, so that finite stays finite and not zero stays not zero (spec section 4: three different things)."""
    wide = values.astype(np.float64)
    size = np.abs(wide)
    size = np.where(np.isfinite(size) & (size > F32.max), F32.max, size)
    size = np.where((size > 0) & (size < F32.smallest_subnormal), F32.smallest_subnormal, size)
    out: NDArray[np.float32] = np.copysign(size, wide).astype(np.float32)
    return out


def curve_columns(results: Sequence[UpdateResult]) -> dict[str, Any]:
    """The figures of updates, a column each, as they travel and are kept."""
    names = sorted(results[-1].metrics) if results else []
    return {
        "update": np.array([r.update for r in results], np.int32),
        "loss": np.array([r.loss for r in results], np.float32),
        "gradient_norm": narrow(np.array([r.gradient_norm for r in results])),
        "learning_rate": np.array([r.learning_rate for r in results], np.float32),
        "skipped": np.array([r.skipped for r in results], np.uint8),
        "values": {name: np.array([r.metrics[name] for r in results], np.float32) for name in names},
    }


def look_columns(look: Look) -> dict[str, Any]:
    """What a look saw, in columns of one entry; NaN where there was nothing to measure."""
    return {
        "update": np.array([look.update], np.int32),
        "health": {name: _one(value) for name, value in look_figures(look).items()},
        "fresh": {name: _one(value) for name, value in sorted((look.fresh or {}).items())},
    }


def look_figures(look: Look) -> dict[str, float | None]:
    """The figures of a network's health by the names that they have everywhere else."""
    shares = {name: getattr(look.health, name) for name in ("saturated", "dead", "near_tied", "largest_state")}
    moved = {f"moved_{group}": share for group, share in look.moved.items()}
    return {**shares, **moved, "norm_median": look.norm_median, "norm_p99": look.norm_p99}


def _one(value: float | None) -> NDArray[np.float32]:
    return narrow(np.array([np.nan if value is None else value]))
