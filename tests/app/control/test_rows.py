"""The list of runs reaches viewers as a first page and then row by row; who missed too much begins anew."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.control.rows import FIRST_PAGE, Rows
from sab_visualiser.app.wire.codec import decode


class Book:
    """A list of runs, newest first, as a viewer would have it who gets every frame."""

    def __init__(self, kept: int = 5) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.rows = Rows(self.newest, self.runs.get, kept)
        self.encoded = 0

    def newest(self, limit: int) -> tuple[list[dict[str, Any]], int]:
        return list(reversed(self.runs.values()))[:limit], len(self.runs)

    def put(self, run: str, value: int) -> None:
        self.runs[run] = {"id": run, "value": value}
        self.rows.changed(run)

    def drop(self, run: str) -> None:
        self.runs.pop(run, None)
        self.rows.changed(run)


class Page:
    """What one viewer knows."""

    def __init__(self, book: Book) -> None:
        self.book, self.version = book, -1
        self.known: dict[str, dict[str, Any]] = {}

    def read(self) -> list[dict[str, Any]]:
        self.version, frames = self.book.rows.since(self.version)
        got = [decode(frame) for frame in frames]
        for frame in got:
            if frame["kind"] == "runs":
                self.known = {run["id"]: run for run in frame["runs"]}
            elif frame["view"] is None:
                self.known.pop(frame["run"], None)
            else:
                self.known[frame["run"]] = frame["view"]
        return got


def test_a_viewer_gets_the_first_page_and_then_only_the_row_that_changed() -> None:
    book = Book()
    for number in range(FIRST_PAGE + 5):
        book.put(f"r{number}", 0)
    page = Page(book)
    (first,) = page.read()
    assert (first["kind"], len(first["runs"]), first["total"]) == ("runs", FIRST_PAGE, FIRST_PAGE + 5)
    assert page.read() == []
    book.put("r7", 1)
    assert page.read() == [{"kind": "row", "run": "r7", "view": {"id": "r7", "value": 1}}]


def test_a_row_that_changed_twice_is_sent_once_and_a_deleted_one_as_null() -> None:
    book = Book()
    book.put("a", 0)
    book.put("b", 0)
    page = Page(book)
    page.read()
    book.put("a", 1)
    book.drop("b")
    book.put("a", 2)
    assert page.read() == [
        {"kind": "row", "run": "b", "view": None},
        {"kind": "row", "run": "a", "view": {"id": "a", "value": 2}},
    ]


def test_who_missed_more_than_is_remembered_gets_the_first_page_again() -> None:
    book = Book(kept=2)
    page = Page(book)
    page.read()
    for name in "abc":
        book.put(name, 0)
    assert [frame["kind"] for frame in page.read()] == ["runs"]
    book.put("a", 1)
    assert [frame["kind"] for frame in page.read()] == ["row"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "read", "late"]), st.sampled_from("abcdef"), st.integers(0, 9))
)


@given(STEPS, st.integers(1, 6))
def test_whenever_viewers_read_they_know_the_list_as_it_is(steps: list[tuple[str, str, int]], kept: int) -> None:
    book = Book(kept)
    eager, lazy = Page(book), Page(book)
    for kind, run, value in steps:
        if kind == "put":
            book.put(run, value)
        elif kind == "drop":
            book.drop(run)
        else:
            page = eager if kind == "read" else lazy
            page.read()
            assert page.known == book.runs
    lazy.read()
    assert lazy.known == book.runs
