"""Runs of a sweep that travel as bundles are a group again where they arrive, each of them once."""

from __future__ import annotations

from pathlib import Path

from tests.app.bundle.zips import brought, bundle_of
from tests.fakes.server import in_thread


def test_runs_of_a_group_are_compared_on_another_server_as_on_their_own(tmp_path: Path) -> None:
    asked = {
        "name": "two traits",
        "base": {"training": {"updates": 4}},
        "grid": {"model.k_top": [1, 2]},
        "seeds": [1, 2],
    }
    with in_thread(tmp_path / "here") as live:
        group = live.http.post("/api/groups", json=asked).json()
        runs = [run["id"] for run in group["runs"]]
        for run in runs:
            live.reach(run, "finished")
        bundles = [bundle_of(live, run) for run in runs]
        results = live.http.get(f"/api/groups/{group['group']}").json()
        assert brought(live, bundles[0])["group"] is None, "the run itself is here, and counts"
    with in_thread(tmp_path / "there") as live:
        views = [brought(live, bundle) for bundle in bundles]
        assert {(view["group"], view["group_name"]) for view in views} == {(group["group"], "two traits")}
        assert brought(live, bundles[1])["group"] is None, "it is here already"
        its = live.http.get(f"/api/groups/{group['group']}").json()
        names = {view["id"]: run for view, run in zip(views, runs, strict=True)}
        own = {"run": "", "seq": 0, "attempt": 0}
        assert [{**row, **own} for row in its["rows"]] == [{**row, **own} for row in results["rows"]]
        assert [names[row["run"]] for row in its["rows"]] == [row["run"] for row in results["rows"]]
        assert its["axes"] == results["axes"] == ["model.k_top", "training.seed"]
    with in_thread(tmp_path / "there") as live:
        again = live.http.post("/api/groups", json={**asked, "group": group["group"], "seeds": [1, 2, 3]}).json()
        assert [run["id"] for run in again["runs"]][:2] == [views[0]["id"], views[1]["id"]], (
            "what is there is not begun"
        )
        assert len({run["id"] for run in again["runs"]} - set(names)) == 2
