"""`sab import`: a bundle, as the page or GET /api/runs/{run_id}/bundle gives it, becomes a run of this data folder.

A server that has the folder is the only one that may write to it: name it by `--server` then. What is accepted is
decided in app/bundle, for both ways alike.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import typer

from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.commands.shared.remote import address_of, reason_of, unreachable
from sab_visualiser.app.wire.errors import field_error

SERVER_TIMEOUT_S = 300
TOLD = ("id", "name", "status", "update")


def bring(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The .zip file of a run.")],
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of runs to bring it into; no server may have it.", show_default="as for sab serve"),
    ] = None,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Let a running server bring it in.", show_default="none")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: id, name, status and update as JSON.")] = False,
) -> None:
    """Bring in the bundle of a run: a new run that has ended, with its curves, pictures and checkpoints."""
    if not bundle.is_file():
        raise field_error("BUNDLE", str(bundle), "a file that exists", "the page's Download bundle makes one")
    if server is not None and data_dir is not None:
        raise field_error("--data-dir", str(data_dir), "left out beside --server", "a server knows its own folder")
    view = to_server(server, bundle) if server else into_folder(bundle, data_dir)
    if as_json:
        print_json({name: view[name] for name in TOLD})
    else:
        typer.echo(f"run {view['id']}: {view['name']}, {view['status']} at update {view['update']}")


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
            with urlopen(request, timeout=SERVER_TIMEOUT_S) as answer:  # noqa: S310
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
    from sab_visualiser.app.control.starts import birth
    from sab_visualiser.app.offline.probe import inspect_file
    from sab_visualiser.app.serve import FOLDER_IN_USE
    from sab_visualiser.app.store.blobs import Blob, FolderInUseError
    from sab_visualiser.app.store.store import Store

    async def inspect(checkpoint: Blob) -> dict[str, Any]:
        return await asyncio.to_thread(inspect_file, checkpoint.path)

    given = {} if data_dir is None else {"data_dir": data_dir}
    store = Store(make_settings("import", **given))
    try:
        store.open()
    except FolderInUseError as error:
        raise CommandError(f"{error}, or let that server do it with --server URL", FOLDER_IN_USE) from None
    except (OSError, sqlite3.DatabaseError) as error:
        raise CommandError(f"data folder {store.folder}: {error}; choose another with --data-dir") from None
    try:
        return asyncio.run(bring_in(store, bundle, inspect, birth())).view()
    finally:
        store.close()
