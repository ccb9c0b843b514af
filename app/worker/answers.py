"""Questions that a worker answers between two updates: probe, hits, self-check, what an uploaded checkpoint holds."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sab_visualiser.app.runs.fits import Room, check_load
from sab_visualiser.app.runs.shapes import Question, Spec
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.wire.views import FieldProblem
from sab_visualiser.app.worker.process import out_of_memory
from sab_visualiser.app.worker.record import hits_of, record_of
from sab_visualiser.app.worker.session import Session
from sab_visualiser.app.worker.translate import bring_data, run_config, told_spec
from sab_visualiser.model import card
from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.proof.selfcheck import SelfCheck
from sab_visualiser.model.tasks import Task, make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import CheckpointError
from sab_visualiser.model.training.checkpoint_format import read_header
from sab_visualiser.model.training.trainer import Trainer

KEPT_NETWORKS = 8


class Subject(NamedTuple):
    """The network that is asked about."""

    network: Network
    task: Task
    config: TaskConfig
    update: int


class Networks:
    """Stored networks, the last few of them by the hash of their bytes, so that one is fetched and built once.

    Args:
        fetch: Gets the bytes of a checkpoint from the server by their sha256.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self.fetch = fetch
        self._kept: OrderedDict[str, Subject] = OrderedDict()

    def stored(self, sha256: str) -> Subject:
        """The network of a checkpoint."""
        if sha256 not in self._kept:
            found = checkpoint.loads(self.fetch(sha256))
            subject = Subject(found.network(), make_task(found.config.task), found.config.task, found.update)
            self._kept[sha256] = subject
        self._kept.move_to_end(sha256)
        while len(self._kept) > KEPT_NETWORKS:
            self._kept.popitem(last=False)
        return self._kept[sha256]

    @staticmethod
    @lru_cache(maxsize=KEPT_NETWORKS)
    def untrained(spec: str) -> Subject:
        """The network as its seed begins it; `spec` is JSON."""
        trainer = Trainer(run_config(RunSpec.model_validate_json(spec)))
        return Subject(trainer.network, trainer.task, trainer.config.task, 0)


def answer(message: Question, session: Session | None, networks: Networks) -> dict[str, Any]:
    """The frame that answers a question; a question that cannot be answered gets `probe_failed` with the problem.

    Raises:
        RuntimeError: The device of the run that was asked is lost.
    """
    request = message["request"]
    try:
        bring_data(message.get("spec"), networks.fetch)
        data = QUESTIONS[message["type"]](message, session, networks)
    except UserError as error:
        return {"kind": "probe_failed", "request": request, "problem": error.problem.model_dump()}
    except CheckpointError as error:
        problem = FieldProblem(field="checkpoint", range=str(error), remedy="upload a checkpoint made by this project")
        failed = UserError(422, "Checkpoint not accepted", str(error), [problem]).problem
        return {"kind": "probe_failed", "request": request, "problem": failed.model_dump()}
    except Exception as error:  # whatever a question meets, the next one is answered
        if card.is_lost(error):  # but for this: the run that was asked cannot go on
            raise
        traceback.print_exc()
        return {"kind": "probe_failed", "request": request, "problem": _unexpected(error).problem.model_dump()}
    return {"kind": "probed", "request": request, "data": data}


def _unexpected(error: Exception) -> UserError:
    """What is said of an error that nobody foresaw; memory that was refused is the one that is not our fault."""
    if card.out_of_memory(error):
        words = "the memory of the GPU did not suffice; ask for less, or train fewer runs at a time"
        return UserError(507, "Out of memory", words)
    if out_of_memory(error):
        words = "the memory of the worker did not suffice; ask for less, or raise SAB_MEMORY_MB"
        return UserError(507, "Out of memory", words)
    words = f"the worker could not answer ({type(error).__name__}); the log of the server has it"
    return UserError(500, "The worker made a mistake", words)


def _probe(message: Question, session: Session | None, networks: Networks) -> dict[str, Any]:
    subject = _subject(message, session, networks)
    request = validate(ProbeRequest, message["probe"])
    record = record_of(subject.network, subject.task, subject.config, request, subject.update)
    return {"trace": as_array(to_bytes(record))}


def _hits(message: Question, session: Session | None, networks: Networks) -> dict[str, Any]:
    subject = _subject(message, session, networks)
    return hits_of(subject.network, subject.task, validate(ProbeRequest, message["probe"]), subject.update)


def _selfcheck(message: Question, session: Session | None, networks: Networks) -> dict[str, Any]:
    subject = _subject(message, session, networks)
    identities = SelfCheck(subject.network, subject.task, subject.task.probe_batch()).identities()
    listed = [
        {
            "name": identity.name,
            "statement": identity.statement,
            "difference": plain(identity.difference),
            "tolerance": identity.tolerance,
            "holds": identity.holds,
        }
        for identity in identities
    ]
    return {"identities": listed, "update": subject.update, "holds": all(entry["holds"] for entry in listed)}


def _inspect(message: Question, _session: Session | None, networks: Networks) -> dict[str, Any]:
    sha256 = message.get("checkpoint")
    assert sha256 is not None, "the server names the checkpoint that it was given"
    limit = message.get("limit")
    assert limit is not None, "and says how much it may take"
    return inspected(networks.fetch(sha256), limit, unread=message.get("unread", False))


def inspected(content: bytes, limit: int, *, unread: bool = False) -> dict[str, Any]:
    """What is in a checkpoint: {spec, update}. Its header is judged as a request is, before anything is made of it.

    Args:
        content: The file.
        limit: What its network may take, bytes.
        unread: The data set of its run is nowhere, so that the sizes of its network are not known: its weights are
            judged when it is gone on from, by then that data set is there.

    Raises:
        CheckpointError: It is none of ours.
        UserError: A field of it is not accepted, or its network is too large.
    """
    document = read_header(content)[0]
    spec = told_spec(document)
    plain = cast(Spec, spec.model_dump(mode="json"))
    check_load(plain, Room(limit))
    return {"spec": plain, "update": document["update"] if unread else checkpoint.loads(content).update}


QUESTIONS: dict[str, Callable[[Question, Session | None, Networks], dict[str, Any]]] = {
    "probe": _probe,
    "hits": _hits,
    "selfcheck": _selfcheck,
    "inspect": _inspect,
}


def _subject(message: Question, session: Session | None, networks: Networks) -> Subject:
    if checkpoint_sha256 := message.get("checkpoint"):
        return networks.stored(checkpoint_sha256)
    if spec := message.get("spec"):
        return networks.untrained(validate(RunSpec, spec).model_dump_json())
    if session is None:
        raise field_error(
            "run", None, "a run in training, a checkpoint or a preset", "name one that exists", status=409
        )
    trainer = session.trainer
    return Subject(trainer.network, trainer.task, trainer.config.task, trainer.update)
