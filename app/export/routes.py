"""The two export addresses: a run as it was seen, and a stored network probed now."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.explorable.recording import Origin
from sab_visualiser.app.export.files import File, network_file, run_file
from sab_visualiser.app.export.print.apart import Apart
from sab_visualiser.app.export.query import NetworkQuery, RunQuery
from sab_visualiser.app.export.render import MEDIA_TYPES

# SVG and HTML can carry script: whoever opens the address itself gets a document without any rights.
ACTIVE = ("image/svg+xml", "text/html; charset=utf-8")
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as an attachment.",
        "content": {media: {} for media in sorted(set(MEDIA_TYPES.values()))},
    },
}


def answers_of(request: Request) -> Answers:
    """Who answers on this server."""
    return cast(Answers, request.app.state.answers)


def page_of(request: Request) -> Origin:
    """The address of the page on this server, as the request reached it."""
    return Origin(f"{str(request.base_url).rstrip('/')}/#")


def drawer(request: Request) -> Apart | None:
    """Who draws pictures on this server."""
    return getattr(request.app.state, "pictures", None)


Asked = Annotated[Answers, Depends(answers_of)]
router = APIRouter(tags=["export"])
RunId = Annotated[str, Path(description="id of a run")]


@router.get(
    "/api/runs/{run_id}/export",
    summary="A panel of a run as a file",
    responses=FILES,
    response_class=Response,
)
async def export_run(request: Request, run_id: RunId, query: Annotated[RunQuery, Query()], server: Asked) -> Response:
    """The panel at a stored update; another example or loss step than the snapshot's is probed."""
    return _attached(await run_file(server, run_id, query, page_of(request), drawer(request)))


@router.get(
    "/api/export",
    summary="A panel of a bundled or uploaded network as a file",
    responses=FILES,
    response_class=Response,
)
async def export_network(request: Request, query: Annotated[NetworkQuery, Query()], server: Asked) -> Response:
    """The panel of a preset or checkpoint, probed with the knobs of the query."""
    return _attached(await network_file(server, query, page_of(request), drawer(request)))


def _attached(file: File) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    if file.media_type in ACTIVE:
        headers["Content-Security-Policy"] = "sandbox"
    return Response(file.body, media_type=file.media_type, headers=headers)
