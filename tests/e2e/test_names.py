"""B15, C22: whatever a run is called, both pages show its letters as letters, and nothing of it is carried out."""

from __future__ import annotations

from functools import partial

from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.fakes.server import eventually
from tests.security.test_names import KEPT

LETTERS = "at => document.querySelector(at)?.textContent"
ISOLATED = "at => getComputedStyle(document.querySelector(at)).unicodeBidi"


def test_B15_odd_and_hostile_names_are_letters_in_the_list_and_in_the_table(page: Page, server: LiveServer) -> None:
    run = make_run(server, "plain", training={"updates": 3})
    wait_for(server, run, "finished")
    said: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    def shows(place: str, name: str) -> bool:
        return bool(page.evaluate(LETTERS, place) == name)

    page.on("dialog", on_dialog)
    for path, place in (("/", f"li[data-run='{run}'] strong"), ("/runs", f"tr[data-run='{run}'] [data-part=name]")):
        call(server, "PATCH", f"/api/runs/{run}", {"name": "plain", "note": ""})
        page.goto(server.url + path)
        expect(page.locator(place)).to_have_text("plain", timeout=20_000)
        title = page.title()
        assert page.evaluate(ISOLATED, place) == "isolate", "letters from right to left turn no word beside them"
        for name in KEPT.values():
            call(server, "PATCH", f"/api/runs/{run}", {"name": name, "note": name})
            eventually(partial(shows, place, name))
        assert page.locator("img[src=x]").count() == 0
        assert page.title() == title
    assert said == []
