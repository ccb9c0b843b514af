"""Networks asked in this process: `sab export` without a server. Question and answer are those of POST /api/probe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import torch

from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import to_bytes
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.worker.answers import inspected
from sab_visualiser.app.worker.process import THREADS
from sab_visualiser.app.worker.record import probe_record, record_of
from sab_visualiser.app.worker.translate import run_config, run_spec
from sab_visualiser.model.training.checkpoint import CheckpointError, load
from sab_visualiser.model.training.trainer import Trainer


def spec_of(path: Path) -> Spec:
    """The spec of the network stored at `path`.

    Raises:
        UserError: The file is no checkpoint of ours (422).
    """
    try:
        return cast(Spec, run_spec(load(path).config).model_dump(mode="json"))
    except CheckpointError as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None


def inspect_file(path: Path) -> dict[str, Any]:
    """What is in the checkpoint at `path`: {spec, update}, as a worker says of one that is sent.

    Raises:
        UserError: The file is no checkpoint of ours (422).
    """
    try:
        return inspected(path.read_bytes())
    except CheckpointError as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None


def probe_file(path: Path, request: ProbeRequest) -> bytes:
    """The packed trace of the network stored at `path`.

    Raises:
        UserError: The file is no checkpoint of ours, or a field does not suit the network (422).
    """
    try:
        with _threads_of_a_worker():
            return to_bytes(probe_record(path, request))
    except (CheckpointError, ValueError) as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None


def probe_untrained(spec: Spec, request: ProbeRequest) -> bytes:
    """The packed trace of the network as its seed begins it.

    Raises:
        UserError: A field does not suit the network (422).
    """
    with _threads_of_a_worker():
        trainer = Trainer(run_config(RunSpec.model_validate(spec)))
        record = record_of(trainer.network, trainer.task, trainer.config.task, request, 0)
    return to_bytes(record)


@contextmanager
def _threads_of_a_worker() -> Iterator[None]:
    """As many torch threads as a worker has: more of them add up in another order, and last digits would differ."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)
