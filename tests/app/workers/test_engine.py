"""How workers compute: told by the first that starts, or by the last words of one that could not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from sab_visualiser.app.wire.views import EngineView
from sab_visualiser.app.workers.compute import UNKNOWN, Computing
from tests.fakes.server import known

ROOT = Path(__file__).resolve().parents[3]
FUSED: dict[str, Any] = {"device": "cpu", "backend": "numba", "why": "fused loops on 2 cores", "as_wished": True}
SLOW: dict[str, Any] = {
    "device": "cpu",
    "backend": "torch",
    "why": "the fused loops cannot run: ImportError",
    "as_wished": False,
}


def seen(computing: Computing, timeout_s: float = 0.01) -> EngineView:
    return asyncio.run(computing.view(timeout_s))


def test_before_any_worker_nothing_is_known_and_nobody_waits_for_ever() -> None:
    assert seen(Computing()) == UNKNOWN


def test_the_newest_word_of_a_worker_counts() -> None:
    computing = Computing()
    computing.told(FUSED)
    assert seen(computing) == EngineView(**FUSED)
    computing.told(SLOW)
    assert seen(computing).why == SLOW["why"]
    assert not seen(computing).as_wished


def test_a_worker_that_says_nothing_or_nonsense_changes_nothing() -> None:
    computing = Computing()
    computing.told(FUSED)
    for said in (None, {}, {"device": 3}, "numba"):
        computing.told(said)
        assert seen(computing).backend == "numba"


def test_whoever_asks_early_gets_the_first_word_when_it_comes() -> None:
    async def scenario() -> EngineView:
        computing = Computing()
        asking = asyncio.create_task(computing.view(5.0))
        await asyncio.sleep(0)
        computing.told(FUSED)
        return await asking

    assert asyncio.run(scenario()).backend == "numba"


def test_a_worker_that_cannot_start_leaves_its_reason_until_one_does() -> None:
    computing = Computing()
    computing.failed("worker ended with exit code 2: device = 'cuda': this machine has cpu")
    assert "this machine has cpu" in seen(computing).why
    assert not seen(computing).as_wished
    computing.told(FUSED)
    computing.failed("worker ended with signal 9")
    assert seen(computing).backend == "numba"


@pytest.mark.server
def test_a_broken_numba_is_told_by_server_and_doctor_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('numba was broken on purpose')\n")
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "SAB_DATA_DIR": str(tmp_path / "data")}
    environment.pop("SAB_BACKEND", None)
    sab = (sys.executable, "-m", "sab_visualiser.app.cli")
    told = subprocess.run([*sab, "doctor"], env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "NOT OK  torch: the fused loops cannot run: ImportError: numba was broken on purpose;" in told.stdout
    server = subprocess.Popen(
        [*sab, "serve", "--port", "0", "--no-auth"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http"))
        view = known(lambda: json.load(urlopen(f"{address}/api/engine", timeout=60)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    assert (view["device"], view["backend"], view["as_wished"]) == ("cpu", "torch", False)
    assert "numba was broken on purpose" in view["why"]
