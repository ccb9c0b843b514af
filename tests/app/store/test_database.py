from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError

from sab_visualiser.app.store import database as tables
from sab_visualiser.app.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "runs.sqlite")
    opened.open()
    yield opened
    opened.close()


def add(name: str) -> tables.Job:
    return lambda connection: connection.execute(insert(tables.runs).values(id=name, created="now", state="{}"))


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(tables.runs.c.id).order_by(tables.runs.c.id)))


def test_a_write_is_visible_to_every_reader_once_it_returns(database: Database) -> None:
    async def scenario() -> None:
        for name in "abc":
            await database.write(add(name))
            assert name in await database.read(names)

    asyncio.run(scenario())


def test_writes_that_wait_are_committed_in_the_order_of_the_calls(database: Database) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        await database.write(add(name))
        order.append(name)

    async def scenario() -> None:
        await asyncio.gather(*(one(f"{number:03d}") for number in range(300)))

    asyncio.run(scenario())
    assert order == sorted(order)
    assert len(database.read_now(names)) == 300


def test_a_job_that_fails_is_undone_alone(database: Database) -> None:
    def half(connection: Connection) -> None:
        add("half")(connection)
        raise ValueError("on purpose")

    async def scenario() -> None:
        results = await asyncio.gather(
            database.write(add("a")), database.write(half), database.write(add("b")), return_exceptions=True
        )
        assert isinstance(results[1], ValueError)

    asyncio.run(scenario())
    assert database.read_now(names) == ["a", "b"]


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        database.read_now(add("x"))


def test_the_file_is_in_write_ahead_mode_and_whole(database: Database, tmp_path: Path) -> None:
    database.submit(add("a")).result()
    raw = sqlite3.connect(tmp_path / "runs.sqlite")
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_what_was_committed_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    first = Database(tmp_path / "runs.sqlite")
    first.open()
    pending = [first.submit(add(f"{number:02d}")) for number in range(50)]
    first.close()
    assert all(each.done() for each in pending)
    second = Database(tmp_path / "runs.sqlite")
    second.open()
    count = second.read_now(lambda connection: connection.scalar(select(func.count()).select_from(tables.runs)))
    second.close()
    assert count == 50


def test_a_closed_file_is_a_whole_backup_of_its_own(database: Database, tmp_path: Path) -> None:
    async def scenario() -> None:
        for name in "abc":
            await database.write(add(name), durable=False)
            await database.read(names)

    asyncio.run(scenario())
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["runs.sqlite"]
    alone = tmp_path / "elsewhere" / "runs.sqlite"
    alone.parent.mkdir()
    alone.write_bytes(database.path.read_bytes())
    again = Database(alone)
    again.open()
    assert again.read_now(names) == ["a", "b", "c"]
    again.close()


@pytest.mark.parametrize(("durable", "mode"), [(True, "FULL"), (False, "NORMAL")])
def test_what_must_outlive_a_power_cut_is_on_the_disk_when_its_write_returns(
    database: Database, durable: bool, mode: str
) -> None:
    level = {"NORMAL": 1, "FULL": 2}[mode]

    async def scenario() -> int:
        return await database.write(
            lambda c: int(c.exec_driver_sql("PRAGMA synchronous").scalar_one()), durable=durable
        )

    assert asyncio.run(scenario()) == level
