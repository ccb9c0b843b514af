"""A GPU that is full, fails or refuses: the run fails in one line, its checkpoint goes on elsewhere, the rest lives."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.wire.views import EngineView
from sab_visualiser.app.worker.__main__ import engine_of
from sab_visualiser.app.worker.loop import ELSEWHERE
from sab_visualiser.app.worker.process import LOOP_THREADS
from sab_visualiser.app.worker.session import Session
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.app.workers.local import LocalLauncher
from sab_visualiser.model import devices
from sab_visualiser.model.devices import DeviceError, Place
from sab_visualiser.model.passes.fused.threads import set_loop_threads
from sab_visualiser.model.training import checkpoint, kept
from sab_visualiser.model.training.trainer import Trainer, UpdateResult
from tests.app.worker.conftest import assignment
from tests.app.worker.test_loop import ScriptedLink, run
from tests.fakes import losing_a_gpu
from tests.fakes.losing_a_gpu import AT, ERROR, TELLING, WORDS
from tests.fakes.server import eventually, in_thread

STEP = Trainer.step
FULL = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    ERROR("CUDA error: out of memory\nCUDA kernel errors might be"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("Triton Error [CUDA]: out of memory"),
]
LOST = [
    "CUDA error: device-side assert triggered",
    "CUDA error: the launch timed out and was terminated",
    WORDS,
    "Triton Error [CUDA]: an illegal memory access was encountered",
]


class Device(ScriptedLink):
    """A worker's end whose device fails at one update; remembers with which code the process was left."""

    def __init__(self, script: list[dict[str, Any] | None], stored: bytes = b"") -> None:
        super().__init__(script)
        self.left: list[int] = []
        self.leave = self.left.append
        self._stored = stored

    def fetch(self, sha256: str) -> bytes:
        assert hashlib.sha256(self._stored).hexdigest() == sha256
        return self._stored


def fails(monkeypatch: pytest.MonkeyPatch, error: RuntimeError, at: int = 5) -> None:
    def step(trainer: Trainer) -> UpdateResult:
        if trainer.update == at:
            raise error
        return STEP(trainer)

    monkeypatch.setattr(Trainer, "step", step)


