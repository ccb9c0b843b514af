"""The stand-alone page holds the same numbers as the other formats, draws offline and runs nobody else's script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.print import palette
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.render import caption_for, render
from tests.app.export.page.pages import Taken
from tests.app.export.traces import SPEC, made_up, metrics

ROOT = Path(__file__).resolve().parents[4]
PANELS = ("attention", "gradients", "paths", *OF_TRAINING)
EVIL = {**SPEC, "name": "</script><script>window.evil = 1</script><img src=x onerror='window.evil = 2'>"}


def _data(panel: str) -> dict[str, Any]:
    return metrics() if panel in OF_TRAINING else made_up()


def _page(panel: str, data: dict[str, Any] | None = None) -> str:
    data = _data(panel) if data is None else data
    return render(panel, "html", data, caption_for(panel, data, EVIL, "r1")).decode()


@pytest.mark.parametrize("panel", PANELS)
def test_the_table_in_the_page_is_the_json_export(panel: str) -> None:
    data = _data(panel)
    exported = json.loads(render(panel, "json", data, caption_for(panel, data, EVIL, "r1")))
    assert Taken(_page(panel)).json("table") == exported


def test_the_drawn_heatmap_holds_every_weight_that_is_not_zero() -> None:
    table = make_table("attention", made_up())
    memories = made_up()["memories"]
    heat = next(trace for trace in Taken(_page("attention")).json("plot")["data"] if trace["name"] == "weight")
    drawn = {
        (row, memories[column]): value
        for row, values in enumerate(heat["z"])
        for column, value in enumerate(values)
        if value is not None
    }
    rows = zip(table.cells("reader"), table.cells("source"), table.cells("weight"), strict=True)
    assert drawn == {(reader, source): weight for reader, source, weight in rows if weight}


def test_weights_that_may_be_negative_are_drawn_around_zero() -> None:
    parameters = {**made_up()["parameters"], "variant": "release"}
    (heat,) = [t for t in Taken(_page("attention", made_up(parameters=parameters))).json("plot")["data"] if "zmax" in t]
    assert (heat["zmin"], heat["zmax"]) == (-1, 1)


def test_the_drawn_gradients_keep_the_raw_norms_and_tell_zero_tiny_and_non_finite_apart() -> None:
    norms = made_up()["gradient_norm"]
    norms["full"][5] = 1e-40
    page = Taken(_page("gradients", made_up(gradient_norm=norms)))
    steps = page.classed("step")
    assert len(steps) == 2 * 30, "for a desk, and for a phone"
    for rule, values in norms.items():
        drawn = [float(step[f"data-{rule}"]) if step[f"data-{rule}"] else None for step in steps[:30]]
        assert drawn == values
    marks = {kind: len(page.classed("norm-mark", kind, rule)) for kind, rule in (("tiny", "full"), ("cross", "sab"))}
    assert marks == {"tiny": 2 + 1, "cross": 2}, "one of them in the legend"
    assert len(page.classed("norm-mark", "zero", "truncated")) == 2 * sum(v == 0 for v in norms["truncated"])
    for words in ("full 1.00000·10⁻⁴⁰, tiny: out of reach, below the axis", "SAB not finite", "truncated 0 exactly"):
        assert words in page.text


def test_the_drawn_arcs_keep_the_credit_of_their_edges_and_say_weight_and_hop() -> None:
    trace = made_up()
    page = Taken(_page("paths"))
    credit = {(e["reader"], e["source"]): e["credit"] for e in trace["edges"] if e["kind"] == "skip"}
    drawn = {(int(a["data-reader"]), int(a["data-source"])): a for a in page.having(data_kind="skip")}
    assert {pair: float(arc["data-credit"]) for pair, arc in drawn.items()} == credit
    widths = {pair: float(arc["stroke-width"]) for pair, arc in drawn.items()}
    assert widths[29, 3] > widths[12, 2] > widths[29, 13]
    assert (drawn[12, 2]["data-hop"], drawn[12, 2]["data-chosen"]) == ("2", "false")
    assert drawn[12, 2]["stroke-dasharray"] == palette.SVG_THRESHOLD != palette.SVG_HOPS[1]
    assert "step 29 reads the microstate of step 3, weight 0.93, credit 0.3, hop 1" in page.text
    assert "threshold memory, weight 0 exactly" in page.text


def test_local_credit_cuts_true_source_and_hidden_paths_are_drawn_and_named() -> None:
    trace = made_up(knocked_out=[[20, 5], [12, -1]])
    page = Taken(_page("paths", trace))
    local = {(e["reader"], e["source"]) for e in trace["edges"] if e["kind"] == "local"}
    assert {(int(i["data-reader"]), int(i["data-source"])) for i in page.having(data_kind="local")} == local
    cuts = {int(found["data-cut"]) for _, found in page.elements if "data-cut" in found}
    assert cuts == set(trace["cuts"])
    assert len(page.having(data_true_source="3")) == 2
    assert len(page.having(data_knocked_out="20-5")) == 2
    for words in ("true source, step 3", "3 paths shown", "95 % of the skip credit", "4 weaker ones hidden"):
        assert words in page.text
    assert "Knocked out: 20 → 5, 12 → ∅." in page.text
    assert "step 29 reads step 3: weight 0.93, credit 0.3" in page.text, "the label of the arc of the story"


def test_the_drawn_curves_are_the_columns_of_the_table() -> None:
    table = make_table("curves", metrics())
    drawn = {t["name"]: t["y"] for t in Taken(_page("curves")).json("plot")["data"]}
    assert drawn == {name: table.cells(name) for name in ("loss", "accuracy", "ce")}


@pytest.mark.parametrize("panel", PANELS)
def test_a_persons_words_never_become_markup(panel: str) -> None:
    page = _page(panel)
    without_scripts = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "<img" not in without_scripts
    assert "&lt;/script&gt;" in without_scripts
    assert len(Taken(page).scripts) == (5 if panel in ("attention", *OF_TRAINING) else 2)
    assert not [name for _, found in Taken(page).elements for name in found if name.startswith("on")]


def test_colours_of_pages_are_the_tokens_of_the_page_in_both_themes() -> None:
    light, dark = (ROOT / "static" / "css" / "tokens.css").read_text().split(':root[data-theme="dark"]')
    for ours, theirs in ((palette.LIGHT, light), (palette.DARK, dark)):
        found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", theirs))
        assert ours == {name: found[name] for name in ours}


@pytest.mark.browser
def test_the_page_draws_offline_without_a_console_error(tmp_path: Path, browser: Browser) -> None:
    for panel in PANELS:
        file = tmp_path / f"{panel}.html"
        file.write_text(_page(panel))
        assert _open(browser, file, "svg.drawing" if panel in ("paths", "gradients") else "#plot .main-svg") == []


def _open(browser: Browser, file: Path, drawing: str) -> list[str]:
    """What the console says while the page draws itself without a network."""
    trouble: list[str] = []
    page = browser.new_page()
    page.context.set_offline(True)
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(file.as_uri())
    page.locator(drawing).first.wait_for(timeout=20_000)
    assert page.evaluate("window.evil") is None
    page.close()
    return trouble
