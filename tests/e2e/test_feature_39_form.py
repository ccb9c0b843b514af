"""A run like another, but for one thing: the form has every field, filled from what is in view or from any run."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from sab_visualiser.model.contract import TASKS, fields, takes
from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.steps import OPENING, leave_and_delete, listed_runs, opened

LONG_MS = 60_000


def form_of(page: Page) -> Locator:
    """The form, opened."""
    page.get_by_text("Your own run").click()
    form = page.locator("#run-form")
    expect(form.locator(".form-source")).not_to_be_empty()
    return form


def texts(form: Locator) -> dict[str, str]:
    """What stands in each field, by its name."""
    found: dict[str, str] = form.evaluate(
        "form => Object.fromEntries([...form.elements].filter(e => e.name.includes('.')).map(e => [e.name, e.value]))"
    )
    return found


def test_the_form_has_every_field_of_a_run_filled_with_the_settings_in_view(page: Page, server: LiveServer) -> None:
    opened(page, server)
    form = form_of(page)
    expect(form.locator(".form-source")).to_contain_text(OPENING["title"])
    expect(form.locator("legend")).to_have_text(["Task", "Network", "Knobs", "Training"])
    shown = texts(form)
    assert set(shown) == {field.path for field in fields()}
    for part, values in OPENING["config"].items():
        for name, value in values.items():
            told = "" if value is None else str(value).lower() if isinstance(value, bool) else f"{value}"
            assert shown[f"{part}.{name}"] == told or float(shown[f"{part}.{name}"]) == float(told), name


def test_fields_that_the_method_fixes_cannot_be_filled_and_say_why(page: Page, server: LiveServer) -> None:
    opened(page, server)
    form = form_of(page)
    form.locator("[name='model.method']").select_option("attention")
    for name, why in (
        ("k_top", "reads every memory"),
        ("k_trunc", "has no cuts"),
        ("normalizer", "has softmax weights"),
    ):
        expect(form.locator(f"[name='model.{name}']")).to_be_disabled()
        expect(form.locator(f"[name='model.{name}']")).to_have_attribute("title", f"method attention {why}")
    form.locator("[name='model.method']").select_option("sab")
    expect(form.locator("[name='model.k_top']")).to_be_enabled()


def test_a_run_is_duplicated_with_another_method_and_all_else_the_same(page: Page, server: LiveServer) -> None:
    wish = {
        "name": "first",
        "task": {"name": "copy", "T": 6, "items": 3},
        "model": {"hidden_size": 24, "attention_size": 8, "k_top": 2, "k_att": 1},
        "training": {"updates": 3, "batch_size": 4, "learning_rate": 0.004, "clip_norm": 0.7, "seed": 5},
    }
    created: dict[str, Any] = page.request.post(
        f"{server.url}/api/runs", data=wish, headers={"origin": server.url}
    ).json()
    opened(page, server)
    page.get_by_role("button", name="Duplicate first").click()
    form = page.locator("#run-form")
    expect(form.locator(".form-source")).to_contain_text("“first”")
    form.locator("[name='model.method']").select_option("tbptt")
    form.locator("[name='name']").fill("second")
    form.get_by_role("button", name="Start run").click()
    expect(page.locator("li[data-run]")).to_have_count(2, timeout=LONG_MS)
    runs = {run["name"]: run for run in json.loads(server.get("/api/runs"))}
    mine, other = runs["second"]["spec"], created["spec"]
    assert mine["task"] == other["task"]
    assert mine["training"] == other["training"]
    assert {name for name in mine["model"] if mine["model"][name] != other["model"][name]} <= {"method", "k_top"}
    assert mine["model"]["method"] == "tbptt"
    leave_and_delete(page, server, *listed_runs(page))


def test_a_field_that_the_task_does_not_take_is_neither_shown_nor_sent(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    opened(page, server)
    form = form_of(page)
    sent: list[dict[str, Any]] = []

    def refuse(route: Route) -> None:
        watch.excused.append(route.request.url)
        sent.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=422, content_type="application/problem+json", body='{"title":"no","detail":"not now"}')

    page.route("**/api/runs", lambda route: refuse(route) if route.request.method == "POST" else route.fallback())
    form.locator("[name='task.items']").fill("4")
    form.locator("[name='task.T_min']").fill("9")
    for name in reversed(TASKS):
        form.locator("[name='task.name']").select_option(name)
        shown = [field.name for field in fields() if field.part == "task" and field.name != "name"]
        visible = [one for one in shown if form.locator(f"[name='task.{one}']").is_visible()]
        assert visible == list(takes(name)), name
        form.get_by_role("button", name="Start run").click()
        expect(form.locator(".form-note")).to_have_text("not now")
        assert set(sent[-1]["task"]) <= {"name", *takes(name)}, name
        assert "items" not in sent[-1]["task"], "another task begins with its own"
        assert sent[-1]["task"]["name"] == name
