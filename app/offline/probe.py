"""Networks asked in this process: `sab export` without a server. Question and answer are those of POST /api/probe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import torch

from sab_visualiser.app.runs.fits import is_here
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import to_bytes
from sab_visualiser.app.wire.requests import ProbeRequest, RunSpec
from sab_visualiser.app.worker.answers import inspected
from sab_visualiser.app.worker.process import THREADS
from sab_visualiser.app.worker.record import probe_record, record_of
from sab_visualiser.app.worker.translate import bring_data, run_config, run_spec
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
    except FileNotFoundError:
        raise _gone(path) from None


def inspect_file(path: Path, limit: int, spec: Spec | None = None, text: Path | None = None) -> dict[str, Any]:
    """What is in the checkpoint at `path`: {spec, update}, as a worker says of one that is sent.

    Args:
        path: The file.
        limit: What its network may take, bytes.
        spec: Of its run, where that is known.
        text: The text that its run reads, where that is here.

    Raises:
        UserError: The file is no checkpoint of ours (422).
    """
    unread = spec is not None and text is None and not is_here(spec)
    if text is not None:
        bring_data(spec, lambda _: text.read_bytes())
    try:
        return inspected(path.read_bytes(), limit, unread=unread)
    except CheckpointError as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None


def probe_file(path: Path, request: ProbeRequest) -> bytes:
    """The packed trace of the network stored at `path`.

    Raises:
        UserError: The file is no checkpoint of ours, or a field does not suit the network (422).
    """
    try:
        with threads_of_a_worker():
            return to_bytes(probe_record(path, request))
    except (CheckpointError, ValueError) as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None
    except FileNotFoundError:
        raise _gone(path) from None


def _gone(path: Path) -> UserError:
    return UserError(404, "Not found", f"checkpoint {path.name} is there no longer: its run was deleted meanwhile")


def probe_untrained(spec: Spec, request: ProbeRequest) -> bytes:
    """The packed trace of the network as its seed begins it.

    Raises:
        UserError: A field does not suit the network (422).
    """
    with threads_of_a_worker():
        trainer = Trainer(run_config(RunSpec.model_validate(spec)))
        record = record_of(trainer.network, trainer.task, trainer.config.task, request, 0)
    return to_bytes(record)


@contextmanager
def threads_of_a_worker() -> Iterator[None]:
    """As many torch threads as a worker has: more of them add up in another order, and last digits would differ."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)
