"""Feature 42: any number of runs over one another: means with bands over seeds, what differs, files of both."""

from __future__ import annotations

import csv
import json
import re
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.runs import SMALL, call, make_run, wait_for
from tests.fakes.server import eventually

UPDATES = 260
LINES = """(axis) => document.querySelector('[data-testid=compare] .plot').data
  .filter((line) => line.yaxis === axis && !line.fill && line.hoverinfo !== 'skip')
  .map(({ name, x, y, line }) => ({ name, x: [...x], y: [...y], dash: line.dash }))"""


def group_of(server: LiveServer) -> tuple[str, list[dict[str, Any]]]:
    """Two methods with two seeds each, at their end: the id of the group, and its runs."""
    base = {**SMALL, "name": "pair", "training": {**SMALL["training"], "updates": UPDATES}}
    body = {"base": base, "grid": {"model.method": ["sab", "tbptt"]}, "seeds": [0, 1]}
    made = call(server, "POST", "/api/groups", body)
    runs = [wait_for(server, run["id"], "finished") for run in made["runs"]]
    return made["group"], runs


def compared(page: Page, server: LiveServer, hash_: str) -> Locator:
    """The comparison, once all its curves are drawn."""
    page.goto(f"{server.url}/runs#{hash_}")
    panel = page.get_by_test_id("compare")
    expect(panel).to_have_attribute("data-state", "live", timeout=20_000)
    expect(panel.locator(".plot .main-svg").first).to_be_visible(timeout=20_000)
    expect(panel.locator(".caption")).not_to_contain_text("on their way", timeout=20_000)
    return panel


def fresh(server: LiveServer, run: str) -> dict[int, float]:
    """Accuracy on fresh examples by update, as the API has it."""
    looks = call(server, "GET", f"/api/runs/{run}/metrics")["looks"]
    pairs = zip(looks["update"], looks["fresh"]["accuracy"], strict=True)
    return {update: value for update, value in pairs if value is not None}


def test_a_link_to_a_group_draws_means_over_its_seeds_as_the_api_has_them(page: Page, server: LiveServer) -> None:
    group, runs = group_of(server)
    panel = compared(page, server, f"group={group}")
    expect(page.locator("#choice-words")).to_contain_text("4 runs chosen · all of the group")
    lines = {line["name"]: line for line in page.evaluate(LINES, "y2")}
    assert set(lines) == {"sab · mean of seeds 0 and 1", "tbptt · mean of seeds 0 and 1"}
    assert len({line["dash"] for line in lines.values()}) == 2
    for name, line in lines.items():
        seeds = [fresh(server, run["id"]) for run in runs if run["spec"]["model"]["method"] == name.split()[0]]
        assert line["x"] == sorted(set(seeds[0]) & set(seeds[1]))
        for update, value in zip(line["x"], line["y"], strict=True):
            assert value == pytest.approx(sum(seed[update] for seed in seeds) / 2, abs=1e-6)
    learned = sum((run["verdict"] or {}).get("word") == "learned" for run in runs)
    expect(panel.locator(".caption")).to_contain_text(f"{learned} of 4 runs learned.")
    expect(panel.locator(".caption")).to_contain_text("A band reaches from the smallest to the largest of the runs.")
    expect(panel.locator(".legend [data-curve]")).to_have_count(2)
    expect(panel.locator(".legend [data-curve]").first).to_contain_text(re.compile("learned [0-2] of 2"))


def test_only_what_differs_is_told(page: Page, server: LiveServer) -> None:
    group, runs = group_of(server)
    panel = compared(page, server, f"group={group}")
    fields = panel.get_by_test_id("differs").locator("tbody tr")
    expect(fields.locator("th")).to_have_text(["method", "k_top", "seed"])
    told = fields.nth(0).locator("td").all_inner_texts()
    assert sorted(told) == sorted(run["spec"]["model"]["method"] for run in runs)


def test_each_run_can_be_a_line_smoothed_over_what_was_measured_and_taken_away(page: Page, server: LiveServer) -> None:
    group, _ = group_of(server)
    panel = compared(page, server, f"group={group}")
    panel.get_by_label("Lines").select_option("each")
    eventually(lambda: len(page.evaluate(LINES, "y2")) == 4)
    expect(panel.locator(".caption")).to_contain_text("4 lines, each a single run.")
    expect(panel.locator(".caption")).not_to_contain_text("A band")
    measured = {line["name"]: line["y"] for line in page.evaluate(LINES, "y2")}
    panel.get_by_label("Smoothing").fill("0.6")
    raw = """() => document.querySelector('[data-testid=compare] .plot').data
      .filter((line) => line.yaxis === 'y2' && line.hoverinfo === 'skip').map((line) => [...line.y])"""
    eventually(lambda: page.evaluate(raw) == list(measured.values()))
    expect(panel.locator(".caption")).to_contain_text("Smoothed by 0.6")
    for line in page.evaluate(LINES, "y2"):
        first, second = measured[line["name"]]
        assert line["y"] == pytest.approx([first, (0.6 * first + second) / 1.6])
    panel.locator(".legend button").first.click()
    eventually(lambda: len(page.evaluate(LINES, "y2")) == 3)
    expect(panel.locator(".legend button").first).to_have_attribute("aria-pressed", "false")


