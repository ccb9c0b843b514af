"""Feature 51: the papers' experiments on one page: every seed, what was published, what SAB is not better at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sab_visualiser.app.sweeps.papers.account.figures import figures_of
from sab_visualiser.app.sweeps.papers.account.lengths import of_lengths
from sab_visualiser.app.sweeps.papers.account.shelf import shipped
from tests.app.sweeps.papers.account.cases import MACHINE, row
from tests.e2e.conftest import LiveServer
from tests.e2e.test_feature_25_twins import serious
from tests.fakes.server import Live, in_thread
from tests.oracles.balance_checker import faults
from tests.oracles.reproduction_checker import fault

SETTING = ("T", "T_min", "method", "k_top", "k_trunc", "k_att")
OWN: dict[str, Any] = {
    "name": "mine",
    "title": "Mine & <only>",
    "question": "Does it work here?",
    "published": [],
    "trials": 4,
    "machine": MACHINE,
    "rows": [row(1), row(2, verdict="at chance", accuracy=0.125), row(3, verdict=None, accuracy=None, reason="<lost>")],
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server whose folder has a report of somebody's own."""
    data_dir: Path = tmp_path_factory.mktemp("reproduction")
    (data_dir / "reproduction").mkdir()
    (data_dir / "reproduction" / "mine.json").write_text(json.dumps(OWN))
    (data_dir / "reproduction" / "torn.json").write_text("{")
    with ThreadPoolExecutor(1), in_thread(data_dir) as server:
        yield server


@pytest.fixture
def shown(browser: Browser, live: Live) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{live.url}/reproduction")
    yield page
    context.close()
    assert errors == []


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_text_contents()]


def test_every_report_has_its_seeds_as_marks_and_its_failures_in_words(shown: Page) -> None:
    expect(shown.get_by_test_id("reproduction")).to_be_visible()
    for report in [*shipped(), OWN]:
        card = f"[data-experiment='{report['name']}']"
        expect(shown.locator(f"{card} h2")).to_have_text(report["title"])
        if of_lengths(report["rows"]):  # networks of another report, measured again: they have a table of means
            continue
        learned = [one for one in report["rows"] if one["verdict"] == "learned"]
        figures = [one for one in report["rows"] if one[_metric(report)] is not None]
        expect(shown.locator(f"{card} .seeds circle")).to_have_count(len(figures))
        expect(shown.locator(f"{card} .seeds circle[data-learned]")).to_have_count(len(learned))
        expect(shown.locator(f"{card} .seeds .no-figure")).to_have_count(len(report["rows"]) - len(figures))
        told = texts(shown, f"{card} .failures dd")
        assert len(told) == len(report["rows"]) - len(learned)
        for one in report["rows"]:
            if one["verdict"] != "learned":
                assert any(f"seed {one['seed']}: {one['label'] or one['status']}" in words for words in told)


def test_a_report_of_other_lengths_has_the_mean_and_the_ends_of_its_networks_at_each(shown: Page) -> None:
    told = [one for one in shipped() if of_lengths(one["rows"])]
    assert told
    for report in told:
        rows = report["rows"]
        lengths = sorted({one["T_test"] for one in rows})
        kinds = {tuple(one[key] for key in SETTING): None for one in rows}
        cells = texts(shown, f"[data-experiment='{report['name']}'] td[data-label^='at T = ']")
        expected = []
        for kind in kinds:
            for T in lengths:
                here = [
                    one["accuracy"] for one in rows if one["T_test"] == T and tuple(one[key] for key in SETTING) == kind
                ]
                expected.append(f"{sum(here) / len(here):.3f} ({min(here):.3f} … {max(here):.3f})")
        assert sorted(cells) == sorted(expected)


def _metric(report: dict[str, Any]) -> str:
    return "mse" if report["rows"][0]["task"] == "adding" else "accuracy"


