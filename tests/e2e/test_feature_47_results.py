"""Feature 47: what came of a group of runs: the story, a heatmap, a band, parallel coordinates, a table, and files."""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from sab_visualiser.app.export.content import parquet
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.runs.verdict import NOTHING, Progress
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, RunStatus, TaskSpec, TrainingSpec
from tests.e2e.conftest import LiveServer
from tests.e2e.runs import SMALL, call, wait_for
from tests.e2e.test_feature_25_twins import serious
from tests.fakes.server import Live, in_thread

GROUP = "gtwo"
K_TOP, K_TRUNC, SEEDS = (1, 2, 5), (2, 5), (1, 2)
FAILED, DIVERGED, LEFT_OUT = (1, 2, 1), (2, 2, 2), (5, 2)
"""A trial without any look, one with a look before it diverged, and a combination that nobody tried."""


def accuracy(top: int, trunc: int, seed: int) -> float:
    return {1: 0.2, 2: 0.5, 5: 0.99}[top] + trunc / 1000 - seed / 200


async def fill(data_dir: Path) -> None:
    store = Store(Settings(data_dir=data_dir))
    store.open()
    for number, (top, trunc, seed) in enumerate(product(K_TOP, K_TRUNC, SEEDS)):
        if (top, trunc) == LEFT_OUT:
            continue
        model, training = ModelSpec(k_top=top, k_trunc=trunc), TrainingSpec(seed=seed, updates=500)
        spec = RunSpec(task=TaskSpec(T=10), model=model, training=training)
        share = accuracy(top, trunc, seed)
        fresh: dict[str, float | None] = {"accuracy": share, "ce10": 1 - share, "ce": 1 - share, "loss": 1 - share}
        seen = Progress(**{**NOTHING, "update": 500, "value": share, "best": share, "improved": 500, "fresh": fresh})
        seen["learned"] = 375 if top == 5 else None
        place = (top, trunc, seed)
        run = new_run(f"r{number}", spec, f"2026-01-01T00:00:{number:02}.000+00:00")
        status: RunStatus = "failed" if place == FAILED else "diverged" if place == DIVERGED else "finished"
        run = replace(run, status=status, update=500, progress=None if place == FAILED else seen)
        why = "out of memory <on> purpose" if place == FAILED else None
        await store.commit(replace(run, reason=why, group=GROUP, group_name="memories & <blocks>"))
    store.close()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with a group of ten trials that have ended."""
    data_dir = tmp_path_factory.mktemp("results")
    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        aside.submit(asyncio.run, fill(data_dir)).result()
    with in_thread(data_dir) as live:
        yield live


@pytest.fixture
def shown(browser: Browser, results: Live) -> Iterator[Page]:
    """Its page; the test fails when that logged an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, results)
    yield page
    context.close()
    assert errors == []


def opened(page: Page, results: Live, hash_: str = "") -> None:
    page.goto("about:blank")
    page.goto(f"{results.url}/runs/group/{GROUP}{hash_}")
    expect(page.get_by_test_id("results-heat")).to_have_attribute("data-state", "live")


def cells(page: Page) -> dict[str, str]:
    """What the cells say to those who do not see them, by the settings."""
    labels = page.locator("[data-testid=results-heat] [data-cell]").evaluate_all(
        "(cells) => cells.map((cell) => cell.getAttribute('aria-label'))"
    )
    return {", ".join(label.split(", ")[:2]): label for label in labels}


def test_the_first_thing_one_reads_is_which_setting_works(shown: Page) -> None:
    expect(shown.locator("h1")).to_have_text("Best of 5 settings: k_top 5, k_trunc 5")
    expect(shown.locator("#answer")).to_contain_text(
        "Its accuracy is 0.988 in the mean over 2 seeds, from 0.985 to 0.99."
    )
    expect(shown.locator("#answer")).to_contain_text("2 of 10 trials learned; in 1 of 5 settings all did.")
    expect(shown.locator("#answer")).to_contain_text("Failed or diverged: 2 trials")
    expect(shown.locator("#group-name")).to_have_text("memories & <blocks>")


