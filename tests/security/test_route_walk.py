"""B5, B10: every address has a decision of its own about who may use it; one without a decision fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import WebSocketRoute

from sab_visualiser.app.access.rights import RIGHTS, right_of
from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.web.sockets import router as sockets
from tests.fakes.locked import asker
from tests.fakes.server import Live

FILES = "GET /static/{path}"
CHANGES = {
    "POST /api/probe": "a question about weights that stay as they are",
    "POST /api/hits": "a question about weights that stay as they are",
}
"""Unsafe methods that viewers may use, and why."""


def addresses(app: Any) -> Iterator[str]:
    """Every method and path that the application answers: described ones, pages, files and sockets."""
    for path, ways in app.openapi()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in ways)
    for route in _routes(app):
        if hasattr(route, "methods") and not route.include_in_schema:
            yield from (f"{method} {route.path}" for method in route.methods - {"HEAD"})
    yield from (f"WS {route.path}" for route in sockets.routes if isinstance(route, WebSocketRoute))
    yield FILES


def _routes(app: Any) -> Iterator[Any]:
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        yield from inner.routes if inner is not None else [route]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return set(addresses(create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))))


def test_B5_every_address_has_a_decision_and_every_decision_an_address(found: set[str]) -> None:
    assert {"GET /", "GET /login", "POST /api/runs", "WS /ws", "GET /openapi.json"} <= found, "the walk sees them"
    vendored = {"GET /static/vendor/plotly.min.js"}
    assert sorted(found - set(RIGHTS) - vendored) == [], "decide in app/access/rights.py who may use these"
    assert sorted(set(RIGHTS) - found) == [], "these are gone"


def test_B5_a_route_that_nobody_decided_is_seen_and_shut(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))

    @app.post("/api/forgotten/{thing}")
    async def forgotten(thing: str) -> None:
        """Somebody adds a route."""

    assert set(addresses(app)) - set(RIGHTS) - {"GET /static/vendor/plotly.min.js"} == {"POST /api/forgotten/{thing}"}
    assert right_of("POST", "/api/forgotten/1") == "steer"
    assert right_of("GET", "/api/forgotten") == "look"


@pytest.mark.parametrize("address", RIGHTS)
def test_B5_what_is_asked_is_what_was_decided(address: str) -> None:
    method, _, path = address.partition(" ")
    assert right_of(method, re.sub(r"\{\w+\}", "r1", path)) == RIGHTS[address]
    if method == "GET":
        assert right_of("HEAD", re.sub(r"\{\w+\}", "r1", path)) == RIGHTS[address]


def test_B10_viewers_change_nothing_but_what_is_reasoned_here() -> None:
    unsafe = {a for a, right in RIGHTS.items() if not a.startswith(("GET ", "WS ")) and right != "steer"}
    assert unsafe == set(CHANGES)
    assert {a for a, right in RIGHTS.items() if right == "open"} == {"GET /api/health", "GET /login", FILES}


@pytest.mark.parametrize("address", [a for a in RIGHTS if not a.startswith("WS ")])
def test_B5_without_a_token_only_what_is_open_answers(locked: Live, address: str) -> None:
    method, _, path = address.partition(" ")
    path = "/static/icon.svg" if address == FILES else re.sub(r"\{\w+\}", "r1", path)
    with asker(locked) as nobody:
        answer = nobody.request(method, path)
    if address == "GET /login":
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    elif RIGHTS[address] == "open":
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("address", [a for a, right in RIGHTS.items() if right == "steer"])
def test_B10_a_viewer_is_forbidden_whatever_steers(locked: Live, address: str) -> None:
    method, _, path = address.partition(" ")
    with asker(locked, "viewer") as viewer:
        answer = viewer.request(method, re.sub(r"\{\w+\}", "r1", path))
    assert answer.status_code == 403
    assert answer.json()["title"] == "Forbidden"