def test_what_the_page_says_is_so_when_it_is_counted_from_the_rows(shown: Page) -> None:
    reports = shipped()
    for report in [*reports, OWN]:
        said = texts(shown, f"[data-experiment='{report['name']}'] .answers li")
        assert said
        assert [wrong for sentence in said if (wrong := fault(report, sentence))] == []
    sides = [texts(shown, f"[data-side='{side}'] li") for side in ("better", "no better")]
    assert all(sides)
    assert faults(reports, *sides) == []


def test_a_mark_stands_where_its_figure_is(shown: Page) -> None:
    (report,) = [one for one in shipped() if one["name"] == "copy"]
    marks = shown.locator("[data-experiment=copy] .seeds circle")
    rows = marks.evaluate_all(
        "(all) => all.map((mark) => [mark.querySelector('title').textContent, mark.cx.baseVal.valueInSpecifiedUnits])"
    )
    told = [
        (f"seed {one['seed']}: {one['label']}, accuracy {one['accuracy']:.3f}", one["accuracy"])
        for one in report["rows"]
    ]
    assert len(rows) == len(told)
    for (words, at), (start, accuracy) in zip(rows, told, strict=True):
        assert words.startswith(start)
        assert at == pytest.approx(4 + 92 * accuracy, abs=0.01)


def test_published_figures_stand_only_where_a_source_is_named(shown: Page) -> None:
    (report,) = [one for one in shipped() if one["name"] == "copy"]
    cells = texts(shown, "[data-experiment=copy] .published")
    sources = {one["source"]: f"{one['accuracy']:g}" for one in report["published"]}
    figures = [cell for cell in cells if not cell.startswith("–")]
    assert sorted(figures) == sorted(f"{figure} {source}" for source, figure in sources.items())
    assert all(
        cell in ("– no paper mixes delays", "– no source that we checked") for cell in cells if cell not in figures
    )
    expect(shown.locator("[data-experiment='copy-300'] .published")).to_have_count(0)
    expect(shown.locator("[data-experiment='copy-300']")).to_contain_text("Published figures are left out")


def test_ones_own_report_stands_beside_and_is_no_part_of_the_balance(shown: Page) -> None:
    card = shown.locator("[data-experiment=mine]")
    expect(card.locator(".badge")).to_have_text("from your own folder")
    expect(card).to_contain_text("1 of 4 trials are still missing")
    expect(card).to_contain_text("<lost>")
    expect(shown.locator("[data-experiment=torn]")).to_have_count(0)


def test_the_rows_are_a_file_and_nothing_else_is(shown: Page, live: Live) -> None:
    link = shown.locator("[data-experiment=copy] .made a").first.get_attribute("href")
    assert link == "./reproduction/files/copy.json"
    assert live.http.get(link).json()["name"] == "copy"
    for name in ("nothing.json", "..%2Fcopy.json", "README.md"):
        assert live.http.get(f"/reproduction/files/{name}").status_code == 404


def test_each_figure_is_there_in_the_colours_of_the_theme(shown: Page) -> None:
    figures = figures_of(shipped())
    assert figures
    for theme in ("light", "dark"):
        shown.locator("select[name=theme]").select_option(theme)
        for figure in figures:
            picture = shown.locator(f"[data-figure={figure.name}] img:visible")
            expect(picture).to_have_count(1)
            expect(picture).to_have_attribute("src", f"./reproduction/files/{figure.name}-{theme}.svg")
            picture.scroll_into_view_if_needed()
            shown.wait_for_function("(img) => img.complete && img.naturalWidth > 0", arg=picture.element_handle())
            expect(shown.locator(f"[data-figure={figure.name}] figcaption")).to_have_text(figure.caption)


def test_the_pages_lead_to_it_and_nobody_is_kept_out(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    page.locator("#reproduction").click()
    page.wait_for_url("**/reproduction")
    for theme in ("light", "dark"):
        page.locator("select[name=theme]").select_option(theme)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        page.wait_for_timeout(300)  # colours have changed, and nothing comes late
        assert serious(page) == []
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_it_fits_a_phone(phone: Page, server: LiveServer) -> None:
    phone.goto(f"{server.url}/reproduction")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    expect(phone.locator("[data-experiment=copy] tbody tr").first).to_contain_text("SAB")
