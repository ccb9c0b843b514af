"""Feature 8: the marks of the cuts stand where the API says, and move with k_trunc."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import opened, probe

CENTRES = """() => ["[data-cut='39']", "[data-true-source='0']", "circle[data-reader-step='40']"].map(name => {
  const box = document.querySelector(`[data-testid=paths] ${name}`).getBoundingClientRect();
  return box.left + box.width / 2; })"""


def marks(page: Page, panel: str) -> list[int]:
    found: list[int] = page.locator(f"[data-testid={panel}] [data-cut]").evaluate_all(
        "marks => marks.map(mark => Number(mark.dataset.cut))"
    )
    return sorted(found)


@pytest.mark.parametrize("k_trunc", [5, 7, 1, 0])
def test_paths_and_gradients_are_cut_where_the_api_cuts(page: Page, server: LiveServer, k_trunc: int) -> None:
    opened(page, server)
    field = page.get_by_label("k_trunc, as a number")
    field.fill(str(k_trunc))
    field.press("Enter")
    cuts = probe(server, loss_step=40, k_trunc=k_trunc)["cuts"]
    for panel in ("paths", "gradient-norms"):
        expect(page.locator(f"[data-testid={panel}] [data-cut]")).to_have_count(len(cuts), timeout=15_000)
        assert marks(page, panel) == cuts


def test_a_cut_stands_between_the_step_and_the_one_before_and_no_ink_crosses_it(page: Page, server: LiveServer) -> None:
    opened(page, server)
    trace = probe(server, loss_step=40)
    locals_drawn = page.locator("path[data-kind=local]").evaluate_all(
        "paths => paths.map(path => Number(path.dataset.reader))"
    )
    assert set(locals_drawn).isdisjoint(trace["cuts"])
    centre, ring, reader = page.evaluate(CENTRES)  # at once, for a redraw may come in between
    cell = (reader - ring) / 40
    assert centre == pytest.approx(ring + 38.5 * cell, abs=1)
