"""A session obeys between two updates, tells all it did, and never loses its last finite weights."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.worker import session as session_module
from sab_visualiser.app.worker.session import Session
from sab_visualiser.app.worker.telling import figures
from sab_visualiser.model.contract import HEALTH, RISKY_RATE
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training import checkpoint, looks
from sab_visualiser.model.training import kept as kept_states
from sab_visualiser.model.training.reading import evaluate
from tests.app.worker.conftest import Outbox, assignment


def metrics_of(outbox: Outbox, name: str = "loss") -> list[float]:
    columns = [frame["data"][name] for frame in outbox.frames if frame["kind"] == "metrics"]
    return [float(value) for column in columns for value in column]


def command(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "command_id": "c1", **more}


def test_an_assigned_run_shows_its_untrained_network_first(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    assert outbox.kinds() == ["status", "snapshot", "look"]
    assert outbox.last("status")["data"]["status"] == "running"
    assert outbox.last("snapshot")["update"] == 0
    assert session.busy


def test_a_run_that_reached_its_goal_ends_finished_and_says_why(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "LOOK_EVERY", 2)
    session = Session(outbox, assignment(training={"until": "ce ≤ 100"}))
    while not session.ended:
        session.advance()
    assert outbox.last("status")["data"]["status"] == "finished"
    assert outbox.last("status")["data"]["reason"] == (
        "ce ≤ 100 held on 2 looks in a row at 128 fresh examples, at update 4"
    )
    assert (outbox.last("snapshot")["update"], outbox.last("checkpoint")["update"]) == (4, 4)


def test_a_checkpoint_and_a_look_come_after_the_figures_of_their_update(outbox: Outbox) -> None:
    session = Session(outbox, assignment(training={"updates": 300}))
    session.advance()
    session.obey(command("checkpoint"))
    while not session.ended:
        session.advance()
    told = 0
    for frame in outbox.frames:
        if frame["kind"] == "metrics":
            told = int(frame["data"]["update"][-1])
        elif frame["kind"] in ("look", "checkpoint"):
            assert frame["update"] == told, "after a crash the curves would miss updates that the weights have made"


def test_looks_are_due_by_updates_and_what_they_say_is_in_columns(outbox: Outbox) -> None:
    session = Session(outbox, assignment(training={"updates": 260}))
    while not session.ended:
        session.advance()
    looks = [frame["data"] for frame in outbox.frames if frame["kind"] == "look"]
    fresh = {int(look["update"][0]): look["fresh"] for look in looks if look["fresh"]}
    assert list(fresh) == [125, 250]
    assert all(sorted(figures) == ["accuracy", "ce", "ce10", "loss"] for figures in fresh.values())
    for look in looks:
        assert sorted(look["health"]) == sorted(HEALTH)
        assert all(column.dtype == np.float32 and column.shape == (1,) for column in look["health"].values())


def test_the_rate_is_the_median_of_the_last_seconds(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(outbox, assignment(training={"updates": 1000}))
    (rates := session._figures._rates).clear()
    for rate in (100.0, 100.0, 3.0, 101.0, 99.0):
        rates.append((time.monotonic(), rate))
    assert session._figures.rate() == 100.0, "one long probe changes nothing"
    monkeypatch.setattr(figures, "RATE_OVER_S", 0.0)
    session.advance()
    session._flush_metrics(time.monotonic())
    assert len(rates) == 1, "what is older is forgotten"


def test_the_figures_of_updates_say_what_they_took(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    while session.busy:
        session.advance()
    spent = [frame["data"]["seconds"] for frame in outbox.frames if frame["kind"] == "metrics"]
    assert min(spent) > 0


@pytest.mark.parametrize(("share", "updates_between"), [(0.5, 2), (0.2, 2), (0.1, 4), (0.02, 20), (0.001, 20)])
def test_figures_are_told_more_rarely_where_pictures_are_down_to_once_a_second(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, share: float, updates_between: int
) -> None:
    clock = [100.0]
    monkeypatch.setattr(session_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(
        session_module, "SNAPSHOT_EVERY_S", 1e9
    )  # a look that comes with a picture tells the figures before it
    session = Session(outbox, assignment(training={"updates": 100}), looking_share=share)
    for _ in range(60):
        clock[0] += 0.0501
        session.advance()
    told = [len(frame["data"]["update"]) for frame in outbox.frames if frame["kind"] == "metrics"]
    assert set(told) == {updates_between}


def test_a_run_ends_finished_with_every_update_told_once(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    while session.busy:
        session.advance()
    assert metrics_of(outbox, "update") == list(range(1, 9))
    assert outbox.kinds()[-2:] == ["checkpoint", "status"]
    assert outbox.last("status")["data"]["status"] == "finished"
    assert outbox.last("snapshot")["update"] == 8
    assert session.ended


def test_a_knob_acts_on_the_next_update_and_is_acknowledged_before_it(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    session.advance()
    weights = {name: value.clone() for name, value in session.trainer.network.state_dict().items()}
    outbox.take()
    parameters = {"k_top": 1, "k_trunc": 0, "learning_rate": 0.25}
    session.obey({**command("set_parameters", parameters=parameters), "params_version": 7})
    told = outbox.last("parameters")
    assert told["update"] == 1
    assert (told["data"]["command_id"], told["data"]["params_version"]) == ("c1", 7)
    assert {name: told["data"]["parameters"][name] for name in parameters} == parameters
    assert all(torch.equal(v, weights[n]) for n, v in session.trainer.network.state_dict().items())
    snapshot = from_bytes(outbox.last("snapshot")["trace"].tobytes())
    readers = snapshot["attention"]["reader"]
    assert max(np.unique(readers, return_counts=True)[1]) == 1
    assert snapshot["cuts"].tolist() == []
    outbox.take()
    session.obey(command("step"))
    session.advance()
    assert metrics_of(outbox, "learning_rate") == [0.25]


def test_a_paused_run_makes_exactly_one_update_per_step(outbox: Outbox) -> None:
    session = Session(outbox, assignment(paused=True))
    assert session.status == "paused"
    session.obey(command("step"))
    session.advance()
    assert (session.trainer.update, session.status) == (1, "paused")
    assert outbox.last("snapshot")["update"] == 1
    session.obey(command("resume"))
    assert outbox.last("status")["data"]["status"] == "running"
    session.obey(command("pause"))
    assert outbox.last("status")["data"]["status"] == "paused"


def test_knobs_turned_while_the_run_waited_are_in_force_from_the_first_update(outbox: Outbox) -> None:
    parameters = {"k_top": 1, "k_trunc": 0, "k_att": 1, "learning_rate": 0.125, "clip_norm": 0.5, "variant": "paper"}
    session = Session(outbox, assignment(parameters=parameters))
    assert outbox.last("status")["data"]["parameters"]["k_top"] == 1
    assert session.trainer.parameters()["learning_rate"] == 0.125
    assert from_bytes(outbox.last("snapshot")["trace"].tobytes())["cuts"].tolist() == []


def test_knobs_that_the_method_fixes_are_not_taken_over(outbox: Outbox) -> None:
    parameters = {"k_top": 5, "k_trunc": 5, "learning_rate": 0.125}
    session = Session(outbox, assignment(model={"method": "bptt"}, parameters=parameters))
    in_force = session.parameters()
    assert (in_force["k_top"], in_force["k_trunc"], in_force["learning_rate"]) == (0, 0, 0.125)


def test_a_pause_shows_exactly_the_update_it_stands_at(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    session.advance()
    session.advance()
    session.obey(command("pause"))
    assert outbox.last("snapshot")["update"] == 2


def test_stop_is_acknowledged_then_saved_then_told(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    session.advance()
    outbox.take()
    session.obey(command("stop"))
    told = [kind for kind in outbox.kinds() if kind != "metrics"]
    assert told == ["acknowledged", "snapshot", "look", "checkpoint", "status"]
    assert outbox.last("status")["data"]["status"] == "stopped"


def test_a_run_goes_on_from_its_checkpoint_with_the_same_losses(outbox: Outbox) -> None:
    whole = Session(outbox, assignment())
    while whole.busy:
        whole.advance()
    expected = metrics_of(outbox)
    first = Outbox()
    session = Session(first, assignment())
    for _ in range(3):
        session.advance()
    session.obey(command("checkpoint"))
    stored = first.last("checkpoint")["data"]["bytes"].tobytes()
    second = Outbox()
    resumed = Session(second, assignment(checkpoint="0" * 64), stored)
    while resumed.busy:
        resumed.advance()
    assert metrics_of(second) == expected[3:]


def test_C9_a_diverged_run_says_so_and_keeps_its_last_finite_weights(outbox: Outbox) -> None:
    session = Session(outbox, assignment(training={"updates": 500}))
    session.advance()
    with torch.no_grad():
        session.trainer.network.readout.bias.fill_(torch.nan)
    while session.busy:
        session.advance()
    status = outbox.last("status")
    assert status["data"]["status"] == "diverged"
    assert "last finite checkpoint is from update 0" in status["data"]["reason"]
    stored = checkpoint.loads(outbox.last("checkpoint")["data"]["bytes"].tobytes())
    assert all(torch.isfinite(weight).all() for weight in stored.state["weights"].values())
    assert not np.isfinite(metrics_of(outbox)[-1])
    assert status["data"]["skipped"] == 25


def test_C9_the_last_finite_weights_are_ones_whose_loss_was_seen_to_be_finite(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_states, "FINITE_COPY_EVERY_UPDATES", 1)
    session = Session(outbox, assignment(task={"name": "adding", "T": 10, "items": None}, training={"updates": 500}))
    for _ in range(3):
        session.advance()
    session.obey(command("set_parameters", parameters={"learning_rate": 1e21}))
    while session.busy:
        session.advance()
    assert outbox.last("status")["data"]["status"] == "diverged"
    # Update 4 had a finite loss, and then moved the weights out of all bounds.
    assert outbox.last("checkpoint")["update"] == 3
    kept = checkpoint.loads(outbox.last("checkpoint")["data"]["bytes"].tobytes())
    task = make_task(kept.config.task)
    assert np.isfinite(evaluate(kept.network(), task, task.probe_batch())["loss"])


@pytest.mark.parametrize("kind", ["reset", "reseed"])
def test_commands_that_are_the_servers_own_change_nothing_here(outbox: Outbox, kind: str) -> None:
    session = Session(outbox, assignment())
    session.obey(command(kind))
    assert session.trainer.update == 0
    assert session.busy


def test_a_branch_goes_on_for_as_long_as_it_was_asked_to_and_makes_the_updates_its_parent_would_have_made(
    outbox: Outbox,
) -> None:
    parent = Session(outbox, assignment())
    while not parent.ended:
        parent.advance()
    stored = bytes(outbox.last("checkpoint")["data"]["bytes"])
    outbox.take()
    branch = Session(outbox, assignment(training={"updates": 12}), stored)
    while not branch.ended:
        branch.advance()
    longer = metrics_of(outbox)
    assert (len(longer), outbox.last("status")["update"]) == (4, 12)
    outbox.take()
    whole = Session(outbox, assignment(training={"updates": 12}))
    while not whole.ended:
        whole.advance()
    assert metrics_of(outbox)[8:] == longer


def test_a_session_that_is_left_sends_its_last_figures_picture_and_weights(outbox: Outbox) -> None:
    session = Session(outbox, assignment(training={"updates": 300}))
    for _ in range(3):
        session.advance()
    outbox.take()
    session.leave()
    assert sorted(outbox.kinds()) == ["checkpoint", "look", "metrics", "snapshot"]
    assert {frame["update"] for frame in outbox.frames} == {3}
    assert checkpoint.loads(bytes(outbox.last("checkpoint")["data"]["bytes"])).resumable


@pytest.mark.parametrize(("rate", "kept"), [(RISKY_RATE, True), (50.0, True), (RISKY_RATE / 2, False)])
def test_weights_are_stored_before_a_rate_that_may_lose_them(outbox: Outbox, rate: float, kept: bool) -> None:
    session = Session(outbox, assignment(training={"updates": 300}))
    session.advance()
    outbox.take()
    session.obey(command("set_parameters", parameters={"learning_rate": rate}))
    assert ("checkpoint" in outbox.kinds()) is kept
    assert outbox.last("parameters")["data"]["parameters"]["learning_rate"] == rate
    outbox.take()
    session.obey(command("set_parameters", parameters={"learning_rate": rate * 2}))
    assert ("checkpoint" in outbox.kinds()) is (rate < RISKY_RATE)
