"""What is said of a value goes when the value is put right, in every field of the page that can be wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.steps import opened

LONG_MS = 60_000


def unfold(summary: str) -> Callable[[Page], None]:
    """Opens what is folded away."""
    return lambda page: page.locator(summary).click()


def nothing(page: Page) -> None:
    """What is in sight needs no opening."""


FIELDS = {
    "loss_step": (nothing, "input[name=loss_step]", "#step-note", "99", "4"),
    "example": (nothing, "input[name=example]", "#example-note", "99", "4"),
    "phase": (nothing, "input[name=phase]", "#phase-note", "1.5", "1"),
    "own input": (unfold("#own-input summary"), "input[name=own_input]", "#own-note", "ABZ", "ABCDEFGHAB"),
    "range": (unfold("#range summary"), "input[name=range_to]", "#range .form-note", "99", "40"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_wrong_value_is_told_until_it_is_typed_right(page: Page, server: LiveServer, name: str) -> None:
    opened(page, server)
    unfolded, at, note, wrong, right = FIELDS[name]
    unfolded(page)
    field = page.locator(at)
    field.fill(wrong)
    field.press("Enter")
    expect(page.locator(note)).to_contain_text("=")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(right)
    expect(page.locator(note)).to_have_text("")
    expect(field).to_have_attribute("aria-invalid", "false")


def test_a_wrong_step_is_forgotten_when_another_is_chosen_in_a_picture(page: Page, server: LiveServer) -> None:
    opened(page, server)
    field = page.locator("input[name=loss_step]")
    field.fill("99")
    field.press("Tab")
    expect(field).to_have_value("99")
    expect(page.locator("#step-note")).to_contain_text("loss_step = 99")
    page.locator("#headline").click()
    page.keyboard.press("ArrowRight")
    expect(field).to_have_value("41")
    expect(page.locator("#step-note")).to_be_hidden()
    expect(field).to_have_attribute("aria-invalid", "false")


def test_an_emptied_knob_keeps_its_value_and_no_message(page: Page, server: LiveServer) -> None:
    opened(page, server)
    knob = page.locator("[data-knob=k_top]")
    field = page.get_by_label("k_top, as a number")
    field.fill("-1")
    field.press("Enter")
    expect(knob.locator(".knob-note")).to_contain_text("k_top = -1")
    field.fill("")
    expect(knob.locator(".knob-note")).to_have_text("")
    field.press("Enter")
    expect(field).to_have_value("5")
    expect(knob.locator(".knob-note")).to_have_text("")
    expect(knob).to_have_attribute("data-problem", "false")


def refused(page: Page, field: Locator, note: Locator) -> None:
    """The server has said what is wrong with a field."""
    page.get_by_role("button", name="Start run").click()
    expect(field).to_have_attribute("aria-invalid", "true", timeout=LONG_MS)
    expect(note).to_contain_text("task.T = 1025")


def test_a_field_of_the_form_loses_its_error_with_its_value_and_the_others_keep_theirs(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    opened(page, server)
    page.get_by_text("Your own run").click()
    form = page.locator("#run-form")
    note = form.locator(".form-note")
    length, seed = form.locator("[name='task.T']"), form.locator("[name='training.seed']")
    length.fill("1025")
    seed.fill("-1")
    refused(page, length, note)
    expect(seed).to_have_attribute("aria-invalid", "true")
    length.fill("30")
    expect(length).not_to_have_attribute("aria-invalid", "true")
    expect(note).not_to_contain_text("task.T")
    expect(note).to_contain_text("training.seed = -1")
    seed.fill("1")
    expect(seed).not_to_have_attribute("aria-invalid", "true")
    expect(note).to_have_text("")
    watch.errors.clear()  # Chromium logs the 422 that this test made
