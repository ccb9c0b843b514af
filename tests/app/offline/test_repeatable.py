"""The same seed gives the same bits: loops just compiled or loaded, on the command line or in a worker."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.worker.process import prepare
from sab_visualiser.app.worker.session import Session
from sab_visualiser.model.training import checkpoint
from tests.app.worker.conftest import Outbox

pytestmark = pytest.mark.server
UPDATES = 40
SETTINGS = {"task.T": "10", "task.T_min": "1", "training.scorer_rate": "0.3", "training.sum_floor": "0.1"}
SPEC = {
    "task": {"T": 10, "T_min": 1},
    "training": {"scorer_rate": 0.3, "sum_floor": 0.1, "updates": UPDATES, "seed": 0},
}


def trained(folder: Path, cache: Path) -> tuple[str, dict[str, Any]]:
    """What `sab train` comes to in a process of its own: a digest of the checkpoint, and the metrics."""
    settings = [word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")]
    words = ["train", *settings, "--updates", str(UPDATES), "--seed", "0", "--output", str(folder), "--json"]
    command = [sys.executable, "-P", "-m", "sab_visualiser.app.cli", *words]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    return weights_of((folder / "checkpoint.safetensors").read_bytes()), result["metrics"]


def weights_of(content: bytes) -> str:
    """A digest of all bits of the weights."""
    weights = checkpoint.loads(content).state["weights"]
    return hashlib.sha256(b"".join(weights[name].numpy().tobytes() for name in sorted(weights))).hexdigest()


def test_the_first_start_with_an_empty_cache_gives_the_bits_of_every_later_one(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cold = trained(tmp_path / "cold", cache)
    assert any(cache.rglob("*.nbi")), "this start has compiled the loops and kept them"
    assert trained(tmp_path / "warm", cache) == cold


@pytest.mark.parametrize("looking", [False, True])
def test_a_worker_with_probes_and_without_gives_the_bits_of_the_command_line(tmp_path: Path, looking: bool) -> None:
    expected, _ = trained(tmp_path / "alone", Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"))
    prepare()
    outbox = Outbox()
    session = Session(outbox, {"run": "r1", "attempt": 1, "spec": SPEC, "checkpoint": None, "paused": False})
    while not session.ended:
        session.advance()
        if looking:
            session.snapshot()
    assert weights_of(outbox.last("checkpoint")["data"]["bytes"].tobytes()) == expected
    assert not looking or outbox.kinds().count("snapshot") > UPDATES