def test_a_cell_is_the_mean_of_its_trials_and_leads_to_them(shown: Page, results: Live) -> None:
    said = cells(shown)
    assert len(said) == 5, "nobody tried k_top 5 with k_trunc 2"
    assert "mean accuracy 0.988 (2 trials)" in said["k_top 5, k_trunc 5"]
    assert "least 0.985, most 0.99" in said["k_top 5, k_trunc 5"]
    assert "accuracy 0.192 (1 of 2 trials)" in said["k_top 1, k_trunc 2"]
    assert "1 of 2 failed or diverged: out of memory <on> purpose" in said["k_top 1, k_trunc 2"]
    expect(shown.get_by_test_id("results-heat").locator(".caption")).to_contain_text(
        "Hatched: 1 combination without a trial"
    )
    shown.locator("[data-cell='2.1']").click()
    shown.wait_for_url("**/runs#*")
    query = parse_qs(shown.url.partition("#")[2])
    listed = results.http.get("/api/runs", params={"filter": query["filter"][0]}).json()
    assert sorted(run["id"] for run in listed) == sorted(query["runs"][0].split("."))
    expect(shown.locator("[data-testid=runs-table] [data-run]")).to_have_count(2)
    shown.locator("#group-results").click()
    expect(shown.locator("h1")).to_contain_text("Best of 5 settings")


def test_pointing_tells_and_arrows_go_from_cell_to_cell(shown: Page) -> None:
    shown.locator("[data-cell='1.1']").hover()
    expect(shown.locator(".tooltip")).to_contain_text("k_top 2, k_trunc 5")
    shown.locator("[data-cell='0.0']").focus()
    shown.keyboard.press("ArrowRight")
    expect(shown.locator("[data-cell='1.0']")).to_be_focused()
    shown.keyboard.press("ArrowUp")
    expect(shown.locator("[data-cell='1.1']")).to_be_focused()
    shown.keyboard.press("ArrowRight")
    expect(shown.locator("[data-cell='2.1']")).to_be_focused()
    expect(shown.locator(".tooltip")).to_contain_text("2 of 2 learned")


def test_a_choice_is_kept_in_the_link_and_axes_change_places(shown: Page, results: Live) -> None:
    shown.locator("[name=metric]").select_option("loss")
    expect(shown.locator("#heat-title")).to_have_text("loss by k_top and k_trunc")
    shown.locator("[name=x]").select_option("model.k_trunc")
    expect(shown.locator("#heat-title")).to_have_text("loss by k_trunc and k_top")
    expect(shown.locator("[name=y]")).to_have_value("model.k_top")
    shown.locator("[data-testid=results-table] [data-sort='training.seed']").click()
    shown.wait_for_url("**sort=training.seed*")
    link = shown.url.partition("#")[2]
    opened(shown, results, f"#{link}")
    expect(shown.locator("#heat-title")).to_have_text("loss by k_trunc and k_top")
    expect(shown.locator("h1")).to_have_text("Best of 5 settings: k_top 5, k_trunc 5")
    seeds = shown.locator("[data-testid=results-table] [data-cell='training.seed']").all_text_contents()
    assert seeds == sorted(seeds)
    assert len(seeds) == 10


# Everything that is drawn or said, with attributes in one order whatever was written first.
DRAWN = """() => {
  const told = (node) => node.nodeType === Node.TEXT_NODE ? node.data : `<${node.tagName} ${
    [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort().join(" ")}>${
    [...node.childNodes].map(told).join("")}</>`;
  const whole = "#results-tools .held, .picture svg:not(.over), [data-testid=results-table] :is(thead, tbody)";
  const words = "h1, h2, #answer, .caption, .panel-note";
  return [...document.querySelectorAll(whole)].map(told).concat(
    [...document.querySelectorAll(words)].map((element) => element.textContent));
}"""
CHOICES = [
    ("metric", "loss"),
    ("metric", "learned"),
    ("x", "model.k_trunc"),
    ("metric", "seconds"),
    ("x", "model.k_top"),
    ("metric", "accuracy"),
    ("y", "model.k_top"),
    ("metric", "ce"),
]


def test_what_is_shown_after_any_choices_is_what_their_link_shows_in_a_fresh_page(shown: Page, results: Live) -> None:
    """Panels paint only what a choice changes, over what is there: nothing of an earlier choice may stay."""
    fresh = shown.context.new_page()
    for name, value in CHOICES:
        before = shown.url
        shown.locator(f"[name={name}]").select_option(value)
        shown.wait_for_function("before => location.href !== before", arg=before)
        opened(fresh, results, f"#{shown.url.partition('#')[2]}")
        for page in (shown, fresh):
            page.bring_to_front()
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert shown.evaluate(DRAWN) == fresh.evaluate(DRAWN), (name, value)


