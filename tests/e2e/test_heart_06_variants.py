"""Heart 6: the switch paper | release shows on one task that the released choice ignores the current state."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run
from tests.e2e.steps import opened

COLUMNS = """() => {
  const heat = document.querySelector('[data-testid=attention] .plot').data.find(trace => trace.type === 'heatmap');
  return Array.from(heat.z, row => Array.from(row, (cell, column) => cell !== null && !Number.isNaN(cell) ? column : -1)
    .filter(column => column >= 0));
}"""


def trace_of(server: LiveServer, preset: str) -> dict[str, Any]:
    found: dict[str, Any] = call(server, "POST", "/api/probe", {"preset": preset})
    return found


def choices(trace: dict[str, Any], rows: range) -> set[tuple[int, ...]]:
    attention = trace["attention"]
    pairs = list(zip(attention["reader"], attention["source"], attention["weight"], strict=True))
    return {tuple(sorted(s for reader, s, weight in pairs if reader == row and weight != 0)) for row in rows}


def test_the_switch_shows_the_other_formula_on_the_same_sequence(page: Page, server: LiveServer) -> None:
    opened(page, server)
    panel = page.get_by_test_id("attention")
    expect(panel.get_by_role("radio", name="paper")).to_be_checked()
    expect(panel.locator(".variant-note")).to_be_hidden()
    panel.get_by_role("radio", name="release").check()
    expect(panel.locator(".variant-note")).to_contain_text("the choice ignores the current state", timeout=15_000)
    expect(panel).to_have_attribute("data-state", "live", timeout=15_000)
    assert trace_of(server, "release")["inputs"] == trace_of(server, "copy")["inputs"]
    rows = page.evaluate(COLUMNS)[30:]
    assert len({tuple(row) for row in rows}) == 1, "every reader picks the same memories"
    panel.get_by_role("radio", name="paper").check()
    expect(panel.get_by_role("radio", name="paper")).to_be_checked()
    expect(panel.locator(".variant-note")).to_be_hidden(timeout=15_000)


def test_what_the_sentence_says_holds_for_the_numbers_of_the_api(server: LiveServer) -> None:
    release, paper = trace_of(server, "release"), trace_of(server, "copy")
    assert len(choices(release, range(30, 50))) == 1
    assert len(choices(paper, range(30, 50))) > 5
    attention = release["attention"]
    scores = {
        (reader, source): score
        for reader, source, score in zip(attention["reader"], attention["source"], attention["score"], strict=True)
    }
    (common,) = choices(release, range(30, 50))
    first, *others = common
    for source in others:
        gaps = [scores[row, source] - scores[row, first] for row in range(30, 50)]
        assert max(gaps) - min(gaps) < 1e-5


def test_the_release_preset_says_how_good_it_really_is(server: LiveServer) -> None:
    presets = {preset["name"]: preset for preset in call(server, "GET", "/api/presets")}
    release = presets["release"]
    assert release["spec"]["model"]["variant"] == "release"
    paper = presets["copy"]["spec"]["task"]
    assert {**release["spec"]["task"], "T_min": None} == {**paper, "T_min": None}, "whatever it was trained with"
    assert 0 < release["metrics"]["accuracy"] < 0.9


def test_a_run_is_labelled_with_its_variant_too(page: Page, server: LiveServer) -> None:
    run = make_run(server, "released", model={"variant": "release"}, training={"updates": 20})
    page.goto(f"{server.url}/#run={run}")
    expect(page.locator(".variant-label")).to_have_text("variant release", timeout=30_000)
    expect(page.locator(".variant")).to_be_hidden()
    call(server, "DELETE", f"/api/runs/{run}")
