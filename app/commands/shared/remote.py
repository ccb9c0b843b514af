"""A server that a command asks instead of doing the work itself: what is said when it does not answer."""

from __future__ import annotations

from urllib.error import URLError

from sab_visualiser.app.commands.shared.common import CommandError


def unreachable(server: str, error: URLError | OSError) -> CommandError:
    """What is said when there is no answer."""
    why = error.reason if isinstance(error, URLError) else error
    return CommandError(f"--server {server}: {why}; is it running?")
