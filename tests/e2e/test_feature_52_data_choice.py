"""Feature 52: the form of a run offers the data sets that its task reads, and takes a text of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from sab_visualiser.model.contract.data import DIGITS, HAMLET, text_facts
from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, wait_for
from tests.e2e.steps import opened
from tests.e2e.test_feature_39_form import form_of, texts

LONG_MS = 60_000
POEM = "nobody has sent these lines before, nobody at all\n" * 30


def choice_of(form: Locator, task: str) -> Locator:
    """The choice of a data set, for a task."""
    form.locator("[name='task.name']").select_option(task)
    return form.locator(".data-choice")


def options(choice: Locator) -> list[str]:
    """What is offered, in words."""
    return choice.locator("option").all_text_contents()


def test_each_task_is_offered_what_it_reads_with_size_classes_and_licence(page: Page, server: LiveServer) -> None:
    opened(page, server)
    form = form_of(page)
    choice = form.locator(".data-choice")
    expect(choice).to_be_hidden()
    expect(form.locator("[name='task.permuted']")).to_be_hidden()
    expect(form.locator("[name='task.carry']")).to_be_hidden()
    told = choice_of(form, "char").locator(".data-facts")
    expect(told).to_contain_text(f"{HAMLET.characters:,} characters, {len(HAMLET.symbols)} different")
    expect(told).to_contain_text("Licence: public domain.")
    assert options(choice)[0] == HAMLET.title
    assert DIGITS.title not in options(choice)
    expect(form.locator("[name='task.carry']")).to_be_visible()
    form.locator("[name='task.carry']").select_option("true")
    told = choice_of(form, "pixels").locator(".data-facts")
    expect(told).to_contain_text(f"8 × 8 pixels, so T is 64: {DIGITS.training:,} images to train on, 360 held out")
    expect(told).to_contain_text("Licence: CC BY 4.0.")
    assert options(choice) == [DIGITS.title]
    expect(choice.get_by_role("button", name="Add a text of your own")).to_be_hidden()
    expect(form.locator("[name='task.permuted']")).to_be_visible()
    expect(form.locator("[name='task.carry']")).to_be_hidden()
    assert texts(form)["task.carry"] == "false", "another task has its own"
    assert texts(form)["task.T"] == "64"
    form.locator("[name='task.name']").select_option("copy")
    expect(choice).to_be_hidden()
    assert texts(form)["task.T"] == "50"


def test_a_text_of_ones_own_is_sent_chosen_and_trained_on(page: Page, server: LiveServer, tmp_path: Path) -> None:
    poem = tmp_path / "nobody.txt"
    poem.write_text(POEM)
    facts = text_facts(POEM, poem.name)
    opened(page, server)
    form = form_of(page)
    choice = choice_of(form, "char")
    with page.expect_file_chooser() as chooser:
        choice.get_by_role("button", name="Add a text of your own").click()
    chooser.value.set_files(poem)
    expect(choice.locator(".data-told")).to_have_text("nobody.txt is on this server now, and chosen.")
    expect(choice.locator("progress")).to_be_hidden()
    expect(choice.locator("select")).to_have_value(facts.name)
    expect(choice.locator(".data-facts")).to_contain_text(f"{len(POEM):,} characters, {len(facts.symbols)} different")
    expect(choice.locator(".data-facts")).to_contain_text("knows nothing of its licence")
    for name, value in (("task.T", "20"), ("training.updates", "2"), ("model.hidden_size", "8"), ("name", "lines")):
        form.locator(f"[name='{name}']").fill(value)
    form.get_by_role("button", name="Start run").click()
    expect(form).to_be_hidden(timeout=LONG_MS)
    (run,) = [one for one in json.loads(server.get("/api/runs")) if one["name"] == "lines"]
    assert run["spec"]["task"]["data"] == facts.name
    assert wait_for(server, run["id"], "finished")["chance"]["bpc"] == facts.entropy_bits
    page.get_by_role("button", name="Duplicate lines").click()
    expect(choice.locator("select")).to_have_value(facts.name)
    call(server, "DELETE", f"/api/runs/{run['id']}")


def test_what_cannot_be_read_is_refused_in_its_place_and_nothing_else_changes(
    page: Page, server: LiveServer, tmp_path: Path, watch: Watch
) -> None:
    latin, empty = tmp_path / "latin.txt", tmp_path / "empty.txt"
    latin.write_bytes(b"caf\xe9 au lait")
    empty.write_bytes(b"")
    opened(page, server)
    choice = choice_of(form_of(page), "char")
    refused, chooser = choice.locator(".data-refused"), choice.locator("input[type=file]")
    with page.expect_response("**/api/texts*") as answer:
        chooser.set_input_files(latin)
    assert answer.value.status == 422
    watch.excused.append(answer.value.url)
    expect(refused).to_contain_text("latin.txt: is no text in UTF-8 (byte 3 is 0xe9)")
    expect(refused).to_contain_text("save a text as UTF-8")
    chooser.set_input_files(empty)
    expect(refused).to_have_text("empty.txt is empty: there is nothing to read; choose another file.")
    expect(choice.locator("select")).to_have_value("")
    expect(choice.locator(".data-told")).to_have_text("")


def test_a_text_on_its_way_says_so_until_the_server_has_it(page: Page, server: LiveServer, tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    slow.write_text(POEM + "slowly")
    opened(page, server)
    choice = choice_of(form_of(page), "char")
    held: list[Route] = []
    page.route("**/api/texts*", lambda route: held.append(route))
    choice.locator("input[type=file]").set_input_files(slow)
    expect(choice.locator("progress")).to_be_visible()
    expect(choice.locator(".data-told")).to_contain_text("slow.txt")
    expect(choice.get_by_role("button", name="Add a text of your own")).to_be_disabled()
    (route,) = held
    route.continue_()
    expect(choice.locator(".data-told")).to_have_text("slow.txt is on this server now, and chosen.")
    expect(choice.get_by_role("button", name="Add a text of your own")).to_be_enabled()


REFUSED = {
    401: ("Not let in", "nobody knows you", "is not let in any more. Come in by a new link in another tab"),
    403: ("Forbidden", "you came in by a link of viewers", "you came in by a link of viewers. What is filled in"),
    413: ("Body too large", "too many bytes", "larger than the way to the server lets through; sab train --set"),
    507: ("No room", "disk full", "disk full. What is filled in here stays."),
}
"""By status: title and detail of the server, and what the page makes of them."""


def test_a_text_that_may_not_come_is_told_beside_the_button_and_nothing_is_lost(
    page: Page, server: LiveServer, tmp_path: Path, watch: Watch
) -> None:
    again = tmp_path / "again.txt"
    again.write_text(POEM + "again")
    opened(page, server)
    form = form_of(page)
    choice = choice_of(form, "char")
    form.locator("[name='task.T']").fill("33")
    form.locator("[name='name']").fill("kept")
    before = texts(form)
    for status, (title, detail, words) in REFUSED.items():
        body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
        page.unroute("**/api/texts*")
        page.route("**/api/texts*", lambda route, *_, s=status, b=body: route.fulfill(status=s, body=b))
        with page.expect_response("**/api/texts*") as answer:
            choice.locator("input[type=file]").set_input_files(again)
        watch.excused.append(answer.value.url)
        expect(choice.locator(".data-refused")).to_contain_text(words)
        expect(choice.locator(".data-refused")).to_contain_text("again.txt was not taken")
        expect(choice.locator("progress")).to_be_hidden()
        expect(choice.get_by_role("button", name="Add a text of your own")).to_be_enabled()
        expect(page.locator("#shut-out")).to_be_visible(visible=status == 401)
        assert texts(form) == before
        if status == 401:
            page.locator("#shut-out").evaluate("note => { note.hidden = true; }")
    page.unroute("**/api/texts*")
    choice.locator("input[type=file]").set_input_files(again)
    expect(choice.locator(".data-told")).to_have_text("again.txt is on this server now, and chosen.")
    expect(choice.locator(".data-refused")).to_be_empty()
    assert {**texts(form), "task.data": ""} == before
    expect(form.locator("[name='name']")).to_have_value("kept")
