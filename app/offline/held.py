"""A network or a trace in the memory of this process, as what the page is made of: for `show` in a notebook.

Nothing of the network changes: it is asked as a worker asks the one that it trains.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from sab_visualiser.app.offline.probe import threads_of_a_worker
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.packing import to_bytes
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.worker.answers import Subject
from sab_visualiser.app.worker.record import record_of, traced_record
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.trace import Trace
from sab_visualiser.model.tasks import Task, make_task
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer


class Held(NamedTuple):
    """The network that is asked (app/export/answers.py, Weights), and what it was made from where that is known."""

    subject: Subject
    config: RunConfig | None
    name: str = "network"

    def probe(self, request: ProbeRequest) -> bytes:
        """The packed trace that answers.

        Raises:
            UserError: A field does not suit the network (422).
        """
        subject = self.subject
        with threads_of_a_worker():
            record = record_of(subject.network, subject.task, subject.config, request, subject.update)
        return to_bytes(record)

    def spec(self) -> Spec | None:
        """What the network was made from; Python code may go beyond the ranges of a RunSpec, so it is none."""
        if self.config is None:
            return None
        values = self.config.to_dict()
        return cast(Spec, {**values, "model": to_wire(values["model"])})


def held(what: object, task: object, update: object) -> Held | None:
    """The network that `what` is or holds; None where it is none.

    Args:
        what: A Trainer, a Checkpoint, or a Network.
        task: Of a Network.
        update: Updates that a Network has had.

    Raises:
        UserError: Task or update is missing, or they do not fit together.
    """
    if isinstance(what, Trainer | Checkpoint):
        _refuse_beside("task", task, what)
        _refuse_beside("update", update, what)
        network = what.network if isinstance(what, Trainer) else what.network()
        return Held(Subject(network, make_task(what.config.task), what.config.task, what.update), what.config)
    if not isinstance(what, Network):
        return None
    found, updates = _task(task), _update(update)
    features, classes = what.layer.input_size, what.readout.out_features
    if (features, classes) != (found.input_size, found.output_size):
        fits = f"a task of {features} inputs and {classes} outputs, as the network has"
        given = f"{found.name}, {found.input_size} inputs and {found.output_size} outputs"
        raise field_error("task", given, fits, "pass the task that it was made for")
    return Held(Subject(what, found, found.config, updates), None)


def packed(what: object, task: object, update: object) -> bytes | None:
    """The packed form of a Trace that somebody took by himself; None where `what` is none.

    Raises:
        UserError: Task or update is missing.
    """
    if not isinstance(what, Trace):
        return None
    return to_bytes(traced_record(what, _task(task), _update(update)))


def _task(task: object) -> Task:
    if not isinstance(task, Task):
        takes = "a Task, as make_task gives it or trainer.task is"
        raise field_error("task", _said(task), takes, "show(what, task=task, update=updates)")
    return task


def _update(update: object) -> int:
    if isinstance(update, bool) or not isinstance(update, int) or update < 0:
        takes = "0 or more, whole number: updates that the weights have had"
        raise field_error("update", _said(update), takes, "show(what, task=task, update=updates)")
    return update


def _refuse_beside(name: str, value: object, what: object) -> None:
    if value is not None:
        raise field_error(name, _said(value), f"left out: a {type(what).__name__} knows its own", "leave it out")


def _said(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else type(value).__name__
