"""A run as one zip file: config.json, metrics.csv, snapshots as JSON, the latest checkpoint.

Deliberately not here: pictures (app/export).
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sab_visualiser.app.runs.curves import KINDS, concatenate
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.trace_json import plain, trace_json

FIXED = ("update", "loss", "gradient_norm", "learning_rate", "skipped")


async def make_bundle(store: Store, run: Run) -> bytes:
    """The zip file."""
    curves = concatenate(await store.history(run, KINDS))
    frames = [frame for at in await store.snapshot_updates(run) if (frame := await store.snapshot(run, at))]
    checkpoint = store.checkpoints.path(run.checkpoint) if run.checkpoint else None
    return await asyncio.to_thread(_zip, run, curves, frames, checkpoint)


def _zip(run: Run, curves: dict[str, Any], frames: list[bytes], checkpoint: Path | None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("config.json", json.dumps(run.view(), indent=1, allow_nan=False))
        bundle.writestr("metrics.csv", _table(curves))
        for frame in frames:
            message = decode(frame)
            trace = json.dumps(trace_json(message["data"]), allow_nan=False)
            bundle.writestr(f"snapshots/{message['update']:08d}.json", trace)
        if checkpoint is not None and checkpoint.is_file():
            bundle.write(checkpoint, f"checkpoint-{run.checkpoint_update}.safetensors", zipfile.ZIP_STORED)
    return target.getvalue()


def _table(curves: dict[str, Any]) -> str:
    columns = {name: plain(curves[name]) for name in FIXED} | {
        name: plain(column) for name, column in curves["values"].items()
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()
