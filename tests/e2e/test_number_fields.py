"""Every field for a number, wherever it stands: what is typed stays, comma and point are read, and what does not fit is
refused aloud in place, until Esc brings the last good value back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, command, look_at, make_run, wait_for, wait_until
from tests.e2e.steps import opened

KNOBS = {"knob-k_top", "knob-k_trunc", "knob-k_att", "learning_rate", "clip_norm"}
FORM = {
    *("task.T", "task.items", "task.T_min", "model.hidden_size", "model.attention_size", "training.batch_size"),
    *("model.k_top", "model.k_trunc", "model.k_att", "training.learning_rate", "training.clip_norm"),
    *("training.updates", "training.seed", "training.scorer_rate", "training.sum_floor", "training.rate_decay"),
    "training.weight_decay",
}
BRANCH = {
    *("model.k_top", "model.k_trunc", "model.k_att", "training.learning_rate", "training.clip_norm"),
    "training.updates",
}
LINES = {"name", "own_input", "training.until", "seeds", "filter", "tags"}
"""One-line fields that hold words, or a list; all others hold a number."""
NAMES = """scope => [...scope.querySelectorAll('input')]
  .filter(input => ['text', 'search'].includes(input.type) && input.name !== 'note')
  .map(input => [input.name || input.id, input.getAttribute('role'), input.inputMode])"""
VALUES = """() => [...document.querySelectorAll('input[role=spinbutton]')].map(input => input.value).join(' ')
  + document.querySelectorAll('path[data-kind=skip]').length"""


@dataclass(frozen=True)
class Place:
    """Where fields for numbers stand, what shows them, and which they are."""

    scope: str
    names: set[str]
    show: Callable[[Page], None]


def unfold(page: Page) -> None:
    """The range of steps is folded away."""
    page.locator("#range summary").click()


def open_form(page: Page) -> None:
    page.get_by_text("Your own run").click()
    page.locator("#run-form [name='task.name']").select_option("copy")


def open_images(page: Page) -> None:
    """A task of images alone is asked for an order of pixels, and not for what others are asked for."""
    open_form(page)
    page.locator("#run-form [name='task.name']").select_option("pixels")


def open_branch(page: Page) -> None:
    page.get_by_role("button", name="Branch", exact=True).click()


def open_figure(page: Page) -> None:
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option("gradients")
    dialog.locator("select[name=format]").select_option("png")
    dialog.get_by_role("radio", name="other").check(force=True)
    # A width of one's own has no usual value.
    dialog.locator("[name=width_in]").fill("5")
    dialog.locator("[name=width_in]").press("Tab")


PLACES = {
    "knobs": Place("#knobs", KNOBS, lambda page: None),
    "choice": Place("#controls > .fields", {"loss_step", "example"}, lambda page: None),
    "cuts": Place("#cutting", {"phase"}, lambda page: None),
    "range": Place("#range", {"range_from", "range_to"}, unfold),
    "form": Place("#run-form", FORM, open_form),
    "images": Place("#run-form", {"task.permuted"}, open_images),
    "branch": Place("#branch-dialog", BRANCH, open_branch),
    "figure": Place("#figure", {"width_in", "height_in", "dpi", "font_size", "from", "to"}, open_figure),
}


def named(scope: Locator, name: str) -> Locator:
    """The field of that name, or of that id."""
    return scope.locator(f"input[role=spinbutton]:is([name='{name}'], [id='{name}'])")


def refused(page: Page, field: Locator, typed: str) -> None:
    """It is marked, the text stands there still, and a sentence that can be seen says its value, range and remedy."""
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(typed)
    notes = page.locator("[role=alert]:visible, .knob-note:visible").filter(has_text="…")
    expect(notes.filter(has_text=typed).first).to_contain_text("; ")


def good_text(field: Locator) -> tuple[str, str]:
    """A number that fits, with a comma, and how the page writes it."""
    low, high = (float(field.get_attribute(f"aria-value{end}") or "nan") for end in ("min", "max"))
    if field.get_attribute("inputmode") == "numeric":
        return f"{max(low, min(2, high)):.0f},0", f"{max(low, min(2, high)):.0f}"
    return ("0,25", "0.25") if low < 0.25 <= high else (f"{low + 1:.0f},5", f"{low + 1:.0f}.5")


def tried(page: Page, field: Locator) -> None:
    """Half a number, no number, one out of range, Esc, and a good one with a comma."""
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live")
    before, all_before = field.input_value(), page.evaluate(VALUES)
    field.fill("")
    field.press_sequentially("1e-")
    expect(field).to_have_value("1e-")
    field.press("Escape")
    expect(field).to_have_value(before)
    # Enter would send off a whole form.
    for typed, end in (("abc", "Tab"), (f"{float(field.get_attribute('aria-valuemax') or 'nan') * 10:.12g}", "Tab")):
        field.fill(typed)
        field.press(end)
        refused(page, field, typed)
        field.press("Escape")
        expect(field).to_have_value(before)
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(page.locator("[role=alert]:visible, .knob-note:visible").filter(has_text=typed)).to_have_count(0)
    assert page.evaluate(VALUES) == all_before
    typed, written = good_text(field)
    field.fill(typed)
    expect(field).to_have_value(typed)
    field.press("Tab")
    expect(field).to_have_value(written)
    expect(field).not_to_have_attribute("aria-invalid", "true")


@pytest.fixture
def training(page: Page, server: LiveServer) -> Page:
    """A page that follows a run which waits in the middle of its training: every knob can be turned."""
    run = make_run(server, "fields", training={"updates": 1_000_000})
    wait_until(server, run, 20)
    command(server, run, "pause")
    wait_for(server, run, "paused")
    look_at(page, server, f"run={run}")
    expect(page.get_by_label("learning_rate, as a number")).to_be_enabled()
    return page


@pytest.mark.parametrize("name", PLACES)
def test_what_is_typed_into_a_field_stays_until_it_is_taken_or_refused(training: Page, name: str) -> None:
    place = PLACES[name]
    place.show(training)
    scope = training.locator(place.scope)
    for field in sorted(place.names):
        tried(training, named(scope, field))
        expect(scope).to_be_visible()


def test_no_field_for_a_number_is_left_out_here(training: Page) -> None:
    known = set().union(*(place.names for place in PLACES.values()))
    found = training.locator("body").evaluate(NAMES)
    numbers = {name for name, role, _ in found if role == "spinbutton"}
    assert numbers == known
    assert {name for name, role, _ in found if role != "spinbutton"} <= LINES
    assert {keys for _, role, keys in found if role == "spinbutton"} == {"numeric", "decimal"}


@pytest.mark.parametrize("path", ["/runs", "/runs/group/{group}"])
def test_the_other_pages_have_no_field_for_a_number(page: Page, server: LiveServer, path: str) -> None:
    base = {"task": {"T": 5, "items": 2}, "model": {"hidden_size": 8}, "training": {"updates": 2}}
    group = call(server, "POST", "/api/groups", {"base": base, "grid": {"model.k_top": [1, 2]}, "seeds": [1]})["group"]
    page.goto(server.url + path.format(group=group))
    expect(page.locator("tbody tr:visible").first).to_be_visible()
    assert {name for name, *_ in page.locator("body").evaluate(NAMES)} <= LINES


def test_seeds_that_are_none_are_marked_and_esc_brings_the_last_good_ones_back(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="Compare methods", exact=True).click()
    seeds = page.locator("#compare-dialog [name=seeds]")
    seeds.fill("1, 2, x")
    expect(seeds).to_have_attribute("aria-invalid", "true")
    seeds.press("Escape")
    expect(seeds).to_have_value("1, 2, 3")
    expect(seeds).to_have_attribute("aria-invalid", "false")
    expect(page.locator("#compare-note")).to_have_text("")
    seeds.press("Escape")
    expect(page.locator("#compare-dialog")).to_be_hidden()


def test_a_knob_takes_the_words_of_the_page_arrows_and_thousands(page: Page, server: LiveServer) -> None:
    opened(page, server)
    for name, typed, written in (("k_trunc", "∞", "0"), ("k_trunc", "5", "5"), ("k_top", "all", "10000")):
        field = page.get_by_label(f"{name}, as a number")
        field.fill(typed)
        field.press("Enter")
        expect(field).to_have_value(written)
    field = page.get_by_label("k_top, as a number")
    field.fill("1,000")
    field.press("Enter")
    expect(field).to_have_value("1000")
    for key, value in (("Shift+ArrowDown", "990"), ("ArrowUp", "991")):
        field.press(key)
        expect(field).to_have_value(value)
    expect(page.locator("[data-knob=k_top] .output")).to_have_text("991")
    expect(page.locator("#undo")).to_contain_text("→ 991")


def test_a_run_starts_with_numbers_as_they_are_written_in_germany(page: Page, server: LiveServer) -> None:
    opened(page, server)
    open_form(page)
    form = page.locator("#run-form")
    form.locator("[name='task.name']").select_option("copy")
    for name, typed in (("task.T", "12"), ("training.learning_rate", "0,005"), ("training.updates", "1,000")):
        form.locator(f"[name='{name}']").fill(typed)
    with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/api/runs")) as told:
        form.get_by_role("button", name="Start run").click()
    spec = told.value.json()["spec"]
    assert (spec["task"]["T"], spec["training"]["learning_rate"], spec["training"]["updates"]) == (12, 0.005, 1000)


def test_a_form_with_a_number_that_does_not_fit_is_not_sent(page: Page, server: LiveServer) -> None:
    opened(page, server)
    open_form(page)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    rate = page.locator("#run-form [name='training.learning_rate']")
    rate.fill("0,00x")
    rate.press("Enter")
    refused(page, rate, "0,00x")
    expect(rate).to_be_focused()
    page.get_by_role("button", name="Compare methods with these settings").click()
    expect(page.locator("#compare-dialog")).to_be_hidden()
    assert not [url for url in asked if url.endswith("/api/runs")]
