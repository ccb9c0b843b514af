"""What comes back of a run that went out as a bundle: everything, to the bit, under another id."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.bundle.manifest import CONFIG, EVENTS, MANIFEST, METRICS, RUN, SNAPSHOTS
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.requests import RunSpec
from tests.app.bundle.zips import bring, brought, bundle_of, events_of, forged, unzipped
from tests.fakes.server import Live, eventually, in_process, in_thread

ITS_OWN = {"id", "created", "note", "attempt", "seq", "imported"}
"""What a run that was brought in has otherwise."""
OLD_FOLDER = Path(__file__).resolve().parents[2] / "data" / "v0.1.tar.xz"
LABELS = {"run", "attempt", "seq"}
SPEC = {
    "task": {"name": "copy", "T": 5, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 2, "k_att": 1, "k_trunc": 2},
}


def lived(live: Live) -> str:
    """A run that was steered, paused, stopped, resumed and stopped again."""
    run = live.start(name="lived", training={"updates": 1_000_000})
    live.reach(run, "running", update=12)
    live.command(run, "set_parameters", parameters={"k_top": 2, "learning_rate": 0.5})
    eventually(lambda: live.run(run)["params_version"] == 1)
    live.command(run, "checkpoint")
    eventually(lambda: live.run(run)["checkpoint"])
    live.command(run, "stop")
    at = live.reach(run, "stopped")["update"]
    live.command(run, "resume")
    live.reach(run, "running", update=at + 10)
    live.command(run, "stop")
    live.reach(run, "stopped", update=at + 10)
    return run


def messages(bundle: bytes, name: str) -> list[bytes]:
    """The frames without what names the run, so that they can be compared byte by byte."""
    return [encode({k: v for k, v in each.items() if k not in LABELS}) for each in events_of(bundle, name)]


def figures(live: Live, run: str) -> dict[str, Any]:
    """What each update came to; when somebody looked depends on the clock."""
    curves = live.http.get(f"/api/runs/{run}/metrics").json()
    return {name: curves[name] for name in ("update", "loss", "gradient_norm", "learning_rate", "values")}


def same_run(one: bytes, other: bytes) -> None:
    """All files of two bundles are equal, but for what is a run's own."""
    mine, its = unzipped(one), unzipped(other)
    assert mine.keys() == its.keys()
    for name in mine.keys() - {MANIFEST, CONFIG, RUN, EVENTS, SNAPSHOTS}:
        if name.startswith("snapshots/"):
            assert {**json.loads(mine[name]), "run": ""} == {**json.loads(its[name]), "run": ""}, name
        else:
            assert mine[name] == its[name], name
    for name in (CONFIG, RUN):
        left, right = (json.loads(files[name]) for files in (mine, its))
        spec = left.pop("spec"), RunSpec.model_validate_json(json.dumps(right.pop("spec")))
        assert RunSpec.model_validate_json(json.dumps(spec[0])) == spec[1]
        assert {k: v for k, v in left.items() if k not in ITS_OWN} == {
            k: v for k, v in right.items() if k not in ITS_OWN
        }
    assert messages(one, SNAPSHOTS) == messages(other, SNAPSHOTS)


def test_a_run_that_was_brought_in_goes_out_as_it_came(server: Live) -> None:
    first = bundle_of(server, lived(server))
    view = brought(server, first)
    second = bundle_of(server, view["id"])
    same_run(first, second)
    assert messages(first, EVENTS) == messages(second, EVENTS)
    again = bundle_of(server, brought(server, second)["id"])
    same_run(second, again)
    assert [e["seq"] for e in events_of(again)] == list(range(1, len(events_of(again)) + 1))


def test_curves_changes_snapshots_and_checkpoints_are_those_of_the_run(server: Live) -> None:
    run = lived(server)
    new = brought(server, bundle_of(server, run))["id"]
    for path in ("metrics", "snapshots", "snapshots/latest", "snapshots/5"):
        mine, its = (server.http.get(f"/api/runs/{each}/{path}").json() for each in (run, new))
        assert {**mine, "run": "", "seq": 0} == {**its, "run": "", "seq": 0}, path
    assert server.http.get(f"/api/runs/{new}/metrics").json()["changes"][0]["parameters"]["k_top"] == 2
    for panel in ("curves", "attention", "paths"):
        mine, its = (
            server.http.get(f"/api/runs/{each}/export?panel={panel}&format=csv").text.replace(each, "")
            for each in (run, new)
        )
        assert mine == its


