"""Presets over HTTP: the list of them, and the history of pretrained ones in the shapes that runs have."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from sab_visualiser.app.presets.history import curves_of, updates_of
from sab_visualiser.app.web.messages.answers import Json, json_of, trace_answer, trace_or
from sab_visualiser.app.web.messages.queries import UpdatePath
from sab_visualiser.app.web.parts import FoundPreset, Here
from sab_visualiser.app.web.problems import problems
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.wire.views import PresetCurves, PresetSnapshots, PresetView

router = APIRouter(prefix="/api/presets")


@router.get("", response_model=list[PresetView], responses=problems(), tags=["server"])
async def presets(here: Here) -> object:
    """Presets, pretrained ones first."""
    return [preset.view() for preset in here.presets]


@router.get("/{name}/snapshots", responses=problems(404), tags=["networks"])
async def list_preset_snapshots(preset: FoundPreset) -> PresetSnapshots:
    """Updates of a pretrained preset that have a snapshot."""
    return PresetSnapshots(preset=preset.name, updates=await asyncio.to_thread(updates_of, preset))


@router.get("/{name}/snapshots/{update}", response_model=Trace, responses=trace_or(404, 422), tags=["networks"])
async def show_preset_snapshot(request: Request, here: Here, preset: FoundPreset, update: UpdatePath) -> Response:
    """The trace that a pretrained preset left at an update (or `latest`) of its training."""
    return await trace_answer(request, await here.answers.preset_snapshot(preset.name, update))


@router.get("/{name}/metrics", response_model=PresetCurves, responses=problems(404), tags=["networks"])
async def preset_metrics(preset: FoundPreset) -> Json:
    """Curves of the training of a pretrained preset as columns; null where a number is not finite."""
    return await json_of(lambda: {"preset": preset.name, **plain(curves_of(preset)), "changes": []})
