"""From a question to a file: find the numbers, caption them, render them. The same for a server and without one."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.content.caption import Caption
from sab_visualiser.app.export.explorable.page import explorable
from sab_visualiser.app.export.explorable.recording import NOWHERE, About, Origin, record
from sab_visualiser.app.export.explorable.tables import tables_of
from sab_visualiser.app.export.many.beside import trainings_of
from sab_visualiser.app.export.many.bundles import Line, lines_of
from sab_visualiser.app.export.print.apart import Apart
from sab_visualiser.app.export.query import OF_TRAINING, PICTURES, Common, NetworkQuery, RunQuery, no_history
from sab_visualiser.app.export.render import MEDIA_TYPES, caption_for, file_name, render
from sab_visualiser.app.export.stored import network_trace, run_trace
from sab_visualiser.app.export.story.headline import headline
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Named
from sab_visualiser.app.runs.verdict import task_of
from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.model.contract import chance_of, unseen

WITH_CURVES = (*OF_TRAINING, "view")
PAGE = "html"


class Numbers(NamedTuple):
    """What is told: a trace, or curves."""

    trace: TraceRecord | None
    curves: Curves | None


class File(NamedTuple):
    """The bytes of a file, what they are, and how to call it."""

    body: bytes
    media_type: str
    name: str


async def run_file(
    answers: Answers, run_id: str, query: RunQuery, origin: Origin = NOWHERE, apart: Apart | None = None
) -> File:
    """The panel of a run at a stored update; another example or loss step than the snapshot's is probed.

    Args:
        answers: Who knows the numbers.
        run_id: Which run.
        query: What of it, and as which kind of file.
        origin: Of a file that says where it comes from.
        apart: Who draws pictures; this process when left out.
    """
    network = Named("run", run_id)
    if query.format == PAGE:
        return await _page(answers, network, query, await run_trace(answers, run_id, query), origin)
    curves = await answers.metrics(run_id) if query.panel in WITH_CURVES else None
    _require_rows(query, curves, run_id)
    trace = None if query.panel in OF_TRAINING else await run_trace(answers, run_id, query)
    return await _file(answers, network, query, Numbers(trace, curves), apart)


async def network_file(
    answers: Answers, query: NetworkQuery, origin: Origin = NOWHERE, apart: Apart | None = None
) -> File:
    """The panel of a preset or checkpoint, probed with the knobs of the query; arguments as of `run_file`."""
    if query.preset is not None:
        network = Named("preset", query.preset)
    else:
        assert query.checkpoint is not None, "NetworkQuery names exactly one network"
        network = Named("checkpoint", query.checkpoint)
    curves = await answers.preset_metrics(query.preset) if query.preset and query.panel in WITH_CURVES else None
    if query.panel in OF_TRAINING and curves is None:
        raise no_history(query.preset, query.panel)
    if query.format == PAGE:
        return await _page(answers, network, query, await network_trace(answers, query), origin)
    trace = None if query.panel in OF_TRAINING else await network_trace(answers, query)
    return await _file(answers, network, query, Numbers(trace, curves), apart)


def _require_rows(query: Common, curves: Curves | None, run_id: str) -> None:
    """A picture without a line is none; a table without a row still names its columns.

    Raises:
        UserError: Nothing of the training is there to draw (404).
    """
    if query.panel not in OF_TRAINING or query.format not in PICTURES or curves is None:
        return
    of_looks = query.panel == "health"
    if len((curves["looks"] if of_looks else curves)["update"]) == 0:
        has = "has not been looked at yet" if of_looks else "has made no update yet"
        raise UserError(404, "Nothing to draw yet", f"panel = {query.panel}: run {run_id} {has}; let it train")


async def _page(answers: Answers, network: Named, query: Common, trace: TraceRecord, origin: Origin) -> File:
    """The page itself with all that the network left; packed in a thread, so that a server goes on answering."""
    described = await answers.described(network)
    in_view = SentTrace(to_bytes(trace), **{network.kind: network.name})
    data = {**await asyncio.to_thread(trace_json, trace), **_own(query), "cell": query.cell}
    caption = caption_for("view", data, described.spec, network.name, network.kind, described.knobs)
    tables = await asyncio.to_thread(tables_of, data, caption)
    recording = await record(answers, network, query, in_view, About(caption, origin, tables.lacks))

    def make() -> File:
        body = explorable(recording, headline(data)[0], tables)
        return File(body, MEDIA_TYPES[PAGE], file_name(query.panel, PAGE, caption))

    return await asyncio.to_thread(make)


async def _file(answers: Answers, network: Named, query: Common, numbers: Numbers, apart: Apart | None = None) -> File:
    """The file of a trace or of curves; made in a thread, so that a server goes on answering."""
    described = await answers.described(network)
    lines = await _lines(answers, network, query, numbers.curves)

    def collect() -> tuple[dict[str, Any], Caption]:
        data = _data(query, numbers.trace, numbers.curves)
        caption = caption_for(query.panel, data, described.spec, network.name, network.kind, described.knobs)
        if lines:
            data["lines"], caption["lines"] = lines, {line.label: list(line.ids) for line in lines}
        if query.panel == "curves" and described.spec is not None:
            data["chance"] = chance_of(task_of(described.spec))
            data["unseen"] = unseen(described.spec["task"]["name"])
        return data, caption

    data, caption = await asyncio.to_thread(collect)
    job = (query.panel, query.format, data, caption, query.paper())
    if apart is not None and query.format in PICTURES:
        body = await apart.draw(*job)
    else:
        body = await asyncio.to_thread(render, *job)
    return File(body, MEDIA_TYPES[query.format], file_name(query.panel, query.format, caption))


async def _lines(answers: Answers, network: Named, query: Common, curves: Curves | None) -> list[Line]:
    """The lines of a figure of curves in which others stand beside the network; none where it stands alone."""
    if curves is None or (query.baseline is None and not query.seeds):
        return []
    found = await trainings_of(answers, network, curves, query.baseline or ())
    return await asyncio.to_thread(lines_of, found, seeds=bool(query.seeds))


def _data(query: Common, trace: TraceRecord | None, curves: Curves | None) -> dict[str, Any]:
    """What `render` takes: a trace in JSON shape, or columns of curves."""
    if trace is None:
        return dict(curves or {})
    return {**trace_json(trace), **_own(query), "cell": query.cell}


def _own(query: Common) -> dict[str, bool]:
    """Whether the trace is of a sequence of one's own."""
    return {"own": True} if query.inputs is not None else {}
