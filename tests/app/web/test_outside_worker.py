"""`sab worker` processes that see nothing of the server but its socket: they resume, probe, check and inspect."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.workers.local import LocalLauncher
from tests.fakes.server import Live, eventually, in_thread
from tests.faults.test_checkpoints import quarantined

pytestmark = pytest.mark.server
START_S = 90
SPEC: dict[str, Any] = {
    "task": {"name": "copy", "T": 6, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 3, "k_trunc": 3, "k_att": 1},
    "training": {"batch_size": 4, "updates": 1_000_000, "seed": 3},
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server all of whose workers are `sab worker`, each with a home and a working folder of its own."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    loops = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"  # compiled already; nothing of the server's
    place = ("env", "-C", str(elsewhere), f"HOME={elsewhere}", f"TMPDIR={elsewhere}", f"XDG_CACHE_HOME={loops}")
    sab = (sys.executable, "-P", "-m", "sab_visualiser.app.cli", "worker", "--device", "cpu")
    with in_thread(tmp_path_factory.mktemp("data"), LocalLauncher((*place, *sab)), probe_timeout_s=START_S) as opened:
        yield opened
    assert list(elsewhere.rglob("*.safetensors")) == [], "bytes are kept in memory only"


def test_a_run_goes_on_at_another_worker_from_the_bytes_of_its_checkpoint(live: Live) -> None:
    run = live.start(**SPEC)
    live.reach(run, "running", update=5, seconds=START_S)
    live.command(run, "stop")
    stopped = live.reach(run, "stopped")
    live.command(run, "resume")
    live.reach(run, "running", update=stopped["update"] + 5, seconds=START_S)
    live.command(run, "stop")
    live.reach(run, "stopped")
    updates = live.http.get(f"/api/runs/{run}/metrics").json()["update"]
    assert updates == list(range(1, len(updates) + 1))
    assert len(updates) > stopped["update"]


def test_stored_networks_are_asked_at_a_worker_that_has_none_of_their_files(live: Live) -> None:
    run = live.start(**SPEC)
    live.reach(run, "running", update=2, seconds=START_S)
    live.command(run, "stop")
    checkpoint = live.reach(run, "stopped")["checkpoint"]
    eventually(lambda: live.app.state.supervisor.prober, START_S)
    content = (live.data_dir / "checkpoints" / f"{checkpoint}.safetensors").read_bytes()
    headers = {"Content-Type": "application/octet-stream"}
    uploaded = live.http.post("/api/checkpoints", content=content, headers=headers, timeout=START_S)
    assert (uploaded.status_code, uploaded.json()["checkpoint"]) == (201, checkpoint)
    for network in ({"run": run}, {"checkpoint": checkpoint}, {"preset": "copy"}):
        answer = live.http.post("/api/probe", json={**network, "example": 2}, timeout=START_S)
        assert answer.status_code == 200, answer.text
        assert live.http.get("/api/selfcheck", params=network, timeout=START_S).json()["holds"] is True


def test_where_a_checkpoint_is_gone_a_question_says_so_and_the_run_goes_on_from_what_is_left(live: Live) -> None:
    # A seed of its own: stopped at the same update, another test's run would have left the very same bytes at a worker,
    # which rightly answers from them.
    run = live.start(**{**SPEC, "training": {**SPEC["training"], "seed": 4}})
    live.reach(run, "running", update=2, seconds=START_S)
    live.command(run, "stop")
    checkpoint = live.reach(run, "stopped")["checkpoint"]
    (live.data_dir / "checkpoints" / f"{checkpoint}.safetensors").unlink()
    answer = live.http.post("/api/probe", json={"run": run}, timeout=START_S)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["range"] == "one that the server still has"
    live.command(run, "resume")
    assert live.reach(run, "running", update=1, seconds=START_S)["checkpoint"] != checkpoint, "begun anew: no other was"
    (said,) = quarantined(live, run)
    assert said["name"] is None, "nothing was left to put aside"
    assert said["why"] == "the server has no file of it"
    live.command(run, "stop")
    live.reach(run, "stopped")
