"""Bad input to the export addresses, and runs that go or are not there yet: a word on what to do, never a 500."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from sab_visualiser.app.export.explorable.page import said_by
from sab_visualiser.app.export.routes import answers_of
from tests.app.web.test_bad_input import complete
from tests.fakes.server import Live, in_thread

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "a\u2028b\u2029c",
    "\u202egnp.exe\u202c",
    "\"'`$(id)",
    "{{ 7*7 }}{% raw %}",
    "name%00.png\\..\\",
    "👩‍🔬" * 60,
    "x" * 200,
)
MARKS = ("<script", "</script", "<!--", "<img", "javascript:")
CALLS = ("snapshot", "shown", "probe", "metrics", "described")


def exported(live: Live, run: str, **query: Any) -> httpx2.Response:
    return live.http.get(f"/api/runs/{run}/export", params={"panel": "view", "format": "html", **query})


def refused(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem document, with the status that was expected."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["detail"]
    return problem


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with room for one run at a time."""
    with in_thread(tmp_path_factory.mktemp("bad"), max_runs=1, queue=50) as found:
        yield found


@pytest.fixture
def run(live: Live, request: pytest.FixtureRequest) -> Iterator[str]:
    """A run with a few looks, paused, or as the test wants it."""
    status = getattr(request, "param", "paused")
    made = live.start(training={"updates": 6 if status == "finished" else 100_000})
    if status == "paused":
        live.reach(made, "running", update=6)
        live.command(made, "pause")
    live.reach(made, status)
    yield made
    live.http.delete(f"/api/runs/{made}")


@pytest.mark.parametrize(
    ("word", "value", "allowed"),
    [
        ("width_in", "0", "1 … 20"),
        ("width_in", "100", "1 … 20"),
        ("width_in", "-3.25", "1 … 20"),
        ("width_in", "nan", "1 … 20"),
        ("width_in", "", "1 … 20"),
        ("height_in", "1e3", "1 … 20"),
        ("font", "Comic Sans", "one of sans, serif"),
        ("font", "../../etc/passwd", "one of sans, serif"),
        ("font_size", "0", "4 … 24"),
        ("colormap", "jet", "one of perceptual, safe, grey"),
        ("format", "gif", "one of png"),
        ("format", "", "one of png"),
        ("theme", "blue", "one of light, dark"),
        ("dpi", "100000", "50 … 1200"),
        ("panel", "everything", "one of attention"),
    ],
)
def test_a_word_that_a_figure_does_not_know_is_refused_by_name(
    live: Live, run: str, word: str, value: str, allowed: str
) -> None:
    answer = live.http.get(f"/api/runs/{run}/export", params={"panel": "paths", "format": "svg", word: value})
    problem = refused(answer, 422)
    complete(problem, word)
    assert allowed in next(entry["range"] for entry in problem["errors"] if entry["field"] == word)


@pytest.mark.parametrize("panel", ["view", "attention", "gradients", "paths", "curves", "health"])
def test_a_run_that_waits_for_its_turn_has_nothing_to_draw_and_says_so(live: Live, run: str, panel: str) -> None:
    waiting = live.start(name="waits", training={"updates": 100_000})
    assert live.run(waiting)["status"] == "queued"
    problem = refused(exported(live, waiting, panel=panel, format="html" if panel == "view" else "svg"), 404)
    assert "let it train" in problem["detail"]
    if panel in ("curves", "health"):
        table = exported(live, waiting, panel=panel, format="csv")
        assert (table.status_code, table.text.splitlines()[-1].split(",")[0]) == (200, "update")
    live.http.delete(f"/api/runs/{waiting}")


