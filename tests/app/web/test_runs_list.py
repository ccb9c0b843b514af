"""Over HTTP: pages of the list, what a person writes on a run, groups and branches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.server import Live


def started(server: Live, count: int, **more: Any) -> list[str]:
    return [server.start(name="paged-run", training={"updates": 3, "seed": seed}, **more) for seed in range(count)]


def test_the_list_comes_in_pages_that_follow_one_another(server: Live) -> None:
    mine = started(server, 5)
    asked: dict[str, Any] = {"limit": 2, "filter": "PAGED-run", "sort": "seed"}
    first = server.http.get("/api/runs", params={"after": "", **asked})
    assert first.headers["X-Total-Count"] == "5"
    second = server.http.get("/api/runs", params={"after": first.json()[-1]["id"], **asked})
    third = server.http.get("/api/runs", params={"after": second.json()[-1]["id"], **asked})
    assert [run["id"] for page in (first, second, third) for run in page.json()] == mine
    assert server.http.get("/api/runs", params={"filter": "no-such-run"}).json() == []
    newest = server.http.get("/api/runs", params={"after": "", "limit": "", "sort": "", "filter": ""}).json()
    assert [run["id"] for run in newest[:5]] == mine[::-1]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"sort": "loudness"}, "sort"),
        ({"filter": "colour:red"}, "filter"),
        ({"filter": "x" * 401}, "filter"),
        ({"after": "r0000"}, "after"),
        ({"order": "name"}, "order"),
    ],
)
def test_a_page_that_cannot_be_is_refused_by_name(server: Live, asked: dict[str, Any], field: str) -> None:
    answer = server.http.get("/api/runs", params=asked)
    assert answer.status_code in (404, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert answer.json()["errors"][0]["remedy"]


def test_what_is_written_on_a_run_is_kept_told_to_viewers_and_found_again(server: Live) -> None:
    run = server.start(training={"updates": 3, "seed": 9})
    before = server.reach(run, "finished")
    with server.viewer() as viewer:
        viewer.until(lambda frame: frame["kind"] == "runs")
        said = {"note": "the figure\nof section 3", "tags": ["for paper", "x"], "starred": True, "name": "Fig. 3"}
        answer = server.http.patch(f"/api/runs/{run}", json=said)
        assert answer.status_code == 200
        assert {name: answer.json()[name] for name in said} == said
        # A row of its last second of training may still be on its way.
        rows = (viewer.until(lambda frame: frame["kind"] == "row" and frame["run"] == run) for _ in range(3))
        assert any(row["view"]["note"] == said["note"] for row in rows)
    assert [found["id"] for found in server.http.get("/api/runs?filter=tag:for_paper starred:yes").json()] == [run]
    server.http.patch(f"/api/runs/{run}", json={"name": None, "tags": []})
    after = server.run(run)
    assert (after["name"], after["tags"], after["note"]) == (before["name"], [], said["note"])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"note": "x" * 10_000}, "note"),
        ({"note": None}, "note"),
        ({"note": "bell \x07"}, "note"),
        ({"tags": ["<img src=x onerror=alert(1)>"]}, "tags.0"),
        ({"tags": ["a", "a"]}, "tags"),
        ({"tags": [f"t{number}" for number in range(21)]}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"starred": 1}, "starred"),
        ({"name": "x" * 201}, "name"),
        ({"status": "finished"}, "status"),
        ({}, "body"),
    ],
)
def test_C23_what_may_not_be_written_changes_nothing(server: Live, said: dict[str, Any], field: str) -> None:
    run = server.start(training={"updates": 3})
    before = server.reach(run, "finished")
    answer = server.http.patch(f"/api/runs/{run}", json={**said, **({"starred": True} if said else {}), **said})
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert server.run(run) == before


def test_a_run_that_is_gone_cannot_be_written_on(server: Live) -> None:
    assert server.http.patch("/api/runs/r00", json={"note": "x"}).status_code == 404


def test_a_group_is_started_whole_and_its_runs_are_found_by_it(server: Live) -> None:
    asked = {"base": {"training": {"updates": 3}}, "grid": {"model.method": ["sab", "tbptt"]}, "seeds": [1, 2]}
    answer = server.http.post("/api/groups", json=asked)
    assert answer.status_code == 201
    group = answer.json()
    assert [run["group"] for run in group["runs"]] == [group["group"]] * 4
    for run in group["runs"]:
        server.reach(run["id"], "finished")
    found = server.http.get("/api/runs", params={"filter": f"group:{group['group']}"}).json()
    assert {run["id"] for run in found} == {run["id"] for run in group["runs"]}


def test_a_group_grows_by_what_it_does_not_have_yet(server: Live) -> None:
    asked = {"group": "gmine", "name": "mine", "base": {"training": {"updates": 3}}, "seeds": [1, 2]}
    first = server.http.post("/api/groups", json=asked).json()
    assert (first["group"], first["name"]) == ("gmine", "mine")
    again = server.http.post("/api/groups", json={**asked, "name": "another", "seeds": [2, 3]}).json()
    assert again["name"] == "mine", "it keeps its name"
    assert [run["spec"]["training"]["seed"] for run in again["runs"]] == [2, 3]
    assert again["runs"][0]["id"] == first["runs"][1]["id"], "what trains the same is not begun twice"
    for run in (*first["runs"], again["runs"][1]):
        server.reach(run["id"], "finished")
    found = server.http.get("/api/runs", params={"filter": "group:gmine"}).json()
    assert len(found) == 3
    refused = server.http.post("/api/groups", json={**asked, "group": "../x"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "group"


def test_a_group_that_does_not_fit_starts_nothing(server: Live) -> None:
    before = server.http.get("/api/runs?limit=1").headers["X-Total-Count"]
    waiting = server.app.state.settings.queue
    seeds = list(range(waiting + 1))
    answer = server.http.post("/api/groups", json={"seeds": seeds})
    assert answer.status_code in (422, 429)
    assert server.http.get("/api/runs?limit=1").headers["X-Total-Count"] == before


def test_a_branch_goes_on_from_a_stored_update_and_keeps_its_weights_when_the_parent_is_deleted(server: Live) -> None:
    parent = server.start(training={"updates": 6})
    stored = server.reach(parent, "finished")
    answer = server.http.post(f"/api/runs/{parent}/branch", json={"training": {"updates": 12}})
    assert answer.status_code == 201
    assert answer.json()["parent"] == {"run": parent, "name": stored["name"], "update": stored["checkpoint_update"]}
    branch = answer.json()["id"]
    server.http.patch(f"/api/runs/{parent}", json={"name": "renamed"})
    assert server.http.get(f"/api/runs/{branch}").json()["parent"]["name"] == "renamed"
    server.http.delete(f"/api/runs/{parent}")
    assert server.http.get(f"/api/runs/{branch}").json()["parent"]["name"] is None
    assert server.app.state.store.checkpoints.path(stored["checkpoint"]).exists()
    kept = server.http.get(f"/api/runs/{branch}/snapshots").json()["checkpoints"]
    assert kept[0]["checkpoint"] == stored["checkpoint"]


def test_a_branch_that_cannot_be_says_what_there_is(server: Live) -> None:
    parent = server.start(training={"updates": 6})
    server.reach(parent, "finished")
    refused = server.http.post(f"/api/runs/{parent}/branch", json={"update": 4})
    assert refused.status_code == 404
    assert "an update with a checkpoint: " in refused.json()["detail"]
    assert server.http.post("/api/runs/r00/branch", json={}).status_code == 404


def test_curves_are_thinned_to_means_over_equal_bins_when_points_are_asked_for(server: Live) -> None:
    run = server.start(training={"updates": 40})
    server.reach(run, "finished")
    whole = server.http.get(f"/api/runs/{run}/metrics").json()
    thin = server.http.get(f"/api/runs/{run}/metrics?points=10").json()
    assert thin["update"] == [5, 10, 15, 20, 25, 30, 35, 40]
    assert thin["loss"][0] == pytest.approx(sum(whole["loss"][:5]) / 5, rel=1e-6)
    assert server.http.get(f"/api/runs/{run}/metrics?points=9").status_code == 422
