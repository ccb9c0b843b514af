"""Keeps what a network showed while it was trained, for the scrubber of the page (app/presets/history.py reads it)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zstandard

from sab_visualiser.app.runs.curves import joined_looks
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.worker.record import curve_columns, look_columns, snapshot_record
from sab_visualiser.model.training.looks import Look
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

LEVEL = 19


class Recorder:
    """Collects curves of every update and a snapshot every so many.

    Args:
        every: Updates between two snapshots; the first is the untrained network, the last the finished one.
    """

    def __init__(self, every: int) -> None:
        self._every = every
        self._snapshots: dict[int, bytes] = {}
        self._results: list[UpdateResult] = []
        self._looks: list[Look] = []

    def look(self, trainer: Trainer) -> None:
        """Take a snapshot if one is due; called before the first update and after each one."""
        if trainer.update % self._every == 0:
            self._snapshots[trainer.update] = to_bytes(snapshot_record(trainer))

    def note(self, result: UpdateResult) -> None:
        """Keep the figures of an update."""
        self._results.append(result)

    def saw(self, look: Look) -> None:
        """Keep a look at health and fresh examples."""
        self._looks.append(look)

    def write(self, path: Path, trainer: Trainer) -> None:
        """Write the file; the network as it is now ends the history."""
        kept = {update: content for update, content in self._snapshots.items() if update < trainer.update}
        kept[trainer.update] = to_bytes(snapshot_record(trainer))
        message = {
            "updates": np.array(list(kept), np.int32),
            "snapshots": [as_array(content) for content in kept.values()],
            "metrics": {
                **curve_columns(self._results),
                "looks": joined_looks([*map(look_columns, self._looks)]),
            },
        }
        path.write_bytes(zstandard.ZstdCompressor(level=LEVEL).compress(encode(message)))
