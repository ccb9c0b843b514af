"""The answer that came along with a preset: the trace of the question that the page asks first."""

from __future__ import annotations

import functools
from pathlib import Path

from sab_visualiser.app.presets.bundled import Preset
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.requests import ProbeRequest


def bundled_trace(preset: Preset, request: ProbeRequest) -> bytes | None:
    """The packed trace that came with the preset, when it is the one that is asked for."""
    changed = request.model_dump(exclude={"preset", "loss_step"}, exclude_defaults=True)
    if preset.trace is None or changed:
        return None
    content, loss_step = _read(preset.trace, preset.trace.stat().st_mtime_ns)
    same = "loss_step" not in request.model_fields_set or request.loss_step == loss_step
    return content if same else None


@functools.lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int) -> tuple[bytes, int | None]:
    """The file as it is now, and its loss step; `changed_ns` makes a file that was made anew another entry."""
    del changed_ns
    content = path.read_bytes()
    return content, from_bytes(content)["loss_step"]
