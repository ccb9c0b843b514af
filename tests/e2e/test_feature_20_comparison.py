"""Feature 20: a pinned baseline is laid over the curves, and its attention is subtracted cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import WAIT_S, call, look_at, make_run, wait_for
from tests.fakes.server import eventually

DIFFERENCES = """() => {
  const plot = document.querySelector('[data-testid=attention] .plot');
  const heat = plot.data?.find(trace => trace.type === 'heatmap');
  if (heat?.zmin !== -1) return null;
  const cells = [];
  heat.z.forEach((row, reader) => Array.from(row).forEach((value, column) => {
    if (value !== null && !Number.isNaN(value)) cells.push([reader, plot.layout.xaxis.ticktext && column, value]);
  }));
  return cells;
}"""
LINES = """() => document.querySelector('[data-testid=curves] .plot').data
  ?.filter(line => line.line?.dash).map(line => [line.yaxis, line.line.color, line.y[line.y.length - 1]])"""
NAMES = """() => document.querySelector('[data-testid=curves] .plot').layout.annotations.map(note => note.text)"""


@pytest.fixture(scope="module")
def pair(server: LiveServer) -> Iterator[tuple[str, str]]:
    """Two runs of one task, and from different seeds."""
    runs = [make_run(server, f"seed {seed}", training={"updates": 60, "seed": seed}) for seed in (1, 2)]
    for run in runs:
        wait_for(server, run, "finished")
    yield runs[0], runs[1]
    for run in runs:
        call(server, "DELETE", f"/api/runs/{run}")


def pin(page: Page, name: str) -> None:
    page.get_by_role("button", name="Pin as baseline").click()
    expect(page.locator("#baseline")).to_contain_text(f"baseline {name}, update", timeout=WAIT_S * 1000)


def show(page: Page, run: str) -> None:
    page.locator(f"li[data-run='{run}'] button.run").click()
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=WAIT_S * 1000)


def weights(trace: dict[str, Any]) -> dict[tuple[int, int], float]:
    attention = trace["attention"]
    rows = zip(attention["reader"], attention["source"], attention["weight"], strict=True)
    return {(reader, source): weight for reader, source, weight in rows}


def test_the_heatmap_shows_the_difference_of_the_two_traces_of_the_api(
    page: Page, server: LiveServer, pair: tuple[str, str]
) -> None:
    base, own = pair
    look_at(page, server, f"run={base}")
    pin(page, "seed 1")
    show(page, own)
    page.get_by_label("minus baseline").check()
    expect(page.locator("#attention-title")).to_have_text("Attention − baseline")
    eventually(lambda: page.evaluate(DIFFERENCES) is not None)
    traces = [call(server, "GET", f"/api/runs/{run}/snapshots/latest") for run in (own, base)]
    here, there = map(weights, traces)
    memories = traces[0]["memories"]
    expected = {
        (reader, source): here.get((reader, source), 0) - there.get((reader, source), 0)
        for reader, source in here.keys() | there.keys()
    }
    expected = {cell: value for cell, value in expected.items() if value != 0}
    shown = {(reader, memories[column]): value for reader, column, value in page.evaluate(DIFFERENCES)}
    assert shown == pytest.approx(expected, rel=1e-6, abs=1e-9)
    page.get_by_label("minus baseline").uncheck()
    expect(page.locator("#attention-title")).to_have_text("Attention")


def test_the_curves_of_the_baseline_are_dashed_and_named_at_their_ends(
    page: Page, server: LiveServer, pair: tuple[str, str]
) -> None:
    base, own = pair
    page.goto(f"{server.url}/#run={own}&baseline=run.{base}")
    expect(page.locator("#baseline")).to_contain_text("baseline seed 1, update 60", timeout=WAIT_S * 1000)
    eventually(lambda: len(page.evaluate(LINES) or []) == 2)
    metrics = call(server, "GET", f"/api/runs/{base}/metrics")
    loss, accuracy = page.evaluate(LINES)
    assert loss[2] == pytest.approx(metrics["loss"][-1])
    assert accuracy[2] == pytest.approx(metrics["values"]["accuracy"][-1])
    assert page.evaluate(NAMES) == ["this", "seed 1", "chance"] * 2
    page.get_by_role("button", name="release the baseline").click()
    eventually(lambda: page.evaluate(LINES) == [])
    expect(page.get_by_label("minus baseline")).to_be_hidden()


def test_another_length_gives_a_message_instead_of_a_picture(
    page: Page, server: LiveServer, pair: tuple[str, str]
) -> None:
    page.goto(f"{server.url}/#preset=copy&baseline=run.{pair[0]}&difference=1")
    message = page.get_by_test_id("attention").locator(".stage-message")
    expect(message).to_contain_text(
        "“seed 1” is copy with 18 steps, this network is copy with 50 steps", timeout=15_000
    )
    page.get_by_label("minus baseline").uncheck()
    expect(message).to_be_hidden()


def test_the_scale_is_centred_on_zero_and_never_red_or_green(
    page: Page, server: LiveServer, pair: tuple[str, str]
) -> None:
    base, own = pair
    page.goto(f"{server.url}/#run={own}&baseline=run.{base}&difference=1&theme=dark")
    expect(page.locator("#attention-title")).to_have_text("Attention − baseline", timeout=15_000)
    eventually(lambda: page.evaluate(DIFFERENCES) is not None)
    scale = page.evaluate(
        """() => { const heat = document.querySelector('[data-testid=attention] .plot').data[0];
        return [heat.zmin, heat.zmax, heat.colorscale[0][1], heat.colorscale[8][1], heat.colorscale[16][1]]; }"""
    )
    assert scale[:2] == [-1, 1]
    low, middle, high = (json.loads(colour.replace("rgb(", "[").replace(")", "]")) for colour in scale[2:])
    assert low[2] > low[0], "the low end is blue"
    assert high[0] > high[1] > high[2], "the high end is orange"
    assert max(middle) < 60, "in the dark theme no difference is dark"
