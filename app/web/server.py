"""What the server itself says over HTTP: that it lives, how its workers compute, and what tasks there are."""

from __future__ import annotations

from fastapi import APIRouter

from sab_visualiser.app.web.parts import Here
from sab_visualiser.app.web.problems import problems
from sab_visualiser.app.wire.views import EngineView, Health, TaskView
from sab_visualiser.model.contract import task_list

ENGINE_WAIT_S = 10.0
router = APIRouter(prefix="/api", tags=["server"], responses=problems())


@router.get("/health")
async def health() -> Health:
    """Whether the server answers."""
    return Health()


@router.get("/engine")
async def engine(here: Here) -> EngineView:
    """How workers compute: device, backend, and why; waits a few seconds for the first worker to say so."""
    return await here.supervisor.computing.view(ENGINE_WAIT_S)


@router.get("/tasks", response_model=list[TaskView])
async def tasks() -> object:
    """Tasks with their parameters, metrics and true sources."""
    return task_list()
