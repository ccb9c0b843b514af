"""Feature 19: a knob turned mid-run keeps the weights and leaves a dated mark on the curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, command, look_at, make_run, wait_for, wait_until
from tests.e2e.test_live_run import set_knob
from tests.fakes.server import eventually

ANNOTATIONS = "() => document.querySelector('[data-testid=curves] .plot').layout.annotations.map(note => note.text)"
NUMBERS = ("loss_T", "predictions", "attention", "gradient_norm")


@pytest.fixture
def paused(server: LiveServer) -> Iterator[str]:
    """A run that stands still after a hundred updates or so."""
    run = make_run(server, "turned", training={"updates": 200_000})
    wait_until(server, run, 100)
    command(server, run, "pause")
    wait_for(server, run, "paused")
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


def changes(server: LiveServer, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(server, "GET", f"/api/runs/{run}/metrics")["changes"]
    return found


def test_the_mark_names_the_update_the_old_and_the_new_value(page: Page, server: LiveServer, paused: str) -> None:
    look_at(page, server, f"run={paused}")
    set_knob(page, "k_top", "2")
    eventually(lambda: len(changes(server, paused)) == 1)
    set_knob(page, "learning_rate", "0.01")
    eventually(lambda: len(changes(server, paused)) == 2)
    for change, text in zip(changes(server, paused), ("k_top 5 → 2", "learning_rate 0.002 → 0.01"), strict=True):
        mark = page.locator(f"[data-testid=curves] [data-mark='{change['update']}']").filter(has_text=text)
        expect(mark).to_contain_text(f"update {change['update']}", timeout=15_000)
    eventually(lambda: "learning_rate 0.002 → 0.01" in page.evaluate(ANNOTATIONS)[0])


def test_the_marks_are_there_again_after_a_reload(page: Page, server: LiveServer, paused: str) -> None:
    command(server, paused, "set_parameters", parameters={"k_trunc": 3})
    eventually(lambda: len(changes(server, paused)) == 1)
    look_at(page, server, f"run={paused}")
    expect(page.locator("[data-mark]")).to_contain_text("k_trunc 5 → 3", timeout=15_000)
    page.locator("[data-mark] button").click()
    expect(page.get_by_label("Follow")).not_to_be_checked()


def test_the_weights_stay_as_they_were(server: LiveServer, paused: str) -> None:
    def probe(**knobs: int) -> dict[str, Any]:
        trace = call(server, "POST", "/api/probe", {"run": paused, **knobs})
        return {name: trace[name] for name in NUMBERS}

    before, expected = probe(), probe(k_top=2)
    command(server, paused, "set_parameters", parameters={"k_top": 2})
    eventually(lambda: len(changes(server, paused)) == 1)
    assert probe() == expected, "the new knob looks at the very same weights"
    command(server, paused, "set_parameters", parameters={"k_top": 5})
    eventually(lambda: len(changes(server, paused)) == 2)
    assert probe() == before, "turned back, nothing has changed"
