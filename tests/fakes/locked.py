"""A server that asks for a token, and those who come to it: a script, a browser, a viewer, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from sab_visualiser.app.access.keys import Keys
from tests.fakes.server import Live, in_thread


@contextmanager
def locked_server(data_dir: Path, **more: Any) -> Iterator[Live]:
    """As `in_thread`, with a door that is shut; its own client shows the token of controllers."""
    with in_thread(data_dir, no_auth=False, **more) as live:
        live.http.headers["Authorization"] = f"Bearer {keys(live).controller}"
        yield live


def keys(live: Live) -> Keys:
    """The tokens that are good now."""
    found: Keys = live.app.state.door.keys
    return found


def bearer(live: Live, role: str) -> dict[str, str]:
    """The header of a script of that role."""
    return {"Authorization": f"Bearer {getattr(keys(live), role)}"}


def asker(live: Live, role: str | None = None) -> httpx2.Client:
    """A script of that role, or somebody without a token."""
    headers = {} if role is None else bearer(live, role)
    return httpx2.Client(base_url=live.url, timeout=30, trust_env=False, headers=headers)


@contextmanager
def browser_of(live: Live, role: str) -> Iterator[httpx2.Client]:
    """A browser that came in by a link: it has a cookie, and says its Origin."""
    link = live.app.state.door.link(role)
    with httpx2.Client(base_url=live.url, timeout=30, trust_env=False, headers={"Origin": live.url}) as client:
        answer = client.get(link.removeprefix(live.url))
        assert answer.status_code == 303, answer.text
        assert client.cookies
        yield client
