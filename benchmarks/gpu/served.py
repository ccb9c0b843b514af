"""`sab serve` with its workers on the device: a run, a knob that is turned, a probe, an export."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.machine import figure
from benchmarks.running import Running, running

WAIT_S = 90.0
SPEC = {
    "task": {"name": "copy", "T": 20},
    "model": {"hidden_size": 64, "attention_size": 32, "k_att": 1},
    "training": {"batch_size": 16, "updates": 100_000},
}


class StandsStillError(RuntimeError):
    """Something that was waited for did not come."""


def measure(device: str) -> list[dict[str, Any]]:
    """Each of the four, in words; the first that fails ends the others."""
    done: dict[str, Any] = {}
    settings = {"SAB_DEVICE": device, "SAB_PROBE_TIMEOUT_S": f"{WAIT_S:g}"}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), emitting=False, settings=settings) as server,
    ):
        try:
            _use(server, done)
        except (OSError, StandsStillError) as error:
            done["failed"] = " ".join(f"{type(error).__name__}: {error}".split())
    wanted = ("run", "knob", "probe", "export")
    holds = "failed" not in done and done["engine"]["device"] == device
    what = f"sab serve --device {device}: a run, a knob, a probe, an export"
    return [figure(what, sum(name in done for name in wanted), "of 4", "= 4", holds=holds, **done)]


def _use(server: Running, done: dict[str, Any]) -> None:
    # A first start compiles for longer than one answer is held back.
    done["engine"] = _until(
        lambda: server.get("/api/engine", WAIT_S), lambda view: view["device"] is not None or not view["as_wished"]
    )
    run = server.post("/api/runs", {"name": "on the device", **SPEC})["id"]

    def at(holds: Callable[[dict[str, Any]], bool]) -> int:
        update: int = _until(lambda: server.get(f"/api/runs/{run}"), holds)["update"]
        return update

    done["run"] = at(lambda view: view["update"] >= 20)
    server.post(f"/api/runs/{run}/commands", {"type": "set_parameters", "parameters": {"k_top": 2}})
    done["knob"] = at(lambda view: view["parameters"]["k_top"] == 2)
    # The kernels of a probe are compiled while it waits.
    trace = server.post("/api/probe", {"run": run, "rules": ["sab", "truncated", "full"]}, WAIT_S)
    done["probe"] = {"steps": trace["steps"], "nonfinite": trace["nonfinite"]}
    with urlopen(f"{server.url}/api/runs/{run}/export?panel=attention&format=csv", timeout=WAIT_S) as answer:
        done["export"] = len(answer.read())
    server.post(f"/api/runs/{run}/commands", {"type": "stop"})


def _until(ask: Callable[[], dict[str, Any]], holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The answer, once it is so; a run that has failed is not waited for."""
    ends = time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        view = ask()
        if holds(view):
            return view
        if view.get("status") in ("failed", "diverged"):
            raise StandsStillError(f"the run has {view['status']}: {view.get('reason')}")
        time.sleep(0.2)
    raise StandsStillError(f"nothing for {WAIT_S:g} s")
