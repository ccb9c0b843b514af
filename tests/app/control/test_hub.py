from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.app.control.hub import OUTBOX, Hub, Viewer
from sab_visualiser.app.control.rows import Rows
from sab_visualiser.app.wire.codec import decode, encode


def frame(seq: int) -> bytes:
    return encode({"kind": "metrics", "run": "r", "seq": seq})


class Book:
    """A store that has every event that was committed, and a hub over it."""

    def __init__(self, ring: int = 4, lost: tuple[int, ...] = ()) -> None:
        self.events: list[tuple[int, bytes]] = []
        self.lost = lost
        self.snapshot: bytes | None = None
        rows = Rows(lambda limit: ([{"id": "r"}], 1), lambda run: {"id": run})
        self.hub = Hub(ring, self.read, self.read_snapshot, rows)
        self.hub.open_topic("r", 0)

    async def read(self, run: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        await asyncio.sleep(0)
        return [each for each in self.events if each[0] > after and each[0] not in self.lost][:limit]

    async def read_snapshot(self, run: str) -> bytes | None:
        return self.snapshot

    def publish(self, count: int = 1) -> None:
        for _ in range(count):
            seq = len(self.events) + 1
            self.events.append((seq, frame(seq)))
            self.hub.publish("r", seq, self.events[-1][1])

    async def drain(self, viewer: Viewer) -> list[dict[str, Any]]:
        got: list[dict[str, Any]] = []
        while frames := await self.hub.next_frames(viewer):
            got += [decode(each) for each in frames]
        return [each for each in got if each["kind"] not in ("runs", "row")]


def play(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def seqs(frames: list[dict[str, Any]]) -> list[int]:
    return [each["seq"] for each in frames if each["kind"] == "metrics"]


@pytest.mark.parametrize("after", [0, 3, 9, 10])
def test_C14_a_viewer_gets_every_event_after_the_asked_one_in_order(after: int) -> None:
    async def scenario() -> None:
        book, viewer = Book(ring=4), Viewer()
        book.publish(10)
        book.hub.follow(viewer, "r", after)
        assert seqs(await book.drain(viewer)) == list(range(after + 1, 11))
        book.publish(2)
        assert seqs(await book.drain(viewer)) == [11, 12]

    play(scenario)


@given(st.lists(st.integers(0, 7), max_size=25), st.integers(1, 6), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_C14_events_published_while_a_viewer_catches_up_come_once_and_in_order(
    bursts: list[int], ring: int, after: int
) -> None:
    async def scenario() -> None:
        book, viewer = Book(ring), Viewer()
        book.publish(20)
        book.hub.follow(viewer, "r", after)
        got: list[dict[str, Any]] = []
        for burst in bursts:
            reading = asyncio.create_task(book.hub.next_frames(viewer))
            await asyncio.sleep(0)
            book.publish(burst)
            got += [decode(each) for each in await reading]
        got += await book.drain(viewer)
        assert seqs(got) == list(range(after + 1, 21 + sum(bursts)))

    play(scenario)


def test_C12_all_viewers_get_the_very_same_bytes() -> None:
    async def scenario() -> None:
        book, one, two = Book(), Viewer(), Viewer()
        for viewer in (one, two):
            book.hub.follow(viewer, "r", 0)
        book.publish()
        first, second = [await book.hub.next_frames(viewer) for viewer in (one, two)]
        assert first[0] is second[0]

    play(scenario)


def test_C12_a_hundred_viewers_get_every_event_though_one_sleeps_and_it_holds_nothing_back() -> None:
    async def scenario() -> None:
        book, sleeper, viewers = Book(ring=8), Viewer(), [Viewer() for _ in range(99)]
        for viewer in (sleeper, *viewers):
            book.hub.join(viewer)
            book.hub.follow(viewer, "r", 0)
        got: list[list[int]] = [[] for _ in viewers]
        for update in range(30):
            book.publish()
            book.hub.publish_snapshot("r", encode({"kind": "snapshot", "update": update}))
            for seen, viewer in zip(got, viewers, strict=True):
                seen += seqs(await book.drain(viewer))
        assert got == [list(range(1, 31))] * 99
        assert not sleeper.outbox, "nothing is kept for one viewer; it is only a place in the events"
        late = await book.drain(sleeper)
        assert seqs(late) == list(range(1, 31))
        assert [each["update"] for each in late if each["kind"] == "snapshot"] == [29], "one picture, the newest"

    play(scenario)


def test_C14_events_that_the_store_lost_are_told_as_a_gap() -> None:
    async def scenario() -> None:
        book, viewer = Book(ring=2, lost=(3, 4)), Viewer()
        book.publish(10)
        book.hub.follow(viewer, "r", 0)
        got = await book.drain(viewer)
        assert seqs(got) == [1, 2, 5, 6, 7, 8, 9, 10]
        gaps = [(each["from"], each["to"]) for each in got if each["kind"] == "gap"]
        assert gaps == [(3, 4)]

    play(scenario)


def test_a_store_without_any_of_the_events_does_not_stop_the_stream() -> None:
    async def scenario() -> None:
        book, viewer = Book(ring=2, lost=tuple(range(1, 11))), Viewer()
        book.publish(10)
        book.hub.follow(viewer, "r", 0)
        got = await book.drain(viewer)
        assert [(each["kind"], each["from"], each["to"]) for each in got] == [("gap", 1, 10)]
        book.publish()
        assert seqs(await book.drain(viewer)) == [11]

    play(scenario)


def test_C14_a_viewer_that_knows_more_than_the_server_is_told_and_starts_over() -> None:
    async def scenario() -> None:
        book, viewer = Book(), Viewer()
        book.publish(3)
        book.hub.follow(viewer, "r", 50)
        got = await book.drain(viewer)
        assert (got[0]["kind"], got[0]["from"], got[0]["to"]) == ("gap", 4, 50)
        assert seqs(got) == [1, 2, 3]

    play(scenario)


def test_C12_the_newest_snapshot_replaces_those_not_sent_yet() -> None:
    async def scenario() -> None:
        book, viewer = Book(), Viewer()
        book.hub.follow(viewer, "r", 0)
        for update in range(5):
            book.hub.publish_snapshot("r", encode({"kind": "snapshot", "update": update}))
        book.publish(2)
        got = await book.drain(viewer)
        assert [each.get("update") for each in got] == [None, None, 4]

    play(scenario)


def test_a_late_viewer_sees_the_stored_snapshot_at_once() -> None:
    async def scenario() -> None:
        book, viewer = Book(), Viewer()
        book.snapshot = encode({"kind": "snapshot", "update": 7})
        book.hub.follow(viewer, "r", 0)
        assert [each["update"] for each in await book.drain(viewer)] == [7]
        assert await book.drain(viewer) == []

    play(scenario)


def test_a_viewer_that_left_gets_nothing_and_is_forgotten() -> None:
    async def scenario() -> None:
        book, viewer = Book(), Viewer()
        book.hub.join(viewer)
        book.hub.follow(viewer, "r", 0)
        book.hub.leave(viewer)
        book.publish()
        assert await book.drain(viewer) == []
        assert not book.hub.viewers

    play(scenario)


def test_B19_a_viewer_that_asks_without_reading_is_closed() -> None:
    async def scenario() -> None:
        viewer = Viewer()
        for _ in range(OUTBOX + 1):
            viewer.answer(b"x")
        assert viewer.closing == 1013
        assert len(viewer.outbox) == OUTBOX

    play(scenario)


def test_the_list_of_runs_is_sent_once_and_then_a_row_a_change() -> None:
    async def scenario() -> None:
        book, viewer = Book(), Viewer()
        book.hub.join(viewer)
        kinds = [decode(each)["kind"] for each in await book.hub.next_frames(viewer)]
        assert kinds == ["runs"]
        book.hub.rows.changed("r")
        book.hub.rows.changed("r")
        assert [decode(each)["kind"] for each in await book.hub.next_frames(viewer)] == ["row"]
        assert await book.hub.next_frames(viewer) == []

    play(scenario)
