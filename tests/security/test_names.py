"""C22: names that are odd, huge or no text at all: kept as they are or refused by name, at every entrance."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sab_visualiser.app.commands.train import build_spec
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.wire.errors import UserError
from tests.fakes.server import Live, Viewer

KEPT = {
    "right to left": "שלום \u202eabc\u202c مرحبا",
    "nothing to see": "a\u200bb\u200d\ufeff",
    "one letter of many": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "faces": "👩‍👩‍👧‍👦 🏳️‍🌈 🜚" * 8,
    "a formula": '=1+1+cmd|"/C calc"!A0',
    "markup": "<img src=x onerror=document.title='ran'>",
    "an end of a script": "</script><script>document.title='ran'</script>",
    "a path": "../../x",
    "a device": "con",
    "a path of Windows": "C:\\nul.txt:stream",
    "a template": "{{ 7*7 }} ${7*7} #{7*7} %s %n",
    "a line that is none": "a\u2028b\u2029c\u0085d",
    "a statement": "'; DROP TABLE runs; --",
    "as long as may be": "x" * 200,
    "two ways of one letter": "é e\u0301",
    "only a space": " ",
    "not a character": "\uffff \ufdd0",
}
REFUSED = {
    "an end of a text": "a\x00b",
    "a new line": "a\nb",
    "a bell": "a\x07b",
    "an escape": "\x1b[31mred",
    "deleted": "a\x7fb",
    "half a letter": "\ud800",
    "the other half": "a\udc00b",
    "too long by one": "x" * 201,
    "far too long": "é" * 5000,
}
kept = pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
refused = pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
NOTHING_ODD = re.compile(r'attachment; filename="sab-[0-9A-Za-z_-]+\.(csv|svg|json|html|zip|npz)"')


@pytest.fixture(scope="module")
def run(server: Live) -> str:
    made = server.start(name="plain", training={"updates": 6})
    server.reach(made, "finished")
    return made


def raw(live: Live, method: str, path: str, body: dict[str, Any]) -> Any:
    """A request whose JSON is in ASCII, so that half a letter can be in it."""
    headers = {"content-type": "application/json"}
    return live.http.request(method, path, content=json.dumps(body).encode(), headers=headers)


@kept
def test_C22_a_name_and_a_note_are_kept_as_they_are_and_lead_to_no_file(server: Live, run: str, name: str) -> None:
    answer = raw(server, "PATCH", f"/api/runs/{run}", {"name": name, "note": name})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["note"]) == (name, name)
    with server.viewer() as viewer:  # the list as it came, or the row that follows a tenth of a second later
        viewer.until(lambda frame: name in [one["name"] for one in frame.get("runs", [frame.get("view")]) if one])
    for query in ("panel=curves&format=csv", "panel=paths&format=svg", "panel=gradients&format=json"):
        file = server.http.get(f"/api/runs/{run}/export?{query}")
        assert file.status_code == 200, file.text
        assert NOTHING_ODD.fullmatch(file.headers["content-disposition"])
    bundle = server.http.get(f"/api/runs/{run}/bundle")
    assert NOTHING_ODD.fullmatch(bundle.headers["content-disposition"])
    held = {path.name for path in server.data_dir.rglob("*")}
    assert all(re.fullmatch(r"[\w.@-]+", found, re.ASCII) for found in held), "names of files are our own"


@refused
def test_C22_what_is_no_line_of_text_is_refused_by_the_field(server: Live, run: str, name: str) -> None:
    before = server.run(run)
    for method, path, body in (
        ("POST", "/api/runs", {"name": name}),
        ("PATCH", f"/api/runs/{run}", {"name": name}),
        ("PATCH", f"/api/runs/{run}", {"tags": [name]}),
        ("POST", "/api/groups", {"name": name, "seeds": [1]}),
        ("POST", f"/api/runs/{run}/branch", {"name": name}),
    ):
        answer = raw(server, method, path, body)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        json.loads(answer.content.decode("utf-8"), parse_constant=pytest.fail)
        assert answer.json()["errors"], path
    assert server.run(run) == before


@pytest.mark.parametrize("name", [*KEPT.values(), *REFUSED.values()], ids=[*KEPT, *REFUSED])
def test_C22_whatever_is_said_on_a_socket_is_answered(server: Live, name: str) -> None:
    with server.viewer() as viewer:
        viewer.say(type="command", run=name, command={"type": "pause", "command_id": "c1"})
        answered(viewer)
        viewer.say(type=name, run=name)
        answered(viewer)
        viewer.say(type="ping")
        viewer.until(lambda frame: frame["kind"] == "pong")


def answered(viewer: Viewer) -> None:
    problem = viewer.until(lambda frame: frame["kind"] == "rejected")["problem"]
    assert problem["status"] in (404, 422)
    assert len(problem["detail"]) < 1000


@kept
def test_C22_an_odd_name_of_a_run_that_is_not_there_is_404_everywhere(server: Live, name: str) -> None:
    for part in ("", "/metrics", "/export?panel=curves&format=csv", "/bundle", "/snapshots/latest"):
        place = "".join(f"%{byte:02X}" for byte in name.encode())
        answer = server.http.get(f"/api/runs/{place}{part}")
        assert answer.status_code in (404, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


@kept
def test_C22_a_tag_is_kept_or_refused_and_a_text_is_called_what_its_name_allows(
    server: Live, run: str, name: str
) -> None:
    answer = raw(server, "PATCH", f"/api/runs/{run}", {"tags": [name]})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        assert answer.json()["tags"] == [name]
    else:
        assert answer.json()["errors"][0]["field"] == "tags.0"
    sent = server.http.post(
        "/api/texts", content=b"a b " * 400, headers={"content-type": "text/plain"}, params={"name": name}
    )
    assert sent.status_code in (201, 422), sent.text
    if sent.status_code == 201:
        assert re.fullmatch(r"[^/\\\s]+@[0-9a-f]{64}", sent.json()["data"])


@kept
def test_C22_the_command_line_and_a_sweep_take_the_same_names(name: str) -> None:
    assert build_spec("copy", [f"name={name}"]).name == name.strip(), "a shell's words have no space at their ends"
    assert sweep_of({"base": {"name": name}, "name": name, "seeds": [1]}, "s").name == name


@refused
def test_C22_the_command_line_and_a_sweep_refuse_the_same_names(name: str) -> None:
    with pytest.raises(UserError, match=r"^name = |hex escape"):
        build_spec("copy", [f"name={name}"])
    with pytest.raises(UserError, match=r"^name = |hex escape"):
        sweep_of({"base": {}, "name": name, "seeds": [1]}, "s")
