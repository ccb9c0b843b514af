"""C11, B20: memory that is refused ends a training in words, and nothing else; workers are the first to give way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sab_visualiser.app.worker.process import KILLED_FIRST, NICER
from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalLauncher
from sab_visualiser.model.training.checkpoint_format import pack, read_header, read_tensors
from tests.fakes.server import Live, eventually, in_thread

ROOM_BYTES = 64 << 20
TRAINING = {"task": {"T": 400}, "model": {"hidden_size": 512}, "training": {"batch_size": 128}}
PRESET = Path(__file__).resolve().parents[2] / "static" / "presets" / "copy.safetensors"

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that refuses nothing, with real workers that may take 64 MiB."""
    launcher = LocalLauncher((*WORKER_COMMAND, "--memory-bytes", str(ROOM_BYTES)))
    with in_thread(tmp_path_factory.mktemp("narrow"), launcher, memory_mb=1_000_000, probe_timeout_s=60) as live:
        yield live


def test_C11_a_training_that_takes_more_than_it_may_fails_with_the_estimate_in_words(narrow: Live) -> None:
    run = narrow.start(**TRAINING)
    reason = str(narrow.reach(run, "failed", seconds=120)["reason"])
    assert reason.startswith("out of memory: the estimate for this training is "), reason
    assert "lower training.batch_size" in reason
    assert narrow.http.get("/api/health").json() == {"status": "ok"}
    small = narrow.start(task={"T": 5, "items": 2}, model={"hidden_size": 8}, training={"updates": 3, "batch_size": 2})
    narrow.reach(small, "finished", seconds=120)


def test_B20_workers_give_way_to_the_server(narrow: Live) -> None:
    supervisor = narrow.app.state.supervisor
    worker = eventually(lambda: next((one for one in supervisor.workers.values() if one.connected), None), 120)
    process = psutil.Process(worker.handle.pid)
    assert process.nice() >= min(19, psutil.Process().nice() + NICER)
    if sys.platform.startswith("linux"):
        assert Path(f"/proc/{worker.handle.pid}/oom_score_adj").read_text().strip() == str(KILLED_FIRST)
        eventually(lambda: process.rlimit(psutil.RLIMIT_AS)[0] != psutil.RLIM_INFINITY, 120)


def test_B13_the_prober_is_the_same_process_after_a_file_that_asks_for_gigabytes(narrow: Live) -> None:
    supervisor = narrow.app.state.supervisor
    content = PRESET.read_bytes()
    document, _ = read_header(content)
    tensors = read_tensors(content, document)
    raw = {"content-type": "application/octet-stream"}
    assert narrow.http.post("/api/checkpoints", content=content, headers=raw).status_code == 201
    prober = supervisor.prober
    for part, name, value in (("task", "items", 10**9), ("task", "T", 10**12), ("training", "batch_size", 10**15)):
        config = {**document["config"], part: {**document["config"][part], name: value}}
        answer = narrow.http.post(
            "/api/checkpoints", content=pack({**document, "config": config}, tensors), headers=raw
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == f"{part}.{name}"
    assert narrow.http.post("/api/probe", json={"preset": "copy-10", "example": 3, "k_top": 1}).status_code == 200
    assert supervisor.prober is prober