def test_name_and_note_say_where_it_comes_from(server: Live) -> None:
    run = server.start(name="hello", training={"updates": 3})
    server.reach(run, "finished")
    server.http.patch(f"/api/runs/{run}", json={"note": "the good one", "tags": ["a", "b"], "starred": True})
    view = brought(server, bundle_of(server, run))
    assert (view["name"], view["tags"], view["starred"]) == ("hello", ["a", "b"], True)
    assert view["note"] == f"imported from the bundle of run {run}\nthe good one"
    first = server.run(run)
    assert (first["imported"], view["imported"]) == (None, {"run": run, "started": first["created"]})
    assert view["created"] > first["created"], "when it came, so that it stands on top of the list"
    assert view["trained_per_s"] == first["trained_per_s"]
    twice = brought(server, bundle_of(server, view["id"]))
    assert twice["imported"] == view["imported"], "it is a copy of the first run all the same"
    assert twice["note"] == f"imported from the bundle of run {view['id']}\nthe good one"


@pytest.mark.parametrize("config", [True, b"{}", b'{"created": "yesterday"}', None])
def test_a_bundle_of_before_says_in_its_config_when_its_run_was_started(server: Live, config: Any) -> None:
    run = server.start(training={"updates": 1})
    started = server.reach(run, "finished")["created"]
    bundle = bundle_of(server, run)
    record = json.loads(unzipped(bundle)[RUN])
    del record["born"]
    changes: dict[str, bytes | None] = {RUN: json.dumps(record).encode()}
    view = brought(server, forged(bundle, changes if config is True else {**changes, CONFIG: config}))
    assert view["imported"] == {"run": run, "started": started if config is True else None}


def test_a_note_that_leaves_no_room_stays_as_it_is(server: Live) -> None:
    run = server.start(training={"updates": 1})
    server.reach(run, "finished")
    server.http.patch(f"/api/runs/{run}", json={"note": "n" * 2000})
    assert brought(server, bundle_of(server, run))["note"] == "n" * 2000


def test_a_run_that_was_training_arrives_stopped_and_its_events_say_so(server: Live) -> None:
    run = server.start(training={"updates": 1_000_000})
    server.reach(run, "running", update=7)
    bundle = bundle_of(server, run)
    server.command(run, "stop")
    view = brought(server, bundle)
    assert (view["status"], view["reason"]) == ("stopped", "it was running when its bundle was made")
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=view["id"], after=0)
        last = viewer.until(
            lambda frame: frame["kind"] != "runs" and frame.get("seq") == view["seq"] and "data" in frame
        )
    assert (last["kind"], last["data"]["status"]) == ("status", "stopped")
    assert last["data"]["parameters"] == view["parameters"]


def test_a_viewer_gets_every_event_of_it_and_its_newest_picture(server: Live) -> None:
    view = brought(server, bundle_of(server, lived(server)))
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=view["id"], after=None)
        picture = viewer.until(lambda frame: frame["kind"] == "snapshot")
        assert viewer.seqs(view["id"]) == list(range(1, view["seq"] + 1))
    assert (picture["run"], picture["update"]) == (view["id"], view["update"] // 5 * 5)


def test_it_appears_in_the_list_of_everybody(server: Live) -> None:
    run = server.start(name="seen by all", training={"updates": 2})
    server.reach(run, "finished")
    bundle = bundle_of(server, run)
    with server.viewer() as viewer:
        viewer.until(lambda frame: frame["kind"] == "runs")
        new = brought(server, bundle)["id"]
        row = viewer.until(lambda frame: frame["kind"] == "row" and frame["run"] == new)
    assert row["view"]["name"] == "seen by all"


def test_only_the_attempt_at_hand_comes_along(server: Live) -> None:
    run = server.start(training={"updates": 1_000_000})
    server.reach(run, "running", update=10)
    server.command(run, "reseed")
    eventually(lambda: server.run(run)["attempt"] == 2)
    server.reach(run, "running", update=4)
    server.command(run, "stop")
    server.reach(run, "stopped")
    view = brought(server, bundle_of(server, run))
    assert (view["attempt"], view["spec"]["training"]["seed"]) == (1, 1)
    kinds = [e["kind"] for e in events_of(bundle_of(server, view["id"]))]
    assert "rewound" not in kinds
    mine, its = (server.http.get(f"/api/runs/{each}/metrics").json() for each in (run, view["id"]))
    assert mine["loss"] == its["loss"] != []


def test_it_survives_a_restart_and_is_deleted_as_any_other(tmp_path: Path) -> None:
    with in_thread(tmp_path / "here") as live:
        run = live.start(training={"updates": 6})
        live.reach(run, "finished")
        bundle = bundle_of(live, run)
    with in_thread(tmp_path / "there") as live:
        view = brought(live, bundle)
    with in_thread(tmp_path / "there") as live:
        assert live.run(view["id"]) == view
        same_run(bundle, bundle_of(live, view["id"]))
        assert live.http.delete(f"/api/runs/{view['id']}").status_code == 204
        assert list(live.app.state.store.checkpoints.folder.iterdir()) == []


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, dict[str, Any]]]:
    """Today's server on a folder of version 0.1, whose snapshots have another format."""
    folder = tmp_path_factory.mktemp("v0.1")
    with tarfile.open(OLD_FOLDER) as archive:
        archive.extractall(folder, filter="data")
    shutil.copytree(folder / "data", folder / "opened")
    with in_thread(folder / "opened") as live:
        yield live, json.loads((folder / "expected.json").read_text())["runs"]


