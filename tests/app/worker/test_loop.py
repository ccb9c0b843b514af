"""The loop takes commands before updates, leaves in order, and saves what it has when the server is gone."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.runs.moves.left import left_of
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.worker import loop
from sab_visualiser.app.worker.link import LinkLostError
from sab_visualiser.app.worker.loop import work
from sab_visualiser.app.worker.session import Session
from sab_visualiser.model.training import checkpoint, kept
from sab_visualiser.model.training.trainer import Trainer, UpdateResult
from tests.app.worker.conftest import Outbox, assignment


class ScriptedLink(Outbox):
    """Gives one message a call; after the script it is lost or says `end`."""

    def __init__(self, script: list[dict[str, Any] | None], lost: bool = False) -> None:
        super().__init__()
        self._script, self._lost, self.closed = script, lost, False
        self.on_end: Callable[[bool], None] = lambda lost: None
        self.leave: Callable[[int], object] = lambda code: None

    def poll(self) -> dict[str, Any] | None:
        if self._script:
            return self._script.pop(0)
        if self._lost:
            raise LinkLostError
        return {"type": "end"}

    def wait(self, timeout_s: float | None = None) -> dict[str, Any] | None:
        return self.poll()

    def close(self) -> None:
        self.closed = True


def run(link: ScriptedLink, spool: Path | None = None) -> None:
    work(link, spool)  # type: ignore[arg-type]  # the script has a link's methods


def test_a_run_is_worked_to_its_end() -> None:
    link = ScriptedLink([assignment(), *[None] * 8])
    run(link)
    assert link.last("status")["data"]["status"] == "finished"
    assert link.closed


def test_end_saves_the_run_before_leaving() -> None:
    link = ScriptedLink([assignment(), None, None])
    run(link)
    assert link.kinds()[-1] == "checkpoint"
    assert link.last("checkpoint")["update"] == 2


def test_questions_are_answered_while_no_run_is_in_hand() -> None:
    link = ScriptedLink([{"type": "selfcheck", "request": "q", "spec": assignment()["spec"], "checkpoint": None}])
    run(link)
    assert link.last("probed")["data"]["holds"] is True


def test_a_new_assignment_drops_what_was_in_hand() -> None:
    again = {**assignment(), "attempt": 2}
    link = ScriptedLink([assignment(), None, again, None])
    run(link)
    assert [frame["attempt"] for frame in link.frames if frame["kind"] == "status"] == [1, 2]
    assert link.last("checkpoint")["update"] == 1


def test_a_lost_server_leaves_a_checkpoint_in_the_spool(tmp_path: Path) -> None:
    run(ScriptedLink([assignment(), None, None, None], lost=True), tmp_path)
    recent, path = sorted(tmp_path.iterdir())
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert left_of(path.name) == ("r1", 1, 0, 3, sha256)
    assert recent.name == path.with_suffix(".metrics").name
    assert checkpoint.load(path).update == 3
    assert list(decode(recent.read_bytes())["data"]["update"]) == [1, 2, 3]


def test_a_crash_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def broken(self: Session) -> None:
        raise RuntimeError("the cat sat on the keyboard")

    monkeypatch.setattr(Session, "advance", broken)
    link = ScriptedLink([assignment(), None])
    with pytest.raises(RuntimeError):
        run(link)
    status = link.last("status")["data"]
    assert (status["status"], status["reason"]) == ("failed", "RuntimeError: the cat sat on the keyboard")
    assert "the cat sat" in capfd.readouterr().err


def left_inside(monkeypatch: pytest.MonkeyPatch, spool: Path, *, lost: bool) -> ScriptedLink:
    """A worker that is told of its end inside the third of its updates, which takes long; that never ends."""
    left = threading.Event()
    monkeypatch.setattr(kept, "LONG_S", 0.0)
    monkeypatch.setattr(loop, "UPDATE_GRACE_S", 0.0)
    monkeypatch.setattr(loop, "LOST_GRACE_S", 0.0)
    link = ScriptedLink([assignment(), None, None, None])
    link.leave = lambda code: left.set()
    step = Trainer.step

    def third(self: Trainer) -> UpdateResult:
        if self.update == 2:
            link.on_end(lost)
            assert left.is_set()
        return step(self)

    monkeypatch.setattr(Trainer, "step", third)
    threading.Thread(target=run, args=(link, spool), daemon=True).start()
    assert left.wait(30)
    return link


def test_a_server_that_ends_inside_a_long_update_gets_what_was_finished_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = left_inside(monkeypatch, tmp_path, lost=False)
    assert link.closed
    assert link.last("checkpoint")["update"] == 2
    assert [at for frame in link.frames if frame["kind"] == "metrics" for at in frame["data"]["update"]] == [1, 2]
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_gone_inside_a_long_update_finds_what_was_finished_in_the_spool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = left_inside(monkeypatch, tmp_path, lost=True)
    assert link.closed
    recent, path = sorted(tmp_path.iterdir())
    assert checkpoint.load(path).update == 2
    assert list(decode(recent.read_bytes())["data"]["update"]) == [1, 2]
