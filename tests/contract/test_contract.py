"""One contract: API, command line, docs, page and form say the same of every field of a run, range and default too."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sab_visualiser.app.commands.train import fields as cli_help
from sab_visualiser.app.main import create_app
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.web.pages import make_router
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import Command, Parameters, ProbeRequest, RunSpec
from sab_visualiser.app.wire.trace import TraceParameters
from sab_visualiser.app.wire.views import RunParameters
from sab_visualiser.app.worker.translate import run_config, run_spec, to_model, to_wire
from sab_visualiser.model import contract
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.tasks import TASKS, make_task

ROOT = Path(__file__).resolve().parents[2]
FIELDS = contract.fields()
PATHS = [field.path for field in FIELDS]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What programs are told of the fields."""
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    found: dict[str, Any] = app.openapi()["components"]["schemas"]
    return found


@pytest.fixture(scope="module")
def form() -> str:
    """The form of a run as the page gets it."""
    app = FastAPI()
    app.include_router(make_router(Presets(page_folder() / "static" / "presets"))[0])
    with TestClient(app) as client:
        return html.unescape(client.get("/").text).partition('<form id="run-form">')[2].partition("</form>")[0]


def page_fields() -> dict[str, dict[str, Any]]:
    script = (ROOT / "static" / "js" / "wire" / "contract.js").read_text("utf-8")
    rows = re.findall(r'^  "([\w.]+)": (\{"path".*\}),$', script, flags=re.MULTILINE)
    return {path: json.loads(row) for path, row in rows}


