"""Feature 44: the page with a recorded network in one file, opened from a disk with the network off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.steps import drawn_edges, edges_of_paths, opened, printed, probe
from tests.e2e.test_feature_16_exports import download
from tests.e2e.test_feature_17_page_and_api_agree import GRADIENTS, agrees

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} 💥"
SAID = "() => document.querySelector('[role=status]').textContent"


@dataclass
class Reader:
    """A browser without any network, and what went wrong in it."""

    browser: Browser
    folder: Path
    errors: list[str]

    def open(self, body: bytes, view: str = "", width: int = 1280) -> Page:
        """The file in a page of its own."""
        file = self.folder / f"shown-{len(list(self.folder.iterdir()))}.html"
        file.write_bytes(body)
        context = self.browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        page = context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda one: self._asked(one.url))
        page.goto(f"{file.as_uri()}{view}")
        expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=20_000)
        return page

    def _asked(self, url: str) -> None:
        if not url.startswith(("file:", "blob:", "data:")):
            self.errors.append(f"asked for {url}")


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    found = Reader(browser, tmp_path, [])
    yield found
    for context in browser.contexts:
        context.close()
    assert found.errors == []


@pytest.fixture(scope="module")
def copied(server: LiveServer) -> bytes:
    return server.get("/api/export?preset=copy&panel=view&format=html")


def test_the_file_shows_the_numbers_of_the_api_without_any_network(
    server: LiveServer, reader: Reader, copied: bytes
) -> None:
    page = reader.open(copied)
    trace = probe(server)
    assert drawn_edges(page, "skip") == edges_of_paths(trace, "skip")
    page.wait_for_function("() => document.querySelector('[data-testid=gradient-norms] .plot').data?.length")
    for rule in ("SAB", "full"):
        told = trace["gradient_norm"][rule.lower()]
        steps = [step for step, norm in enumerate(told) if norm > 0]
        for step, text in zip(steps, page.evaluate(GRADIENTS, [rule, steps]), strict=True):
            assert agrees(printed(text), told[step]), f"{rule} at step {step}: {text}"
    expect(page.locator("#recorded")).to_contain_text("stored pictures of the training")
    assert len(copied) < 6_000_000


def test_every_step_every_example_and_every_stored_update_can_be_chosen(
    server: LiveServer, reader: Reader, copied: bytes
) -> None:
    page = reader.open(copied)
    for words, view in (
        ({"loss_step": 43}, "loss_step=43"),
        ({"loss_step": 7}, "loss_step=7"),
        ({"loss_step": None}, "whole=1"),
        ({"example": 5}, "example=5"),
    ):
        page.evaluate("view => { location.hash = view; }", f"#preset=copy&{view}")
        wanted = edges_of_paths(probe(server, **words), "skip")
        page.wait_for_function(
            "size => document.querySelector('[data-testid=paths]').dataset.state === 'live'"
            " && document.querySelectorAll('path[data-kind=skip]').length === size",
            arg=len(wanted),
        )
        assert drawn_edges(page, "skip") == wanted
    page.evaluate("() => { location.hash = '#preset=copy&update=0'; }")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-update", "0")
    page.get_by_role("button", name="play the updates").click()
    expect(page.get_by_test_id("attention")).to_have_attribute("data-update", "3750", timeout=30_000)


def test_knobs_are_previewed_and_what_only_a_server_knows_says_so(reader: Reader, copied: bytes) -> None:
    page = reader.open(copied)
    knob = page.locator("input[name=k_top]")
    knob.fill("2")
    knob.press("Enter")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "preview")
    expect(page.get_by_role("status")).to_contain_text("k_top = 2")
    expect(page.get_by_role("status")).to_contain_text("needs a server")
    knob.fill("0")
    knob.press("Enter")
    # The tour asks for it, so that its exact answer is in the file.
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live")
    expect(page.locator("path[data-kind=skip]")).to_have_count(0)


def test_all_that_can_be_pressed_is_answered_out_of_the_file(reader: Reader, copied: bytes) -> None:
    page = reader.open(copied)
    for name in ("Train", "Pause", "Reset", "Prove it", "Compare methods", "Open bundle…"):
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", "needs a server: this page is a recording")
    expect(page.locator("#help")).not_to_have_attribute("href", "/help")
    # A link that no clipboard takes is shown in a dialog, which may come after the Escape that should close it.
    page.add_locator_handler(page.locator("dialog[open]"), lambda: page.keyboard.press("Escape"))
    buttons = page.locator("main button:enabled:visible, header button:enabled:visible")
    for index in range(buttons.count()):
        button = buttons.nth(index)
        if button.is_visible() and button.is_enabled():
            button.click(timeout=5_000)
            page.keyboard.press("Escape")
        assert "No answer" not in page.evaluate(SAID)
        expect(page.locator("#alarm")).to_be_hidden()


def test_what_wakes_is_grey_again_before_anybody_can_press_it(reader: Reader, copied: bytes) -> None:
    page = reader.open(copied)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    wake = "async (one) => { one.disabled = false; one.title = ''; await null; return [one.disabled, one.title]; }"
    grey = [True, "needs a server: this page is a recording"]
    assert page.locator("#train").evaluate(wake) == grey
    assert page.locator("#run-form [name='model.k_top']").evaluate(wake) == grey


def test_what_it_cannot_make_without_a_server_cannot_be_chosen(reader: Reader, copied: bytes) -> None:
    page = reader.open(copied)
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    chosen = "all => all.filter(option => !option.disabled).map(option => option.value)"
    refused = "all => all.filter(option => !option.hidden && option.disabled).map(option => option.textContent)"
    here = {"attention": ["screen-png", "screen-svg", "csv", "json"], "health": ["csv", "json"]}
    for panel, formats in here.items():
        dialog.locator("select[name=panel]").select_option(panel)
        options = dialog.locator("select[name=format] option")
        assert options.evaluate_all(chosen) == formats
        greyed = options.evaluate_all(refused)
        assert len(greyed) == 7
        assert all(": needs a server" in words for words in greyed), greyed
    panels = dialog.locator("select[name=panel] option").evaluate_all(refused)
    assert panels == ["the whole view, one page: needs a server"]
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.querySelector('[data-testid=gradient-norms] .plot').data?.length")
    assert b"<svg" in download(page, "gradients", "screen-svg")[:300]


def test_the_tour_of_its_network_needs_no_server(server: LiveServer, reader: Reader, copied: bytes) -> None:
    page = reader.open(copied)
    page.get_by_role("button", name="Tour").click()
    page.locator("#tour-box a", has_text="take the memories away").click()
    expect(page.locator("path[data-kind=skip]")).to_have_count(0)
    page.locator("#tour-box a", has_text="knock out only the arc").click()
    wanted = edges_of_paths(probe(server, knocked_out=[[40, 0]]), "skip")
    expect(page.locator("path[data-kind=skip]")).to_have_count(len(wanted))
    assert drawn_edges(page, "skip") == wanted


def test_B15_a_run_keeps_its_curves_its_pictures_and_a_hostile_name_in_the_file(
    server: LiveServer, reader: Reader
) -> None:
    run = make_run(server, HOSTILE, training={"updates": 300})
    wait_for(server, run, "finished")
    call(server, "PATCH", f"/api/runs/{run}", {"note": HOSTILE})
    body = server.get(f"/api/runs/{run}/export?panel=view&format=html&state=run%3D{run}")
    page = reader.open(body)
    expect(page.locator(f"li[data-run='{run}']")).to_contain_text(HOSTILE)
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", "300")
    told = call(server, "GET", f"/api/runs/{run}/snapshots")["updates"]
    expect(page.locator("#recorded")).to_contain_text(f"{len(told)} stored pictures")
    expect(page.locator("#recorded a")).to_have_attribute("href", f"{server.url}/#run={run}")
    page.evaluate("view => { location.hash = view; }", f"#run={run}&update={told[1]}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-update", str(told[1]))
    assert page.locator("img[src=x]").count() == 0
    call(server, "DELETE", f"/api/runs/{run}")


def test_a_file_with_chosen_pictures_says_of_how_many_they_are_and_offers_no_others(
    server: LiveServer, reader: Reader
) -> None:
    stored = call(server, "GET", "/api/presets/copy/snapshots")["updates"]
    low, high = stored[2], stored[4]
    body = server.get(f"/api/export?preset=copy&panel=view&format=html&updates={low}-{high}")
    page = reader.open(body)
    held = [update for update in stored if low <= update <= high or update == stored[-1]]
    said = page.locator("#recorded")
    expect(said).to_contain_text(f"{len(held)} stored pictures")
    expect(said).to_contain_text(f"{len(held)} of {len(stored)} stored pictures")
    page.evaluate("view => { location.hash = view; }", f"#preset=copy&update={low}")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-update", str(low))


def test_a_sequence_of_ones_own_is_in_the_file_with_what_was_knocked_out(
    page: Page, server: LiveServer, reader: Reader
) -> None:
    view = "#preset=copy&own=HGFEDCBAHG&loss_step=41&ko=41-1"
    opened(page, server, f"/{view}")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)
    told = drawn_edges(page, "skip")
    shown = reader.open(download(page, "view", "html"))
    expect(shown.locator("[data-knocked-out='41 1']").first).to_be_attached()
    assert drawn_edges(shown, "skip") == told
    expect(shown.get_by_test_id("step-detail")).to_contain_text("input")
    link = shown.locator("#recorded a").get_attribute("href") or ""
    assert link.endswith(shown.evaluate("() => location.hash"))


def test_the_file_follows_the_theme_fits_a_phone_and_prints_in_light(reader: Reader, copied: bytes) -> None:
    page = reader.open(copied, "#preset=copy&update=0", width=360)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => ({ground})() !== light", arg=light)
    assert len(page.pdf()) > 50_000


def test_programs_find_the_numbers_as_json_and_as_csv(server: LiveServer, copied: bytes) -> None:
    text = copied.decode()

    def block(name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(text.split(f'id="{name}">')[1].split("</script>")[0])
        return found

    tables, csv = block("tables"), block("tables-csv")
    assert list(tables) == list(csv) == ["paths", "gradients", "attention"]
    for panel in tables:
        address = f"/api/export?preset=copy&panel={panel}&format="
        assert tables[panel] == json.loads(server.get(address + "json"))
        assert csv[panel] == server.get(address + "csv").decode()


def test_a_file_that_was_cut_short_says_so(reader: Reader, copied: bytes, browser: Browser, tmp_path: Path) -> None:
    place = copied.index(b'id="packed-code">') + 2_000
    end = copied.index(b"</script>", place)
    file = tmp_path / "cut.html"
    file.write_bytes(copied[:place] + copied[end:])
    page = browser.new_page()
    page.goto(file.as_uri())
    expect(page.locator("#unread")).to_be_visible()
    expect(page.locator("#unread")).to_contain_text("cut short")
