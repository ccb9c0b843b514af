"""`baseline` and `seeds` of an export: who stands beside a network, and what is refused and why."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sab_visualiser.app.export.routes import router
from sab_visualiser.app.runs.named import Described, Named, Shown
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.web import problems
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.print.panels import training
from tests.app.export.print.svg import words
from tests.app.export.traces import no_metrics

RUNS = {
    "r0": training(0, name="mine"),
    "r1": training(1, name="mine"),
    "r2": training(2, name="mine"),
    "b0": training(0, "bptt", 0.5, name="bptt & co"),
    "b1": training(1, "bptt", 0.5, name="bptt & co"),
}
GROUPS = {"g1": ["r0", "r1", "r2"], "g2": ["b0", "b1"]}


class Answers:
    """Five runs in two groups, a run that learns another task, one that has made no update, and a preset."""

    async def metrics(self, run_id: str, after: int = -1) -> Any:
        return RUNS[run_id].curves if run_id in RUNS else no_metrics() if run_id == "new" else RUNS["r1"].curves

    async def described(self, network: Named) -> Described:
        if (network.kind, network.name) == ("preset", "copy"):
            return RUNS["r0"].described
        if network.kind != "run" or network.name not in (*RUNS, "new", "adding"):
            raise UserError(404, "Not found", f"{network.name} is not there")
        if network.name == "adding":
            spec = json.loads(json.dumps(RUNS["r0"].described.spec))
            spec["task"]["name"] = "adding"
            return Described(cast(Spec, spec))
        return RUNS.get(network.name, RUNS["r0"]).described

    async def shown(self, network: Named) -> Shown:
        if network.kind == "preset":
            return Shown({"title": "Copy, trained"}, [])
        return Shown({"name": RUNS[network.name].name if network.name in RUNS else network.name}, [])

    async def preset_metrics(self, preset: str) -> Any:
        return RUNS["r0"].curves

    async def runs_of(self, group: str) -> list[str]:
        return GROUPS.get(group, [])


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(router)
    problems.install(app)
    app.state.answers = Answers()
    return TestClient(app, raise_server_exceptions=False)


def figure(client: TestClient, run: str = "r0", **more: str) -> Any:
    query = {"panel": "curves", "format": "svg", **more}
    return client.get(f"/api/runs/{run}/export", params=query)


def test_a_baseline_is_drawn_beside_the_network_and_both_are_named(client: TestClient) -> None:
    text = words(figure(client, baseline="b0,copy").content)
    for label in ("mine seed 0", "bptt & co seed 0", "Copy, trained", "fresh examples", "training batch", "chance"):
        assert label in text
    assert "mean of" not in text
    alone = words(figure(client).content)
    assert "mine seed 0" not in alone


def test_a_group_is_all_its_runs_and_seeds_are_a_mean_with_a_band(client: TestClient) -> None:
    answer = figure(client, baseline="g1,g2", seeds="true")
    text = words(answer.content)
    assert "mine, mean of seeds 0, 1 and 2" in text
    assert "bptt & co, mean of seeds 0 and 1" in text
    assert "smallest to largest of the seeds" in text
    told = json.loads(answer.text.split("<dc:description>")[1].split("</dc:description>")[0].replace("&amp;", "&"))
    assert told["lines"] == {
        "mine, mean of seeds 0, 1 and 2": ["r0", "r1", "r2"],
        "bptt & co, mean of seeds 0 and 1": ["b0", "b1"],
    }


def test_the_words_are_the_same_in_every_format(client: TestClient) -> None:
    svg = words(figure(client, baseline="g2", seeds="true").content)
    pgf = figure(client, baseline="g2", seeds="true", format="pgf").text
    for label in ("bptt & co, mean of seeds 0 and 1", "smallest to largest of the seeds", "mine seed 0"):
        assert label in svg
        assert label.replace("&", r"\&") in pgf


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"baseline": "nobody"}, "baseline", "a run, a preset with a history, or a group"),
        ({"baseline": "new"}, "baseline", "no curves yet"),
        ({"baseline": "adding"}, "baseline", "it learns adding"),
        ({"baseline": "r0"}, "baseline", "in the figure already"),
        ({"baseline": "b0,b0"}, "baseline", "in the figure already"),
        ({"baseline": ""}, "baseline", "joined by commas"),
        ({"baseline": "../x"}, "baseline", "joined by commas"),
        ({"baseline": ",".join(f"r{place}" for place in range(50))}, "baseline", "40|joined by commas"),
        ({"seeds": "true"}, "seeds", "nothing but the seed"),
        ({"seeds": "maybe"}, "seeds", "true or false"),
        ({"baseline": "b0", "seeds": "true"}, "seeds", "nothing but the seed"),
        ({"baseline": "b0", "panel": "health"}, "baseline", "only in a picture of panel curves"),
        ({"seeds": "true", "format": "csv"}, "seeds", "only in a picture of panel curves"),
    ],
)
def test_what_cannot_stand_beside_is_refused_with_field_range_and_remedy(
    client: TestClient, query: dict[str, str], field: str, said: str
) -> None:
    answer = figure(client, **query)
    assert answer.status_code == 422
    told = answer.json()
    assert field in told["detail"] or any(one["field"].startswith(field) for one in told["errors"])
    words_told = told["detail"] + json.dumps(told["errors"])
    assert any(part in words_told for part in said.split("|")), words_told
