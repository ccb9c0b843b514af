"""docs/reference.md lists everything that can be set, called, sent or seen, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main

from sab_visualiser.app.cli import app as commands
from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.web.sockets import router as sockets
from sab_visualiser.app.wire.requests import CommandType, ExportFormat, Panel, RunSpec
from sab_visualiser.model import contract
from tests.app.export.traces import made_up, metrics

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "reference.md").read_text()


def _section(title: str) -> list[list[str]]:
    """The rows of the tables below a heading, cells without their backticks at either end."""
    body = re.search(rf"^#+ {title}\n(.*?)(?=^#|\Z)", REFERENCE, flags=re.S | re.M)
    assert body is not None, f"docs/reference.md has no section {title}"
    rows = [line for line in body[1].splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def _names(title: str) -> set[str]:
    return {row[0].strip("`") for row in _section(title)}


def test_every_setting_stands_there_with_its_variable_default_unit_and_meaning() -> None:
    rows = {row[0].strip("`"): row for row in _section("Settings of the server")}
    assert set(rows) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        _, variable, default, unit, meaning = rows[name]
        extra: Any = field.json_schema_extra
        assert variable == f"`SAB_{name.upper()}`"
        assert (unit, meaning) == (extra["unit"], field.description)
        if "default_words" not in extra:
            assert default == f"`{field.get_default(call_default_factory=True)}`"


def test_every_command_stands_there_with_all_its_options() -> None:
    group: Any = typer.main.get_command(commands)
    rows = {row[0].strip("`").removeprefix("sab "): row[2] for row in _section("Commands")}
    expected = {
        name: sorted(o for p in command.params if p.param_type_name == "option" for o in (*p.opts, *p.secondary_opts))
        for name, command in group.commands.items()
    }
    assert {name: sorted(re.findall(r"`(-[^`]+)`", options)) for name, options in rows.items()} == expected


def test_every_field_of_a_run_stands_there_with_its_default() -> None:
    spec = RunSpec().model_dump()
    fields = {f"{part}.{name}": value for part in ("task", "model", "training") for name, value in spec[part].items()}
    rows = {row[0].strip("`"): row[1].strip("`") for row in _section("Fields of a run")}
    nulls = {field.path: field.facts.null for field in contract.fields()}
    words = {name: nulls[name] if value is None else str(value).lower() for name, value in fields.items()}
    assert rows == words


def test_every_route_stands_there(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    routes = {f"{method.upper()} {path}" for path, ways in app.openapi()["paths"].items() for method in ways}
    routes |= {f"WS {route.path}" for route in sockets.routes if hasattr(route, "path")}
    pages = {
        "GET /",
        "GET /runs",
        "GET /runs/group/{group_id}",
        "GET /help",
        "GET /login",
        "GET /reproduction",
        "GET /reproduction/files/{name}",
        "GET /static/vendor/plotly.min.js",
        "GET /openapi.json",
    }
    assert _names("Routes") == routes | pages


def test_every_command_to_a_run_stands_there() -> None:
    assert _names("Commands to a run") == set(get_args(CommandType))


def test_every_kind_of_event_stands_there() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text()
    table = protocol.partition("## Server → browser")[2].partition("## ")[0]
    kinds = set(re.findall(r"^\| `(\w+)`", table, flags=re.M))
    assert _names("Events") == kinds
    sources = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    no_events = {"probed", "probe_failed", "wanted", "refused", "beat", "trace"}
    sent = set(re.findall(r'(?:"kind": |Draft\(\s*|_emit\(\s*)"([a-z_]+)"', sources)) - no_events
    assert sent <= kinds


def test_every_panel_stands_there_with_its_columns_and_every_format() -> None:
    rows = {row[0].strip("`"): row[1:] for row in _section("Exports")}
    assert set(rows) == {*get_args(Panel), "view", *get_args(ExportFormat)}
    for panel in get_args(Panel):
        names = [column.name for column in make_table(panel, metrics() if panel in OF_TRAINING else made_up()).columns]
        written = rows[panel][0].split("`")[1].split(",")
        assert names[: len(written)] == written
        assert len(written) == {"curves": 5, "health": 10}.get(panel, len(names))


@pytest.mark.parametrize("target", ["install", "serve", "check", "test", "e2e", "bench"])
def test_the_makefile_has_every_target_of_the_contract(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.M)
