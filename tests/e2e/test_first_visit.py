"""A fresh profile, nothing clicked: within 2.5 s the page shows where a trained network sends credit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import PANELS, drawn_edges, edges_of_paths, opened, probe

__all__ = ["PANELS", "drawn_edges", "edges_of_paths", "opened", "probe"]


def test_a_step_chosen_in_one_panel_is_chosen_in_all(page: Page, server: LiveServer) -> None:
    opened(page, server)
    field = page.locator("input[name=loss_step]")
    field.fill("43")
    field.press("Enter")
    expect(page.locator("#headline")).to_contain_text("43")
    expect(page.locator("path[data-kind=skip][data-reader='43']").first).to_be_attached(timeout=15_000)
    expect(page.get_by_test_id("step-detail")).to_contain_text("43")
    assert drawn_edges(page, "skip") == edges_of_paths(probe(server, loss_step=43), "skip")


def test_a_step_beyond_the_sequence_leaves_the_picture_and_says_why(page: Page, server: LiveServer) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    field = page.locator("input[name=loss_step]")
    field.fill("999")
    field.press("Enter")
    expect(page.locator("#step-note")).to_contain_text("loss_step = 999: 0 … 49")
    assert drawn_edges(page, "skip") == before


@pytest.mark.parametrize("value", ["-1", "1e23", "2.5"])
def test_a_bad_knob_is_refused_beside_it_and_esc_brings_the_old_value_back(
    page: Page, server: LiveServer, value: str
) -> None:
    opened(page, server)
    before = drawn_edges(page, "skip")
    field = page.get_by_label("k_top, as a number")
    field.fill(value)
    field.press("Enter")
    note = page.locator("[data-knob=k_top] .knob-note")
    expect(note).to_contain_text(f"k_top = {value}: 0 … 10000, whole number")
    expect(field).to_have_value(value)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("input[name=k_top]")).to_have_value("5")
    field.press("Escape")
    expect(field).to_have_value("5")
    expect(note).to_have_text("")
    assert drawn_edges(page, "skip") == before


def test_a_bad_knob_leaves_the_value_that_was_asked_for_before(page: Page, server: LiveServer) -> None:
    opened(page, server)
    field = page.get_by_label("k_top, as a number")
    for value in ("2", "-1"):
        field.fill(value)
        field.press("Enter")
    expect(page.locator("[data-knob=k_top] .knob-note")).to_contain_text("the old value stays")
    expect(field).to_have_value("-1")
    expect(page.locator("input[name=k_top]")).to_have_value("2")
    expect(page.locator("#undo")).to_have_text("Undo k_top 5 → 2")
    page.locator("#headline").click()
    page.keyboard.press("Control+z")
    expect(field).to_have_value("5")
    expect(field).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize("value", ["16", "-1", "3.5", ""])
def test_a_bad_example_is_refused_beside_its_field(page: Page, server: LiveServer, value: str) -> None:
    opened(page, server)
    field = page.get_by_label("example", exact=True)
    field.fill("3")
    field.press("Enter")
    expect(page.get_by_test_id("step-detail")).to_contain_text("Of example 3")
    field.fill(value)
    field.press("Enter")
    expect(page.locator("#example-note")).to_contain_text("0 … 15, whole number")
    expect(page.get_by_test_id("step-detail")).to_contain_text("Of example 3")
