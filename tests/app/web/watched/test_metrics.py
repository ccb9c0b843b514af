"""What Prometheus is told: figures that are so, and nothing of a person."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sab_visualiser.app.control.counted.latency import BOUNDS_S, Latency
from tests.fakes.server import Live, eventually


def told(live: Live) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    answer = live.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_what_is_told_is_so(server: Live) -> None:
    before = told(server)
    run = server.start(name="Ada Lovelace", training={"updates": 100_000})
    server.reach(run, "running", update=5)
    with server.viewer():
        eventually(lambda: told(server)["sab_viewers",] == before["sab_viewers",] + 1)
        now = told(server)
        listed = server.http.get("/api/runs", params={"limit": 200}).json()
        for status in ("finished", "stopped", "failed"):
            assert now["sab_runs", status] == sum(view["status"] == status for view in listed)
        assert now["sab_runs", "running"] == before["sab_runs", "running"] + 1
        assert now["sab_events_total", "metrics"] >= before.get(("sab_events_total", "metrics"), 0) + 5
        assert now["sab_events_total", "snapshot"] > before.get(("sab_events_total", "snapshot"), 0)
        assert now["sab_workers", "run"] >= 1
        assert now["sab_store_bytes", "database"] >= (server.data_dir / "runs.sqlite").stat().st_size > 0
        assert now["sab_disk_free_bytes",] > 0
        assert now["sab_store_writable",] == 1
    server.command(run, "stop")
    server.reach(run, "stopped")


def test_probes_and_refusals_are_counted(server: Live) -> None:
    before = told(server)
    assert server.http.post("/api/probe", json={"preset": "copy", "k_top": 3}).status_code == 200
    assert server.http.get("/api/runs/rffff").status_code == 404
    now = told(server)
    assert now["sab_probe_seconds_count",] == before["sab_probe_seconds_count",] + 1
    assert now["sab_probe_seconds_sum",] > before["sab_probe_seconds_sum",]
    assert now["sab_refusals_total", "404"] == before.get(("sab_refusals_total", "404"), 0) + 1


def test_no_name_no_id_and_no_secret_is_told(server: Live) -> None:
    run = server.start(name="Ada Lovelace", training={"updates": 3})
    server.reach(run, "finished")
    server.http.patch(f"/api/runs/{run}", json={"note": "a secret note"})
    said = server.http.get("/metrics").text
    for word in (run, "Ada", "secret", str(server.data_dir), server.app.state.door.keys.controller):
        assert word not in said


@pytest.mark.parametrize(("took", "below"), [(0.0, BOUNDS_S[0]), (0.01, 0.01), (0.3, 0.5), (99.0, None)])
def test_a_time_is_counted_below_every_bound_that_it_keeps(took: float, below: float | None) -> None:
    latency = Latency()
    latency.add(took)
    counted = {bound for bound, count in latency.buckets() if count == 1}
    expected = {str(bound) for bound in BOUNDS_S if below is not None and bound >= below} | {"+Inf"}
    assert (counted, latency.sum_s) == (expected, took)


def test_a_server_that_nobody_watches_does_not_load_the_library(tmp_path: Path) -> None:
    words = """
import sys
from pathlib import Path
from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
create_app(Settings(data_dir=Path(sys.argv[1])))
sys.exit("prometheus_client" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", words, str(tmp_path)], check=False).returncode == 0
