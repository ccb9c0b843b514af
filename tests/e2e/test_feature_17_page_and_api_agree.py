"""Feature 17: a hundred tooltips, drawn at random, show the API's numbers to six digits."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import printed, still_box
from tests.e2e.test_first_visit import opened, probe

DRAWS = 34
HOVERS = 8
ARCS = (
    "names => names.map(([reader, source]) => { const arc = document.querySelector("
    "`[data-arc='${reader}-${source}'], [data-arc='${reader} ${source}']`) ??"
    " document.querySelector(`path[data-kind=skip][data-reader='${reader}'][data-source='${source}']`).parentNode;"
    " arc.dispatchEvent(new PointerEvent('pointerenter'));"
    " return [...document.querySelectorAll('.tooltip > *')].map(line => line.textContent); })"
)
GRADIENTS = (
    "([name, steps]) => { const line = document.querySelector('[data-testid=gradient-norms] .plot').data"
    ".find(each => each.name === name && each.mode.startsWith('lines'));"
    " return steps.map(step => [].concat(line.customdata[line.x.indexOf(step)])[0]); }"
)
# What the heatmap says at a place of its picture, under the pointer.
HOVER = "() => document.querySelector('[data-testid=attention] .hoverlayer')?.textContent ?? ''"


def agrees(shown: float, told: float) -> bool:
    return shown == pytest.approx(told, rel=6e-6, abs=0)


@pytest.fixture
def trace(page: Page, server: LiveServer) -> dict[str, Any]:
    opened(page, server)
    return probe(server, loss_step=40)


def test_tooltips_of_arcs_show_weight_and_credit_of_the_api(page: Page, trace: dict[str, Any]) -> None:
    shown = page.locator("path[data-kind=skip]").evaluate_all(
        "all => all.map(one => [Number(one.dataset.reader), Number(one.dataset.source)])"
    )
    told = {(edge["reader"], edge["source"]): edge for edge in trace["edges"] if edge["kind"] == "skip"}
    drawn = random.Random(17).choices(shown, k=DRAWS)
    for (reader, source), lines in zip(drawn, page.evaluate(ARCS, drawn), strict=True):
        verb = "reads" if told[reader, source]["chosen"] else "compares itself with"
        assert lines[0] == f"Step {reader} {verb} the microstate of step {source}"
        found = re.search(r"weight ([^,]+), credit ([^,]+)", " ".join(lines))
        assert found is not None
        edge = told[reader, source]
        assert agrees(printed(found[1]), edge["weight"])
        assert agrees(printed(found[2]), edge["credit"])


@pytest.mark.parametrize(("rule", "name"), [("sab", "SAB"), ("full", "full")])
def test_tooltips_of_gradient_norms_show_the_norms_of_the_api(
    page: Page, trace: dict[str, Any], rule: str, name: str
) -> None:
    norms = trace["gradient_norm"][rule]
    steps = random.Random(rule).choices([step for step, norm in enumerate(norms) if norm > 0], k=DRAWS // 2)
    for step, text in zip(steps, page.evaluate(GRADIENTS, [name, steps]), strict=True):
        assert agrees(printed(text), norms[step]), f"{rule} at step {step}: {text}"


def test_tooltips_of_the_heatmap_show_the_weights_of_the_api(page: Page, trace: dict[str, Any]) -> None:
    attention = trace["attention"]
    read = list(zip(attention["reader"], attention["source"], attention["weight"], strict=True))
    drawn = random.Random(7).choices([each for each in read if each[2] > 0], k=HOVERS)
    plot = page.locator("[data-testid=attention] .plot")
    plot.evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    layout = plot.evaluate("plot => ({ w: plot.layout.width, h: plot.layout.height, m: plot.layout.margin })")
    size, margin = (len(trace["memories"]), trace["steps"]), layout["m"]
    across, down = (
        (layout["w"] - margin["l"] - margin["r"]) / size[0],
        (layout["h"] - margin["t"] - margin["b"]) / size[1],
    )
    origin = still_box(plot)
    for reader, source, weight in drawn:
        column = trace["memories"].index(source)
        x = origin["x"] + margin["l"] + (column + 0.5) * across
        y = origin["y"] + margin["t"] + (reader + 0.5) * down
        text = hovered(page, x, y, f"step {reader} reads")
        assert agrees(printed(text.split("weight ")[1].split("step")[0].strip()), weight)


def hovered(page: Page, x: float, y: float, wanted: str) -> str:
    """What the heatmap says there; a pointer that jumps may be too quick for it, so it comes again."""
    for attempt in range(8):
        page.mouse.move(x + attempt % 2, y - 20)
        page.wait_for_timeout(100)  # a pointer that rests
        page.mouse.move(x, y, steps=3)
        for _ in range(20):
            text: str = page.evaluate(HOVER)
            if wanted in text:
                return text
            page.wait_for_timeout(60)
    raise AssertionError(f"no tooltip says {wanted}")
