"""In a file, and on a static site, every control does something or is grey and says what it needs."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import LiveServer, free_port
from tests.e2e.controls import TOOLS, Walk
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.steps import drawn_edges, edges_of_paths, printed, probe
from tests.e2e.test_feature_17_page_and_api_agree import GRADIENTS, agrees
from tests.e2e.test_feature_44_explorable_file import Reader, reader

__all__ = ["reader"]

START_S = 30
AT_LEAST = 90
"""Controls that the file of the first preset has, menu items and those of dialogs among them."""


def test_whatever_can_be_pressed_in_the_file_does_something_and_the_rest_names_the_server(
    server: LiveServer, reader: Reader
) -> None:
    page = reader.open(server.get("/api/export?preset=copy&panel=view&format=html"))
    page.wait_for_function("() => document.querySelector('[data-testid=gradient-norms] .plot').data?.length")
    walk = Walk(page, "#preset=copy")
    walk.everything()
    assert walk.idle == []
    assert walk.dumb - walk.acted == set()
    assert len(walk.acted) > AT_LEAST, walk.acted
    # The one way out of the file leads to where it came from.
    (link,) = walk.links.values()
    assert link.startswith(f"{server.url}/#preset=copy")
    expect(page.locator("#alarm")).to_be_hidden()


@pytest.mark.parametrize("kind", ["run", "checkpoint"])
def test_no_control_is_left_awake_in_the_file_of_a_run_or_of_a_single_picture(
    server: LiveServer, reader: Reader, kind: str
) -> None:
    run = make_run(server, "walked", training={"updates": 60})
    wait_for(server, run, "finished")
    digest = call(server, "GET", f"/api/runs/{run}/snapshots")["checkpoints"][-1]["checkpoint"]
    of = {"run": f"/api/runs/{run}/export?", "checkpoint": f"/api/export?checkpoint={digest}&"}
    page = reader.open(server.get(f"{of[kind]}panel=view&format=html"))
    page.evaluate(TOOLS)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_for_timeout(300)  # nothing comes late
    for one in page.evaluate("() => walker.list()"):
        assert not one["href"] or not one["href"].startswith("/"), one
        if one["off"]:
            assert "server" in one["why"] or "edge" in one["key"], one
    for name in ("Train", "Branch", "Prove it", "Download bundle"):
        for button in page.get_by_role("button", name=name, exact=True).all():
            expect(button).to_be_disabled()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that `sab site` wrote, and that nobody but Python's own file server serves."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sab_visualiser.app.cli", "site", str(folder), "--preset", "copy,release"]
    subprocess.run(command, check=True, capture_output=True)
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_served(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_until_served(address: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(f"{address}/index.html", timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A page that reaches the site and nothing else; the test fails where it asks for anything else."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong: list[str] = []

    def pass_on(route: Route) -> None:
        if route.request.url.startswith((f"{site}/", "blob:", "data:")):
            return route.continue_()
        wrong.append(route.request.url)
        return route.abort()

    page.route("**/*", pass_on)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{site}/index.html")
    yield page
    context.close()
    assert wrong == []


def test_a_static_site_leads_to_each_network_and_shows_the_numbers_of_the_api(
    visitor: Page, server: LiveServer, site: str
) -> None:
    assert sorted(visitor.locator("h2 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")) == [
        "copy.html",
        "release.html",
    ]
    visitor.locator("h2 a[href='copy.html']").click()
    expect(visitor).to_have_url(f"{site}/copy.html")
    expect(visitor.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=20_000)
    trace = probe(server)
    assert drawn_edges(visitor, "skip") == edges_of_paths(trace, "skip")
    visitor.wait_for_function("() => document.querySelector('[data-testid=gradient-norms] .plot').data?.length")
    for rule in ("SAB", "truncated", "full"):
        told = trace["gradient_norm"][rule.lower()]
        steps = [step for step, norm in enumerate(told) if norm > 0]
        for step, text in zip(steps, visitor.evaluate(GRADIENTS, [rule, steps]), strict=True):
            assert agrees(printed(text), told[step]), f"{rule} at step {step}: {text}"
    for name in ("Train", "Prove it", "Compare methods"):
        button = visitor.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("title", "needs a server: this page is a recording")
    assert visitor.locator("a[href^='/']").count() == 0
    visitor.go_back()
    expect(visitor.locator("h1")).to_contain_text("recorded")
