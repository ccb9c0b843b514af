"""Feature 10: the step that holds the answer is ringed, and the hit rate on the page is the API's."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe


def choose(page: Page, name: str, value: int) -> None:
    field = page.locator(f"input[name={name}]")
    field.fill(str(value))
    field.press("Enter")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)


def rings(page: Page) -> list[int]:
    found: list[int] = page.locator("[data-true-source]").evaluate_all(
        "rings => rings.map(ring => Number(ring.dataset.trueSource))"
    )
    return sorted(found)


def says_the_rate_of(page: Page, trace: dict[str, Any]) -> None:
    shown = page.locator("#hit-rate")
    assert float(shown.get_attribute("data-hit-rate") or "nan") == trace["hit_rate"]
    hits = [hit for hit in trace["hits"].values() if hit is not None]
    expect(shown).to_have_text(f"hit rate {trace['hit_rate'] * 100:.3g} %, example {trace['example']}")
    assert (shown.get_attribute("title") or "").startswith(f"{sum(hits)} of {len(hits)} readers of this one example")


@pytest.mark.parametrize("step", [40, 44, 49])
def test_the_ring_stands_at_the_true_source_of_the_chosen_step(page: Page, server: LiveServer, step: int) -> None:
    opened(page, server)
    choose(page, "loss_step", step)
    expect(page.locator(f"[data-true-source='{step - 40}']")).to_be_attached(timeout=15_000)
    trace = probe(server, loss_step=step)
    assert rings(page) == trace["true_sources"][str(step)] == [step - 40]
    says_the_rate_of(page, trace)


def test_a_step_without_a_true_source_has_no_ring(page: Page, server: LiveServer) -> None:
    opened(page, server)
    choose(page, "loss_step", 20)
    expect(page.locator("[data-true-source]")).to_have_count(0, timeout=15_000)


def test_the_hit_rate_follows_knobs_and_examples_and_names_its_example(page: Page, server: LiveServer) -> None:
    opened(page, server, "/#preset=copy&k_top=1&k_att=3&example=2")
    trace = probe(server, k_top=1, k_att=3, example=2)
    assert trace["hit_rate"] < 1
    expect(page.locator("#hit-rate")).to_contain_text("example 2", timeout=15_000)
    says_the_rate_of(page, trace)


@pytest.mark.parametrize("asked", [{}, {"k_top": 1, "k_att": 3}, {"knocked_out": [[40, 0]]}])
def test_the_rate_of_one_example_stands_beside_that_of_the_whole_probe_batch(
    page: Page, server: LiveServer, asked: dict[str, Any]
) -> None:
    link = {"knocked_out": "ko=40-0", "k_top": "k_top=1&k_att=3"}
    opened(page, server, f"/#preset=copy&{'&'.join(link[name] for name in asked if name in link)}")
    batch = hits(server, **asked)
    assert batch["examples"] == 16
    assert batch["readers"] == 160
    rates = [probe(server, example=index, **asked)["hit_rate"] for index in range(batch["examples"])]
    assert batch["hit_rate"] == pytest.approx(sum(rates) / len(rates))
    shown = page.locator("#batch-hit-rate")
    expect(shown).to_have_text(f"{batch['hit_rate'] * 100:.3g} % over all 16", timeout=15_000)
    assert float(shown.get_attribute("data-hit-rate") or "nan") == batch["hit_rate"]
    expect(page.locator("#hit-rate")).to_contain_text("example 0")


def hits(server: LiveServer, **fields: Any) -> dict[str, Any]:
    """POST /api/hits about the trained preset."""
    body = json.dumps({"preset": "copy", **fields}).encode()
    request = urllib.request.Request(server.url + "/api/hits", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_adding_rings_both_numbers_of_the_sum(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/#preset=adding-50")
    trace = probe(server, preset="adding-50")
    expect(page.get_by_test_id("paths")).to_have_attribute("data-state", "live", timeout=15_000)
    expect(page.locator("[data-true-source]")).to_have_count(2, timeout=15_000)
    assert rings(page) == sorted(trace["true_sources"][str(trace["loss_step"])])
    says_the_rate_of(page, trace)
