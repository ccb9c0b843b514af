"""Which trace an export shows: a stored snapshot that already is what is asked for, else a probe of the weights.

One place for the server's routes and the command line; who has the snapshots and the weights is app/export/answers.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.query import NetworkQuery, RunQuery
from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.model.contract import DEFAULT_SHARE


async def run_trace(answers: Answers, run_id: str, query: RunQuery) -> TraceRecord:
    """The trace of a run at a stored update; of another question than the snapshot's only what was asked differs."""
    stored, asked = (await answers.snapshot(run_id, query.update)).record(), query.asked()
    if not _unlike(stored, asked):
        return stored
    kept = {"example": stored["example"], "loss_step": stored["loss_step"]}
    at = {} if query.update is None else {"update": query.update}
    return (await answers.probe(ProbeRequest(run=run_id, **(kept | at | asked)))).record()


async def network_trace(answers: Answers, query: NetworkQuery) -> TraceRecord:
    """The trace of weights, or the snapshot that a preset left at an earlier update of its training."""
    asked = query.asked()
    if query.update is not None and query.preset is not None:
        stored = (await answers.preset_snapshot(query.preset, query.update)).record()
        if not (unlike := _unlike(stored, asked)):
            return stored
        if query.update != (await answers.preset_snapshot(query.preset, None)).record()["update"]:
            raise _not_stored(stored, unlike)
    named = {"checkpoint": query.checkpoint} if query.preset is None else {"preset": query.preset}
    return (await answers.probe(ProbeRequest(**named, **asked))).record()


def _unlike(record: TraceRecord, asked: Mapping[str, Any]) -> list[str]:
    """The words of `asked` (example, loss step, knobs, own input) that the stored trace does not show."""
    shown = {
        "share": DEFAULT_SHARE,
        "knocked_out": [],
        "inputs": None,
        **{"phase": 0, "cuts": "blocks"},
        **record["parameters"],
        **{name: value for name, value in record.items() if name in ("example", "loss_step", "share", "knocked_out")},
    }
    return [name for name, value in asked.items() if shown.get(name) != value]


def _not_stored(record: TraceRecord, unlike: list[str]) -> Exception:
    """What is said of an earlier update of a preset, whose weights nobody has."""
    at = record["loss_step"]
    step = "the whole loss" if at is None else f"loss step {at}"
    return field_error(
        "update",
        record["update"],
        f"its picture is of {step}, example {record['example']}, with the knobs of the training; "
        "the weights of that update are not stored",
        f"leave out {', '.join(unlike)}, or leave out update",
    )
