"""A real server with real workers, and the system's Chromium; every page is watched for errors.

A request to another machine is one of them: the browser finds no other (benchmarks/chromium.py).
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

START_TIMEOUT_S = 180
# Said by the page of what was refused: to listen to all requests of a page, some two hundred, costs a third of a test.
REFUSED = """(() => {
  const real = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (!answer.ok) console.debug("refused", answer.status, answer.url, String(asked[1]?.body ?? ""));
    return answer;
  };
})();"""
expect.set_options(timeout=20_000)  # ms; a busy machine is no failure, and what is there in time costs nothing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class LiveServer:
    """A running `sab serve`."""

    url: str
    process: subprocess.Popen[bytes]
    data_dir: Path
    gone: set[str] = field(default_factory=set)
    """Runs that tests deleted over the API (tests/e2e/runs.py), and the checkpoints that went with them."""

    def will_lose(self, run: str) -> None:
        """A test is about to delete this run: a page that is still open may ask once more for it, by either name."""
        stored = json.loads(self.get(f"/api/runs/{run}/snapshots"))
        self.gone.update([run, *(each["checkpoint"] for each in stored["checkpoints"])])

    def get(self, path: str) -> bytes:
        """The body of a GET."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            body: bytes = answer.read()
        return body


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    data_dir = tmp_path_factory.mktemp("data")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "sab_visualiser.app.cli",
        "serve",
        "--port",
        str(port),
        "--data-dir",
        str(data_dir),
        "--no-open",
        "--no-auth",
    ]
    log = (data_dir.parent / "server.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    live = LiveServer(f"http://127.0.0.1:{port}", process, data_dir)
    try:
        wait_until_ready(live)
        yield live
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        log.close()


@pytest.fixture
def phone(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """The page on a screen of 360 × 740 that is touched."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    page = context.new_page()
    page.goto(server.url)
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
    yield page
    context.close()


def wait_until_ready(live: LiveServer) -> None:
    """Wait for health, and for a worker: the first probe of a preset that no file can answer."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            live.get("/api/health")
            live.get("/api/selfcheck?preset=copy")
            return
        except OSError:
            if time.monotonic() > deadline or live.process.poll() is not None:
                raise
            time.sleep(0.1)


@pytest.fixture(autouse=True)
def tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs that a test leaves behind, be it because it failed, are no business of the next one."""
    if "server" not in request.fixturenames:
        yield
        return
    live: LiveServer = request.getfixturevalue("server")
    before = runs_of(live)
    yield
    for run in runs_of(live) - before:
        gone = urllib.request.Request(f"{live.url}/api/runs/{run}", method="DELETE")
        urllib.request.urlopen(gone, timeout=30).close()


def runs_of(live: LiveServer) -> set[str]:
    """Every run that the server has, by its id."""
    return {run["id"] for run in json.loads(live.get("/api/runs"))}


@dataclass
class Watch:
    """What a page said."""

    errors: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    """Where it asked once more for a run that a test had deleted behind its back: Chromium logs each such 404."""

    def unexplained(self) -> list[str]:
        """Errors but for one that is excused for each such answer."""
        left = list(self.errors)
        for url in self.excused:
            logged = next((error for error in left if error.endswith(f" {url}")), None)
            if logged is not None:
                left.remove(logged)
        return left


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, server: LiveServer, watch: Watch) -> Iterator[Page]:
    """A fresh profile at 1280 × 800; the test fails when the page logged an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.errors.append(f"{message.text} {message.location['url']}")
        if message.type == "debug" and message.text.startswith("refused "):
            _, status, url, *_ = message.text.split(" ", 3)
            if status == "404" and any(run in message.text for run in server.gone):
                watch.excused.append(url)
            # A second opinion, which a busy server may refuse: the page goes on without, and asks again.
            if status == "503" and url.endswith("/api/hits"):
                watch.excused.append(url)

    page.add_init_script(REFUSED)
    page.on("console", on_console)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    yield page
    context.close()
    assert watch.unexplained() == []
