from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.blobs import Blobs, FolderInUseError
from sab_visualiser.app.store.store import Entry, Store
from sab_visualiser.app.store.writing.rows import surplus
from sab_visualiser.app.wire.requests import RunSpec


def make(folder: Path, **more: Any) -> Store:
    store = Store(Settings(data_dir=folder, **more))
    store.open()
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make(tmp_path / "data", snapshots_kept=5, checkpoints_kept=3)
    yield opened
    opened.close()


def run(**changes: Any) -> Run:
    return replace(new_run("r1", RunSpec(name="näme"), "2026"), **changes)


def entry(seq: int, kind: str = "metrics", attempt: int = 1) -> Entry:
    return Entry(seq, kind, seq, attempt, b"frame %d" % seq)


def stored(store: Store, content: bytes, update: int) -> Stored:
    return Stored(*store.checkpoints.write([content]), update)


def test_a_run_comes_back_exactly_as_it_was_committed(tmp_path: Path) -> None:
    store = make(tmp_path)
    kept = run(status="running", metrics={"loss": None, "accuracy": 0.1}, kept=({"type": "step"},), seq=2)
    asyncio.run(store.commit(kept, [entry(1), entry(2)]))
    store.close()
    again = make(tmp_path)
    assert again.load_runs() == [kept]
    assert asyncio.run(again.events("r1", 1, 10)) == [(2, b"frame 2")]
    again.close()


def test_an_event_is_never_written_twice(store: Store) -> None:
    async def scenario() -> None:
        await store.commit(run(), [entry(1)])
        with pytest.raises(Exception, match="UNIQUE"):
            await store.commit(run(update=99), [entry(1)])
        assert store.load_runs()[0].update == 0

    asyncio.run(scenario())


def test_snapshots_are_thinned_and_keep_the_first_and_the_last(store: Store) -> None:
    async def scenario() -> None:
        for update in range(0, 110, 10):
            await store.commit(run(update=update), snapshot=(update, b"snapshot %d" % update))
        left = await store.snapshot_updates(run())
        assert len(left) == 5
        assert (left[0], left[-1]) == (0, 100)
        assert await store.snapshot(run(), None) == b"snapshot 100"
        assert await store.snapshot(run(), 0) == b"snapshot 0"
        assert await store.snapshot(run(), 5) is None

    asyncio.run(scenario())


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=60, unique=True), st.integers(2, 20))
def test_thinning_leaves_the_cap_with_both_ends(updates: list[int], cap: int) -> None:
    updates.sort()
    left = [each for each in updates if each not in surplus(updates, cap)]
    assert len(left) == min(cap, len(updates))
    assert (left[0], left[-1]) == (updates[0], updates[-1])


def test_a_new_attempt_voids_snapshots_and_checkpoints_of_the_old_one(store: Store) -> None:
    async def scenario() -> None:
        old = stored(store, b"weights", 10)
        await store.commit(run(update=10), [entry(1)], snapshot=(10, b"s"), checkpoint=old)
        assert store.checkpoints.path(old.sha256).read_bytes() == b"weights"
        again = run(attempt=2, status="queued")
        await store.commit(again, [entry(2, "rewound", 2), entry(3, "status", 2)])
        assert await store.snapshot_updates(again) == []
        assert await store.run_checkpoints(again) == []
        assert not store.checkpoints.path(old.sha256).exists()
        assert await store.history(again, ("metrics",)) == []
        assert len(await store.events("r1", 0, 10)) == 3

    asyncio.run(scenario())


def test_resume_voids_only_what_came_after_the_checkpoint(store: Store) -> None:
    async def scenario() -> None:
        for update in (10, 20, 30):
            await store.commit(run(update=update), snapshot=(update, b"s"))
        await store.commit(run(update=20, status="queued"), [entry(1, "status")])
        assert await store.snapshot_updates(run()) == [10, 20]

    asyncio.run(scenario())


def test_a_checkpoint_of_two_runs_stays_until_the_last_is_deleted(store: Store) -> None:
    async def scenario() -> None:
        same = stored(store, b"same", 1)
        other = replace(run(), id="r2")
        await store.commit(run(), checkpoint=same)
        await store.commit(other, checkpoint=same)
        await store.remove_run("r1")
        assert store.checkpoints.path(same.sha256).exists()
        found = await store.checkpoint(same.sha256)
        assert found is not None
        assert found.spec == other.spec
        await store.remove_run("r2")
        assert not store.checkpoints.path(same.sha256).exists()
        assert store.load_runs() == []

    asyncio.run(scenario())


def test_checkpoints_beyond_the_cap_lose_row_and_file(store: Store) -> None:
    async def scenario() -> None:
        for update in range(6):
            await store.commit(run(update=update), checkpoint=stored(store, b"w%d" % update, update))
        left = await store.run_checkpoints(run())
        assert len(left) == 3
        assert (left[0].update, left[-1].update) == (0, 5)
        assert len(list(store.checkpoints.folder.iterdir())) == 3

    asyncio.run(scenario())


def test_C20_the_folder_is_private_and_held_by_one_server(tmp_path: Path) -> None:
    first = make(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    with pytest.raises(FolderInUseError, match="process id"):
        make(tmp_path / "data")
    first.close()
    make(tmp_path / "data").close()


HOLDS = """
import os, sys, time
from pathlib import Path
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
Store(Settings(data_dir=Path(sys.argv[1]))).open()
print(os.getpid(), flush=True)
time.sleep(600)
"""


def test_C20_a_lock_is_named_by_its_holder_and_one_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(folder)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == str(holder.pid)
        with pytest.raises(FolderInUseError, match=f"process id {holder.pid}"):
            make(folder)
        holder.kill()
    assert (folder / "lock").exists()
    make(folder).close()


def test_a_file_half_written_by_a_crash_is_swept(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, ".txt")
    upload = blobs.upload()
    upload.add(b"half")
    assert len(list(tmp_path.iterdir())) == 1
    blobs.prepare()
    assert list(tmp_path.iterdir()) == []
    upload.discard()
