"""Where the numbers of `sab export` come from without a server: a file, a bundled preset, or a run in a data folder.

Deliberately not here: the options, a running server and the writing of the file (app/commands/export.py).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sab_visualiser.app.wire.errors import field_error

if TYPE_CHECKING:
    from sab_visualiser.app.export.query import NetworkQuery, RunQuery
    from sab_visualiser.app.presets.bundled import Preset

SUFFIX = ".safetensors"
WITH_CURVES = ("curves", "view")


def from_here(network: str, query: dict[str, str], data_dir: Path | None) -> tuple[bytes, str]:
    """The file made in this process, and a name for it.

    Raises:
        UserError: When the query is not accepted or nothing is called `network`.
    """
    from sab_visualiser.app.export.query import parse_network, parse_run
    from sab_visualiser.app.export.render import caption_for, file_name, render

    spec: dict[str, Any] | None
    kind = "run"
    if preset := bundled(network):
        data, spec, kind = *_of_preset(preset, parse_network({**query, "preset": preset.name})), "preset"
    elif path := checkpoint_file(network):
        from sab_visualiser.app.offline.probe import probe_file

        asked = parse_network({**query, "checkpoint": "file"})
        data, spec = probe_file(path, "checkpoint", asked.asked())
    else:
        data, spec = _stored_run(network, parse_run(query), data_dir)
    if "inputs" in query:
        data = data | {"own": True}
    caption = caption_for(query["panel"], data, spec, network, kind)
    return render(query["panel"], query["format"], data, caption), file_name(query["panel"], query["format"], caption)


def bundled(network: str) -> Preset | None:
    """The preset of that name that came with the program, when it has weights."""
    from sab_visualiser.app.presets.bundled import Presets
    from sab_visualiser.app.web.pages import page_folder

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
    from sab_visualiser.app.export.query import no_history
    from sab_visualiser.app.export.stored import answers, check_answered
    from sab_visualiser.app.offline.probe import probe_file
    from sab_visualiser.app.presets.history import history_of, snapshot_at
    from sab_visualiser.app.wire.trace_json import trace_json

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
        data, spec = probe_file(preset.checkpoint, "preset", query.asked())
    return data | ({"curves": curves} if query.panel == "view" else {}), spec


def _stored_run(run: str, query: RunQuery, data_dir: Path | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder

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
    from sab_visualiser.app.export.query import NetworkQuery
    from sab_visualiser.app.export.stored import answers
    from sab_visualiser.app.offline.probe import probe_file
    from sab_visualiser.app.wire.trace_json import trace_json

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
    return {**probe_file(checkpoint, "checkpoint", probe.asked())[0], "checkpoint": None, "run": state["id"]}
