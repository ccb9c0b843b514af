"""C7, C5: weights, run and update are compared before anything is resumed; what does not fit goes into quarantine, and
the run goes on from the checkpoint before.
"""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from sab_visualiser.app.runs.moves.left import left_name
from sab_visualiser.app.wire.frames import QuarantinedFrame
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.worker.translate import going_on, run_config
from sab_visualiser.app.workers.local import WORKER_COMMAND, LocalLauncher
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError
from sab_visualiser.model.training.trainer import Trainer
from tests.fakes.server import Live, eventually, in_process, in_thread
from tests.faults.test_kept import killed, told
from tests.faults.test_resume import SMALL, compared, turned

server_only = pytest.mark.server


def two_checkpoints(live: Live) -> tuple[str, list[int]]:
    """A run whose worker was killed after two checkpoints, with a knob between them and one behind."""
    run = live.start(**SMALL)
    seen: list[int] = []
    for number, knobs in enumerate(({"k_top": 1}, {"k_top": 7})):
        live.reach(run, "running", update=20 * number + 10, seconds=60)
        live.command(run, "checkpoint")
        view = eventually(
            lambda: (v := live.run(run))["checkpoint_update"] and v["checkpoint_update"] not in seen and v
        )
        seen.append(view["checkpoint_update"])
        turned(live, run, view["update"] + 5, **knobs)
    live.reach(run, "running", update=live.run(run)["update"] + 10)
    os.kill(live.app.state.conductor.worker_of[run].handle.pid, signal.SIGKILL)
    live.reach(run, "failed")
    return run, seen


def file_of(live: Live, run: str) -> Path:
    """The newest checkpoint of a run."""
    return live.data_dir / "checkpoints" / f"{live.run(run)['checkpoint']}.safetensors"


def quarantined(live: Live, run: str) -> list[dict[str, Any]]:
    """What the events of a run say of files in quarantine."""
    frames = [frame for frame in told(live, run) if frame["kind"] == "quarantined"]
    for frame in frames:
        TypeAdapter(QuarantinedFrame).validate_python(frame)
    return [frame["data"] for frame in frames]


@server_only
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "another's"])
def test_C7_a_damaged_checkpoint_is_put_aside_and_the_run_is_the_same_from_the_one_before(
    tmp_path: Path, damage: str
) -> None:
    with in_thread(tmp_path, LocalLauncher(WORKER_COMMAND)) as live:
        run, updates = two_checkpoints(live)
        path = file_of(live, run)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        if damage == "flipped":
            path.write_bytes(content)
        elif damage == "cut":
            path.write_bytes(content[:-100])
        elif damage == "gone":
            path.unlink()
        else:  # whole and valid, of a larger network
            other = Trainer(run_config(RunSpec.model_validate({**SMALL, "model": {"hidden_size": 24}})))
            checkpoint.save(Checkpoint.of(other), path)
        live.command(run, "resume")
        live.reach(run, "running", update=updates[-1] + 40, seconds=60)
        (said,) = quarantined(live, run)
        name = None if damage == "gone" else path.name
        assert (said["name"], said["update"]) == (name, updates[-1])
        assert said["why"]
        assert (tmp_path / "quarantine" / path.name).exists() == (name is not None)
        compared(live, run)


@server_only
def test_C7_a_branch_whose_weights_are_damaged_fails_in_words_and_its_parent_goes_on(tmp_path: Path) -> None:
    with in_thread(tmp_path, LocalLauncher(WORKER_COMMAND)) as live:
        run, updates = two_checkpoints(live)
        path = file_of(live, run)
        path.write_bytes(path.read_bytes()[:-1])
        branch = live.http.post(f"/api/runs/{run}/branch", json={"update": updates[-1]}).json()["id"]
        reason = str(live.reach(branch, "failed", seconds=60)["reason"])
        assert reason.startswith("the weights that it branched off with are refused: its bytes are not those")
        live.command(run, "resume")
        live.reach(run, "running", update=updates[-1] + 40, seconds=60)
        assert [said["update"] for said in quarantined(live, run)] == [updates[-1]]
        compared(live, run)


@pytest.mark.parametrize(
    ("part", "name", "value"), [("model", "hidden_size", 24), ("training", "seed", 4), ("task", "T", 31)]
)
def test_C7_a_valid_checkpoint_of_another_training_is_refused_by_the_field(part: str, name: str, value: int) -> None:
    other = {**SMALL, part: {**SMALL[part], name: value}}
    stored = checkpoint.dumps(Checkpoint.of(Trainer(run_config(RunSpec.model_validate(other)))))
    mine = run_config(RunSpec.model_validate(SMALL))
    with pytest.raises(CheckpointError, match=rf"{part}\.{name} = {value}, and the run has {SMALL[part][name]}"):
        going_on(stored, mine)


def test_C7_a_branch_goes_on_with_other_knobs_and_longer() -> None:
    stored = checkpoint.dumps(Checkpoint.of(Trainer(run_config(RunSpec.model_validate(SMALL)))))
    changed = {**SMALL, "training": {**SMALL["training"], "updates": 7, "learning_rate": 0.5}}
    assert going_on(stored, run_config(RunSpec.model_validate(changed))).config.training.updates == 7


@server_only
@pytest.mark.parametrize("fault", ["cut", "late", "earlier version"])
def test_C5_a_file_in_the_spool_that_does_not_fit_is_put_aside_by_name(tmp_path: Path, fault: str) -> None:
    with in_process(tmp_path) as live:
        run = live.start(training={"updates": 1_000_000})
        live.reach(run, "running", update=5)
        killed(live)
    with in_process(tmp_path) as live:
        before = live.run(run)
        life = 1
        if fault == "late":  # the run went on before the orphan had written its file
            live.command(run, "resume")
            live.reach(run, "running", update=3)
        killed(live)
    content = b"weights"
    session = type("Session", (), {"run": run, "attempt": 1, "life": life})()
    name = left_name(session, 10**6 - 1, hashlib.sha256(content).hexdigest())
    if fault == "earlier version":
        name = f"{run}-1-999999.safetensors"
    (tmp_path / "spool" / name).write_bytes(content[:3] if fault == "cut" else content)
    with in_process(tmp_path) as live:
        view = live.run(run)
        assert (view["checkpoint"], view["status"]) == (before["checkpoint"], "interrupted")
        assert (tmp_path / "quarantine" / name).read_bytes()
        (said,) = quarantined(live, run)
        assert said["name"] == name
        assert not list((tmp_path / "spool").iterdir())