def test_a_link_keeps_how_curves_are_drawn(page: Page, server: LiveServer) -> None:
    group, _ = group_of(server)
    panel = compared(page, server, f"group={group}")
    panel.get_by_label("Lines").select_option("each")
    panel.get_by_label("Values").select_option("training")
    panel.get_by_label("Show").select_option("metric")
    panel.get_by_label("accuracy", exact=True).check()
    eventually(lambda: all(part in page.evaluate("location.hash") for part in ("scale=accuracy-log", "show=metric")))
    drawn = page.evaluate(LINES, "y")
    link = page.evaluate("location.hash").removeprefix("#")
    page.goto("about:blank")
    again = compared(page, server, link)
    expect(again.get_by_label("Values")).to_have_value("training")
    expect(again.get_by_label("accuracy", exact=True)).to_be_checked()
    eventually(lambda: page.evaluate(LINES, "y") == drawn)
    assert page.evaluate("() => document.querySelector('.plot').layout.yaxis.type") == "log"


def test_runs_of_another_metric_are_left_out_and_told(page: Page, server: LiveServer) -> None:
    runs = [make_run(server, f"copy {seed}", training={"updates": 130, "seed": seed}) for seed in (0, 1)]
    runs.append(make_run(server, "sum", task={"name": "adding", "items": None}, training={"updates": 130}))
    for run in runs:
        wait_for(server, run, "finished")
    panel = compared(page, server, "runs=" + ".".join(runs))
    expect(panel.locator(".caption")).to_contain_text("1 run (mse)")
    assert len(page.evaluate(LINES, "y2")) == 1
    panel.get_by_label("Metric").select_option("mse")
    expect(panel.locator(".caption")).to_contain_text("2 runs (accuracy)")
    eventually(lambda: page.evaluate("() => document.querySelector('.plot').layout.yaxis2.type") == "log")


def test_a_link_with_a_run_that_is_gone_says_so_and_shows_the_others(page: Page, server: LiveServer) -> None:
    runs = [make_run(server, f"kept {seed}", training={"updates": 130, "seed": seed}) for seed in (0, 1)]
    gone = make_run(server, "gone")
    for run in runs:
        wait_for(server, run, "finished")
    call(server, "DELETE", f"/api/runs/{gone}")
    compared(page, server, "runs=" + ".".join([*runs, gone]))
    expect(page.locator("#list-notice")).to_contain_text("One run of this link is not on this server.")
    expect(page.locator("#choice-words")).to_have_text("2 runs chosen")


def saved(page: Page, panel: Locator, kind: str, folder: Path) -> bytes:
    with page.expect_download() as download:
        panel.get_by_role("button", name=kind, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"sab-comparison.{kind.lower()}"
    return path.read_bytes()


def test_the_figure_and_its_numbers_are_taken_along(page: Page, server: LiveServer, tmp_path: Path) -> None:
    group, _ = group_of(server)
    page.emulate_media(color_scheme="dark")
    panel = compared(page, server, f"group={group}")
    assert saved(page, panel, "PNG", tmp_path).startswith(b"\x89PNG")
    with page.expect_request(lambda one: "format=pdf" in one.url) as asked:
        paper = saved(page, panel, "PDF", tmp_path)
    assert (paper[:5], b"/Type3" in paper) == (b"%PDF-", False)
    query = parse_qs(urlsplit(asked.value.url).query)
    assert (query["panel"], query["seeds"], len(query["baseline"][0].split(","))) == (["curves"], ["true"], 3)
    drawing = saved(page, panel, "SVG", tmp_path).decode()
    for words in ("tbptt", "accuracy", "update", "chance", "runs learned"):
        assert words in drawing, words
    light = page.evaluate("() => document.documentElement.dataset.theme")
    assert light == "dark", "the page itself stays as it was"
    assert "rgb(255, 255, 255)" in drawing or "#ffffff" in drawing.lower(), "paper is white"
    lines = saved(page, panel, "CSV", tmp_path).decode().splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert any("nothing is smoothed" in line for line in head)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    drawn = {line["name"]: dict(zip(line["x"], line["y"], strict=True)) for line in page.evaluate(LINES, "y2")}
    accuracy = [row for row in rows if row["metric"] == "accuracy"]
    assert len(accuracy) == sum(len(line) for line in drawn.values())
    for row in accuracy:
        assert float(row["mean"]) == pytest.approx(drawn[row["curve"]][int(row["update"])])
        assert float(row["low"]) <= float(row["mean"]) <= float(row["high"])
        assert row["n"] == "2"


def test_a_copy_counts_once_and_a_branch_is_told_by_the_name_of_its_parent(page: Page, server: LiveServer) -> None:
    runs = [make_run(server, f"twin seed {seed}", training={"updates": UPDATES, "seed": seed}) for seed in (1, 2)]
    for run in runs:
        wait_for(server, run, "finished")
    bundle = server.get(f"/api/runs/{runs[0]}/bundle")
    request = urllib.request.Request(f"{server.url}/api/bundles", bundle, {"content-type": "application/zip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        copy = json.loads(answer.read())["id"]
    panel = compared(page, server, "runs=" + ".".join([*runs, copy]))
    expect(panel.locator(".legend [data-curve]")).to_have_count(1)
    expect(panel.locator(".legend .label")).to_have_text("twin · mean of seeds 1 and 2")
    expect(panel.locator(".legend")).to_contain_text("1 copy left out")
    expect(panel.locator(".caption")).to_contain_text("of 2 runs")
    branch = call(server, "POST", f"/api/runs/{runs[0]}/branch", {"training": {"updates": UPDATES + 40}})["id"]
    wait_for(server, branch, "finished")
    again = compared(page, server, f"runs={runs[0]}.{branch}")
    began = again.locator("tr[data-field=parent] td")
    expect(began).to_have_text(["–", f"twin seed 1, update {UPDATES}"])
    call(server, "PATCH", f"/api/runs/{runs[0]}", {"name": "elder"})
    expect(began.last).to_have_text(f"elder, update {UPDATES}")
