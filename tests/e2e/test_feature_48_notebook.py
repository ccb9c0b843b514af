"""Feature 48: a cell of a notebook shows the page of a run, a trace or a training; no server, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.notebooks import as_page, documented, executed, printed, shown
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.steps import probe
from tests.e2e.test_feature_25_twins import columns, numbers

DOC = Path(__file__).resolve().parents[2] / "docs" / "ecosystem.md"
HEADING = "In a notebook"
NUMBERS = """
import json
of = found.attention
print(json.dumps({"reader": of.reader_E.tolist(), "source": of.source_E.tolist(), "weight": of.weight_E.tolist()}))
"""


@pytest.fixture(scope="module")
def run(server: LiveServer) -> Iterator[str]:
    made = make_run(server, "</script><b>a run</b> in a notebook", training={"updates": 100})
    wait_for(server, made, "finished")
    yield made
    call(server, "DELETE", f"/api/runs/{made}")


@pytest.fixture(scope="module")
def notebook(server: LiveServer, run: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The cells of the documentation, about this server's run."""
    cells = documented(DOC, HEADING)
    assert len(cells) == 4, "a trace of the API, a run, a training, a trace taken here"
    here = {"http://127.0.0.1:8000": server.url, '"RUN"': f'"{run}"', '"DIR"': repr(str(server.data_dir))}
    for said, meant in here.items():
        assert any(said in cell for cell in cells), said
        cells = [cell.replace(said, meant) for cell in cells]
    return executed([*cells, NUMBERS], tmp_path_factory.mktemp("notebook"))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Opens an output with the network off; nothing may be asked for, and nothing may go wrong."""
    wrong: list[str] = []

    def asked(url: str) -> None:
        if not url.startswith(("file:", "blob:", "data:", "about:")):
            wrong.append(f"asked for {url}")

    def show(output: str, width: int = 1280) -> Page:
        file = tmp_path / "output.html"
        file.write_bytes(as_page(output))
        page = browser.new_context(viewport={"width": width, "height": 900}, offline=True).new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: asked(one.url))
        page.goto(file.as_uri())
        return page

    yield show
    for context in browser.contexts:
        context.close()
    assert wrong == []


def weights(frame: FrameLocator) -> dict[str, list[float | None]]:
    """The numbers of the attention panel, as it tells them, once it shows them."""
    panel = frame.get_by_test_id("attention")
    expect(panel).to_have_attribute("data-state", "live", timeout=30_000)
    frame.get_by_role("button", name="More: Attention").click()
    frame.locator("#panel-menu").get_by_role("button", name="Show words and numbers").click()
    table = panel.locator(".twin table")
    expect(table).to_be_visible()
    told = columns(table)
    return {name: numbers(told[name]) for name in ("reader", "source", "weight")}


def told_by(trace: dict[str, Any]) -> dict[str, list[float | None]]:
    return {name: trace["attention"][name] for name in ("reader", "source", "weight")}


def test_a_trace_of_the_api_is_one_picture_with_its_numbers(server: LiveServer, notebook: Any, opened: Any) -> None:
    page = opened(shown(notebook)[0])
    frame = page.frame_locator("iframe")
    assert weights(frame) == told_by(probe(server, example=3))
    expect(frame.locator("#recorded")).to_contain_text("It has this one picture only.")


def test_a_run_is_shown_with_its_curves_its_pictures_and_its_numbers(
    server: LiveServer, run: str, notebook: Any, opened: Any
) -> None:
    page = opened(shown(notebook)[1])
    frame = page.frame_locator("iframe")
    assert weights(frame) == told_by(call(server, "GET", f"/api/runs/{run}/snapshots/latest"))
    expect(frame.get_by_test_id("attention")).to_have_attribute("data-update", "100")
    expect(frame.get_by_test_id("curves")).to_have_attribute("data-update", "100")
    expect(frame.locator(f"li[data-run='{run}']")).to_contain_text("</script><b>a run</b> in a notebook")
    expect(frame.locator("h1").first).to_be_visible()
    assert page.title() == "notebook"


def test_a_training_and_a_trace_taken_in_the_kernel_are_shown_with_their_numbers(notebook: Any, opened: Any) -> None:
    told = json.loads(printed(notebook).splitlines()[-1])
    rounded = {name: [pytest.approx(value, rel=1e-6) for value in values] for name, values in told.items()}
    page = opened(shown(notebook)[3])
    assert weights(page.frame_locator("iframe")) == rounded
    page = opened(shown(notebook)[2])
    frame = page.frame_locator("iframe")
    frame.locator("body[data-started]").wait_for()  # nobody listens to the field before
    frame.locator("input[name=example]").fill("3")
    frame.locator("input[name=example]").press("Enter")
    expect(frame.get_by_test_id("step-detail")).to_contain_text("example 3")
    assert weights(frame) == rounded


def test_a_cell_is_as_wide_as_its_notebook_and_no_larger_than_the_docs_say(notebook: Any, opened: Any) -> None:
    outputs = shown(notebook)
    assert max(len(output) for output in outputs) < 3_000_000
    page = opened(outputs[0], 360)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=30_000)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    expect(page.get_by_text("is not trusted here")).to_be_hidden()
    inner = frame.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
    assert inner[0] == inner[1]
