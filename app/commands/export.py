"""`sab export`: a panel of a run, a checkpoint or a preset as a file, with or without a server.

Numbers come from a stored snapshot where there is one, otherwise from a probe in this process, or from a server
when `--server` names one. The file is made by app/export, the same as for the page.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import typer

from app.commands.common import CommandError, print_json
from app.errors import field_error

if TYPE_CHECKING:
    from app.export.query import NetworkQuery, RunQuery

PanelName = Literal["attention", "gradients", "paths", "curves", "view"]
FormatName = Literal["png", "svg", "pdf", "html", "csv", "json", "npz"]
SUFFIX = ".safetensors"
SERVER_TIMEOUT_S = 60


def export(
    network: Annotated[
        str, typer.Argument(metavar="RUN|CHECKPOINT|PRESET", help="Id of a run, a .safetensors file, or a preset.")
    ],
    panel: Annotated[PanelName, typer.Option(help="Which numbers; view is all of them in one page.")],
    file_format: Annotated[
        FormatName | None, typer.Option("--format", help="Which kind of file.", show_default="ending of --output")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write.", show_default="a name in this folder")
    ] = None,
    update: Annotated[int | None, typer.Option(help="Update of the run.", show_default="latest")] = None,
    example: Annotated[int | None, typer.Option(help="Example of the probe batch, 0 to 15.")] = None,
    loss_step: Annotated[
        str | None, typer.Option(help="Step whose loss is followed, or 'whole'.", show_default="the task's own")
    ] = None,
    k_top: Annotated[int | None, typer.Option(help="Memories read a step.")] = None,
    k_trunc: Annotated[int | None, typer.Option(help="Steps between cuts, 0 for none.")] = None,
    k_att: Annotated[int | None, typer.Option(help="Steps between memories.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of runs.", show_default="as for sab serve")] = None,
    server: Annotated[str | None, typer.Option(metavar="URL", help="Ask a running server instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: file and size as JSON.")] = False,
) -> None:
    """Write a panel as PNG, SVG, PDF, stand-alone HTML, CSV, JSON or NPZ."""
    kind = file_format or (output.suffix.lstrip(".").lower() if output else "")
    words = {"panel": panel, "format": kind, "update": update, "example": example, "loss_step": loss_step}
    words |= {"k_top": k_top, "k_trunc": k_trunc, "k_att": k_att}
    query = {name: str(value) for name, value in words.items() if value is not None}
    body, name = from_server(server, network, query) if server else from_here(network, query, data_dir)
    path = output or Path(name)
    write(path, body)
    if as_json:
        print_json({"file": str(path), "size_bytes": len(body)})
    else:
        typer.echo(f"{path} ({len(body)} bytes)")


def from_here(network: str, query: dict[str, str], data_dir: Path | None) -> tuple[bytes, str]:
    """The file made in this process, and a name for it.

    Raises:
        UserError: When the query is not accepted or nothing is called `network`.
    """
    from app.export.query import parse_network, parse_run
    from app.export.render import caption_for, file_name, render

    path = checkpoint_file(network)
    spec: dict[str, Any] | None
    if path is not None:
        data, spec = _probe_file(path, network, parse_network({**query, "preset": "file"}))
    else:
        data, spec = _stored_run(network, parse_run(query), data_dir)
    caption = caption_for(query["panel"], data, spec, network)
    return render(query["panel"], query["format"], data, caption), file_name(query["panel"], query["format"], caption)


def checkpoint_file(network: str) -> Path | None:
    """The file that `network` names: a path, or the bundled preset of that name; None when it must be a run."""
    if network.endswith(SUFFIX) or os.sep in network:
        path = Path(network)
        if not path.is_file():
            raise field_error("CHECKPOINT", network, "a file that exists", "sab train --output writes one")
        return path
    from app.pages import page_folder

    preset = page_folder() / "static" / "presets" / f"{Path(network).name}{SUFFIX}"
    return preset if preset.is_file() else None


def _probe_file(path: Path, network: str, query: NetworkQuery) -> tuple[dict[str, Any], dict[str, Any]]:
    from app.protocol import ProbeRequest
    from app.traces import trace_json
    from app.worker.config import run_spec
    from app.worker.record import probe_columns
    from model.checkpoint import CheckpointError, load
    from model.tasks import make_task

    origin = "checkpoint" if network.endswith(SUFFIX) else "preset"
    asked = query.model_dump(include=query.model_fields_set - {"panel", "format", "preset", "checkpoint"})
    try:
        config = load(path).config
        asked.setdefault("loss_step", make_task(config.task).default_loss_step)
        columns = probe_columns(path, ProbeRequest(preset="file", **asked))
    except (CheckpointError, ValueError) as error:
        raise CommandError(str(error), 2) from None
    named = {"preset": None, "checkpoint": None, "run": None, origin: path.stem}
    return {**trace_json(columns), **named}, run_spec(config).model_dump(mode="json")


def _stored_run(run: str, query: RunQuery, data_dir: Path | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    from app.commands.stored import DataFolder
    from app.export.query import NetworkQuery, answers
    from app.settings import Settings
    from app.traces import trace_json

    folder = DataFolder(data_dir or Settings().data_dir)
    state = folder.run(run)
    if state is None:
        raise field_error(
            "RUN", run, f"a run in {folder.folder}, a preset or a {SUFFIX} file", "name another --data-dir or --server"
        )
    if query.panel == "curves":
        return folder.metrics(state), state["spec"]
    columns = folder.snapshot(state, query.update)
    if columns is None:
        allowed, remedy = "an update that has a snapshot", "leave --update out for the latest"
        raise field_error("--update", query.update, allowed, remedy, status=404)
    given = query.model_dump(include=query.model_fields_set - {"panel", "format", "update"})
    if answers(columns, given):
        return trace_json(columns), state["spec"]
    checkpoint = folder.checkpoint(state, columns["update"] if query.update is not None else None)
    if checkpoint is None:
        allowed, remedy = "an update that has a checkpoint", "leave --example and --loss-step out, or --update"
        raise field_error("--update", query.update, allowed, remedy, status=404)
    asked = {"example": columns["example"], "loss_step": columns["loss_step"], **given}
    trace, _ = _probe_file(
        checkpoint, str(checkpoint), NetworkQuery(panel=query.panel, format=query.format, preset="file", **asked)
    )
    return {**trace, "checkpoint": None, "run": run}, state["spec"]


def from_server(server: str, network: str, query: dict[str, str]) -> tuple[bytes, str]:
    """The file as a running server makes it: a run of its own, or a preset.

    Raises:
        CommandError: When the server cannot be reached or refuses; with its own words.
    """
    if not server.startswith(("http://", "https://")):
        raise field_error("--server", server, "an http(s) address", "write for example http://127.0.0.1:8000")
    base = server.rstrip("/")
    try:
        return _get(f"{base}/api/runs/{quote(network, safe='')}/export?{urlencode(query)}")
    except HTTPError as error:
        if error.code != 404:
            raise CommandError(_reason(error)) from None
    except URLError as error:
        raise CommandError(f"--server {server}: {error.reason}; is it running?") from None
    try:
        return _get(f"{base}/api/export?{urlencode({**query, 'preset': network})}")
    except HTTPError as error:
        raise CommandError(_reason(error)) from None


def _get(url: str) -> tuple[bytes, str]:
    with urlopen(Request(url), timeout=SERVER_TIMEOUT_S) as answer:  # noqa: S310 (scheme is checked above)
        return answer.read(), answer.headers.get_filename() or "sab-export"


def _reason(error: HTTPError) -> str:
    import json

    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"


def write(path: Path, body: bytes) -> None:
    """All of the file or nothing: a temporary file in the same folder takes the name at the end.

    Raises:
        CommandError: When the folder is missing or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except OSError as error:
        raise CommandError(
            f"--output {path}: {error.strerror}; choose a folder that exists and can be written"
        ) from None
