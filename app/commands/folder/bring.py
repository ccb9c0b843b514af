"""`sab import`: a bundle, as the page or GET /api/runs/{run_id}/bundle gives it, becomes a run of this data folder.

A server that has the folder is the only one that may write to it: name it by `--server` then. What is accepted is
decided in app/bundle, for both ways alike.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

import typer

from sab_visualiser.app.access.clients import reach
from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.commands.shared.data import know_files
from sab_visualiser.app.commands.shared.remote import unreachable
from sab_visualiser.app.wire.errors import address_of, field_error, reason_of

SERVER_TIMEOUT_S = 300
TOLD = ("id", "name", "status", "update", "missing")


def bring(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The .zip file of a run.")],
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of runs to bring it into; no server may have it.", show_default="as for sab serve"),
    ] = None,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Let a running server bring it in.", show_default="none")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Last line: id, name, status, update, missing as JSON.")
    ] = False,
) -> None:
    """Bring in the bundle of a run: a new run that has ended, with its curves, pictures and checkpoints."""
    if not bundle.is_file():
        raise field_error("BUNDLE", str(bundle), "a file that exists", "the page's Download bundle makes one")
    if server is not None and data_dir is not None:
        raise field_error("--data-dir", str(data_dir), "left out beside --server", "a server knows its own folder")
    view = to_server(server, bundle) if server else into_folder(bundle, data_dir)
    if as_json:
        print_json({name: view.get(name) for name in TOLD})
    else:
        typer.echo(f"run {view['id']}: {view['name']}, {view['status']} at update {view['update']}")
        if missing := view.get("missing"):
            typer.echo(missing)


def to_server(server: str, bundle: Path) -> dict[str, Any]:
    """The run as the server shows it.

    Raises:
        CommandError: The server cannot be reached or refuses; with its own words.
    """
    address = f"{address_of(server)}/api/bundles"
    headers = {"Content-Type": "application/zip", "Content-Length": str(bundle.stat().st_size)}
    try:
        with bundle.open("rb") as file:
            request = Request(address, file, headers, method="POST")  # noqa: S310 (scheme is checked above)
            with reach(request, make_settings("import").data_dir, SERVER_TIMEOUT_S) as answer:
                return dict(json.loads(answer.read()))
    except HTTPError as error:
        raise CommandError(reason_of(error), 2 if error.code in (413, 422) else 1) from None
    except (URLError, OSError) as error:
        raise unreachable(server, error) from None


def into_folder(bundle: Path, data_dir: Path | None) -> dict[str, Any]:
    """The run as it stands in the folder now; its checkpoints are looked into by this process.

    Raises:
        UserError: 422 for a bundle that is not accepted; nothing is kept then.
        CommandError: A server has the folder, or it cannot be written.
    """
    from sab_visualiser.app.bundle.bring import bring_in
    from sab_visualiser.app.offline.probe import inspect_file
    from sab_visualiser.app.runs.fits import check_run
    from sab_visualiser.app.runs.kin.births import Births
    from sab_visualiser.app.runs.run import Run
    from sab_visualiser.app.runs.shapes import Spec
    from sab_visualiser.app.store.blobs import Blob, FolderInUseError
    from sab_visualiser.app.store.store import Store
    from sab_visualiser.app.workers.memory import own_room

    given = {} if data_dir is None else {"data_dir": data_dir}
    settings = make_settings("import", **given)
    room = own_room(settings)
    know_files(None)

    async def inspect(checkpoint: Blob, spec: Spec, text: Blob | None) -> dict[str, Any]:
        text = text or store.texts.blob_of(spec)
        return await asyncio.to_thread(inspect_file, checkpoint.path, room.limit, spec, text and text.path)

    def fits(run: Run) -> None:
        check_run(run.spec, room, run.parameters)

    store = Store(settings)
    try:
        store.open()
    except FolderInUseError as error:
        raise CommandError(f"{error}, or let that server do it with --server URL", error.code) from None
    try:
        births = Births()
        for run in store.found.runs:
            births.seen(run.created)
        return asyncio.run(bring_in(store, bundle, inspect, births.next(), store.load_runs, fits)).view()
    finally:
        store.close()
