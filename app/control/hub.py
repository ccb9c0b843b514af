"""Fan-out: the same encoded bytes to every viewer, nothing skipped that must not be.

A ring of events per run is all that is buffered; a viewer is only a position in it. One that falls behind the ring
goes on from the store, where every event already is (commit first, then publish), so memory per viewer is bounded
and no event is ever lost or sent twice. Snapshots and the rows of the list of runs (app/control/rows.py) are
latest-wins: a viewer that is late gets the newest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sab_visualiser.app.control.rows import Rows
from sab_visualiser.app.wire.codec import encode

SHUT_OUT = 4401
"""Code with which a socket is closed whose token is not good any more."""
PAGE = 200
"""Events read from the store at a time."""
OUTBOX = 128
"""Answers that may wait for one viewer."""
ReadEvents = Callable[[str, int, int], Awaitable[list[tuple[int, bytes]]]]
ReadSnapshot = Callable[[str], Awaitable[bytes | None]]


@dataclass
class Topic:
    """What is going on in one run."""

    ring: deque[tuple[int, bytes]]
    seq: int
    snapshot: bytes | None = None
    snapshot_version: int = 0
    viewers: set[Viewer] = field(default_factory=set)

    def after(self, seq: int) -> list[tuple[int, bytes]] | None:
        """Events above `seq` from the ring; None when it does not reach back so far."""
        missing = self.seq - seq
        if missing <= 0:
            return []
        if missing > len(self.ring):
            return None
        start = len(self.ring) - missing
        return [self.ring[index] for index in range(start, min(start + PAGE, len(self.ring)))]


@dataclass
class Subscription:
    """How far one viewer is in one run."""

    sent: int
    snapshot_version: int = -1


class Viewer:
    """One connected page: what it follows, whether it may steer, and what waits only for it."""

    def __init__(self, *, steers: bool = True) -> None:
        self.steers = steers
        self.wake = asyncio.Event()
        self.outbox: deque[bytes] = deque()
        self.following: dict[str, Subscription] = {}
        self.rows_version = -1
        self.closing: int | None = None

    def answer(self, frame: bytes) -> None:
        """Queue an answer; a viewer that asks more than it reads is closed."""
        if len(self.outbox) >= OUTBOX:
            self.close(1013)
            return
        self.outbox.append(frame)
        self.wake.set()

    def close(self, code: int) -> None:
        """Ask its sender to close the socket with that code."""
        self.closing = self.closing or code
        self.wake.set()


class Hub:
    """Who follows what."""

    def __init__(
        self,
        ring: int,
        read_events: ReadEvents,
        read_snapshot: ReadSnapshot,
        rows: Rows,
    ) -> None:
        self._ring = ring
        self._read_events = read_events
        self._read_snapshot = read_snapshot
        self.rows = rows
        self._topics: dict[str, Topic] = {}
        self.viewers: set[Viewer] = set()

    def shut_out(self) -> None:
        """Close all viewers: the tokens by which they came in are not good any more."""
        for viewer in list(self.viewers):
            viewer.close(SHUT_OUT)

    def open_topic(self, run_id: str, seq: int) -> None:
        """Let a run be followed; `seq` is that of its last committed event."""
        self._topics.setdefault(run_id, Topic(deque(maxlen=self._ring), seq))

    def drop_topic(self, run_id: str) -> None:
        """Forget a run that was deleted."""
        topic = self._topics.pop(run_id, None)
        for viewer in topic.viewers if topic else ():
            viewer.following.pop(run_id, None)

    def publish(self, run_id: str, seq: int, frame: bytes) -> None:
        """Show a committed event to all who follow the run."""
        topic = self._topics[run_id]
        assert seq == topic.seq + 1, f"events are published in order: {seq} after {topic.seq}"
        topic.seq = seq
        topic.ring.append((seq, frame))
        _wake(topic.viewers)

    def publish_snapshot(self, run_id: str, frame: bytes) -> None:
        """Show a committed snapshot; it replaces one that was not sent yet."""
        topic = self._topics[run_id]
        topic.snapshot = frame
        topic.snapshot_version += 1
        _wake(topic.viewers)

    def wake(self) -> None:
        """A row of the list of runs is another one now: it concerns everybody."""
        _wake(self.viewers)

    def join(self, viewer: Viewer) -> None:
        """A page connected."""
        self.viewers.add(viewer)
        viewer.wake.set()

    def leave(self, viewer: Viewer) -> None:
        """A page is gone."""
        self.viewers.discard(viewer)
        for run_id in list(viewer.following):
            self.unfollow(viewer, run_id)

    def follow(self, viewer: Viewer, run_id: str, after: int) -> None:
        """Send the viewer every event above `after`, then all that come."""
        topic = self._topics[run_id]
        if after > topic.seq:
            reason = f"this server knows {topic.seq} events of the run; starting over"
            viewer.answer(gap(run_id, topic.seq + 1, after, reason))
            after = 0
        topic.viewers.add(viewer)
        viewer.following[run_id] = Subscription(after)
        viewer.wake.set()

    def unfollow(self, viewer: Viewer, run_id: str) -> None:
        """Send no more of that run."""
        viewer.following.pop(run_id, None)
        if run_id in self._topics:
            self._topics[run_id].viewers.discard(viewer)

    async def next_frames(self, viewer: Viewer) -> list[bytes]:
        """What to send now, a page at a time; empty when the viewer has all. Answers come first."""
        if viewer.outbox:
            frames = list(viewer.outbox)
            viewer.outbox.clear()
            return frames
        for run_id, place in list(viewer.following.items()):
            if frames := await self._next_events(run_id, place):
                return frames
        for run_id, place in list(viewer.following.items()):
            if frame := await self._next_snapshot(run_id, place):
                return [frame]
        viewer.rows_version, frames = self.rows.since(viewer.rows_version)
        return frames

    async def _next_events(self, run_id: str, place: Subscription) -> list[bytes]:
        topic = self._topics.get(run_id)
        if topic is None:
            return []
        found = topic.after(place.sent)
        if found is None:
            found = await self._read_events(run_id, place.sent, PAGE)
            if not found:  # committed events are in the store; if not, say so rather than wait for ever
                frame = gap(run_id, place.sent + 1, topic.seq, "these events are not in the store")
                place.sent = topic.seq
                return [frame]
        frames: list[bytes] = []
        for seq, frame in found:
            if seq != place.sent + 1:
                frames.append(gap(run_id, place.sent + 1, seq - 1, "these events are not in the store"))
            frames.append(frame)
            place.sent = seq
        return frames

    async def _next_snapshot(self, run_id: str, place: Subscription) -> bytes | None:
        topic = self._topics.get(run_id)
        if topic is None or place.snapshot_version == topic.snapshot_version:
            return None
        place.snapshot_version = topic.snapshot_version
        if topic.snapshot is None:
            stored = await self._read_snapshot(run_id)
            topic.snapshot = topic.snapshot or stored
        return topic.snapshot

    def forget_snapshot(self, run_id: str) -> None:
        """The last snapshot is void (reset, reseed): do not show it to those who come."""
        self._topics[run_id].snapshot = None


def gap(run_id: str, first: int, last: int, reason: str) -> bytes:
    """The frame that tells of events a viewer will not get."""
    return encode({"kind": "gap", "run": run_id, "from": first, "to": last, "reason": reason})


def _wake(viewers: set[Viewer]) -> None:
    for viewer in viewers:
        viewer.wake.set()
