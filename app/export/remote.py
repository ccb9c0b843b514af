"""The file as a running server makes it: for `sab export --server` and for a notebook."""

from __future__ import annotations

import re
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request

from sab_visualiser.app.access.clients import reach
from sab_visualiser.app.export.files import File
from sab_visualiser.app.export.render import UNSAFE
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import UserError, address_of, reason_of

TIMEOUT_S = 60
NAMELESS = "sab-export"
_DOTS = re.compile(r"^[.-]+")


def from_there(server: str, network: str, query: dict[str, str], field: str = "--server") -> File:
    """The file of a run of that server, or of a preset.

    Args:
        server: Its address.
        network: Id of a run, or name of a preset.
        query: What the query of an export address says.
        field: What the address was given as.

    Raises:
        UserError: The server cannot be reached (502), or refuses: with its own words and status.
    """
    base = address_of(server, field)
    try:
        return _get(f"{base}/api/runs/{quote(network, safe='')}/export?{urlencode(query)}", field, server)
    except UserError as error:
        if error.problem.status != 404:
            raise
        of_run = error
    try:
        return _get(f"{base}/api/export?{urlencode({**query, 'preset': network})}", field, server)
    except UserError as error:
        # Of an update that a run does not have the server spoke first.
        raise (of_run if error.problem.status == 422 and query.get("update") else error) from None


def _get(url: str, field: str, server: str) -> File:
    try:
        request = Request(url)  # noqa: S310 (scheme is checked above)
        with reach(request, Settings().data_dir, TIMEOUT_S) as answer:
            media, name = answer.headers.get("content-type", ""), answer.headers.get_filename()
            return File(answer.read(), media, local_name(name))
    except HTTPError as error:
        raise UserError(error.code, "Refused", reason_of(error)) from None
    except (OSError, HTTPException) as error:
        why = error.reason if isinstance(error, URLError) else error
        raise UserError(502, "Not reachable", f"{field} {server}: {why}; is it running?") from None


def local_name(name: str | None) -> str:
    """A name that leads nowhere but into the folder one is in, whatever a server calls its file."""
    return _DOTS.sub("", UNSAFE.sub("-", name or ""))[-128:] or NAMELESS
