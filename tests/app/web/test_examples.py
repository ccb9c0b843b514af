"""Every example of /openapi.json is carried out, and every answer is what /openapi.json says it is.

Quickly against scripted workers, whose answers may say more than is described; and against real ones, whose answers
must be described to the last key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2
import pytest

from sab_visualiser.app.page.files import page_folder
from tests.app.web.json_schema import breaches
from tests.fakes.server import Live, eventually

PATIENCE_S = 180.0
PRESET = page_folder() / "static" / "presets" / "copy.safetensors"
METHODS = ("get", "post", "delete")
"""In the order in which they are tried: what is deleted is not asked for any more."""
OURS = ("run_id", "group_id")
"""Words of a path that stand for what the tests have started themselves."""


class Example(NamedTuple):
    """One call that /openapi.json proposes."""

    method: str
    path: str
    query: dict[str, Any]
    body: Any
    operation: dict[str, Any]


def examples(schema: dict[str, Any]) -> Iterator[Example]:
    for method in METHODS:
        for path, operations in schema["paths"].items():
            if method in operations:
                yield from _of_operation(method, path, operations[method])


def _of_operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[Example]:
    """The operation with the first example of every word, then once with each further one, and with each body."""
    words = {each["name"]: each for each in operation.get("parameters", [])}
    given = {name: each["schema"]["examples"] for name, each in words.items() if "examples" in each["schema"]}
    assert all(name in given or name in OURS for name, each in words.items() if each["required"]), path
    first = {name: values[0] for name, values in given.items()}
    media = operation.get("requestBody", {}).get("content", {}).get("application/json", {"examples": {"": {}}})
    assert media["examples"], f"{method} {path} has a body without an example"
    asked = [first, *({**first, name: value} for name, values in given.items() for value in values[1:])]
    for words_given in asked:
        for body in media["examples"].values():
            place = path
            for name in [name for name in words_given if words[name]["in"] == "path"]:
                place = place.replace(f"{{{name}}}", str(words_given[name]))
            query = {name: value for name, value in words_given.items() if words[name]["in"] == "query"}
            yield Example(method, place, query, body.get("value"), operation)


TEXT = b"Shall I compare thee to a summer's day?\n" * 4000


def carry_out(live: Live, example: Example, ours: dict[str, str], upload: bytes) -> httpx2.Response:
    # Several trainings that the examples began share the cores with the server: what is asked here is what, not when.
    more: dict[str, Any] = {"params": example.query, "timeout": PATIENCE_S}
    content = example.operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        more["json"] = example.body
    elif content:
        kind = next(iter(content))
        sent = upload
        if kind == "application/zip":
            sent = live.http.get(f"/api/runs/{ours['run_id']}/bundle", timeout=PATIENCE_S).content
        elif kind == "text/plain":
            sent = TEXT
        more |= {"content": sent, "headers": {"content-type": kind}}
    return live.http.request(example.method.upper(), example.path.format(**ours), **more)


def judge(schema: dict[str, Any], example: Example, answer: httpx2.Response, *, closed: bool) -> list[str]:
    """What of the answer is not as the operation describes it."""
    described = example.operation["responses"].get(str(answer.status_code))
    if described is None or answer.status_code >= 300:
        return [f"answered {answer.status_code}: {answer.text[:200]}"]
    if not answer.content:
        return [] if "content" not in described else ["answered nothing"]
    kinds = {kind.partition(";")[0]: media for kind, media in described.get("content", {}).items()}
    kind = answer.headers["content-type"].partition(";")[0]
    if kind not in kinds:
        return [f"answered {kind}"]
    form = kinds[kind].get("schema")
    return (
        []
        if form is None or not kind.endswith("json")
        else breaches(json.loads(answer.text), form, schema, closed=closed)
    )


def failures(live: Live, *, upload: bytes, closed: bool) -> dict[str, list[str]]:
    """What went wrong with each example, on a run that trains."""
    schema = live.http.get("/openapi.json").json()
    run = live.start(task={"name": "copy", "T": 5, "items": 2}, training={"batch_size": 4, "updates": 1_000_000})
    live.reach(run, "running", update=10, seconds=90)
    live.command(run, "checkpoint")
    eventually(lambda: live.run(run)["checkpoint"])
    found: dict[str, list[str]] = {}
    spec = {"task": {"name": "copy", "T": 5, "items": 2}, "training": {"updates": 3}}
    group = live.http.post("/api/groups", json={"base": spec, "seeds": [1, 2]}).json()
    started = [each["id"] for each in group["runs"]]
    for example in examples(schema):
        answer = carry_out(live, example, {"run_id": run, "group_id": group["group"]}, upload)
        if answer.status_code == 201:
            made = answer.json()
            started += [each["id"] for each in made.get("runs", [made]) if "id" in each]
        if wrong := judge(schema, example, answer, closed=closed):
            found[f"{example.method} {example.path} {example.query} {example.body}"] = wrong
    for other in started:
        live.http.delete(f"/api/runs/{other}")
    return found


def test_every_example_is_answered_as_described(server: Live) -> None:
    assert failures(server, upload=b"good weights", closed=False) == {}


@pytest.mark.server
def test_every_example_is_answered_as_described_to_the_last_key_by_real_workers(live_server: Live) -> None:
    assert failures(live_server, upload=PRESET.read_bytes(), closed=True) == {}


def test_an_answer_that_is_not_as_described_is_noticed(server: Live) -> None:
    schema = server.http.get("/openapi.json").json()
    view = {"$ref": "#/components/schemas/PresetView"}
    good = server.http.get("/api/presets").json()[0]
    assert breaches(good, view, schema, closed=True) == []
    for wrong in ({**good, "name": 5}, {**good, "more": 1}, {**good, "spec": {**good["spec"], "task": {"T": "50"}}}):
        assert breaches(wrong, view, schema, closed=True)
    for name in good:
        assert breaches({key: good[key] for key in good if key != name}, view, schema, closed=True)
