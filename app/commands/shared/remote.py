"""A server that a command asks instead of doing the work itself: its address, and what it says when it refuses."""

from __future__ import annotations

import json
from urllib.error import HTTPError, URLError

from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.wire.errors import field_error


def address_of(server: str) -> str:
    """The address without a slash at its end.

    Raises:
        UserError: It is no http(s) address.
    """
    if not server.startswith(("http://", "https://")):
        raise field_error("--server", server, "an http(s) address", "write for example http://127.0.0.1:8000")
    return server.rstrip("/")


def reason_of(error: HTTPError) -> str:
    """Why the server refused, in its own words."""
    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"


def unreachable(server: str, error: URLError | OSError) -> CommandError:
    """What is said when there is no answer."""
    why = error.reason if isinstance(error, URLError) else error
    return CommandError(f"--server {server}: {why}; is it running?")
