"""The history of a pretrained network: what it showed while it was trained, from one file beside its weights.

`NAME.history.zst` is one frame of app/wire/codec.py, compressed: `updates`, rising; `snapshots`, for each of them the
bytes of a packed trace; and `metrics`, the curves in columns. app/offline/recorder.py makes it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, cast

import zstandard

from sab_visualiser.app.presets.bundled import Preset
from sab_visualiser.app.runs.curves import Curves, joined_looks
from sab_visualiser.app.runs.named import Shown
from sab_visualiser.app.runs.stored import no_snapshot
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace


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


def curves_of(preset: Preset) -> Curves:
    """The curves of a preset's training; a history of before there were looks has none.

    Raises:
        UserError: Status 404 when none came along.
    """
    metrics = history_of(preset)["metrics"]
    return cast(Curves, {"looks": joined_looks([]), **metrics})


def updates_of(preset: Preset) -> list[int]:
    """The updates that have a snapshot, rising."""
    updates: list[int] = history_of(preset)["updates"].tolist()
    return updates


def shown_preset(preset: Preset) -> Shown:
    """The preset as the page lists it, with the updates whose pictures came along."""
    return Shown(preset.view(), updates_of(preset) if preset.history else [])


def snapshot_at(preset: Preset, update: int | None) -> SentTrace:
    """The snapshot at an update (None: the last).

    Raises:
        UserError: Status 404 for an update that has none; names the nearest.
    """
    updates = updates_of(preset)
    wanted = updates[-1] if update is None else update
    if wanted in updates:
        content = history_of(preset)["snapshots"][updates.index(wanted)].tobytes()
        return SentTrace(content, preset=preset.name)
    listed = f"GET /api/presets/{preset.name}/snapshots lists them"
    raise no_snapshot(f"preset {preset.name}", updates, wanted, listed)