def narrowed(schema: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that is not null."""
    return {**schema, **next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), {})}


@pytest.mark.parametrize("field", FIELDS, ids=PATHS)
def test_programs_are_told_the_same_range_and_default(schemas: dict[str, Any], field: contract.Field) -> None:
    spec = f"{field.part.capitalize()}Spec"
    told = (schemas.get(f"{spec}-Input") or schemas[spec])["properties"][field.name]
    part, facts = narrowed(told), field.facts
    assert told.get("default") == field.default
    if facts.choices:
        assert part["enum"] == list(facts.choices)
    elif facts.form:
        assert part["pattern"] == f"^(?:{facts.form})$"
    elif facts.kind != "flag":
        assert part["exclusiveMinimum" if facts.above else "minimum"] == facts.low
        assert part["maximum"] == facts.high
    asked = RunSpec.model_json_schema()["$defs"][spec]["properties"][field.name]
    assert ({"type": "null"} in asked.get("anyOf", ())) is bool(facts.null)


@pytest.mark.parametrize("field", FIELDS, ids=PATHS)
def test_help_docs_and_form_are_told_the_same_range_and_default(form: str, field: contract.Field) -> None:
    unit = f" {field.unit_words}" if field.unit_words else ""
    assert f"{field.path} ({field.range}{unit}; default {field.default_words})" in cli_help()
    row = next(
        line for line in (ROOT / "docs" / "reference.md").read_text().splitlines() if f"| `{field.path}`" in line
    )
    assert [cell.strip(" `") for cell in row.strip("|").split("|")][1:3] == [field.default_words, field.range]
    input_of_it = form.partition(f'name="{field.path}"')[2].partition("</label>")[0]
    for value in field.facts.choices or (field.default_words,):
        assert value in input_of_it


@pytest.mark.parametrize("field", FIELDS, ids=PATHS)
def test_the_page_is_told_the_same_range_and_default(field: contract.Field) -> None:
    told, facts = page_fields()[field.path], field.facts
    assert (told["default"], told["kind"], told["low"], told["high"]) == (
        field.default,
        facts.kind,
        facts.low,
        facts.high,
    )
    assert (told["choices"], told["remedy"], told["unit"]) == (list(facts.choices), facts.remedy, facts.unit)


@pytest.mark.parametrize("field", [f for f in FIELDS if f.facts.kind in ("whole", "number")], ids=lambda f: f.path)
def test_both_ends_of_a_range_are_accepted_and_nothing_beyond(field: contract.Field) -> None:
    facts = field.facts
    whole = facts.kind == "whole"
    least = facts.low if not facts.above else facts.low + 1e-9
    beyond = (facts.low - 1 if whole else facts.low if facts.above else facts.low - 1e-9, facts.high * 2 + 1)
    for good in (least, facts.high):
        spec: dict[str, dict[str, Any]] = {field.part: {field.name: int(good) if whole else good}}
        if field.name == "permuted":
            spec["task"] |= {"name": "pixels"}
        else:
            spec.setdefault("task", {}).setdefault("T", int(good) if field.name in ("T", "T_min") else 50)
        validate(RunSpec, spec)
    for bad in beyond:
        with pytest.raises(UserError) as refused:
            validate(RunSpec, {field.part: {field.name: int(bad) if whole else bad}})
        (problem,) = refused.value.problem.errors
        assert (problem.field, problem.remedy) == (field.path, facts.remedy)
        assert problem.range.startswith(field.range)


def test_what_is_told_of_the_knobs_in_force_are_the_knobs_and_what_captions_need() -> None:
    in_force = [*contract.KNOBS, *contract.TOLD]
    assert list(Parameters.model_fields) == list(contract.KNOBS)
    assert sorted(RunParameters.model_fields) == sorted(in_force)
    assert set(contract.PROBE_KNOBS) <= set(ProbeRequest.model_fields)
    assert set(TraceParameters.model_fields) <= {*in_force, *PATHS_OF_MODEL, "cuts"}


PATHS_OF_MODEL = {field.name for field in FIELDS if field.part == "model"}


@pytest.mark.parametrize("no_cut", [None, 0])
def test_C26_null_and_zero_say_no_cut_in_a_spec_a_command_and_a_probe(no_cut: int | None) -> None:
    spec = validate(RunSpec, {"model": {"k_trunc": no_cut}})
    assert spec.model_dump()["model"]["k_trunc"] == 0
    assert run_config(spec).model.k_trunc is None
    command = validate(Command, {"type": "set_parameters", "parameters": {"k_trunc": no_cut}})
    assert command.parameters is not None
    assert command.parameters.given() == {"k_trunc": 0}
    probe = validate(ProbeRequest, {"preset": "copy", "k_trunc": no_cut})
    assert probe.model_dump(exclude_unset=True)["k_trunc"] == 0


@pytest.mark.parametrize("name", [knob for knob in contract.KNOBS if knob != "k_trunc"])
def test_null_for_any_other_knob_is_refused_by_name(name: str) -> None:
    with pytest.raises(UserError, match=rf"^parameters\.{name} = null: "):
        validate(Command, {"type": "set_parameters", "parameters": {name: None}})


def test_a_knob_that_is_left_out_stays_as_it_is() -> None:
    command = validate(Command, {"type": "set_parameters", "parameters": {"k_top": 3}})
    assert command.parameters is not None
    assert command.parameters.given() == {"k_top": 3}


def test_a_spec_comes_back_from_the_model_as_it_went_in() -> None:
    for knobs in ({"k_trunc": 0}, {"k_top": 10_000}, {"method": "bptt"}):
        spec = RunSpec(model=knobs)  # type: ignore[arg-type]
        assert run_spec(run_config(spec)).model_dump() == spec.model_dump()
    assert run_config(RunSpec()) == RunConfig()
    assert to_wire({"k_top": contract.ALL_MEMORIES, "k_trunc": None}) == {"k_top": 10_000, "k_trunc": 0}
    assert to_model({"k_trunc": 0}) == {"k_trunc": None}


def test_every_task_of_the_contract_can_be_made_and_has_a_chance_level_for_a_metric_of_its_own() -> None:
    assert list(TASKS) == list(contract.TASKS) == list(get_args(contract.TaskName))
    for name, facts in contract.TASKS.items():
        task = contract.Task(name, contract.usual_T(name, None))
        built = make_task(task)
        assert (built.name, built.kind) == (name, facts.kind)
        assert facts.metrics[0].name in contract.chance_of(task)
        assert set(contract.chance_of(task)) <= {"loss", *(metric.name for metric in facts.metrics)}