def test_the_table_has_every_trial_those_without_a_figure_at_the_end(shown: Page) -> None:
    rows = shown.locator("[data-testid=results-table] [data-run]")
    expect(rows).to_have_count(10)
    expect(rows.first.locator("[data-cell=accuracy]")).to_have_text("0.99")
    expect(rows.last).to_have_attribute("data-run", "r0")
    expect(rows.last.locator("[data-cell=updates]")).to_have_text("failed at 500")
    shown.locator("[data-testid=results-table] [data-sort=accuracy]").click()
    expect(rows.last).to_have_attribute("data-run", "r0")
    expect(rows.first.locator("[data-cell=accuracy]")).to_have_text("0.192")
    rows.first.locator("a").click()
    shown.wait_for_url("**/#run=*")


def test_rows_and_pictures_are_taken_along(shown: Page, results: Live) -> None:
    tools = shown.locator("#results-tools")
    with shown.expect_download() as waiting:
        tools.get_by_role("button", name="CSV").click()
    read = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text())))
    asked = results.http.get(f"/api/groups/{GROUP}").json()["rows"]
    assert [(line["run"], line["model.k_top"]) for line in read] == [
        (row["run"], str(row["values"]["model.k_top"])) for row in asked
    ]
    with shown.expect_download() as waiting:
        tools.get_by_role("button", name="JSON").click()
    assert json.loads(Path(waiting.value.path()).read_text())["rows"] == asked
    for picture in ("heat", "band", "lines"):
        with shown.expect_download() as waiting:
            shown.locator(f"[data-picture={picture}][data-file=svg]").click()
        text = Path(waiting.value.path()).read_text()
        assert text.startswith("<svg ")
        assert "memories &amp; &lt;blocks&gt;" in text
    with shown.expect_download() as waiting:
        shown.locator("[data-picture=heat][data-file=png]").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")


def test_parquet_comes_as_a_file_and_without_its_extra_the_page_says_how_to_install_it(
    browser: Browser, results: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = browser.new_page(accept_downloads=True)
    opened(page, results)
    button = page.get_by_role("button", name="Parquet")
    if importlib.util.find_spec("pyarrow"):
        with page.expect_download() as waiting:
            button.click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"PAR1")
    monkeypatch.setattr(parquet, "PACKAGE", "a_package_that_nobody_has")
    button.click()
    expect(page.locator("#results-notice")).to_contain_text("pip install 'sab-visualiser[parquet]'")
    page.close()


def test_a_group_that_is_not_there_says_so(browser: Browser, results: Live) -> None:
    page = browser.new_page()
    page.goto(f"{results.url}/runs/group/nobody")
    expect(page.locator("h1")).to_have_text("These results cannot be shown")
    expect(page.locator("#rows-problem")).to_contain_text("nobody")
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_results(shown: Page, theme: str) -> None:
    shown.locator("select[name=theme]").select_option(theme)
    expect(shown.locator("html")).to_have_attribute("data-theme", theme)
    assert serious(shown) == []


def test_nothing_is_wider_than_a_phone(shown: Page, results: Live) -> None:
    shown.set_viewport_size({"width": 360, "height": 740})
    opened(shown, results)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360


def test_results_move_while_trials_train_and_the_table_of_runs_leads_there(page: Page, server: LiveServer) -> None:
    base = {**SMALL, "training": {**SMALL["training"], "updates": 260}}
    made = call(server, "POST", "/api/groups", {"base": base, "grid": {"model.k_top": [1, 2]}, "name": "two"})
    page.goto(f"{server.url}/runs#by=group&filter=group%3A{made['group']}")
    page.locator("tr.head").get_by_role("link", name="Results").click()
    expect(page.locator("[data-testid=results-table] [data-run]")).to_have_count(2)
    for run in made["runs"]:
        wait_for(server, run["id"], "finished")
    expect(page.locator("#answer")).not_to_contain_text("Still to end")
    last = [call(server, "GET", f"/api/runs/{run['id']}")["fresh"]["accuracy"] for run in made["runs"]]
    told = page.locator("[data-testid=results-table] [data-cell=accuracy]")
    for figure in last:
        expect(told.filter(has_text=f"{float(f'{figure:.3g}'):g}").first).to_be_visible()
    more = call(server, "POST", "/api/groups", {"base": base, "group": made["group"], "grid": {"model.k_top": [5]}})
    expect(page.locator("[data-testid=results-table] [data-run]")).to_have_count(3)
    call(server, "DELETE", f"/api/runs/{more['runs'][0]['id']}")
    expect(page.locator("[data-testid=results-table] [data-run]")).to_have_count(2)
