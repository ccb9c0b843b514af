"""B2, B3: a page of another site can neither open the socket nor change anything; the run stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Route, WebSocketRoute

from tests.fakes.server import Live

FOREIGN = (
    "http://evil.example",
    "null",
    "http://localhost:1",
    "https://HOST",
    "http://localhost.evil.example",
    "http://HOST.evil.example",
    "http://evil.example/HOST",
    "http://HOST/",
    "http://user@HOST",
    "file://",
    "",
)
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def unsafe_routes(app: Any) -> list[tuple[str, str]]:
    """Every (method, path) of the application that is not GET or HEAD, found by walking it."""
    found = []
    for path, operations in app.openapi()["paths"].items():
        found += [(method.upper(), path.replace("{run_id}", "r1")) for method in operations if method != "get"]
    return found


def ask(live: Live, method: str, path: str, *headers: str, body: bytes = b"{}") -> int:
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{live.port}", *headers]
    if "Upgrade: websocket" not in "".join(headers):
        head += ["Connection: close", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    else:
        body = b""
    request = "\r\n".join(head).encode() + b"\r\n\r\n" + body
    return int(live.raw(request).split(b" ", 2)[1])


def foreign(live: Live) -> list[str]:
    return [f"Origin: {origin.replace('HOST', f'127.0.0.1:{live.port}')}" for origin in FOREIGN]


def test_B3_every_unsafe_route_refuses_a_foreign_origin_and_changes_nothing(server: Live) -> None:
    routes = unsafe_routes(server.app)
    assert ("POST", "/api/runs") in routes
    assert ("DELETE", "/api/runs/r1") in routes
    before = server.http.get("/api/runs").json()
    for method, path in [*routes, ("OPTIONS", "/api/runs"), ("PUT", "/api/nothing")]:
        assert {ask(server, method, path, origin) for origin in foreign(server)} == {403}, (method, path)
    assert len(server.http.get("/api/runs").json()) == len(before)


def test_B3_the_walk_sees_every_route_that_there_is(server: Live) -> None:
    described = set(server.app.openapi()["paths"])
    for route in server.app.routes:
        if isinstance(route, Route) and set(route.methods or ()) - {"GET", "HEAD"}:
            assert route.path.replace("{run}", "{run_id}") in described
    assert {route.path for route in server.app.routes if isinstance(route, WebSocketRoute)} <= {"/ws", "/ws/worker"}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_B3_fetch_metadata_of_another_site_is_refused(server: Live, site: str) -> None:
    assert ask(server, "POST", "/api/runs", f"Sec-Fetch-Site: {site}") == 403
    assert ask(server, "GET", "/api/health", f"Sec-Fetch-Site: {site}") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_B3_no_get_of_another_site_makes_the_server_work(server: Live, site: str) -> None:
    run = server.start(training={"updates": 2})
    server.reach(run, "finished")
    paths = [path for path, each in server.app.openapi()["paths"].items() if "get" in each and path != "/api/health"]
    assert {"/api/runs/{run_id}/export", "/api/runs/{run_id}/bundle", "/api/selfcheck", "/api/export"} <= set(paths)
    for path in [one.replace("{run_id}", run).replace("{update}", "latest") for one in paths]:
        assert ask(server, "GET", path, f"Sec-Fetch-Site: {site}", body=b"") == 403, path
    answer = server.http.get("/api/export?preset=copy", headers={"sec-fetch-site": site})
    assert answer.headers["content-type"] == "application/problem+json"
    for asker in ("same-origin", "none"):
        assert ask(server, "GET", f"/api/runs/{run}/bundle", f"Sec-Fetch-Site: {asker}", body=b"") == 200
    assert ask(server, "GET", "/", f"Sec-Fetch-Site: {site}", body=b"") == 200, "the page may be linked"


@pytest.mark.parametrize("path", ["/ws", "/ws/worker"])
def test_B2_the_socket_refuses_a_foreign_origin_before_it_opens(server: Live, path: str) -> None:
    viewers = len(server.app.state.conductor.hub.viewers)
    for origin in foreign(server):
        assert ask(server, "GET", path, *UPGRADE.strip().split("\r\n"), origin) == 403
    assert len(server.app.state.conductor.hub.viewers) == viewers


def test_B2_the_own_origin_and_scripts_without_one_may(server: Live) -> None:
    own = f"Origin: http://127.0.0.1:{server.port}"
    assert ask(server, "POST", "/api/runs/rnone/commands", own) == 404
    assert ask(server, "POST", "/api/runs/rnone/commands") == 404
    assert ask(server, "POST", "/api/runs/rnone/commands", own, "Origin: http://evil.example") == 403
    with server.viewer(origin=f"http://127.0.0.1:{server.port}") as viewer:
        assert viewer.next()["kind"] == "hello"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", None])
@pytest.mark.parametrize("path", ["/api/runs", "/api/probe"])
def test_B3_json_comes_only_from_a_json_content_type(server: Live, path: str, kind: str | None) -> None:
    count = len(server.http.get("/api/runs").json())
    headers = {} if kind is None else {"content-type": kind}
    answer = server.http.post(path, content=b'{"name":"x"}', headers=headers)
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(server.http.get("/api/runs").json()) == count
