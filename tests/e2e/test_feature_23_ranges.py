"""Feature 23: brushing a range of reading steps shows the sum of their attention rows, as the API's numbers add up."""

from __future__ import annotations

from collections import defaultdict

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe, still_box


def sums_of_the_api(server: LiveServer, first: int, last: int) -> dict[int, float]:
    attention = probe(server, loss_step=40)["attention"]
    found: dict[int, float] = defaultdict(float)
    rows = zip(attention["reader"], attention["source"], attention["weight"], strict=True)
    for reader, source, weight in rows:
        if first <= reader <= last:
            found[source] += weight
    return dict(found)


def sums_of_the_page(page: Page, what: str = "sum") -> dict[int, float]:
    rows = page.locator("#range tr[data-memory]").evaluate_all(
        f"rows => rows.map(row => [Number(row.dataset.memory), Number(row.dataset.{what})])"
    )
    return {int(memory): value for memory, value in rows}


def expect_sums(page: Page, server: LiveServer, first: int, last: int) -> None:
    expect(page.get_by_role("button", name=f"release steps {first}–{last}")).to_be_visible()
    expected = sums_of_the_api(server, first, last)
    assert sums_of_the_page(page) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    steps = last - first + 1
    assert sums_of_the_page(page, "mean") == pytest.approx({m: s / steps for m, s in expected.items()}, rel=1e-6)


@pytest.mark.parametrize(("first", "last"), [(40, 49), (0, 49), (7, 7), (0, 0)])
def test_two_fields_choose_a_range_and_its_rows_add_up(page: Page, server: LiveServer, first: int, last: int) -> None:
    opened(page, server)
    page.get_by_text("A range of steps").click()
    page.get_by_label("first step of the range").fill(str(first))
    page.get_by_label("last step of the range").fill(str(last))
    page.get_by_label("last step of the range").press("Enter")
    expect_sums(page, server, first, last)


def test_a_drag_with_shift_over_the_rows_of_the_heatmap_does_the_same(page: Page, server: LiveServer) -> None:
    opened(page, server)
    stage = page.get_by_test_id("attention").locator(".stage")
    stage.scroll_into_view_if_needed()
    still_box(stage)
    place = stage.evaluate(
        """stage => { const box = stage.getBoundingClientRect();
          const layout = stage.querySelector('.plot').layout, { t, b } = layout.margin;
          const y = row => box.top + t + (row + 0.5) * (box.height - t - b) / 50;
          return { x: box.left + box.width / 2, from: y(49), to: y(40) }; }"""
    )
    page.keyboard.down("Shift")
    page.mouse.move(place["x"], place["from"])
    page.mouse.down()
    page.mouse.move(place["x"] - 20, place["to"], steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect_sums(page, server, 40, 49)
    expect(page.locator("[data-testid=attention] [data-cross=range]")).to_have_count(1)


def test_a_drag_with_shift_in_the_sequence_does_the_same(page: Page, server: LiveServer) -> None:
    opened(page, server)
    strip = page.get_by_test_id("sequence-strip")
    box = still_box(strip)
    cell = (box["width"] - 58 - 18) / 50
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 58 + 10.5 * cell, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 58 + 20.5 * cell, box["y"] + 44, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect_sums(page, server, 10, 20)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="release steps 10–20")).to_have_count(0)


def test_a_range_beyond_the_sequence_is_refused_beside_its_fields(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&range=40-49")
    expect_sums(page, server, 40, 49)
    field = page.get_by_label("last step of the range")
    field.fill("99")
    field.press("Enter")
    expect(page.locator("#range .form-note")).to_contain_text("range_to = 99: 0 … 49")
    expect(page.get_by_role("button", name="release steps 40–49")).to_be_visible()
