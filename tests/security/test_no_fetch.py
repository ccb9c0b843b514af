"""B17: whatever a person writes, the server fetches no address of theirs; only commands do, in their own processes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.test_imports import Border, breaches, ours
from tests.fakes.server import Live

CLIENTS = ("urllib.request", "http.client", "urllib3", "requests", "httpx", "httpx2", "aiohttp", "pooch", "ftplib")
COMMANDS = ("app/commands/", "app/export/remote.py", "app/export/explorable/notebook.py", "app/fetch/",
            "app/sweeps/", "app/access/clients.py")  # fmt: skip
"""What runs for a command, and what a command asks a server with."""


def test_B17_no_room_of_the_server_has_a_client_of_http() -> None:
    assert breaches(Border("app/", CLIENTS, spare=COMMANDS)) == []
    asks = ours("app.export.remote", "app.export.explorable.notebook", "app.fetch", "app.sweeps.machines")
    for room in ("web", "control", "store", "bundle", "workers", "worker", "presets", "runs", "wire", "page"):
        assert breaches(Border(f"app/{room}/", (*asks, "sab_visualiser.app.access.clients.reach"))) == [], room


def test_B17_no_address_is_asked_for_by_the_description_for_programs(server: Live) -> None:
    def formats(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("format"), str):
                yield part["format"]
            for value in part.values():
                yield from formats(value)
        elif isinstance(part, list):
            for value in part:
                yield from formats(value)

    found = set(formats(server.http.get("/openapi.json").json()["components"]))
    assert not {name for name in found if "uri" in name or "url" in name or "iri" in name}


class Trap:
    """An address on loopback that counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/latest/meta-data"
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.came += 1
            peer.close()

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.close()


def test_B17_a_written_address_is_text_and_nobody_calls_there(server: Live, trap: Trap) -> None:
    url, raw = trap.url, {"content-type": "application/octet-stream"}
    run = server.start(name=url, training={"updates": 2})
    server.reach(run, "finished")
    assert server.run(run)["name"] == url
    assert server.http.patch(f"/api/runs/{run}", json={"note": url}).status_code == 200
    refused: list[dict[str, Any]] = [{"preset": url}, {"task": {"name": "char", "data": url}}, {"checkpoint": url}]
    for body in refused:
        assert server.http.post("/api/runs", json=body).status_code == 422, body
    for probe in ({"checkpoint": url}, {"preset": url}, {"run": url}):
        assert server.http.post("/api/probe", json=probe).status_code in (404, 422), probe
    for path in ("/api/checkpoints", "/api/bundles"):
        assert server.http.post(path, content=url.encode(), headers=raw).status_code in (415, 422)
    sent = server.http.post("/api/texts", content=b"a b" * 400, headers={"content-type": "text/plain"},
                            params={"name": url})  # fmt: skip
    assert sent.status_code in (201, 422)
    for name in ("referer", "x-forwarded-host", "x-original-url", "forwarded", "x-callback-url"):
        server.http.get("/api/health", headers={name: url})
    for query in ({"panel": "view", "format": "html", "state": url}, {"panel": "paths", "format": "svg", "title": url}):
        server.http.get(f"/api/runs/{run}/export", params=query)
    socket.create_connection(("127.0.0.1", int(trap.url.split(":")[2].split("/")[0]))).close()
    while trap.came == 0:
        pass
    assert trap.came == 1, "nobody but this test"
