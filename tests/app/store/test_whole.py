"""A run with all it has is read as of one moment, whatever is committed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store import reading
from sab_visualiser.app.store.store import Entry, Store
from sab_visualiser.app.wire.requests import RunSpec


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Settings(data_dir=tmp_path / "data", snapshots_kept=3, checkpoints_kept=2))
    opened.open()
    yield opened
    opened.close()


def run(**changes: Any) -> Run:
    return replace(new_run("r1", RunSpec(), "2026"), **changes)


def entry(seq: int, attempt: int = 1) -> Entry:
    return Entry(seq, "metrics", seq, attempt, b"frame %d" % seq)


def stored(store: Store, content: bytes, update: int) -> Stored:
    return Stored(*store.checkpoints.write([content]), update)


def test_what_is_committed_while_it_is_read_is_in_all_of_the_answer_or_in_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, later = stored(store, b"first", 1), stored(store, b"later", 2)
    asyncio.run(store.commit(run(seq=1), [entry(1)], snapshot=(1, b"picture 1"), checkpoint=first))
    found_before = reading.find_run

    def then_something_happens(*words: Any) -> Run | None:
        found = found_before(*words)
        asyncio.run(store.commit(run(seq=2), [entry(2)], snapshot=(2, b"picture 2"), checkpoint=later))
        return found

    monkeypatch.setattr(reading, "find_run", then_something_happens)
    before = asyncio.run(store.whole("r1"))
    monkeypatch.undo()
    assert before == (run(seq=1), [b"frame 1"], [(1, b"picture 1")], [first])
    after = asyncio.run(store.whole("r1"))
    assert after == (run(seq=2), [b"frame 1", b"frame 2"], [(1, b"picture 1"), (2, b"picture 2")], [first, later])


def test_only_the_attempt_at_hand_is_read_and_an_unknown_run_is_none(store: Store) -> None:
    asyncio.run(store.commit(run(seq=1), [entry(1)]))
    asyncio.run(store.commit(run(seq=2, attempt=2), [entry(2, attempt=2)]))
    found = asyncio.run(store.whole("r1"))
    assert found is not None
    assert found.events == [b"frame 2"]
    assert asyncio.run(store.whole("r2")) is None


def test_a_run_that_comes_whole_is_kept_whole_and_thinned_to_what_is_kept_here(store: Store) -> None:
    checkpoints = [stored(store, b"weights %d" % at, at) for at in range(4)]
    pictures = [(at, b"picture %d" % at) for at in range(5)]
    asyncio.run(store.commit_whole(run(seq=2), [entry(1), entry(2)], pictures, checkpoints))
    found = asyncio.run(store.whole("r1"))
    assert found is not None
    assert (found.run, found.events) == (run(seq=2), [b"frame 1", b"frame 2"])
    assert [at for at, _ in found.snapshots][::2] == [0, 4]
    assert [each.update for each in found.checkpoints] == [0, 3]
    assert {path.stem for path in store.checkpoints.folder.iterdir()} == {each.sha256 for each in found.checkpoints}


def test_a_run_that_cannot_be_kept_whole_is_not_kept_at_all(store: Store) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        asyncio.run(store.commit_whole(run(seq=2), [entry(1), entry(1)], [(1, b"picture")], []))
    assert store.load_runs() == []
    assert asyncio.run(store.snapshot_updates(run())) == []


def test_files_that_nobody_has_are_dropped_and_others_stay(store: Store) -> None:
    mine, nobodys = stored(store, b"mine", 1), stored(store, b"nobody's", 1)
    asyncio.run(store.commit(run(), checkpoint=mine))
    asyncio.run(store.drop_unused([mine.sha256, nobodys.sha256]))
    assert [path.stem for path in store.checkpoints.folder.iterdir()] == [mine.sha256]
