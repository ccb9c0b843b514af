"""Where the numbers of `sab export` come from without a server: a file, a bundled preset, or a run in a data folder.

Deliberately not here: the options, a running server and the writing of the file (app/commands/export.py).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.common import CommandError
from app.errors import field_error

if TYPE_CHECKING:
    from app.export.query import NetworkQuery, RunQuery
    from app.presets import Preset

SUFFIX = ".safetensors"
WITH_CURVES = ("curves", "view")


def from_here(network: str, query: dict[str, str], data_dir: Path | None) -> tuple[bytes, str]:
    """The file made in this process, and a name for it.

    Raises:
        UserError: When the query is not accepted or nothing is called `network`.
    """
    from app.export.query import parse_network, parse_run
    from app.export.render import caption_for, file_name, render

    spec: dict[str, Any] | None
    kind = "run"
    if preset := bundled(network):
        data, spec, kind = *_of_preset(preset, parse_network({**query, "preset": preset.name})), "preset"
    elif path := checkpoint_file(network):
        asked = parse_network({**query, "checkpoint": "file"})
        data, spec = _probe_file(path, "checkpoint", asked)
    else:
        data, spec = _stored_run(network, parse_run(query), data_dir)
    if "inputs" in query:
        data = data | {"own": True}
    caption = caption_for(query["panel"], data, spec, network, kind)
    return render(query["panel"], query["format"], data, caption), file_name(query["panel"], query["format"], caption)


def bundled(network: str) -> Preset | None:
    """The preset of that name that came with the program, when it has weights."""
    from app.pages import page_folder
    from app.presets import Presets

    found = [preset for preset in Presets(page_folder() / "static" / "presets") if preset.name == network]
    return found[0] if found and found[0].checkpoint else None


def checkpoint_file(network: str) -> Path | None:
    """The file that `network` names; None when it must be a run."""
    if not network.endswith(SUFFIX) and os.sep not in network:
        return None
    path = Path(network)
    if not path.is_file():
        raise field_error("CHECKPOINT", network, "a file that exists", "sab train --output writes one")
    return path


def _of_preset(preset: Preset, query: NetworkQuery) -> tuple[dict[str, Any], dict[str, Any]]:
    from app.export.query import no_history
    from app.export.stored import answers, check_answered
    from app.history import history_of, snapshot_at
    from app.traces import trace_json

    curves = history_of(preset)["metrics"] if preset.history else None
    if query.panel == "curves":
        if curves is None:
            raise no_history(preset.name)
        return curves, preset.spec
    asked, stored = query.asked(), None
    if query.update is not None:
        stored = snapshot_at(preset, query.update)
        if query.update != snapshot_at(preset, None)["update"]:
            check_answered(stored, asked)
    assert preset.checkpoint is not None
    if stored is not None and answers(stored, asked):
        data, spec = trace_json(stored), preset.spec
    else:
        data, spec = _probe_file(preset.checkpoint, "preset", query)
    return data | ({"curves": curves} if query.panel == "view" else {}), spec


def _probe_file(path: Path, kind: str, query: NetworkQuery) -> tuple[dict[str, Any], dict[str, Any]]:
    from app.protocol import ProbeRequest
    from app.traces import trace_json
    from app.worker.config import run_spec
    from app.worker.record import probe_columns
    from model.checkpoint import CheckpointError, load
    from model.tasks import make_task

    asked = query.asked()
    try:
        config = load(path).config
        asked.setdefault("loss_step", make_task(config.task).default_loss_step)
        columns = probe_columns(path, ProbeRequest(preset="file", **asked))
    except (CheckpointError, ValueError) as error:
        raise CommandError(str(error), 2) from None
    named = {"preset": None, "checkpoint": None, "run": None, kind: path.stem}
    return {**trace_json(columns), **named}, run_spec(config).model_dump(mode="json")


def _stored_run(run: str, query: RunQuery, data_dir: Path | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    from app.commands.stored import DataFolder
    from app.settings import Settings

    folder = DataFolder(data_dir or Settings().data_dir)
    state = folder.run(run)
    if state is None:
        raise field_error(
            "RUN", run, f"a run in {folder.folder}, a preset or a {SUFFIX} file", "name another --data-dir or --server"
        )
    if query.panel == "curves":
        return folder.metrics(state), state["spec"]
    data = _run_trace(folder, state, query)
    return data | ({"curves": folder.metrics(state)} if query.panel == "view" else {}), state["spec"]


def _run_trace(folder: Any, state: dict[str, Any], query: RunQuery) -> dict[str, Any]:
    """The stored snapshot when it answers the question, else a probe of the checkpoint of that update."""
    from app.export.query import NetworkQuery
    from app.export.stored import answers
    from app.traces import trace_json

    columns = folder.snapshot(state, query.update)
    if columns is None:
        allowed, remedy = "an update that has a snapshot", "leave --update out for the latest"
        raise field_error("--update", query.update, allowed, remedy, status=404)
    given = query.asked()
    if answers(columns, given):
        return trace_json(columns)
    checkpoint = folder.checkpoint(state, columns["update"] if query.update is not None else None)
    if checkpoint is None:
        allowed, remedy = "an update that has a checkpoint", "leave --example and --loss-step out, or --update"
        raise field_error("--update", query.update, allowed, remedy, status=404)
    asked = {"example": columns["example"], "loss_step": columns["loss_step"], **given}
    probe = NetworkQuery(panel=query.panel, format=query.format, checkpoint="file", **asked)
    return {**_probe_file(checkpoint, "checkpoint", probe)[0], "checkpoint": None, "run": state["id"]}
