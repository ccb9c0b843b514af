"""The server of a sweep is asked for many runs by the page, for few by their ids, and never for more than there are."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sab_visualiser.app.sweeps.machines import client as module
from sab_visualiser.app.sweeps.machines.client import ONE_BY_ONE, Client
from sab_visualiser.app.wire.errors import UserError

PAGE = 10


class Asked(Client):
    """A server with so many runs of one group, r0 the oldest; it answers pages as the real one does."""

    def __init__(self, runs: int, gone: tuple[str, ...] = ()) -> None:
        super().__init__("http://nowhere")
        self.there = [f"r{number}" for number in range(runs) if f"r{number}" not in gone]
        self.pages: list[str] = []
        self.single: list[str] = []

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        parts = urlsplit(path)
        if not parts.query:
            run = parts.path.rpartition("/")[2]
            self.single.append(run)
            if run not in self.there:
                raise UserError(404, "Gone", "no such run")
            return {"id": run}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.pages.append(query["sort"])
        ordered = self.there[::-1] if query["sort"] == "-created" else self.there
        start = ordered.index(query["after"]) + 1 if "after" in query else 0
        return [{"id": run} for run in ordered[start : start + int(query["limit"])]]


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", PAGE)


def test_all_runs_of_a_group_come_oldest_first_over_all_pages() -> None:
    asked = Asked(25)
    assert [run["id"] for run in asked.runs_of("g")] == [f"r{number}" for number in range(25)]
    assert asked.pages == ["created"] * 3


def test_few_runs_are_asked_for_each_by_itself() -> None:
    asked = Asked(100)
    wanted = [f"r{number}" for number in range(ONE_BY_ONE)]
    assert list(asked.now("g", wanted)) == wanted
    assert (asked.pages, asked.single) == ([], wanted)


def test_many_are_taken_from_the_pages_of_the_newest_and_only_what_is_not_there_is_asked_for() -> None:
    asked = Asked(200, gone=("r199",))
    wanted = ["r3", *(f"r{number}" for number in range(181, 200))]
    found = asked.now("g", wanted)
    assert list(found) == wanted
    assert found["r3"] == {"id": "r3"}
    assert found["r199"] is None, "somebody deleted it"
    assert asked.pages == ["-created"] * 4, "twice as many as are wanted, not all that there are"
    assert asked.single == ["r3", "r199"]
