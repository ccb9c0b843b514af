"""A reset or reseed loses nothing: the attempt before is a run, with its curves, pictures and weights, that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.server import Live, eventually, in_process

SPEC: dict[str, Any] = {
    "task": {"name": "copy", "T": 5, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 2, "k_att": 1, "k_trunc": 2},
    "training": {"batch_size": 4, "updates": 1_000_000},
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with in_process(tmp_path_factory.mktemp("aside"), "--real") as live:
        yield live


def set_aside(live: Live, run: str, kind: str) -> dict[str, Any]:
    """Reset or reseed the run; the run that keeps its attempt, once all of that has arrived."""
    with live.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=live.run(run)["seq"])
        viewer.say(type="command", run=run, command={"type": kind})
        kept = viewer.until(lambda frame: frame["kind"] == "rewound" and frame["data"]["kept"])["data"]["kept"]
    eventually(lambda: live.run(kept)["checkpoint_update"] == live.run(kept)["update"])
    return live.run(kept)


@pytest.mark.server
def test_an_attempt_that_was_set_aside_has_every_update_its_last_picture_and_goes_on_from_its_weights(
    real: Live,
) -> None:
    run = real.start(**SPEC)
    before = real.reach(run, "running", update=30, seconds=90)
    kept = set_aside(real, run, "reset")
    assert kept["update"] >= before["update"]
    curves = real.http.get(f"/api/runs/{kept['id']}/metrics").json()
    assert curves["update"] == list(range(1, kept["update"] + 1))
    picture = real.http.get(f"/api/runs/{kept['id']}/snapshots/latest").json()
    assert (picture["run"], picture["update"]) == (kept["id"], kept["update"])
    assert real.http.post("/api/probe", json={"run": kept["id"]}).json()["update"] == kept["update"]
    # The same seed makes the same updates, so the kept curve and the new one are one.
    real.reach(run, "running", update=30, seconds=90)
    again = real.http.get(f"/api/runs/{run}/metrics").json()
    assert (again["attempt"], again["update"][0]) == (2, 1)
    assert again["loss"][:30] == curves["loss"][:30]
    real.command(kept["id"], "resume")
    real.reach(kept["id"], "running", update=kept["update"] + 5, seconds=90)
    for one in (run, kept["id"]):
        real.http.delete(f"/api/runs/{one}")


@pytest.mark.server
def test_a_second_reset_keeps_a_second_attempt_and_a_deleted_run_leaves_them(real: Live) -> None:
    run = real.start(**SPEC)
    real.reach(run, "running", update=10, seconds=90)
    first = set_aside(real, run, "reseed")
    real.reach(run, "running", update=10, seconds=90)
    second = set_aside(real, run, "reset")
    assert [kept["name"].rpartition(" · ")[2] for kept in (first, second)] == ["attempt 1", "attempt 2"]
    assert [kept["spec"]["training"]["seed"] for kept in (first, second)] == [0, 1]
    real.http.delete(f"/api/runs/{run}")
    for kept in (first, second):
        assert real.http.post("/api/probe", json={"run": kept["id"]}).status_code == 200
