"""The history of pretrained presets over HTTP, in the shapes that runs have.

Deliberately not here: the list of presets (app/web/runs.py), and asking their weights (app/web/networks.py).
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse

from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.presets.history import history_of, snapshot_at, updates_of
from sab_visualiser.app.web.problems import read_whole
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import plain, trace_json
from sab_visualiser.model.contract import LARGEST_UPDATE

router = APIRouter(prefix="/api/presets")


def find_preset(request: Request, name: Annotated[str, Path(description="name of a preset")]) -> Preset:
    """The preset named in the path; 404 when there is none."""
    presets: Presets = request.app.state.presets
    try:
        return presets.find(name)
    except UserError as error:
        raise UserError(404, "No such preset", error.problem.detail) from None


FoundPreset = Annotated[Preset, Depends(find_preset)]


@router.get("/{name}/snapshots", tags=["networks"])
async def list_preset_snapshots(preset: FoundPreset) -> dict[str, Any]:
    """Updates of a pretrained preset that have a snapshot."""
    return {"preset": preset.name, "updates": await asyncio.to_thread(updates_of, preset)}


@router.get("/{name}/snapshots/{update}", response_model=Trace, tags=["networks"])
async def show_preset_snapshot(preset: FoundPreset, update: str) -> JSONResponse:
    """The trace that a pretrained preset left at an update (or `latest`) of its training."""
    at = None if update == "latest" else read_whole(update, "update", 0, LARGEST_UPDATE)
    return JSONResponse(await asyncio.to_thread(lambda: trace_json(snapshot_at(preset, at))))


@router.get("/{name}/metrics", tags=["networks"])
async def preset_metrics(preset: FoundPreset) -> JSONResponse:
    """Curves of the training of a pretrained preset as columns; null where a number is not finite."""
    columns = (await asyncio.to_thread(history_of, preset))["metrics"]
    return JSONResponse({"preset": preset.name, **await asyncio.to_thread(plain, columns), "changes": []})
