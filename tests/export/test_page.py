"""The stand-alone page holds the same numbers as the other formats, draws offline and runs nobody else's script."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from app.export.render import caption_for, render
from app.export.tables import make_table
from tests.export.traces import SPEC, made_up, metrics

PANELS = ("attention", "gradients", "paths", "curves")
EVIL = {**SPEC, "name": "</script><script>window.evil = 1</script><img src=x onerror='window.evil = 2'>"}


class _Blocks(HTMLParser):
    """The text of every script element, by id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._current: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self._current = dict(attrs).get("id") or f"script {len(self.found)}"
            self.found[self._current] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._current = None

    def handle_data(self, data: str) -> None:
        if self._current is not None:
            self.found[self._current] += data


def _data(panel: str) -> dict[str, Any]:
    return metrics() if panel == "curves" else made_up()


def _page(panel: str, spec: dict[str, Any] = EVIL) -> str:
    data = _data(panel)
    return render(panel, "html", data, caption_for(panel, data, spec, "r1")).decode()


def _blocks(panel: str) -> dict[str, Any]:
    parser = _Blocks()
    parser.feed(_page(panel))
    assert len(parser.found) == 4
    return {name: json.loads(parser.found[name]) for name in ("table", "figure")}


@pytest.mark.parametrize("panel", PANELS)
def test_the_table_in_the_page_is_the_json_export(panel: str) -> None:
    data = _data(panel)
    exported = json.loads(render(panel, "json", data, caption_for(panel, data, EVIL, "r1")))
    assert _blocks(panel)["table"] == exported


def test_the_drawn_heatmap_holds_every_weight_that_is_not_zero() -> None:
    table = make_table("attention", made_up())
    memories = made_up()["memories"]
    heat = next(trace for trace in _blocks("attention")["figure"]["data"] if trace["name"] == "weight")
    drawn = {
        (row, memories[column]): value
        for row, values in enumerate(heat["z"])
        for column, value in enumerate(values)
        if value is not None
    }
    rows = zip(table.cells("reader"), table.cells("source"), table.cells("weight"), strict=True)
    assert drawn == {(reader, source): weight for reader, source, weight in rows if weight}


def test_the_drawn_gradients_keep_the_raw_norms() -> None:
    drawn = {t["name"].split(",")[0]: t["customdata"] for t in _blocks("gradients")["figure"]["data"]}
    assert drawn == made_up()["gradient_norm"]


def test_the_drawn_arcs_keep_the_credit_of_their_edges() -> None:
    drawn = [t["customdata"][0] for t in _blocks("paths")["figure"]["data"] if "customdata" in t]
    assert set(drawn) == {edge["credit"] for edge in made_up()["edges"] if edge["kind"] == "skip"}


def test_the_drawn_curves_are_the_columns_of_the_table() -> None:
    table = make_table("curves", metrics())
    drawn = {t["name"]: t["y"] for t in _blocks("curves")["figure"]["data"]}
    assert drawn == {name: table.cells(name) for name in ("loss", "accuracy", "ce")}


def test_a_persons_words_never_become_markup() -> None:
    without_scripts = re.sub(r"<script.*?</script>", "", _page("attention"), flags=re.S)
    assert "<img" not in without_scripts
    assert "&lt;/script&gt;" in without_scripts


def test_a_view_holds_the_tables_of_all_its_panels_and_no_markup_of_a_person() -> None:
    data = made_up() | {"curves": metrics(), "inputs": ["<img src=x>"] * 30, "loss_T": [0.5, None, *[0.0] * 28]}
    page = render("view", "html", data, caption_for("view", data, EVIL)).decode()
    parser = _Blocks()
    parser.feed(page)
    tables = json.loads(parser.found["view"])
    for panel in PANELS:
        alone = json.loads(render(panel, "json", _data(panel), caption_for(panel, _data(panel), EVIL, "r1")))
        assert tables[panel]["columns"] == alone["columns"]
    assert "<img" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "not finite" in page


@pytest.mark.browser
def test_the_page_draws_offline_without_a_console_error(tmp_path: Path, browser: Browser) -> None:
    for panel in PANELS:
        file = tmp_path / f"{panel}.html"
        file.write_text(_page(panel))
        assert _open(browser, file) == []


def _open(browser: Browser, file: Path) -> list[str]:
    """What the console says while the page draws itself without a network."""
    trouble: list[str] = []
    page = browser.new_page()
    page.context.set_offline(True)
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(file.as_uri())
    page.locator("#plot .main-svg").first.wait_for(timeout=20_000)
    assert page.evaluate("window.evil") is None
    assert page.evaluate("document.getElementById('plot').data.length") > 0
    page.close()
    return trouble
