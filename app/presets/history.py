"""The history of a pretrained network: what it showed while it was trained, from one file beside its weights.

`NAME.history.zst` is one frame of app/wire/codec.py, compressed: `snapshots`, a list of traces in columns by rising
update, and `metrics`, the curves in columns. Deliberately not here: how it is made (app/offline/recorder.py).
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import zstandard

from sab_visualiser.app.presets.bundled import Preset
from sab_visualiser.app.runs.stored import no_snapshot
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> dict[str, Any]:
    """The file as it is now; `changed_ns` makes a file that was made anew another entry."""
    del changed_ns
    return decode(zstandard.ZstdDecompressor().decompress(path.read_bytes()))


def history_of(preset: Preset) -> dict[str, Any]:
    """The snapshots and curves of a preset's training.

    Raises:
        UserError: Status 404 when none came along.
    """
    if preset.history is None:
        raise UserError(
            404, "No history", f"preset {preset.name} came without the history of its training; train a run"
        )
    return _read(preset.history, preset.history.stat().st_mtime_ns)


def updates_of(preset: Preset) -> list[int]:
    """The updates that have a snapshot, rising."""
    return [each["update"] for each in history_of(preset)["snapshots"]]


def snapshot_at(preset: Preset, update: int | None) -> dict[str, Any]:
    """The snapshot at an update (None: the last) in columns.

    Raises:
        UserError: Status 404 for an update that has none; names the nearest.
    """
    snapshots = history_of(preset)["snapshots"]
    wanted = snapshots[-1]["update"] if update is None else update
    for each in snapshots:
        if each["update"] == wanted:
            return {**each, "run": None, "preset": preset.name, "checkpoint": None}
    listed = f"GET /api/presets/{preset.name}/snapshots lists them"
    raise no_snapshot(f"preset {preset.name}", updates_of(preset), wanted, listed)
