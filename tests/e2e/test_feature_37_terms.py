"""The words of the glossary are explained where they first stand in a panel: on hover, on focus, on tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, still_box

WHERE = {
    "paths": {"path", "credit", "cut", "true source", "hit rate"},
    "gradient-norms": {"gradient norm", "rule", "reach"},
    "attention": {"attention weight", "variant"},
    "step-detail": {"memory", "attention weight", "credit", "threshold memory"},
    "curves": {"update"},
    "controls": {"cut", "edge", "window", "probe", "step"},
    "runs": {"run"},
}
"""Of each panel, on the first visit: the words that can be asked for."""
GLOSSARY = """() => Object.fromEntries([...document.querySelector('#words').content.querySelectorAll('dt[data-word]')]
  .map(name => [name.dataset.word, name.nextElementSibling.textContent.replace(/\\s+/g, ' ').trim()]))"""


def test_every_panel_explains_its_words_once_and_only_words_of_the_glossary(page: Page, server: LiveServer) -> None:
    opened(page, server)
    known = page.evaluate(GLOSSARY)
    for panel, words in WHERE.items():
        found = page.get_by_test_id(panel).locator("button[data-term]")
        expect(found.first).to_be_attached()
        told = found.evaluate_all("terms => terms.map(term => term.dataset.term)")
        assert len(set(told)) == len(told), panel
        assert words <= set(told) <= known.keys(), panel


@pytest.mark.parametrize("word", ["gradient norm", "credit", "window"])
def test_a_word_is_explained_on_hover_and_on_focus_and_esc_closes_it(page: Page, server: LiveServer, word: str) -> None:
    opened(page, server)
    meaning = page.evaluate(GLOSSARY)[word]
    there, box = page.locator(f"button[data-term='{word}']").first, page.locator("#explained")
    there.scroll_into_view_if_needed()
    there.hover()
    expect(box).to_contain_text(meaning)
    page.mouse.move(1, 1)
    expect(box).to_be_hidden()
    there.focus()
    expect(box).to_be_visible()
    expect(there).to_have_attribute("aria-describedby", "explained")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_a_tap_explains_a_word_within_the_window_of_a_phone(phone: Page) -> None:
    there, box = phone.locator("button[data-term=reach]"), phone.locator("#explained")
    there.scroll_into_view_if_needed()
    there.tap()
    expect(box).to_be_visible()
    place = still_box(box)
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 360
    phone.locator("#headline").tap()
    expect(box).to_be_hidden()


def test_the_first_lines_say_what_sab_is(page: Page, server: LiveServer) -> None:
    opened(page, server)
    what = page.locator("#what")
    expect(what).to_contain_text("Sparse Attentive Backtracking (SAB)")
    expect(what).to_be_in_viewport(ratio=1)
