"""Pictures drawn in a process of their own: the same bytes, memory given back, and nobody left behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from sab_visualiser.app.export.paper import USUAL
from sab_visualiser.app.export.print import apart as module
from sab_visualiser.app.export.print.apart import Apart
from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.wire.errors import UserError
from tests.app.export.traces import SPEC, made_up
from tests.fakes.server import eventually, in_process


def job(file_format: str = "png") -> Any:
    return ("attention", file_format, made_up(), caption_for("attention", made_up(), SPEC), USUAL)


def with_apart(work: Callable[[Apart], Awaitable[None]]) -> None:
    async def scenario() -> None:
        apart = Apart()
        try:
            await work(apart)
        finally:
            apart.close()

    asyncio.run(scenario())


def pid(apart: Apart) -> int:
    assert apart._child is not None
    return apart._child.process.pid


def test_a_picture_that_is_drawn_apart_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    async def work(apart: Apart) -> None:
        for each in ("png", "svg", "pdf"):
            assert await apart.draw(*job(each)) == render(*job(each)), each

    with_apart(work)


def test_a_process_that_is_ended_over_a_picture_is_replaced_and_one_that_always_ends_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(apart: Apart) -> None:
        await apart.draw(*job())
        os.kill(pid(apart), signal.SIGKILL)
        assert (await apart.draw(*job())).startswith(b"\x89PNG")
        monkeypatch.setattr("sys.executable", "/bin/false")
        apart.close()
        with pytest.raises(UserError, match="try again"):
            await apart.draw(*job())

    with_apart(work)


def test_a_mistake_of_ours_is_told_with_its_traceback_and_the_process_goes_on() -> None:
    async def work(apart: Apart) -> None:
        await apart.draw(*job())
        before = pid(apart)
        with pytest.raises(RuntimeError, match="KeyError"):
            await apart.draw("attention", "png", {}, {}, USUAL)
        await apart.draw(*job())
        assert pid(apart) == before

    with_apart(work)


def test_it_ends_when_nothing_was_drawn_for_a_while_and_after_many_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(apart: Apart) -> None:
        monkeypatch.setattr(module, "MOST", 1)
        await apart.draw(*job())
        first = pid(apart)
        monkeypatch.setattr(module, "IDLE_S", 0.0)
        await apart.draw(*job())
        assert not psutil.pid_exists(first)
        second = pid(apart)
        await asyncio.to_thread(eventually, lambda: apart._child is None)
        assert not psutil.pid_exists(second)

    with_apart(work)


@pytest.mark.server
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_loads_no_matplotlib_and_leaves_no_process_behind(tmp_path: Path, end: signal.Signals) -> None:
    with in_process(tmp_path / "data") as live:
        assert live.process is not None
        run = live.start(training={"updates": 6})
        live.reach(run, "finished")
        query = {"panel": "curves", "format": "png"}
        assert live.http.get(f"/api/runs/{run}/export", params=query).content.startswith(b"\x89PNG")
        assert "matplotlib" not in Path(f"/proc/{live.process.pid}/maps").read_text()
        drawing = [c for c in psutil.Process(live.process.pid).children() if "apart" in " ".join(c.cmdline())]
        assert len(drawing) == 1
        live.process.send_signal(end)
        live.process.wait(20)
        eventually(lambda: not drawing[0].is_running())
