"""Feature 9: one training scrubber for all panels; new data never move its thumb unless Follow is on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, look_at, make_run, wait_for, wait_until
from tests.e2e.steps import PANELS, drawn_edges, edges_of_paths, opened

FOREVER = {"updates": 200_000}


@pytest.fixture(scope="module")
def finished(server: LiveServer) -> Iterator[str]:
    """A run that is over, long enough for several snapshots on a fast machine too."""
    run = make_run(server, "over", training={"updates": 1500})
    wait_for(server, run, "finished")
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


@pytest.fixture
def running(server: LiveServer) -> Iterator[str]:
    """A run that does not end by itself."""
    run = make_run(server, "goes on", training=FOREVER)
    wait_until(server, run, 50)
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


def updates_of(server: LiveServer, place: str) -> list[int]:
    found: list[int] = call(server, "GET", f"/api/{place}/snapshots")["updates"]
    return found


def scrub_to(page: Page, update: int) -> None:
    page.locator("input[name=update]").fill(str(update))


def expect_update(page: Page, update: int) -> None:
    for panel in PANELS:
        expect(page.get_by_test_id(panel)).to_have_attribute("data-update", str(update), timeout=15_000)


def expect_trace(page: Page, trace: dict[str, Any]) -> None:
    expect_update(page, trace["update"])
    assert drawn_edges(page, "skip") == edges_of_paths(trace, "skip")


def test_dragging_to_an_update_sets_it_on_every_panel(page: Page, server: LiveServer, finished: str) -> None:
    look_at(page, server, f"run={finished}")
    updates = updates_of(server, f"runs/{finished}")
    assert updates[0] == 0
    for update in (0, updates[len(updates) // 2], updates[-1]):
        scrub_to(page, update)
        expect_trace(page, call(server, "GET", f"/api/runs/{finished}/snapshots/{update}"))


def test_keys_go_from_one_stored_update_to_the_next(page: Page, server: LiveServer, finished: str) -> None:
    look_at(page, server, f"run={finished}")
    updates = updates_of(server, f"runs/{finished}")
    slider = page.locator("input[name=update]")
    slider.focus()
    slider.press("Home")
    expect_update(page, updates[0])
    slider.press("ArrowRight")
    expect_update(page, updates[1])
    slider.press("End")
    slider.press("ArrowLeft")
    expect_update(page, updates[-2])


def test_new_data_never_move_the_thumb_unless_follow_is_on(page: Page, server: LiveServer, running: str) -> None:
    look_at(page, server, f"run={running}")
    page.get_by_label("Follow").uncheck()
    scrub_to(page, 0)
    expect_update(page, 0)
    slider = page.locator("input[name=update]")
    place = slider.evaluate("input => [input.value, input.max]")
    wait_until(server, running, call(server, "GET", f"/api/runs/{running}")["update"] + 100)
    page.wait_for_timeout(400)  # nothing moves it
    assert slider.evaluate("input => [input.value, input.max]") == place
    expect_update(page, 0)
    page.get_by_label("Follow").check()
    expect(page.get_by_test_id("paths")).not_to_have_attribute("data-update", "0", timeout=15_000)


def test_a_snapshot_that_was_thinned_away_gives_way_to_its_neighbour(
    page: Page, server: LiveServer, finished: str
) -> None:
    updates = updates_of(server, f"runs/{finished}")
    missing = next(update for update in range(updates[-1]) if update not in updates)
    page.goto(f"{server.url}/#run={finished}&update={missing}")
    nearest = min(updates, key=lambda update: (abs(update - missing), update))
    expect(page.get_by_test_id("paths")).to_have_attribute("data-update", str(nearest), timeout=15_000)


def test_playback_goes_on_by_itself_and_stops_at_the_first_input(page: Page, server: LiveServer, finished: str) -> None:
    look_at(page, server, f"run={finished}")
    play = page.get_by_role("button", name="play the updates")
    last = updates_of(server, f"runs/{finished}")[-1]
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("paths")).not_to_have_attribute("data-update", str(last), timeout=15_000)
    shown = page.get_by_test_id("paths").get_attribute("data-update")
    expect(page.get_by_test_id("paths")).not_to_have_attribute("data-update", str(shown), timeout=15_000)
    page.keyboard.press("Shift")
    expect(play).to_have_attribute("aria-pressed", "false")
    stopped = page.locator("input[name=update]").input_value()
    page.wait_for_timeout(900)  # nothing moves it
    assert page.locator("input[name=update]").input_value() == stopped
    scrub_to(page, updates_of(server, f"runs/{finished}")[-3])
    play.click()
    expect_update(page, last)
    expect(play).to_have_attribute("aria-pressed", "false")


def test_at_an_update_without_stored_weights_the_page_says_which_loss_it_shows(
    page: Page, server: LiveServer, finished: str
) -> None:
    look_at(page, server, f"run={finished}")
    scrub_to(page, updates_of(server, f"runs/{finished}")[1])
    page.locator("input[name=loss_step]").fill("3")
    page.locator("input[name=loss_step]").press("Enter")
    own = call(server, "GET", f"/api/runs/{finished}/snapshots/0")["loss_step"]
    expect(page.locator("#scrubber-note")).to_contain_text(f"of the loss at step {own}")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live")


def test_the_birth_of_an_arc_can_be_watched_on_the_first_visit_without_training(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="play the updates").click()
    expect(page.get_by_test_id("paths")).to_have_attribute("data-update", "0", timeout=15_000)
    expect(page.get_by_role("button", name="play the updates")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("paths")).not_to_have_attribute("data-update", "0", timeout=15_000)
    page.keyboard.press("Shift")
    updates = updates_of(server, "presets/copy")
    births = []
    for update in (0, updates[len(updates) // 2], updates[-1]):
        scrub_to(page, update)
        trace = call(server, "GET", f"/api/presets/copy/snapshots/{update}")
        expect_trace(page, trace)
        births.append((40, 0) in drawn_edges(page, "skip"))
    assert births[0] is False
    assert births[-1] is True
    assert len(call(server, "GET", "/api/presets/copy/metrics")["update"]) == updates[-1]


def test_the_last_update_of_a_bundled_history_is_the_bundled_network(server: LiveServer) -> None:
    last = call(server, "GET", "/api/presets/copy/snapshots/latest")
    network = call(server, "POST", "/api/probe", {"preset": "copy", "share": 0.951})
    assert last["update"] == network["update"]
    assert last["predictions"] == network["predictions"]
    pairs = zip(last["attention"]["weight"], network["attention"]["weight"], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 1e-4
