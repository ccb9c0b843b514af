"""From a question to a file: find the numbers, caption them, render them. The same for a server and without one."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.explorable.page import explorable
from sab_visualiser.app.export.explorable.recording import record
from sab_visualiser.app.export.explorable.tables import tables_of
from sab_visualiser.app.export.query import OF_TRAINING, Common, NetworkQuery, RunQuery, no_history
from sab_visualiser.app.export.render import MEDIA_TYPES, caption_for, file_name, render
from sab_visualiser.app.export.stored import network_trace, run_trace
from sab_visualiser.app.export.story.headline import headline
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Named
from sab_visualiser.app.runs.verdict import task_of
from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.model.contract import chance_of

WITH_CURVES = (*OF_TRAINING, "view")
PAGE = "html"


class File(NamedTuple):
    """The bytes of a file, what they are, and how to call it."""

    body: bytes
    media_type: str
    name: str


async def run_file(answers: Answers, run_id: str, query: RunQuery, origin: str | None = None) -> File:
    """The panel of a run at a stored update; another example or loss step than the snapshot's is probed.

    Args:
        answers: Who knows the numbers.
        run_id: Which run.
        query: What of it, and as which kind of file.
        origin: Address of the page that asks, for a file that says where it comes from.
    """
    network = Named("run", run_id)
    if query.format == PAGE:
        return await _page(answers, network, query, await run_trace(answers, run_id, query), origin)
    curves = await answers.metrics(run_id) if query.panel in WITH_CURVES else None
    trace = None if query.panel in OF_TRAINING else await run_trace(answers, run_id, query)
    return await _file(answers, network, query, trace, curves)


async def network_file(answers: Answers, query: NetworkQuery, origin: str | None = None) -> File:
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
    return await _file(answers, network, query, trace, curves)


async def _page(answers: Answers, network: Named, query: Common, trace: TraceRecord, origin: str | None) -> File:
    """The page itself with all that the network left; packed in a thread, so that a server goes on answering."""
    in_view = SentTrace(to_bytes(trace), **{network.kind: network.name})
    recording = await record(answers, network, query, in_view, origin)
    described = await answers.described(network)
    own = {"own": True} if query.inputs is not None else {}

    def make() -> File:
        data = {**trace_json(trace), **own, "cell": query.cell}
        caption = caption_for("view", data, described.spec, network.name, network.kind, described.knobs)
        body = explorable(recording, headline(data)[0], tables_of(data, caption))
        return File(body, MEDIA_TYPES[PAGE], file_name(query.panel, PAGE, caption))

    return await asyncio.to_thread(make)


async def _file(
    answers: Answers, network: Named, query: Common, trace: TraceRecord | None, curves: Curves | None
) -> File:
    """The file of a trace or of curves; made in a thread, so that a server goes on answering."""
    described = await answers.described(network)

    def make() -> File:
        data = _data(query, trace, curves)
        caption = caption_for(query.panel, data, described.spec, network.name, network.kind, described.knobs)
        if query.panel == "curves" and described.spec is not None:
            data["chance"] = chance_of(task_of(described.spec))
        body = render(query.panel, query.format, data, caption, query.paper())
        return File(body, MEDIA_TYPES[query.format], file_name(query.panel, query.format, caption))

    return await asyncio.to_thread(make)


def _data(query: Common, trace: TraceRecord | None, curves: Curves | None) -> dict[str, Any]:
    """What `render` takes: a trace in JSON shape, or columns of curves."""
    if trace is None:
        return dict(curves or {})
    return {**trace_json(trace), **({"own": True} if query.inputs is not None else {}), "cell": query.cell}
