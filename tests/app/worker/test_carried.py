"""Resume, reset, reseed and branch of a run that reads a text on: what the server gives a worker, trained by one.

The state that a row begins with is looked at where a training reads it, in the batch; the places are held to a plain
recount in the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import torch
from torch import Tensor

from sab_visualiser.app.runs.curves import joined_looks
from sab_visualiser.app.runs.kin.branch import Birth, Past, branched
from sab_visualiser.app.runs.moves.commands import accept, assignment
from sab_visualiser.app.runs.moves.replay import Replay
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Order, Stored
from sab_visualiser.app.wire.errors import validate
from sab_visualiser.app.wire.requests import BranchRequest, Command, RunSpec
from sab_visualiser.app.worker.session import Session
from sab_visualiser.model.contract.data import HAMLET
from sab_visualiser.model.tasks import Batch
from sab_visualiser.model.tasks.data import FOLDER
from tests.app.worker.conftest import Outbox
from tests.app.worker.test_session import command, metrics_of

T, ROWS, MOST, AT = 24, 3, 8, 5
SPEC: dict[str, dict[str, Any]] = {
    "task": {"name": "char", "T": T, "carry": True},
    "model": {"hidden_size": 6, "attention_size": 4, "k_top": 2, "k_trunc": 3, "k_att": 1},
    "training": {"batch_size": ROWS, "updates": MOST, "seed": 5, "learning_rate": 0.01, "phase": "random"},
}
RUN = new_run("r1", validate(RunSpec, SPEC), "2026")
TURN: dict[str, Any] = {"type": "set_parameters", "command_id": "t1", "parameters": {"learning_rate": 0.002}}


def read(session: Session) -> Batch:
    """What the next update reads."""
    return session.trainer._read_on.batch(session.trainer.update, session.trainer.network)  # type: ignore[union-attr]


def before(session: Session) -> tuple[Tensor, Tensor]:
    """The state that the rows of the next update begin with."""
    found = read(session).before
    assert found is not None
    return found


def is_zero(session: Session) -> bool:
    return not any(part.any() for part in before(session))


def texts(session: Session) -> list[str]:
    """What the rows of the next update read, as a person reads it."""
    symbols_BT = read(session).symbols_BT
    assert symbols_BT is not None
    return ["".join(HAMLET.symbols[place] for place in row) for row in symbols_BT.tolist()]


def trained(run: Run, stored: bytes | None = None, updates: int = MOST) -> tuple[Session, list[float]]:
    """A worker's session of the run after so many updates, or at its end, and their losses."""
    outbox = Outbox()
    session = Session(outbox, dict(assignment(run)), stored)
    for _ in range(updates):
        if session.busy:
            session.advance()
    session.checkpoint()
    return session, metrics_of(outbox)


def saved(session: Session) -> bytes:
    outbox = session._link
    assert isinstance(outbox, Outbox)
    return bytes(outbox.last("checkpoint")["data"]["bytes"])


def same(one: Any, other: Any) -> bool:
    """Whether two trainings are at the same place: weights and carried states, bit for bit."""
    mine, theirs = one.trainer.state_dict(), other.trainer.state_dict()
    return all(
        mine[part].keys() == theirs[part].keys()
        and all(torch.equal(mine[part][name], theirs[part][name]) for name in mine[part])
        for part in ("weights", "carried")
    )


def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit_with_its_state_and_turned_knobs() -> None:
    whole = Session(Outbox(), dict(assignment(RUN)))
    for update in range(MOST):
        if update == AT + 1:
            whole.obey(dict(TURN))
        whole.advance()
    broken, losses = trained(RUN, updates=AT)
    stopped = replace(RUN, status="stopped", update=AT + 2, checkpoint="a" * 64, checkpoint_update=AT)
    resume = Command.model_validate(command("resume"))
    replay = Replay(RUN.parameters, (cast(Order, {**TURN, "at": AT + 1}),))
    going = accept(stopped, resume, replay=replay).run
    assert (going.attempt, going.update, going.checkpoint) == (RUN.attempt, AT, "a" * 64)
    resumed, more = trained(going, saved(broken))
    assert isinstance(whole._link, Outbox)
    assert losses + more == metrics_of(whole._link)
    assert same(resumed, whole)
    assert not torch.equal(resumed.trainer.state_dict()["carried"]["h"], torch.zeros(ROWS, 6))


def test_a_resume_without_a_checkpoint_and_a_reset_read_from_the_beginning_with_nothing() -> None:
    first, losses = trained(RUN)
    told = (FOLDER / "hamlet.txt").read_text(encoding="utf-8")
    stopped = replace(RUN, status="stopped", update=AT)
    for kind in ("resume", "reset"):
        again = accept(stopped, Command.model_validate(command(kind))).run
        assert (again.checkpoint, again.spec["training"]["seed"]) == (None, 5)
        fresh, none = trained(again, updates=0)
        assert (none, is_zero(fresh)) == ([], True)
        begins = [told.index(text) for text in texts(fresh)]
        assert all(0 <= begin < HAMLET.training - T for begin in begins)
        fresh.advance()
        assert not is_zero(fresh), "what stands after the first update is carried"
        assert [told.index(text) for text in texts(fresh)] == [begin + T for begin in begins], "each reads on"
        session, repeated = trained(again)
        assert repeated == losses
        assert same(session, first)


def test_a_reseeded_run_reads_from_the_places_of_its_new_seed_with_nothing() -> None:
    first, losses = trained(RUN)
    running = replace(RUN, status="running", assigned=True, update=AT, checkpoint="a" * 64, checkpoint_update=AT)
    decision = accept(running, Command.model_validate(command("reseed")))
    assert decision.assign is not None
    assert (decision.assign["checkpoint"], decision.assign["spec"]["training"]["seed"]) == (None, 6)
    anew = Session(Outbox(), dict(decision.assign))
    assert is_zero(anew)
    assert texts(anew) != texts(Session(Outbox(), dict(assignment(RUN))))
    _, others = trained(decision.run)
    alone, expected = trained(
        new_run("r2", validate(RunSpec, {**SPEC, "training": {**SPEC["training"], "seed": 6}}), "")
    )
    assert others == expected != losses
    assert not same(alone, first)


def test_a_branch_and_its_reset_go_on_from_the_state_that_its_parent_carried_then() -> None:
    parent, losses = trained(RUN)
    at, _ = trained(RUN, updates=AT)
    stored = saved(at)
    past = Past(RUN.parameters, joined_looks([]))
    ended = replace(RUN, status="finished", update=MOST)

    def branch(**asked: Any) -> Run:
        wanted = validate(BranchRequest, {"update": AT, **asked})
        return branched(ended, Stored("a" * 64, 10, AT), past, wanted, Birth("r2", "2027"))

    plain, same_losses = trained(branch(training={"updates": MOST + 1}), stored)
    assert same_losses[: MOST - AT] == losses[AT:]
    other = branch(model={"k_top": 1}, training={"updates": MOST})
    begun, _ = trained(other, stored, updates=0)
    assert texts(begun) == texts(at)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(before(begun), before(at), strict=True))
    assert not is_zero(begun)
    ended_branch, first_losses = trained(other, stored)
    assert first_losses != losses[AT:]
    reset = accept(replace(other, status="stopped", update=MOST), Command.model_validate(command("reset"))).run
    assert (reset.checkpoint, reset.update, reset.attempt) == ("a" * 64, AT, other.attempt + 1)
    again, repeated = trained(reset, stored)
    assert repeated == first_losses
    assert same(again, ended_branch)
    assert not same(again, parent)
    assert plain.trainer.update == MOST + 1
