"""A run as one zip file: config.json, metrics.csv, snapshots as JSON, the latest checkpoint."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from pathlib import Path

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import to_csv
from sab_visualiser.app.runs.curves import KINDS, Curves, concatenate
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.stored import stored_trace
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.trace_json import trace_json


async def make_bundle(store: Store, run: Run) -> bytes:
    """The zip file."""
    curves = concatenate(await store.history(run, KINDS))
    frames = [frame for at in await store.snapshot_updates(run) if (frame := await store.snapshot(run, at))]
    checkpoint = store.checkpoints.path(run.checkpoint) if run.checkpoint else None
    return await asyncio.to_thread(_zip, run, curves, frames, checkpoint)


def _zip(run: Run, curves: Curves, frames: list[bytes], checkpoint: Path | None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("config.json", json.dumps(run.view(), indent=1, allow_nan=False))
        bundle.writestr("metrics.csv", _table(curves))
        for frame in frames:
            record = stored_trace(frame).record()
            trace = json.dumps(trace_json(record), allow_nan=False)
            bundle.writestr(f"snapshots/{record['update']:08d}.json", trace)
        if checkpoint is not None and checkpoint.is_file():
            bundle.write(checkpoint, f"checkpoint-{run.checkpoint_update}.safetensors", zipfile.ZIP_STORED)
    return target.getvalue()


def _table(curves: Curves) -> str:
    """The figures as the CSV export writes them, without a caption: config.json says what they are of."""
    return to_csv(make_table("curves", curves), {}).decode()
