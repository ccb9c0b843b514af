"""Feature 46: a figure for a paper, with a preview of what is saved: size, letters, colours, what of the panel."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, make_run, wait_for
from tests.e2e.steps import opened
from tests.e2e.test_feature_25_twins import serious

PREVIEW_MS = 30_000
ASKED = "**/export?*"


def words_of(request: Request) -> dict[str, str]:
    """What a picture was asked for with."""
    return dict(parse_qsl(urlsplit(request.url).query))


def dots_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def started(page: Page, panel: str) -> Locator:
    """The dialog with a figure of a panel in it."""
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option(panel)
    drawn(dialog)
    return dialog


def drawn(dialog: Locator) -> None:
    """The preview answers what stands in the fields."""
    expect(dialog.locator(".preview")).to_have_attribute("data-state", "shown", timeout=PREVIEW_MS)


def choose(dialog: Locator, name: str, value: str) -> None:
    """Take one of a row of choices, as a click on its words does."""
    dialog.locator(f"label.segment:has(input[name={name}][value={value}])").click()


@contextmanager
def pictures(page: Page) -> Iterator[list[dict[str, str]]]:
    """The questions for pictures that the page asks meanwhile."""
    asked: list[dict[str, str]] = []

    def note(request: Request) -> None:
        if "/export?" in request.url:
            asked.append(words_of(request))

    page.on("request", note)
    yield asked
    page.remove_listener("request", note)


def test_the_preview_is_the_figure_that_is_saved_with_its_settings_beside_it(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "gradients")
    dialog.locator("[name=height_in]").fill("2,5")
    with pictures(page) as asked:
        choose(dialog, "width", "single")
        expect(dialog.locator(".measured")).to_have_text("3.25 × 2.5 in", timeout=PREVIEW_MS)
    dialog.locator("[name=dpi]").fill("100")
    name = "sab-copy-gradients-u3750.png"
    with (
        pictures(page) as files,
        page.expect_download(lambda one: one.suggested_filename == name.replace(".png", ".config.json")) as beside,
        page.expect_download(lambda one: one.suggested_filename == name) as figure,
    ):
        dialog.get_by_role("button", name="Download").click()
    expect(dialog).to_contain_text("saved, with its settings")
    assert {**asked[-1], "dpi": "100"} == files[-1]
    assert dots_of(Path(figure.value.path()).read_bytes()) == (325, 250)
    settings = json.loads(Path(beside.value.path()).read_text(encoding="utf-8"))
    assert settings["caption"]["preset"] == "copy"
    assert settings["caption"]["config"]["task"]["T"] == 30
    # Who asks for that gets the same picture again.
    assert settings["export"] == files[-1]
    assert settings["export"]["width_in"] == "3.25"
    assert settings["export"]["height_in"] == "2.5"


def test_every_option_reaches_the_server_in_its_own_word(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "gradients")
    with pictures(page) as asked:
        for name, value in (("width", "other"), ("font", "serif"), ("colormap", "grey"), ("theme", "dark")):
            choose(dialog, name, value)
        for name, text in (("width_in", "4,5"), ("font_size", "9"), ("from", "10"), ("to", "40")):
            dialog.locator(f"[name={name}]").fill(text)
        for name in ("title", "caption", "transparent"):
            dialog.locator(f"[name={name}]").check()
        for box in ("legend", "marks"):
            dialog.locator(f"[name={box}]").uncheck()
        dialog.get_by_role("checkbox", name="truncated").uncheck()
        drawn(dialog)
    told = {"width_in": "4.5", "font": "serif", "font_size": "9", "colormap": "grey", "theme": "dark"}
    flags = {"title": "true", "caption": "true", "transparent": "true", "legend": "false", "marks": "false"}
    of_panel = {"steps": "10-40", "rules": "full,sab"}
    assert asked[-1] | told | flags | of_panel == asked[-1]
    assert not [one for one in asked if set(one.values()) & {"", "NaN"}]


def test_what_is_no_number_stays_is_refused_aloud_and_is_never_sent(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "paths")
    size = dialog.get_by_label("size of letters")
    with pictures(page) as asked:
        size.fill("huge")
        expect(dialog.get_by_role("alert").filter(has_text="size of letters = huge: 4 … 24 pt")).to_be_visible()
        expect(size).to_have_attribute("aria-invalid", "true")
        expect(dialog.locator(".preview")).to_have_attribute("data-state", "refused")
        expect(dialog.locator(".refusal")).to_have_text("The picture is of the settings before: mend what is marked.")
        dialog.get_by_role("button", name="Download").click()
        expect(size).to_be_focused()
        expect(size).to_have_value("huge")
        assert asked == []
        size.fill("7,5")
        drawn(dialog)
    expect(size).not_to_have_attribute("aria-invalid", "true")
    assert [one["font_size"] for one in asked] == ["7.5"]


def test_what_the_server_refuses_it_says_under_the_last_good_picture(
    page: Page, server: LiveServer, watch: object
) -> None:
    opened(page, server)
    dialog = started(page, "attention")
    words = "font_size = 24: too large for this width; take a smaller one"
    problem = {"title": "Refused", "status": 422, "detail": words, "errors": [{"field": "font_size"}]}
    page.route(ASKED, lambda route: route.fulfill(status=422, json=problem))
    dialog.locator("[name=font_size]").fill("24")
    expect(dialog.get_by_role("alert").filter(has_text=words)).to_be_visible(timeout=PREVIEW_MS)
    expect(dialog.locator(".preview")).to_have_attribute("data-state", "refused")
    expect(dialog.get_by_role("img", name="Preview of the figure, 6.75")).to_be_visible()
    expect(dialog.locator("[name=font_size]")).to_have_attribute("aria-invalid", "true")
    page.unroute(ASKED)
    dialog.locator("[name=font_size]").fill("9")
    drawn(dialog)
    expect(dialog.locator(".refusal")).to_have_text("")
    watch.errors.clear()  # type: ignore[attr-defined]  # Chromium logs the 422 that this test made


def test_while_a_picture_is_drawn_it_says_so_and_only_the_newest_is_shown(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "paths")
    held: list[Route] = []
    page.route(ASKED, lambda route: held.append(route))
    with page.expect_request(lambda one: "width_in=3.25" in one.url):
        choose(dialog, "width", "single")
        expect(dialog.locator(".progress")).to_have_text("drawing …")
    choose(dialog, "theme", "dark")
    choose(dialog, "font", "serif")
    with page.expect_request(lambda one: "font=serif" in one.url) as second:
        held[0].continue_()
    assert words_of(second.value)["theme"] == "dark"
    # The first answer has come, and nobody wants it any more.
    expect(dialog.locator(".measured")).to_contain_text("6.75 ×")
    expect(dialog.locator(".preview")).to_have_attribute("data-state", "waiting")
    assert [words_of(one.request)["font"] for one in held] == ["sans", "serif"]
    held[1].continue_()
    expect(dialog.locator(".measured")).to_contain_text("3.25 ×", timeout=PREVIEW_MS)
    drawn(dialog)


def test_the_options_are_there_again_after_closing_and_after_a_reload(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "gradients")
    choose(dialog, "width", "other")
    dialog.locator("[name=width_in]").fill("5,25")
    dialog.locator("[name=caption]").check()
    dialog.locator("[name=from]").fill("5")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Export", exact=True).click()
    for name, text in (("width_in", "5.25"), ("from", "5")):
        expect(dialog.locator(f"[name={name}]")).to_have_value(text)
    page.reload()
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    dialog = started(page, "gradients")
    expect(dialog.locator("[name=width_in]")).to_have_value("5.25")
    expect(dialog.locator("[name=caption]")).to_be_checked()
    expect(dialog.locator("[name=from]")).to_have_value("")


def test_a_figure_has_the_options_of_its_panel_and_format(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "gradients")
    of = {name: dialog.locator(f".of-{name}").last for name in ("png", "gradients", "trace")}
    for name in of:
        expect(of[name]).to_be_visible()
    dialog.locator("select[name=format]").select_option("pdf")
    expect(of["png"]).to_be_hidden()
    dialog.locator("select[name=panel]").select_option("curves")
    drawn(dialog)
    expect(of["gradients"]).to_be_hidden()
    expect(of["trace"]).to_be_hidden()
    expect(dialog.get_by_role("checkbox", name="marks")).to_be_visible()
    expect(dialog.locator(".of-curves")).to_contain_text("Pin another run as baseline")
    expect(dialog.locator(".of-curves input").first).to_be_hidden()
    dialog.locator("select[name=panel]").select_option("health")
    expect(dialog.get_by_role("checkbox", name="marks")).to_be_hidden()
    expect(dialog.locator(".of-curves")).to_be_hidden()
    dialog.locator("select[name=format]").select_option("csv")
    expect(dialog.locator("#figure")).to_be_hidden()
    expect(dialog.get_by_role("checkbox", name="settings beside it, as JSON")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_fits_a_phone_and_axe_finds_nothing_serious(phone: Page, theme: str) -> None:
    phone.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    phone.get_by_role("button", name="Export", exact=True).click()
    dialog = phone.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option("gradients")
    drawn(dialog)
    assert dialog.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    expect(dialog.get_by_role("button", name="Download")).to_be_in_viewport(ratio=1)
    assert serious(phone) == []


def test_a_figure_is_set_and_left_by_keyboard_alone(page: Page, server: LiveServer) -> None:
    opened(page, server)
    dialog = started(page, "gradients")
    dialog.locator("select[name=panel]").focus()
    passed = []
    for _ in range(20):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("() => document.activeElement.name || document.activeElement.textContent"))
    assert passed == [
        *("format", "width", "height_in", "dpi", "font", "font_size", "colormap", "theme", "transparent"),
        *("legend", "marks", "title", "caption", "rules", "rules", "rules", "from", "to", "beside", "Download"),
    ]
    dialog.locator("input[name=width][value=double]").focus()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_role("radio", name="single column 3.25 in")).to_be_checked()
    expect(dialog.locator(".measured")).to_contain_text("3.25 ×", timeout=PREVIEW_MS)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_pinned_run_and_the_mean_over_seeds_are_drawn_beside_curves_when_they_are_ticked(
    page: Page, server: LiveServer
) -> None:
    runs = [make_run(server, f"seed {seed}", training={"updates": 60, "seed": seed}) for seed in (1, 2)]
    other = make_run(server, "cut", training={"updates": 60}, model={"k_trunc": 2})
    for run in (*runs, other):
        wait_for(server, run, "finished")
    opened(page, server, f"/#run={other}")
    page.get_by_role("button", name="Pin as baseline").click()
    expect(page.locator("#baseline")).to_contain_text("baseline cut, update")
    page.locator(f"li[data-run='{runs[0]}'] button.run").click()
    dialog = started(page, "curves")
    expect(dialog.locator("[data-beside=baseline]")).to_contain_text("cut")
    with pictures(page) as asked:
        dialog.locator("[name=seeds]").check()
        drawn(dialog)
    assert asked[-1]["seeds"] == "true"
    assert set(asked[-1]["baseline"].split(",")) == {other, runs[1]}
    with pictures(page) as asked:
        dialog.locator("[name=seeds]").uncheck()
        dialog.locator("[name=baseline]").uncheck()
        drawn(dialog)
    assert not {"baseline", "seeds"} & set(asked[-1])
    for run in (*runs, other):
        call(server, "DELETE", f"/api/runs/{run}")


def test_without_storage_the_usual_settings_stand(page: Page, server: LiveServer) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('off'); } })")
    opened(page, server)
    dialog = started(page, "paths")
    choose(dialog, "width", "single")
    expect(dialog.locator(".measured")).to_contain_text("3.25 ×", timeout=PREVIEW_MS)
