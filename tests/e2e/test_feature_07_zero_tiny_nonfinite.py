"""Feature 7: exact zero, tiny and non-finite are three different marks, named in tooltip and table."""

from __future__ import annotations

import json

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sab_visualiser.app.web.messages.answers import FRAMES
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.packing import as_array, from_bytes, to_bytes
from tests.e2e.conftest import LiveServer
from tests.e2e.steps import probe_frame
from tests.e2e.test_feature_16_exports import download
from tests.e2e.test_feature_25_twins import choose

ZERO, TINY, BROKEN = 3, 4, 5
SENT = float(np.float32(1e-30))
"""What becomes of 1e-30 on the wire."""
MARKS = """() => document.querySelector('[data-testid=gradient-norms] .plot').data
  .filter(marks => marks.name === 'SAB' && marks.mode === 'markers')
  .flatMap(({ x, y, marker, customdata: says }) =>
    Array.from(x, (step, at) => [step, marker.symbol, says[at], y[at]]))"""


@pytest.fixture
def crafted(page: Page, server: LiveServer) -> Page:
    """The page, with an answer of the API in which rule sab holds 0, 1e-30 and a number that is not finite."""
    sent = probe_frame(server, loss_step=40)
    record = from_bytes(sent["trace"].tobytes())
    series = record["gradient_norm"]["sab"] = record["gradient_norm"]["sab"].copy()
    series[ZERO], series[TINY], series[BROKEN] = 0.0, 1e-30, np.nan
    record["nonfinite"] = 1
    body = encode({**sent, "trace": as_array(to_bytes(record))})
    page.route("**/api/probe", lambda route: route.fulfill(status=200, content_type=FRAMES, body=body))
    page.goto(server.url)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    return page


def test_the_three_have_three_marks_in_three_places(crafted: Page) -> None:
    marks = {step: (symbol, text, y) for step, symbol, text, y in crafted.evaluate(MARKS)}
    assert marks[ZERO][:2] == ("triangle-down-open", "0 exactly")
    assert marks[TINY][:2] == ("arrow-down", "1.00000·10⁻³⁰, below the axis")
    assert marks[BROKEN][:2] == ("x", "not finite")
    assert marks[ZERO][2] < marks[TINY][2] < marks[BROKEN][2]


@pytest.mark.parametrize(
    ("step", "says"), [(ZERO, "0 exactly"), (TINY, "1.00000·10⁻³⁰, below the axis"), (BROKEN, "not finite")]
)
def test_the_tooltip_names_them(crafted: Page, step: int, says: str) -> None:
    plot = crafted.locator("[data-testid=gradient-norms] .plot")
    x, y = plot.evaluate(
        """(plot, step) => { const box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
        return [box.left + xaxis._offset + xaxis.d2p(step), box.top + yaxis._offset + yaxis._length / 2]; }""",
        step,
    )
    crafted.mouse.move(x + 1, y)
    crafted.mouse.move(x, y)
    expect(plot.locator(".hoverlayer")).to_contain_text(f"step {step}")
    expect(plot.locator(".hoverlayer")).to_contain_text(says)
    assert (plot.locator(".hoverlayer").text_content() or "").count("SAB") == 1  # not what the steps beside it hold


def test_the_table_names_them_and_the_files_keep_them_apart(crafted: Page) -> None:
    choose(crafted, "Gradient norm", "Show words and numbers")
    rows = crafted.get_by_test_id("gradient-norms").locator(".twin tbody tr")
    cells = [rows.nth(step).locator("td").nth(1).inner_text() for step in (ZERO, TINY, BROKEN)]
    assert cells == ["0 exactly", f"{SENT}, out of reach", "not finite"]
    columns = json.loads(download(crafted, "gradients", "json"))["columns"]["sab"]
    assert [columns[step] for step in (ZERO, TINY, BROKEN)] == [0, SENT, None]