class Deleting:
    """The answers of a server on which the run is deleted in the middle of an export, before or after one call."""

    def __init__(self, live: Live, run: str, call: str, *, after: bool) -> None:
        self.live, self.run, self.call, self.after = live, run, call, after
        self.answers = live.app.state.answers
        self.deleted = False

    def __getattr__(self, name: str) -> Any:
        plain = getattr(self.answers, name)

        async def asked(*words: Any, **more: Any) -> Any:
            if name == self.call and not self.after:
                await self._delete()
            found = await plain(*words, **more)
            if name == self.call:
                await self._delete()
            return found

        return asked

    async def _delete(self) -> None:
        if not self.deleted:
            self.deleted = True
            async with httpx2.AsyncClient(base_url=self.live.url, trust_env=False) as client:
                answer = await client.delete(f"/api/runs/{self.run}")
            assert answer.status_code == 204


@pytest.mark.parametrize("run", ["paused", "finished"], indirect=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("panel", "kind"), [("view", "html"), ("paths", "svg"), ("gradients", "csv"), ("curves", "pdf")]
)
def test_a_run_that_is_deleted_while_it_is_exported_is_a_whole_file_or_a_problem(
    live: Live, run: str, monkeypatch: pytest.MonkeyPatch, panel: str, kind: str, call: str, *, after: bool
) -> None:
    deleting = Deleting(live, run, call, after=after)
    monkeypatch.setitem(live.app.dependency_overrides, answers_of, lambda: deleting)
    # Another example than the snapshot's, so that a figure of the network is probed too.
    answer = exported(live, run, panel=panel, format=kind, **({} if panel == "curves" else {"example": 3}))
    monkeypatch.undo()
    if answer.status_code == 200:
        ends = {"html": b"</html>", "svg": b"</svg>", "pdf": b"%%EOF", "csv": b"\n"}[kind]
        assert answer.content.rstrip(b"\n").endswith(ends.rstrip(b"\n"))
        assert int(answer.headers["content-length"]) == len(answer.content)
    else:
        assert deleting.deleted
        assert f"{run}" in refused(answer, 404)["detail"]
    if not deleting.deleted:
        live.http.delete(f"/api/runs/{run}")
    assert refused(exported(live, run, panel=panel, format=kind), 404)["detail"].startswith(f'run = "{run}"')


@pytest.fixture(scope="module")
def marks(live: Live) -> list[int]:
    """How often that which could be markup stands in the file of a run whose name is none."""
    run = live.start(name="plain", training={"updates": 6})
    live.reach(run, "finished")
    text = exported(live, run).text
    live.http.delete(f"/api/runs/{run}")
    return [text.count(mark) for mark in MARKS]


@pytest.mark.parametrize("name", HOSTILE)
def test_B15_a_hostile_name_is_text_in_every_file_and_no_part_of_a_file_name(
    live: Live, marks: list[int], name: str
) -> None:
    run = live.start(name=name, training={"updates": 6})
    live.reach(run, "finished")
    body = exported(live, run)
    assert re.fullmatch(
        r'attachment; filename="sab-[0-9A-Za-z_-]+-view-u\d+\.html"', body.headers["content-disposition"]
    )
    text = body.text
    # What a browser would read as markup: as many elements as with a name that is none.
    assert [text.count(mark) for mark in MARKS] == marks
    said = said_by(body.content)
    assert (said["caption"]["name"], said["caption"]["run"]) == (name, run)
    tables = json.loads(text.split('id="tables">')[1].split("</script>")[0])
    assert tables["paths"]["caption"]["name"] == name
    csv = json.loads(text.split('id="tables-csv">')[1].split("</script>")[0])
    for table in csv.values():
        assert sum(line.startswith("# name: ") for line in table.splitlines()) == 1
    svg = exported(live, run, panel="paths", format="svg")
    assert "<script" not in svg.text
    live.http.delete(f"/api/runs/{run}")


@pytest.mark.parametrize("name", ["x" * 10_000, "a\u0000b", "a\nb"])
def test_a_name_that_is_too_long_or_no_line_never_comes_so_far(live: Live, name: str) -> None:
    answer = live.http.post("/api/runs", json={"name": name, "training": {"updates": 1}})
    if answer.status_code == 201:
        live.http.delete(f"/api/runs/{answer.json()['id']}")
    complete(refused(answer, 422), "name")
