"""B11: raw requests, since clients fold `..` away. Nothing outside the page folder and the store ever comes out."""

from __future__ import annotations

import pytest

from tests.fakes.server import Live

CANARY = "canary-7f3a"
PAYLOADS = (
    "../CANARY",
    "../../CANARY",
    "../../../../../../etc/passwd",
    "..%2fCANARY",
    "%2e%2e%2fCANARY",
    "%2e%2e/CANARY",
    "..%5cCANARY",
    "....//CANARY",
    "..;/CANARY",
    "%252e%252e%252fCANARY",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "CON",
    "%00",
    "CANARY%00.js",
    "js/../../CANARY",
    "js/%2e%2e/%2e%2e/CANARY",
    "%c0%ae%c0%ae/CANARY",
    "a" * 5000,
)
ROUTES = (
    "/static/X",
    "/static/presets/X",
    "/api/runs/X",
    "/api/runs/X/metrics",
    "/api/runs/X/bundle",
    "/api/runs/X/snapshots",
    "/api/runs/r1/snapshots/X",
    "/X",
)


@pytest.mark.parametrize("route", ROUTES)
def test_no_path_leads_out(server: Live, route: str) -> None:
    canary = server.data_dir.parent / "CANARY"
    canary.write_text(CANARY)
    for payload in PAYLOADS:
        target = route.replace("X", payload)
        request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n"
        answer = server.raw(request.encode("latin-1"))
        status = int(answer.split(b" ", 2)[1])
        assert status in (400, 404, 405, 414), (target[:80], answer[:200])
        assert CANARY.encode() not in answer
        assert b"root:" not in answer


def test_a_link_planted_among_the_checkpoints_is_not_followed_by_any_route(server: Live) -> None:
    secret = server.data_dir.parent / "secret"
    secret.write_text(CANARY)
    name = "f" * 64
    link = server.app.state.store.checkpoints.path(name)
    link.symlink_to(secret)
    try:
        answer = server.http.post("/api/probe", json={"checkpoint": name})
        assert answer.status_code == 404
    finally:
        link.unlink()
