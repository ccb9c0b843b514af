"""C4: a run that was killed and resumed is the run that was never interrupted, bit for bit, knobs that were turned
after its last checkpoint included; the curves, the journal and the API tell the same of it.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.worker.process import LOOP_THREADS
from sab_visualiser.app.worker.translate import run_config, to_model
from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalLauncher
from sab_visualiser.model.passes.fused.threads import set_loop_threads
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.trainer import Trainer
from tests.fakes.server import Live, eventually, in_process, in_thread

pytestmark = pytest.mark.server
SMALL: dict[str, Any] = {
    "task": {"T": 30, "items": 2},
    "model": {"hidden_size": 16, "attention_size": 4, "k_att": 1},
    "training": {"batch_size": 4, "updates": 100_000, "seed": 3},
}


def digest(weights: dict[str, torch.Tensor]) -> str:
    """sha256 of all weights."""
    found = hashlib.sha256()
    for name in sorted(weights):
        found.update(name.encode() + weights[name].contiguous().numpy().tobytes())
    return found.hexdigest()


def uninterrupted(curves: dict[str, Any], updates: int) -> tuple[list[str], str]:
    """The losses and the weights of one training without a server, whose knobs are turned where the journal says."""
    torch.set_num_threads(1)
    set_loop_threads(LOOP_THREADS)
    trainer = Trainer(run_config(RunSpec.model_validate(SMALL)))
    losses = []
    for update in range(updates):
        for change in curves["changes"]:
            if change["update"] == update:
                known = to_model({name: change["parameters"][name] for name in trainer.parameters()})
                trainer.set_parameters(**known)
        losses.append(float(torch.tensor(trainer.step().loss, dtype=torch.float32)).hex())
    return losses, digest(trainer.network.state_dict())


def turned(live: Live, run: str, update: int, **knobs: Any) -> None:
    """Turn knobs once the run has come so far, and wait until they act."""
    live.reach(run, "running", update=update, seconds=60)
    live.command(run, "set_parameters", parameters=knobs)
    eventually(lambda: all(live.run(run)["parameters"][name] == value for name, value in knobs.items()))


def compared(live: Live, run: str) -> None:
    """Stop the run, and hold its curve and its weights against the training without interruption."""
    live.command(run, "stop")
    view = live.reach(run, "stopped", seconds=60)
    curves = live.http.get(f"/api/runs/{run}/metrics").json()
    updates = view["update"]
    assert curves["update"] == list(range(1, updates + 1))
    losses, weights = uninterrupted(curves, updates)
    assert [float(loss).hex() for loss in curves["loss"]] == losses
    stored = live.data_dir / "checkpoints" / f"{view['checkpoint']}.safetensors"
    assert digest(checkpoint.load(stored).state["weights"]) == weights
    assert curves["learning_rate"][-1] == pytest.approx(view["parameters"]["learning_rate"])


def test_C4_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    rng = random.Random(7)
    with in_thread(tmp_path, LocalLauncher(WORKER_COMMAND)) as live:
        run = live.start(**SMALL)
        turned(live, run, 20, k_top=1)
        live.command(run, "checkpoint")
        eventually(lambda: live.run(run)["checkpoint_update"])
        for knobs in ({"k_top": 7, "learning_rate": 0.004}, {"clip_norm": 0.25}):
            turned(live, run, live.run(run)["update"] + rng.randrange(5, 40), **knobs)
        live.reach(run, "running", update=live.run(run)["update"] + rng.randrange(5, 40))
        before = live.http.get(f"/api/runs/{run}/metrics").json()["changes"]
        os.kill(live.app.state.conductor.worker_of[run].handle.pid, signal.SIGKILL)
        lost = live.reach(run, "failed")
        live.command(run, "resume")
        live.reach(run, "running", update=lost["update"] + 30, seconds=60)
        after = live.http.get(f"/api/runs/{run}/metrics").json()["changes"]
        told = [(change["update"], change["parameters"]) for change in before]
        assert [(change["update"], change["parameters"]) for change in after] == told
        compared(live, run)


def test_C4_a_killed_server_changes_nothing_also_where_there_was_no_checkpoint_yet(tmp_path: Path) -> None:
    with in_process(tmp_path, "--real") as live:
        assert live.process is not None
        run = live.start(**SMALL)
        turned(live, run, 10, k_top=1)
        turned(live, run, live.run(run)["update"] + 7, learning_rate=0.004)
        live.reach(run, "running", update=live.run(run)["update"] + 20)
        live.process.send_signal(signal.SIGKILL)
        live.process.wait(timeout=5)
        spool = tmp_path / "spool"
        eventually(lambda: list(spool.glob("*.safetensors")))
        for left in spool.iterdir():
            left.unlink()  # as if the worker had been killed too
    with in_process(tmp_path, "--real") as live:
        lost = live.run(run)
        assert (lost["status"], lost["checkpoint"]) == ("interrupted", None)
        live.command(run, "resume")
        live.reach(run, "running", update=lost["update"] + 30, seconds=60)
        compared(live, run)


def test_C4_a_knob_that_is_turned_while_older_ones_are_still_to_come_wins(tmp_path: Path) -> None:
    with in_thread(tmp_path, LocalLauncher(WORKER_COMMAND)) as live:
        run = live.start(**SMALL)
        live.reach(run, "running", update=5, seconds=60)
        turned(live, run, 200, k_top=9)
        os.kill(live.app.state.conductor.worker_of[run].handle.pid, signal.SIGKILL)
        live.reach(run, "failed")
        live.command(run, "resume")
        live.command(run, "set_parameters", parameters={"k_top": 2})
        live.reach(run, "running", update=300, seconds=60)
        assert live.run(run)["parameters"]["k_top"] == 2
        compared(live, run)
