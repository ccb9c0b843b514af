"""Feature 40: methods compared as one group, a branch from stored weights, the settings in view duplicated."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, look_at, make_run, wait_for


def test_one_press_starts_the_chosen_methods_with_the_same_task_seeds_data_and_budget(
    page: Page, server: LiveServer
) -> None:
    run = make_run(server, "base", training={"updates": 40})
    wait_for(server, run, "finished")
    look_at(page, server, f"run={run}")
    page.get_by_role("button", name="Compare methods", exact=True).click()
    dialog = page.locator("#compare-dialog")
    expect(dialog.locator(".compare-base")).to_contain_text("at most 40 updates each: the settings of “base”")
    dialog.get_by_label("bptt full").uncheck()
    dialog.get_by_label("Seeds").fill("1, x")
    expect(dialog.get_by_role("alert")).to_contain_text("“x” is no seed")
    expect(dialog.get_by_role("button", name="Start")).to_be_disabled()
    dialog.get_by_label("Seeds").fill("4-5")
    dialog.get_by_role("button", name="Start 4 runs").click()
    page.wait_for_url(re.compile(r"/runs#group=g[0-9a-f]+"))
    group = page.url.rpartition("=")[2]
    runs = call(server, "GET", f"/api/runs?filter=group:{group}")
    assert {(one["spec"]["model"]["method"], one["spec"]["training"]["seed"]) for one in runs} == {
        (method, seed) for method in ("sab", "tbptt") for seed in (4, 5)
    }
    base = call(server, "GET", f"/api/runs/{run}")["spec"]
    for one in runs:
        assert one["spec"]["task"] == base["task"]
        assert {**one["spec"]["training"], "seed": 0} == {**base["training"], "seed": 0}
    for one in (run, *(each["id"] for each in runs)):
        call(server, "DELETE", f"/api/runs/{one}")


def test_a_branch_goes_on_from_stored_weights_with_another_knob(page: Page, server: LiveServer, watch: Watch) -> None:
    run = make_run(server, "trunk", training={"updates": 40})
    wait_for(server, run, "finished")
    look_at(page, server, f"run={run}")
    page.get_by_role("button", name="Branch", exact=True).click()
    dialog = page.locator("#branch-dialog")
    expect(dialog.locator("select[name=update]")).to_have_value("40")
    dialog.get_by_label("k_top of the branch").fill("1")
    dialog.get_by_label("updates of the branch").fill("30")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.get_by_role("alert")).to_contain_text("more than 40, the update it branches off at")
    watch.errors.clear()  # Chromium logs the refusal, which was asked for
    dialog.get_by_label("updates of the branch").fill("60")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()
    chosen = page.locator("button.run[aria-pressed=true]")
    expect(chosen).to_contain_text("trunk from 40", timeout=20_000)
    expect(chosen).to_contain_text("finished · update 60", timeout=30_000)
    branch = page.locator("body").get_attribute("data-run") or ""
    view = call(server, "GET", f"/api/runs/{branch}")
    assert (view["parent"], view["parameters"]["k_top"]) == ({"run": run, "name": "trunk", "update": 40}, 1)
    expect(page.get_by_role("button", name="Reseed")).to_be_disabled()
    for one in (run, branch):
        call(server, "DELETE", f"/api/runs/{one}")


def test_the_settings_of_a_preset_in_view_are_duplicated_into_the_form(page: Page, server: LiveServer) -> None:
    look_at(page, server, "preset=copy-10")
    page.get_by_role("button", name="Duplicate the settings in view").click()
    form = page.locator("#run-form")
    expect(form.locator(".form-source")).to_contain_text("Settings of “Copy in seconds”")
    expect(form.locator("[name='task.T']")).to_have_value("10")
    expect(form.locator("[name='task.name']")).to_be_focused()


def test_the_form_compares_methods_with_what_stands_in_its_fields(page: Page, server: LiveServer) -> None:
    look_at(page, server, "preset=copy-10")
    page.get_by_role("button", name="Duplicate the settings in view").click()
    page.locator("#run-form [name='task.T']").fill("7")
    page.get_by_role("button", name="Compare methods with these settings").click()
    expect(page.locator("#compare-dialog .compare-base")).to_contain_text("copy T=7")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#compare-dialog")).to_be_hidden()
