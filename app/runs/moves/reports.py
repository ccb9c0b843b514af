"""What a worker's event makes of a run: the other half of the state machine. Pure, no I/O.

A worker says what it did; the server decides what that means and writes the event anew, so that every `status` is
complete. `rewound` is not among them: the server itself starts a run over (app/runs/moves/commands.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from sab_visualiser.app.runs.moves.turns import without
from sab_visualiser.app.runs.run import LIVE, Draft, Run
from sab_visualiser.app.runs.verdict import seen
from sab_visualiser.app.wire.requests import RunStatus

SAID_BY_WORKERS = ("running", "paused", "finished", "stopped", "failed", "diverged")
Report = tuple[Run, Draft]


class BadReportError(ValueError):
    """A worker's frame that does not fit docs/protocol.md."""


def observe(run: Run, kind: str, update: int | None, data: Mapping[str, Any]) -> Report:
    """The run after the event, and the event as it will be published.

    Args:
        run: The run before.
        kind: Kind of the event.
        update: Update it belongs to, ≥ 0; None for the one of the run.
        data: What the worker said; a checkpoint's bytes are stored and named already.

    Raises:
        BadReportError: For a kind or a status that workers do not send.
    """
    if kind not in _HANDLERS:
        raise BadReportError(f"kind = {kind!r}: a worker sends {', '.join(_HANDLERS)}")
    if kind != "checkpoint" and update is not None and update >= 0:
        run = replace(run, update=int(update))
    return _HANDLERS[kind](run, data)


def _status(run: Run, data: Mapping[str, Any]) -> Report:
    status = data.get("status")
    if status not in SAID_BY_WORKERS:
        raise BadReportError(f"status = {status!r}: a worker says {', '.join(SAID_BY_WORKERS)}")
    measured = {name: _finite(value) for name, value in (data.get("metrics") or {}).items()}
    rate = data.get("updates_per_s")
    run = replace(
        run,
        status=cast(RunStatus, status),
        reason=data.get("reason"),
        parameters={**run.parameters, **(data.get("parameters") or {})},
        metrics={**run.metrics, **measured},
        updates_per_s=rate if status in LIVE else None,
        trained_per_s=_measured(rate, run),
        skipped=int(data.get("skipped", run.skipped)),
        engine=said if isinstance(said := data.get("engine"), str) else run.engine,
        assigned=status in LIVE,
    )
    return run, Draft("status", run.news())


def _metrics(run: Run, data: Mapping[str, Any]) -> Report:
    latest = {name: _finite(column[-1]) for name in ("loss", "gradient_norm") if len(column := data.get(name, ()))}
    for name, column in data.get("values", {}).items():
        latest[name] = _newest(column, run.metrics.get(name))
    skipped = run.skipped + sum(map(bool, data.get("skipped", ())))
    rate = data.get("updates_per_s", run.updates_per_s)
    if len(data["update"]):
        run = replace(run, update=int(data["update"][-1]))
    run = replace(run, metrics={**run.metrics, **latest}, skipped=skipped)
    run = replace(run, updates_per_s=rate, trained_per_s=_measured(rate, run))
    run = replace(run, trained_s=round(run.trained_s + (_finite(data.get("seconds")) or 0.0), 4))
    return run, Draft("metrics", dict(data))


def _look(run: Run, data: Mapping[str, Any]) -> Report:
    """Health as it is now, and what fresh examples came to; the verdict on it goes along."""
    health = {name: _finite(column[-1]) for name, column in data["health"].items()}
    fresh = {name: float(column[-1]) for name, column in data["fresh"].items()}
    progress = seen(run.progress, run.spec, int(data["update"][-1]), fresh, health) if fresh else run.progress
    run = replace(run, health=health, progress=progress)
    return run, Draft("look", {**dict(data), "verdict": run.verdict})


def _parameters(run: Run, data: Mapping[str, Any]) -> Report:
    version = int(data.get("params_version") or run.params_version + 1)
    in_force = {**run.parameters, **data.get("parameters", {})}
    run = replace(
        run,
        parameters=in_force,
        params_version=max(version, run.params_version),
        accepted_version=max(version, run.accepted_version),
        kept=without(run.kept, data.get("command_id")),
    )
    said = {"command_id": data.get("command_id"), "parameters": in_force, "params_version": run.params_version}
    said |= {name: list(data.get(name, ())) for name in ("applied", "superseded")}
    return run, Draft("parameters", {**dict(data), **said})


def _acknowledged(run: Run, data: Mapping[str, Any]) -> Report:
    if data.get("type") != "stop":  # which is done when the run has ended
        run = replace(run, kept=without(run.kept, data.get("command_id")))
    return run, Draft("acknowledged", dict(data))


def _checkpoint(run: Run, data: Mapping[str, Any]) -> Report:
    run = replace(run, checkpoint=data["checkpoint"], checkpoint_update=data["update"], progress_kept=run.progress)
    return run, Draft("checkpoint", {name: data[name] for name in ("checkpoint", "size_bytes", "update")})


_HANDLERS: dict[str, Callable[[Run, Mapping[str, Any]], Report]] = {
    "status": _status,
    "metrics": _metrics,
    "look": _look,
    "parameters": _parameters,
    "acknowledged": _acknowledged,
    "checkpoint": _checkpoint,
}


def _measured(rate: Any, run: Run) -> float | None:
    """The newest rate of its training; where none was measured this time, the one before stays."""
    return _finite(rate) or run.trained_per_s


def _finite(value: Any) -> float | None:
    """The number, or None where it is not finite or not there."""
    return float(value) if value is not None and math.isfinite(value) else None


def _newest(column: Any, otherwise: float | None) -> float | None:
    """The newest finite number of a column that is only filled now and then."""
    return next((float(value) for value in reversed(column) if math.isfinite(value)), otherwise)
