"""Feature 53: a text is read on from update to update, its state carried; reset and branch go on where they say."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from sab_visualiser.model.contract import CARRIED
from tests.e2e.conftest import LiveServer
from tests.e2e.runs import call, wait_for
from tests.e2e.steps import opened
from tests.e2e.test_feature_39_form import form_of

UPDATES = 40
WISH: dict[str, Any] = {
    "task": {"name": "char", "T": 20, "carry": True},
    "model": {"hidden_size": 8, "attention_size": 4},
    "training": {"updates": UPDATES, "batch_size": 4, "seed": 7, "rate_decay": 0},
}


def losses(server: LiveServer, run: str) -> list[float]:
    found: list[float] = json.loads(server.get(f"/api/runs/{run}/metrics"))["loss"]
    return found


def test_the_form_starts_such_a_run_and_every_way_on_is_the_uninterrupted_one(page: Page, server: LiveServer) -> None:
    opened(page, server)
    form = form_of(page)
    form.locator("[name='task.name']").select_option("char")
    form.locator("[name='task.carry']").select_option("true")
    fields = {f"{part}.{name}": value for part in ("task", "model", "training") for name, value in WISH[part].items()}
    for path, value in fields.items():
        if path not in ("task.name", "task.carry"):
            form.locator(f"[name='{path}']").fill(str(value))
    form.locator("[name='name']").fill("read on")
    form.get_by_role("button", name="Start run").click()
    expect(form).to_be_hidden(timeout=60_000)
    (run,) = [one for one in json.loads(server.get("/api/runs")) if one["name"] == "read on"]
    assert run["spec"]["task"]["carry"] is True
    wait_for(server, run["id"], "finished")
    whole = losses(server, run["id"])
    assert len(whole) == UPDATES

    call(server, "POST", f"/api/runs/{run['id']}/commands", {"type": "reset"})
    wait_for(server, run["id"], "finished")
    assert losses(server, run["id"]) == whole, "a reset reads from the same places with nothing"

    spec = run["spec"]
    shorter = {**spec, "name": "half", "training": {**spec["training"], "updates": UPDATES // 2}}
    half = call(server, "POST", "/api/runs", shorter)["id"]
    wait_for(server, half, "finished")
    branch = call(server, "POST", f"/api/runs/{half}/branch", {"training": {"updates": UPDATES}})
    wait_for(server, branch["id"], "finished")
    assert losses(server, branch["id"]) == whole[UPDATES // 2 :], "a branch goes on with the state of its parent"

    page.goto(f"{server.url}/runs")
    cell = page.locator(f"tr[data-run='{run['id']}'] [data-cell=task]")
    expect(cell).to_have_attribute("title", CARRIED)
    for each in (branch["id"], half, run["id"]):
        call(server, "DELETE", f"/api/runs/{each}")