@pytest.mark.parametrize("error", FULL, ids=str)
def test_a_gpu_that_is_full_fails_the_run_with_the_estimate(
    monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    fails(monkeypatch, error)
    link = Device([assignment(), *[None] * 8])
    with pytest.raises(type(error)):
        run(link)
    said = link.last("status")
    assert (said["data"]["status"], said["update"]) == ("failed", 5)
    assert said["data"]["reason"].startswith("out of memory of the GPU: the estimate for this training is ")
    assert said["data"]["reason"].endswith("train fewer runs at a time, or start with SAB_DEVICE=cpu")
    assert link.left == []


@pytest.mark.parametrize("words", LOST)
def test_a_device_that_is_lost_fails_the_run_in_one_line_and_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    kind = RuntimeError if words.startswith("Triton") else ERROR
    fails(monkeypatch, kind(f"{words}\nCUDA kernel errors might be asynchronously reported"))
    keep = {"type": "command", "command": {"type": "checkpoint", "command_id": "c"}}
    link = Device([assignment(), None, None, None, keep, *[None] * 8])
    with pytest.raises(kind):
        run(link)
    said = link.last("status")
    assert (said["data"]["status"], said["update"]) == ("failed", 5)
    assert said["data"]["reason"] == f"the GPU failed: {kind.__name__}: {words}; {ELSEWHERE}"
    assert (link.left, link.closed) == ([1], True)
    assert link.last("checkpoint")["update"] == 3


def test_the_last_checkpoint_of_a_lost_device_goes_on_on_the_cpu_from_the_same_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails(monkeypatch, ERROR(WORDS))
    monkeypatch.setattr(kept, "FINITE_COPY_EVERY_UPDATES", 1)
    lost = Device([assignment(), *[None] * 8])
    with pytest.raises(ERROR):
        run(lost)
    assert [at for one in lost.frames if one["kind"] == "metrics" for at in one["data"]["update"]] == [1, 2, 3, 4, 5]
    stored = lost.last("checkpoint")["data"]["bytes"].tobytes()
    found = checkpoint.loads(stored)
    assert found.update == 4, "the last state that was copied from the device, and gave a finite loss after that"
    monkeypatch.setattr(Trainer, "step", STEP)
    again = assignment(checkpoint=hashlib.sha256(stored).hexdigest(), attempt=2, update=4)
    resumed = Device([again, {"type": "command", "command": {"type": "checkpoint", "command_id": "c"}}], stored)
    run(resumed)
    back = checkpoint.loads(resumed.last("checkpoint")["data"]["bytes"].tobytes())
    assert back.update == 4
    for name, weight in found.state["weights"].items():
        assert torch.equal(back.state["weights"][name], weight), name


def test_a_paused_run_whose_device_is_found_lost_by_a_question_fails_too(monkeypatch: pytest.MonkeyPatch) -> None:
    question = {"type": "selfcheck", "request": "q", "spec": None, "checkpoint": None}
    link = Device([assignment(paused=True), question, None])
    monkeypatch.setattr("sab_visualiser.app.worker.answers.SelfCheck", raising(ERROR(WORDS)))
    with pytest.raises(ERROR):
        run(link)
    assert link.last("status")["data"]["status"] == "failed"
    assert link.left == [1]


def test_a_question_that_a_full_gpu_cannot_answer_costs_the_answer_and_not_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = {"type": "selfcheck", "request": "q", "spec": None, "checkpoint": None}
    link = Device([assignment(), question, *[None] * 8])
    monkeypatch.setattr("sab_visualiser.app.worker.answers.SelfCheck", raising(FULL[0]))
    run(link)
    problem = link.last("probe_failed")["problem"]
    assert (problem["status"], "the memory of the GPU did not suffice" in problem["detail"]) == (507, True)
    assert link.last("status")["data"]["status"] == "finished"


def test_a_device_that_is_refused_fails_the_run_with_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "device = 'cuda': a card computes nothing: CUDA error: no kernel image; use 'auto' or 'cpu'"
    monkeypatch.setattr("sab_visualiser.app.worker.session.resolve_device", raising(DeviceError(words)))
    link = Device([assignment(), None])
    with pytest.raises(DeviceError):
        run(link)
    assert (link.last("status")["data"]["reason"], link.left) == (words, [])


@pytest.mark.parametrize("error", [FULL[0], ERROR(WORDS)], ids=str)
def test_a_checkpoint_is_not_blamed_for_the_device_that_does_not_take_it(
    monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    stored = checkpoint.dumps(checkpoint.Checkpoint.of(Trainer(run_config(RunSpec(**assignment()["spec"])))))
    monkeypatch.setattr(Trainer, "load_state_dict", raising(error))
    link = Device([assignment(checkpoint=hashlib.sha256(stored).hexdigest(), update=0), None], stored)
    with pytest.raises(type(error)):
        run(link)
    assert link.kinds() == ["status"], "nothing is said to be refused"
    assert link.last("status")["data"]["status"] == "failed"


def test_stored_networks_are_answered_without_asking_for_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sab_visualiser.app.worker.session.resolve_device", raising(AssertionError("asked")))
    stored = checkpoint.dumps(checkpoint.Checkpoint.of(Trainer(run_config(RunSpec(**assignment()["spec"])))))
    sha256 = hashlib.sha256(stored).hexdigest()
    link = Device([{"type": "selfcheck", "request": "q", "spec": None, "checkpoint": sha256}], stored)
    run(link)
    assert link.last("probed")["data"]["holds"] is True


def test_a_worker_whose_device_is_taken_starts_for_the_questions_that_need_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "device = 'cuda': a card computes nothing: CUDA error: busy or unavailable; use 'auto' or 'cpu'"
    monkeypatch.setattr(devices, "resolve_device", raising(DeviceError(words)))
    monkeypatch.setattr(devices, "present", lambda: {"cpu": "2 cores", "cuda": "a card"})
    view = EngineView.model_validate(engine_of("cuda", 2))
    assert (view.device, view.backend, view.why, view.as_wished) == ("cuda", None, words, False)
    monkeypatch.setattr(devices, "present", lambda: {"cpu": "2 cores"})
    with pytest.raises(DeviceError):
        engine_of("cuda", 2)


def raising(error: BaseException) -> Any:
    def raises(*_: object, **__: object) -> Any:
        raise error

    return raises


@pytest.mark.server
def test_the_worker_of_a_lost_device_ends_and_all_others_work_on(tmp_path: Path) -> None:
    happened = tmp_path / "happened"
    launcher = LocalLauncher((sys.executable, losing_a_gpu.__file__, str(happened)))
    spec: dict[str, Any] = {
        "task": {"T": 5, "items": 2},
        "model": {"hidden_size": TELLING, "attention_size": 4, "k_att": 1},
        "training": {"batch_size": 4, "updates": AT + 20, "seed": 3},
    }
    with in_thread(tmp_path / "data", launcher, probe_timeout_s=60) as live:
        doomed = live.start(**spec)
        worker = eventually(lambda: live.app.state.conductor.worker_of.get(doomed), 120)
        pid = worker.handle.pid
        view = live.reach(doomed, "failed", seconds=120)
        assert view["reason"] == f"the GPU failed: {ERROR.__name__}: {WORDS}; {ELSEWHERE}"
        assert view["checkpoint_update"] == 150
        eventually(lambda: not psutil.pid_exists(pid))
        assert worker.id not in live.app.state.supervisor.workers
        other = live.start(**{**spec, "model": {"hidden_size": 8}, "training": {"batch_size": 2, "updates": 3}})
        live.reach(other, "finished", seconds=120)
        asked = live.http.post("/api/probe", json={"run": doomed, "example": 3})
        assert (asked.status_code, asked.json()["update"]) == (200, 150)
        live.command(doomed, "resume")
        ended = live.reach(doomed, "finished", seconds=120)
        stored = live.data_dir / "checkpoints" / f"{ended['checkpoint']}.safetensors"
    torch.set_num_threads(1)
    set_loop_threads(LOOP_THREADS)
    alone = Trainer(run_config(RunSpec.model_validate(spec)))
    for _ in alone.updates(AT + 20):
        pass
    found = checkpoint.load(stored)
    assert found.update == AT + 20
    for name, weight in alone.network.state_dict().items():
        assert torch.equal(found.state["weights"][name], weight), name


def test_a_session_sends_a_state_that_is_older_than_its_checkpoint_to_nobody() -> None:
    link = Device([])
    session = Session(link, assignment())
    for _ in range(3):
        session.advance()
    session.checkpoint()
    session.rescue()
    assert [one["update"] for one in link.frames if one["kind"] == "checkpoint"] == [3]


@pytest.mark.parametrize(
    ("variant", "engine"),
    [("paper", "fused loops"), ("release", "PyTorch's operations (its loops know the paper's variant only)")],
)
def test_a_run_says_what_computes_it_and_why(monkeypatch: pytest.MonkeyPatch, variant: str, engine: str) -> None:
    why = "auto takes it where batch_size × hidden_size is 30,000 or more, and here it is 18"
    place = Place(torch.device("cpu"), "numba", f"fused loops on 2 cores; {why}", because=why)
    monkeypatch.setattr("sab_visualiser.app.worker.session.resolve_device", lambda name, config: place)
    link = Device([])
    Session(link, assignment(model={"variant": variant}))
    assert link.last("status")["data"]["engine"] == f"cpu, {engine}; {why}"
