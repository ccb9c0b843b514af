from __future__ import annotations

import re
from typing import Any

import pytest

from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.views import Problem

CONTRACT = {
    ("get", "/api/health"),
    ("get", "/api/presets"),
    ("get", "/api/tasks"),
    ("post", "/api/runs"),
    ("get", "/api/runs"),
    ("get", "/api/runs/{run_id}"),
    ("delete", "/api/runs/{run_id}"),
    ("post", "/api/runs/{run_id}/commands"),
    ("get", "/api/runs/{run_id}/metrics"),
    ("get", "/api/runs/{run_id}/snapshots"),
    ("get", "/api/runs/{run_id}/snapshots/{update}"),
    ("post", "/api/probe"),
    ("post", "/api/hits"),
    ("get", "/api/selfcheck"),
    ("get", "/api/runs/{run_id}/export"),
    ("get", "/api/runs/{run_id}/bundle"),
    ("post", "/api/bundles"),
    ("post", "/api/checkpoints"),
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = create_app(Settings()).openapi()
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, op) for path, ops in schema["paths"].items() for method, op in ops.items()]


def test_every_route_of_the_contract_is_described(schema: dict[str, Any]) -> None:
    described = {(method, re.sub(r"\{run\w*\}", "{run_id}", path)) for method, path, _ in operations(schema)}
    assert described >= CONTRACT


def test_every_operation_says_what_it_does_and_how_it_fails(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        assert operation.get("description") or operation.get("summary"), (method, path)
        failures = {code: each for code, each in operation["responses"].items() if code >= "400"}
        assert {"400", "500"} <= set(failures), (method, path)
        if method != "get":
            assert {"403", "413"} <= set(failures), (method, path)


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    def walk(part: Any) -> None:
        if isinstance(part, dict):
            reference = part.get("$ref")
            if isinstance(reference, str):
                target: Any = schema
                for step in reference.removeprefix("#/").split("/"):
                    target = target[step]
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(schema)


def test_every_failure_is_described_as_a_problem(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        for code, failure in operation["responses"].items():
            if code >= "400":
                expected = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                assert failure["content"] == expected, (method, path, code)


def test_every_json_answer_and_every_json_body_has_a_model(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        contents += [
            each["content"] for code, each in operation["responses"].items() if code < "300" and "content" in each
        ]
        for content in contents:
            for kind, media in content.items():
                if kind == "application/json" and not path.endswith("/export"):
                    assert "$ref" in media["schema"].get("items", media["schema"]), (method, path)


def test_every_word_of_a_query_or_a_path_says_what_it_is(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        for parameter in operation.get("parameters", []):
            words = parameter.get("description") or parameter["schema"].get("remedy")
            options = parameter["schema"].get("anyOf", [])
            assert words or any("remedy" in option for option in options), (method, path, parameter["name"])


def test_the_example_of_a_problem_is_one(schema: dict[str, Any]) -> None:
    Problem.model_validate(schema["components"]["schemas"]["Problem"]["examples"][0])
