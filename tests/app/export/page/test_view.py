"""The whole view as one page: the tables of all panels, what the page shows of them, and the link back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sab_visualiser.app.export.render import caption_for, render
from tests.app.export.page.pages import Taken
from tests.app.export.page.test_page import EVIL, PANELS, _data
from tests.app.export.traces import SPEC, made_up, metrics, no_metrics

LINK = "preset=copy&loss_step=29&own=CA%3C+%22&ko=20-5_12-3"
TASK = {**SPEC["task"], "symbols": [*"ABCDEFGH·▸"]}
SEQUENCE: dict[str, Any] = {
    "inputs": [0, 1, *[8] * 26, 9, 8],
    "targets": [*[8] * 28, 0, 1],
    "predictions": [*[8] * 28, 0, 2],
    "loss_T": [0.5, None, *[0.0] * 27, 2.25],
}


def _view(trace: dict[str, Any] | None = None, **more: Any) -> Taken:
    data = (trace or made_up(task=TASK, **SEQUENCE)) | more
    return Taken(render("view", "html", data, caption_for("view", data, EVIL)).decode())


def test_a_view_holds_the_tables_of_all_its_panels_and_no_markup_of_a_person() -> None:
    evil = {"inputs": ["<img src=x>"] * 30, "task": {**TASK, "name": "<img src=y>", "symbols": ["<img src=z>"] * 10}}
    data = made_up(**{**SEQUENCE, **evil}) | {"curves": metrics()}
    page = render("view", "html", data, caption_for("view", data, EVIL)).decode()
    tables = Taken(page).json("view")
    for panel in PANELS:
        alone = json.loads(render(panel, "json", _data(panel), caption_for(panel, _data(panel), EVIL, "r1")))
        assert tables[panel]["columns"] == alone["columns"]
    assert "<img" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert "state" not in Taken(page).blocks


def test_the_strip_tells_right_from_wrong_and_names_every_step() -> None:
    page = _view()
    assert "A sequence of 30 steps; its one answer is wrong." in page.text
    wrong, right = page.having(data_step="29", data_kind="wrong"), page.having(data_step="28", data_kind="right")
    assert (len(wrong), len(right)) == (2, 2)
    assert "chosen" in wrong[0]["class"]
    assert "step 29: input ·, target B, the network says C, wrong, loss 2.25" in page.text
    assert "step 1: input B, target ·, the network says ·, right, loss not finite" in page.text


@pytest.mark.parametrize(
    ("cutting", "words"),
    [
        ({"cuts": "window", "phase": 0}, "one cut, k_trunc steps back from the loss"),
        ({"cuts": "blocks", "phase": 2}, "cuts moved by 2"),
        ({"cuts": "blocks", "phase": 0}, ""),
        ({"cuts": "window", "phase": 0, "k_trunc": 0}, ""),
    ],
)
def test_the_line_of_a_view_says_how_it_was_cut_where_training_cuts_otherwise(
    cutting: dict[str, Any], words: str
) -> None:
    trace = made_up(task=TASK, **SEQUENCE)
    page = _view(trace, parameters={**trace["parameters"], "method": "sab", **cutting})
    (line,) = [said for said in page.words if " · " in said and "update" in said]
    parts = line.split(" · ")
    assert [part for part in parts if "cut" in part] == [words] * bool(words)
    assert {"method sab", f"loss step {trace['loss_step']}"} <= set(parts)


def test_the_chosen_step_stands_there_in_numbers_with_every_memory_and_its_credit() -> None:
    page = _view(knocked_out=[[29, 7]])
    (at,) = [place for place, words in enumerate(page.words) if words == "Step 29 in numbers"]
    said = " ".join(page.words[at:])
    for words in (
        "C ✗ wrong",
        "2.25",
        "step 3 0.93 0.3",
        "step 13 7.00·10⁻⁸ 1.00·10⁻⁷",
        "step 7 (knocked out) not finite",
    ):
        assert words in re.sub(r"\s+", " ", said)
    whole = _view(made_up(task=TASK, loss_step=None, **SEQUENCE))
    assert "in numbers" not in whole.text


def test_the_view_says_its_story_and_where_it_comes_from() -> None:
    page = _view()
    title = "At step 29 it should say “B” of step 3, but says “C”. What carried the blame back?"
    assert title in page.words
    assert "One hop: step 29 read step 3 with weight 0.93; other weights are not finite." in page.text
    for words in ("run r1", "T = 20 steps", "update 400", "seed 7", "k_top 2", "k_trunc 5", "An arc shows a route"):
        assert words in page.text


def test_the_link_is_shown_and_lies_there_for_machines() -> None:
    page = _view(state=LINK)
    assert f"/#{LINK}" in page.words
    block = page.json("state")
    assert block["hash"] == LINK
    assert block["view"] == {"preset": "copy", "loss_step": "29", "own": 'CA< "', "ko": "20-5_12-3"}


def test_curves_mark_the_update_that_the_other_panels_show() -> None:
    (mark,) = _view(curves=metrics(), update=2).json("curves")["layout"]["shapes"]
    assert (mark["x0"], mark["label"]["text"]) == (2, "update 2")
    assert _view(curves=metrics()).json("curves")["layout"]["shapes"] == []
    assert "curves" not in _view(curves=no_metrics()).blocks
    assert "health" not in _view(curves={**metrics(), "looks": no_metrics()["looks"]}).blocks


@pytest.mark.parametrize("values", [[[0.5, 0], [0.25, 1]], [[None, 1], [2.0, 0]]])
def test_real_values_are_bars_and_marks(values: list[list[float | None]]) -> None:
    real = {"inputs": values * 15, "targets": [*[None] * 29, 1.25], "predictions": [0.5] * 30}
    page = _view(made_up(**{**SEQUENCE, **real}))
    assert len(page.classed("cell", "marked")) == 2 * 15
    assert not page.classed("cell", "wrong")
    assert "target 1.25" in page.text


def test_a_long_sequence_gets_a_picture_that_scrolls() -> None:
    page = _view(made_up(steps=784))
    widths = {float(found["width"]) for found in page.classed("drawing")}
    assert min(widths) > 784 * 5
    assert not page.classed("wide", "fits")
    assert len(page.having(data_step="500")) == 2, "once in the strip, once among the gradients"
