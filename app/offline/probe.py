"""A stored network asked in this process: `sab export` without a server.

The question and the answer are those of POST /api/probe.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.record import probe_columns
from sab_visualiser.app.worker.translate import run_spec
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training.checkpoint import CheckpointError, load


def probe_file(path: Path, kind: str, asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The trace in its JSON shape, and the spec of the network stored at `path`.

    Args:
        path: A checkpoint.
        kind: What the file is called in the trace: preset or checkpoint.
        asked: The fields of a probe that were given.

    Raises:
        UserError: The file is no checkpoint of ours, or a field does not suit the network (422).
    """
    try:
        config = load(path).config
        asked = {"loss_step": make_task(config.task).default_loss_step, **asked}
        columns = probe_columns(path, ProbeRequest(preset="file", **asked))
    except (CheckpointError, ValueError) as error:
        raise UserError(422, "Checkpoint not accepted", str(error)) from None
    named = {"preset": None, "checkpoint": None, "run": None, kind: path.stem}
    return {**trace_json(columns), **named}, run_spec(config).model_dump(mode="json")
