"""`sab link`: a link into a server that runs here, the token that scripts send, or new tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal
from urllib.error import HTTPError, URLError
from urllib.request import Request

import typer

from sab_visualiser.app.access.clients import reach
from sab_visualiser.app.access.keys import FILE, Keys, read_keys
from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.wire.errors import reason_of

TIMEOUT_S = 10


def link(
    role: Annotated[
        Literal["controller", "viewer"],
        typer.Option(help="controller: may do everything; viewer: looks and probes, changes nothing."),
    ] = "controller",
    minutes: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_080, help="How long the link is good.", show_default="1 for a controller, 720 for viewers"
        ),
    ] = None,
    token: Annotated[bool, typer.Option("--token", help="Print the token that a script sends as Bearer.")] = False,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="First draw new tokens: all who came in before are out.")
    ] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the server's runs.", show_default="as for sab serve")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The link as one line of JSON.")] = False,
) -> None:
    """Print a link that lets a browser into the server of this data folder: a controller once, viewers many times."""
    folder = make_settings("link", **({} if data_dir is None else {"data_dir": data_dir})).data_dir
    keys = _keys(folder)
    if new_token:
        _ask("DELETE", folder, keys.address)
        keys = _keys(folder)
    if token:
        secret = keys.controller if role == "controller" else keys.viewer
        typer.echo(json.dumps({"token": secret, "role": role}) if as_json else secret)
        return
    made = _ask("POST", folder, keys.address, {"role": role, **({} if minutes is None else {"minutes": minutes})})
    if as_json:
        print_json(made)
    else:
        typer.echo(made["url"])


def _keys(folder: Path) -> Keys:
    """The tokens of the folder.

    Raises:
        CommandError: It has none.
    """
    keys = read_keys(folder)
    if keys is None or not keys.address:
        raise CommandError(
            f"{folder / FILE} has no token: start `sab serve` with this data folder first, and without --no-auth"
        )
    return keys


def _ask(method: str, folder: Path, address: str, body: dict[str, object] | None = None) -> dict[str, object]:
    """What the server answers about its links.

    Raises:
        CommandError: It does not answer, or refuses.
    """
    headers = {"Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = Request(f"{address}/api/links", content, headers, method=method)  # noqa: S310 (ours, from the folder)
    try:
        with reach(request, folder, TIMEOUT_S) as answer:
            found: dict[str, object] = json.loads(answer.read() or b"{}")
            return found
    except HTTPError as error:
        raise CommandError(reason_of(error)) from None
    except (URLError, OSError, ValueError) as error:
        why = error.reason if isinstance(error, URLError) else error
        raise CommandError(f"the server of this folder was at {address}: {why}; is it running?") from None
