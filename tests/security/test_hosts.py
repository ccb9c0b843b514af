"""B1: DNS rebinding. A Host that is not ours gets 400 on every path, http and socket, before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.server import Live, in_thread

PATHS = (
    "/",
    "/help",
    "/static/js/main.js",
    "/static/vendor/plotly.min.js",
    "/openapi.json",
    "/api/health",
    "/api/runs",
    "/api/runs/r1",
    "/api/runs/r1/metrics",
    "/api/runs/r1/export",
    "/api/nothing",
    "/ws",
    "/ws/worker",
)
BAD = (
    "evil.example:PORT",
    "evil.example",
    "localhost.evil.example:PORT",
    "127.0.0.1.evil.example:PORT",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1:PORT",
    "localhost:PORT:PORT",
    "localhost:0",
    "localhost:65536",
    "localhost:",
    "localhost:8o00",
    "localhost.:PORT",
    "127.0.0.2:PORT",
    "0.0.0.0:PORT",
    "[::]:PORT",
    "::1",
    "a b",
    "localhost,evil.example",
    "",
)
GOOD = (
    *("localhost:PORT", "LOCALHOST:PORT", "127.0.0.1:PORT", "[::1]:PORT", "localhost", "127.0.0.1"),
    *("localhost:1", "127.0.0.1:9000", "[::1]:9000"),
)
"""A name of the loopback is ours with any port: a tunnel (`ssh -L 9000:localhost:8000`) has its own."""
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def status(live: Live, path: str, headers: str, version: str = "1.1") -> int:
    more = UPGRADE if path.startswith("/ws") else "Connection: close\r\n"
    request = f"GET {path} HTTP/{version}\r\n{headers.replace('PORT', str(live.port))}{more}\r\n"
    return int(live.raw(request.encode("latin-1")).split(b" ", 2)[1])


@pytest.mark.parametrize("path", PATHS)
def test_B1_a_host_that_is_not_ours_gets_400_on_every_path(server: Live, path: str) -> None:
    assert {host: status(server, path, f"Host: {host}\r\n") for host in BAD} == dict.fromkeys(BAD, 400)


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/ws/worker"])
def test_B1_two_hosts_or_none_get_400(server: Live, path: str) -> None:
    assert status(server, path, "Host: localhost:PORT\r\nHost: localhost:PORT\r\n") == 400
    assert status(server, path, "Host: localhost:PORT\r\nHost: evil.example\r\n") == 400
    if not path.startswith("/ws"):
        assert status(server, path, "", version="1.0") == 400


@pytest.mark.parametrize("host", GOOD)
def test_B1_our_own_names_are_answered(server: Live, host: str) -> None:
    assert status(server, "/api/health", f"Host: {host}\r\n") == 200


def test_B1_an_absolute_target_does_not_replace_the_host(server: Live) -> None:
    request = (
        f"GET http://localhost:{server.port}/api/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert server.raw(request.encode()).split(b" ", 2)[1] == b"400"


def test_B9_forwarded_headers_change_nothing(server: Live) -> None:
    forged = "Host: evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n"
    assert status(server, "/api/health", forged) == 400


@pytest.fixture(scope="module")
def lenient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("hosts")
    with in_thread(folder, allow_host=["lab.example", "proxy.example:9999"]) as live:
        yield live


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("lab.example:PORT", 200),
        ("Lab.Example", 200),
        ("lab.example:1", 400),
        ("proxy.example:9999", 200),
        ("proxy.example", 400),
        ("x.lab.example", 400),
    ],
)
def test_B1_a_name_that_was_allowed_is_answered_and_nothing_near_it(lenient: Live, host: str, expected: int) -> None:
    assert status(lenient, "/api/health", f"Host: {host}\r\n") == expected
