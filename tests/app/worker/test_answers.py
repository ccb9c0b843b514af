"""Questions get an answer or a problem that names the field; the worker lives on."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sab_visualiser.app.runs.shapes import Question
from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.worker.answers import KEPT_NETWORKS, Networks, answer
from sab_visualiser.app.worker.session import Session
from sab_visualiser.model.training.checkpoint import Checkpoint, dumps
from tests.app.worker.conftest import TINY, Outbox, assignment


def nothing(sha256: str) -> bytes:
    raise AssertionError(f"checkpoint {sha256} was not to be fetched")


def ask(session: Session | None, kind: str, networks: Networks | None = None, **fields: Any) -> dict[str, Any]:
    message = cast(Question, {"type": kind, "request": "q1", **fields})
    found = decode(encode(answer(message, session, networks or Networks(nothing))))
    if "trace" in (data := found.get("data", {})):
        found["data"] = from_bytes(data["trace"].tobytes())
    return found


def test_a_run_in_hand_is_probed_with_its_latest_weights(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    session.advance()
    found = ask(session, "probe", probe={"run": "r1", "loss_step": 6}, spec=None, checkpoint=None)
    assert (found["kind"], found["request"], found["data"]["update"]) == ("probed", "q1", 1)


def test_a_bad_probe_names_the_field(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    found = ask(session, "probe", probe={"run": "r1", "loss_step": 99}, spec=None, checkpoint=None)
    assert found["kind"] == "probe_failed"
    assert found["problem"]["errors"][0]["field"] == "loss_step"


def test_a_spec_without_a_checkpoint_is_answered_by_the_untrained_network() -> None:
    found = ask(None, "probe", probe={"run": "r1", "loss_step": 6}, spec=TINY, checkpoint=None)
    assert found["data"]["update"] == 0


def test_the_hit_rate_counts_the_whole_probe_batch_as_its_traces_do(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    found = ask(session, "hits", probe={"run": "r1", "k_top": 1, "knocked_out": [[7, 1]]}, spec=None, checkpoint=None)
    traces = [
        ask(
            session,
            "probe",
            probe={"run": "r1", "k_top": 1, "knocked_out": [[7, 1]], "example": index},
            spec=None,
            checkpoint=None,
        )["data"]["hits"]
        for index in range(found["data"]["examples"])
    ]
    known = [hit for hits in traces for hit in hits.values() if hit is not None]
    assert (found["data"]["readers"], found["data"]["hits"]) == (len(known), sum(known))
    assert found["data"]["hit_rate"] == sum(known) / len(known)
    assert session.trainer.network.knobs().k_top == 2


def test_the_self_check_holds_on_a_run_in_hand(outbox: Outbox) -> None:
    found = ask(Session(outbox, assignment()), "selfcheck", spec=None, checkpoint=None)
    assert found["data"]["holds"] is True
    assert len(found["data"]["identities"]) == 7


def test_an_uploaded_checkpoint_tells_its_spec(outbox: Outbox) -> None:
    content = dumps(Checkpoint.of(Session(outbox, assignment()).trainer))
    found = ask(None, "inspect", Networks({"a": content}.__getitem__), checkpoint="a", limit=1 << 30)
    assert found["data"]["spec"]["model"]["hidden_size"] == 6
    assert found["data"]["update"] == 0


@pytest.mark.parametrize(
    "content", [b"", b"not a checkpoint", b"\x80\x04pickle", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "]
)
def test_a_file_that_is_no_checkpoint_is_refused_with_a_word(content: bytes) -> None:
    found = ask(None, "inspect", Networks({"a": content}.__getitem__), checkpoint="a", limit=1 << 30)
    assert found["kind"] == "probe_failed"
    assert found["problem"]["errors"][0]["field"] == "checkpoint"


def test_a_question_without_a_subject_is_a_problem_not_a_crash() -> None:
    found = ask(None, "probe", probe={"run": "r1"}, spec=None, checkpoint=None)
    assert found["problem"]["status"] == 409


def test_a_knocked_out_edge_arrives_from_json(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    probe = {"run": "r1", "loss_step": 6, "knocked_out": [[6, 0]]}
    found = ask(session, "probe", probe=probe, spec=None, checkpoint=None)
    assert found["data"]["knocked_out"] == [[6, 0]]


def test_a_stored_network_is_fetched_once_and_answers_from_its_bytes_alone(outbox: Outbox) -> None:
    session = Session(outbox, assignment())
    session.advance()
    content, fetched = dumps(Checkpoint.of(session.trainer)), []
    networks = Networks(lambda sha256: fetched.append(sha256) or content)  # type: ignore[func-returns-value]
    probe = {"run": "r1", "loss_step": 6}
    live = ask(session, "probe", probe=probe, spec=None, checkpoint=None)["data"]
    for _ in range(2):
        stored = ask(None, "probe", networks, probe=probe, spec=TINY, checkpoint="a")["data"]
        assert stored["update"] == 1
        assert stored["loss_T"].tolist() == live["loss_T"].tolist()
    assert ask(None, "selfcheck", networks, spec=TINY, checkpoint="a")["data"]["holds"] is True
    assert fetched == ["a"]
    for number in range(KEPT_NETWORKS):
        ask(None, "hits", networks, probe=probe, spec=TINY, checkpoint=str(number))
    ask(None, "hits", networks, probe=probe, spec=TINY, checkpoint="a")
    assert fetched == ["a", *map(str, range(KEPT_NETWORKS)), "a"], "the last few are kept"