@pytest.mark.parametrize("name", ["finished", "stopped", "reset", "resumed"])
def test_runs_of_version_0_1_go_out_with_all_that_they_have(old: tuple[Live, dict[str, Any]], name: str) -> None:
    live, runs = old
    run = runs[name]["id"]
    bundle = unzipped(bundle_of(live, run))
    assert len(bundle[METRICS].splitlines()) == 1 + len(runs[name]["metrics"]["update"])
    refusal = bring(live, bundle_of(live, run)).json()["detail"]
    # Its checkpoints are real ones, which the fake worker of this test does not know; all else has passed by then.
    assert refusal == "no safetensors header"


@pytest.mark.server
def test_a_run_that_was_brought_in_is_probed_and_goes_on_bit_for_bit(tmp_path: Path) -> None:
    with in_process(tmp_path / "here", "--real") as live:
        run = live.start(**SPEC, training={"batch_size": 4, "updates": 60, "seed": 3})
        live.reach(run, "running", seconds=90)
        live.command(run, "pause")
        live.reach(run, "paused", "finished", seconds=90)
        live.command(run, "stop")
        live.reach(run, "stopped", "finished", seconds=90)
        bundle = bundle_of(live, run)
        asked = {"loss_step": None}
        mine = live.http.post("/api/probe", json={"run": run, **asked}, timeout=90).json()
        live.command(run, "resume")
        live.reach(run, "finished", seconds=90)
        end = figures(live, run)
    with in_process(tmp_path / "there", "--real") as live:
        view = brought(live, bundle)
        its = live.http.post("/api/probe", json={"run": view["id"], **asked}, timeout=90).json()
        assert {**its, "run": run} == mine
        live.command(view["id"], "resume")
        live.reach(view["id"], "finished", seconds=90)
        assert figures(live, view["id"]) == end


@pytest.mark.server
@pytest.mark.parametrize("name", ["stopped", "resumed"])
def test_a_run_of_version_0_1_is_brought_in(tmp_path: Path, old: tuple[Live, dict[str, Any]], name: str) -> None:
    live, runs = old
    bundle = bundle_of(live, runs[name]["id"])
    with in_process(tmp_path / "there", "--real") as there:
        view = brought(there, bundle)
        same_run(bundle, bundle_of(there, view["id"]))


@pytest.mark.server
def test_a_branch_that_was_brought_in_is_reset_to_where_it_branched_off(tmp_path: Path) -> None:
    with in_process(tmp_path / "here", "--real") as live:
        run = live.start(**SPEC, training={"batch_size": 4, "updates": 40, "seed": 3})
        live.reach(run, "finished", seconds=90)
        asked = {"model": {"k_top": 1}, "training": {"updates": 80}}
        branch = live.http.post(f"/api/runs/{run}/branch", json=asked).json()["id"]
        live.reach(branch, "finished", seconds=90)
        end, bundle = figures(live, branch), bundle_of(live, branch)
    assert (end["update"][0], end["update"][-1]) == (41, 80)
    with in_process(tmp_path / "there", "--real") as live:
        view = brought(live, bundle)
        assert view["parent"] == {"run": run, "name": None, "update": 40}, "its parent is not on this server"
        assert figures(live, view["id"]) == end
        live.command(view["id"], "reset")
        live.reach(view["id"], "finished", update=80, seconds=90)
        assert figures(live, view["id"]) == end


def test_a_run_that_never_began_arrives_stopped_and_can_begin(tmp_path: Path) -> None:
    with in_thread(tmp_path / "data", max_runs=1) as live:
        busy = live.start(training={"updates": 1_000_000})
        live.reach(busy, "running")
        waits = live.start(name="waits", training={"updates": 4})
        view = brought(live, bundle_of(live, waits))
        assert (view["status"], view["update"], view["checkpoint"]) == ("stopped", 0, None)
        live.command(busy, "stop")
        live.command(view["id"], "resume")
        assert live.reach(view["id"], "finished")["update"] == 4
