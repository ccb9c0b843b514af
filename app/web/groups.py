"""Groups of runs over HTTP: start one, and what came of it; each handler is a few lines."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response

from sab_visualiser.app.export.content.rows import as_csv, as_parquet
from sab_visualiser.app.export.render import MEDIA_TYPES
from sab_visualiser.app.runs.kin.group import name_of_group, specs_of
from sab_visualiser.app.runs.kin.results import flat_rows, results_of
from sab_visualiser.app.web.messages.answers import Json
from sab_visualiser.app.web.messages.bodies import FromBytes, JsonRoute
from sab_visualiser.app.web.messages.queries import ResultsQuery
from sab_visualiser.app.web.parts import Here
from sab_visualiser.app.web.problems import UNSAFE, problems
from sab_visualiser.app.wire.requests import GroupRequest
from sab_visualiser.app.wire.views import GroupResults, GroupView

router = APIRouter(prefix="/api/groups", tags=["runs"], route_class=JsonRoute)
Together = Annotated[
    GroupRequest,
    FromBytes(),
    Body(
        openapi_examples={
            "three methods, two seeds": {
                "value": {
                    "base": {"preset": "copy-10"},
                    "grid": {"model.method": ["sab", "tbptt", "bptt"]},
                    "seeds": [1, 2],
                }
            }
        }
    ),
]
CSV, PARQUET = MEDIA_TYPES["csv"], MEDIA_TYPES["parquet"]
TABLES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The results, or their rows as a file: one value a column.",
        "content": {"text/csv": {}, PARQUET: {"schema": {"type": "string", "format": "binary"}}},
    }
}
GroupPath = Annotated[str, Path(description="id of a group")]


@router.post("", status_code=201, response_model=GroupView, responses=problems(*UNSAFE, 415, 422, 429, 507))
async def create_group(here: Here, asked: Together) -> Json:
    """Start runs to be compared: every combination of the grid, each with every seed; all of them or none.

    With `group`, runs join those that it has; one that is there already is answered as it is.
    """
    specs = specs_of(asked, here.presets.fill)
    name = name_of_group(asked, specs)
    rates = [here.presets.rate_of(spec) for spec in specs]
    runs = await here.conductor.starts.group(name, specs, rates, asked.group)
    views = [here.conductor.view(run) for run in runs]
    return Json({"group": runs[0].group, "name": runs[0].group_name, "runs": views}, 201)


@router.get("/{group_id}", response_model=GroupResults, responses={**TABLES, **problems(404, 422, 501)})
async def group_results(here: Here, group_id: GroupPath, query: Annotated[ResultsQuery, Query()]) -> Response:
    """What came of a group: in which settings its runs differ, and a row a run.

    As csv and parquet, rows have one value a column, the columns of `sab sweep --json`.
    """
    runs = list(here.conductor.journal.runs.values())
    return await asyncio.to_thread(lambda: _answer(results_of(group_id, runs), query.format))


def _answer(results: dict[str, Any], kind: str) -> Response:
    if kind == "json":
        return Json(results)
    rows = flat_rows(results)
    headers = {"Content-Disposition": f'attachment; filename="sab-{results["group"]}.{kind}"'}
    if kind == "csv":
        return Response(as_csv(rows), media_type=CSV, headers=headers)
    return Response(as_parquet(rows, results["group"], results["name"]), media_type=PARQUET, headers=headers)
