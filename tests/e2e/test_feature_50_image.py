"""Feature 50: an image that is read pixel by pixel is also shown as a picture; one can be drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sab_visualiser.model.contract import pixel_order
from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, look_at, make_run, wait_for
from tests.e2e.steps import still_box
from tests.fakes.server import eventually

LONG_MS = 20_000
SIDE = 8
SEED = 5


@pytest.fixture
def images(server: LiveServer) -> Iterator[str]:
    """A run that reads digits by a permutation."""
    task = {"name": "pixels", "T": SIDE * SIDE, "items": None, "permuted": SEED}
    run = make_run(server, "digits", task=task, training={"updates": 3, "batch_size": 4})
    wait_for(server, run, "finished")
    yield run
    call(server, "DELETE", f"/api/runs/{run}")


def greys(page: Page) -> list[float]:
    """How dark each pixel of the picture is, 0 … 1, row by row; in the light theme."""
    found: list[float] = page.locator("[data-picture-of=read] canvas").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return Array.from({ length: canvas.width * canvas.height }, (_, at) => 1 - data[4 * at] / 255);
        }"""
    )
    return found


def test_the_picture_is_the_image_and_outlines_are_what_the_step_reads(
    page: Page, server: LiveServer, images: str
) -> None:
    told = call(server, "GET", f"/api/runs/{images}/snapshots/latest")
    look_at(page, server, f"run={images}&theme=light")
    picture = page.get_by_test_id("image")
    expect(picture).to_be_visible()
    order = pixel_order(SIDE * SIDE, SEED)
    shown = greys(page)
    assert max(abs(shown[pixel] - told["inputs"][step][0]) for step, pixel in enumerate(order)) < 1 / 255
    read = {
        source
        for reader, source, weight in zip(
            *(told["attention"][name] for name in ("reader", "source", "weight")), strict=True
        )
        if reader == told["loss_step"] and source >= 0 and weight > 0
    }
    boxes = page.locator("[data-picture-of=read] rect.read").evaluate_all(
        "all => all.map(one => [Math.floor(one.getAttribute('y')), Math.floor(one.getAttribute('x'))])"
    )
    assert {row * SIDE + column for row, column in boxes} == {order[source] for source in read}
    name = told["task"]["symbols"][told["predictions"][-1]]
    expect(picture.locator(".answer")).to_contain_text(f"The network says {name}")


def test_a_click_on_a_pixel_chooses_the_step_that_reads_it(page: Page, server: LiveServer, images: str) -> None:
    look_at(page, server, f"run={images}")
    over = page.locator("[data-picture-of=credit] svg")
    over.scroll_into_view_if_needed()
    box = still_box(over)
    row, column = 2, 5
    over.click(position={"x": (column + 0.5) * box["width"] / SIDE, "y": (row + 0.5) * box["height"] / SIDE})
    step = pixel_order(SIDE * SIDE, SEED).index(row * SIDE + column)
    expect(page.locator("#detail-title")).to_have_text(f"Step {step}")
    expect(page.locator("[data-picture-of=read] figcaption")).to_contain_text(f"Step {step} (row 2, column 5)")


def test_a_drawing_is_what_the_network_reads(page: Page, server: LiveServer, images: str, watch: Watch) -> None:
    look_at(page, server, f"run={images}&theme=light")
    page.locator("#own-input summary").click()
    page.get_by_role("button", name="Blank", exact=True).click()
    expect(page.get_by_test_id("image").locator(".answer")).not_to_contain_text("right", timeout=LONG_MS)
    eventually(lambda: max(greys(page)) == 0)
    sheet = page.locator("#own-drawing canvas")
    sheet.press("ArrowDown")
    sheet.press("ArrowRight")
    with page.expect_response("**/api/probe"):
        sheet.press(" ")
    eventually(lambda: greys(page)[SIDE + 1] == 1)
    assert [round(greys(page)[at], 1) for at in (1, SIDE, SIDE + 2, 2 * SIDE + 1)] == [0.4] * 4
    expect(page.locator("[data-picture-of=credit] figcaption")).to_contain_text("Nobody said what this image shows")
    assert "own=" in page.url or page.evaluate("location.hash").count("own=")
    page.get_by_role("button", name="Back to example 0").click()
    expect(page.locator("[data-picture-of=credit] figcaption")).to_contain_text("The loss of step", timeout=LONG_MS)


def test_other_tasks_have_no_picture(page: Page, server: LiveServer) -> None:
    look_at(page, server, "preset=copy")
    expect(page.get_by_test_id("image")).to_be_hidden()
    page.locator("#own-input summary").click()
    expect(page.locator("#own-drawing")).to_be_hidden()
