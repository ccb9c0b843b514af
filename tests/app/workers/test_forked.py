from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers import forked
from sab_visualiser.app.workers.forked import ForkingLauncher
from sab_visualiser.app.workers.local import LocalHandle
from sab_visualiser.app.workers.supervisor import Supervisor
from tests.app.workers.test_supervisor import until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are copies on Linux only")

ORIGINAL = """
import os, signal, socket, sys, threading, time
from sab_visualiser.app.worker.begin.forks import serve_forks

def begin(order):
    {work}

if "--forks" not in sys.argv:
    print("alone", file=sys.stderr)
    sys.exit(3)
{first}
sys.exit(serve_forks(socket.socket(fileno=int(sys.argv[-1])), begin))
"""
TELLS = "print(order.id, order.url, order.token, os.getppid(), file=sys.stderr); return 5"
SLEEPS = "time.sleep(60)"
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def launcher(work: str = TELLS, first: str = "", device: str = "cpu") -> ForkingLauncher:
    return ForkingLauncher((sys.executable, "-c", ORIGINAL.format(work=work, first=first)), device)


def play(scenario: Callable[[ForkingLauncher], Awaitable[None]], forking: ForkingLauncher) -> None:
    async def whole() -> None:
        try:
            await scenario(forking)
        finally:
            await forking.close()

    asyncio.run(asyncio.wait_for(whole(), 30))


async def start(forking: ForkingLauncher, name: str = "spare-1") -> LocalHandle:
    return await forking.start(name, "ws://here", "the-token")


def test_workers_are_copies_of_one_process_and_their_ends_are_told_in_words() -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        handles = await asyncio.gather(*(start(forking, f"spare-{number}") for number in range(3)))
        told = [await handle.wait() for handle in handles]
        head = "worker ended with exit code 5: spare-{} ws://here the-token "
        assert [words.rsplit(" ", 1)[0] + " " for words in told] == [head.format(number) for number in range(3)]
        assert len({words.rsplit(" ", 1)[1] for words in told}) == 1, "one process made them all"
        assert len({handle.pid for handle in handles}) == 3

    play(scenario, launcher())


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        ("raise ValueError('no such thing')", "worker ended with exit code 1: ValueError: no such thing"),
        ("sys.exit(7)", "worker ended with exit code 1: SystemExit: 7"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "worker ended with signal 11 (SIGSEGV)"),
        ("sys.stderr.write('x' * 200_000 + chr(10) + 'end'); return 2", "worker ended with exit code 2: end"),
    ],
)
def test_a_copy_that_fails_says_why(work: str, reason: str) -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        assert await (await start(forking)).wait() == reason

    play(scenario, launcher(work))


def test_a_copy_is_killed_as_a_group_that_is_its_own_and_shows_its_name() -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        first, second = await start(forking, "spare-0a1b2c3d"), await start(forking, "prober-0a1b2c3d")
        assert os.getpgid(first.pid) == first.pid
        assert os.getpgid(second.pid) == second.pid
        first.terminate()
        for handle, name in ((first, "spare-0a1b2c3d"), (second, "prober-0a1b2c3d")):
            await until(lambda shown=psutil.Process(handle.pid), name=name: shown.name() == name)
        first.kill()
        assert await first.wait() == "worker ended with signal 9 (SIGKILL)"
        assert psutil.pid_exists(second.pid)
        second.kill()
        await second.wait()
        first.kill()  # nobody any more, and nobody else

    play(scenario, launcher(SLEEPS, DEAF))


def test_a_copy_has_nothing_of_the_server_but_its_standard_error() -> None:
    work = "print(sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in os.listdir('/proc/self/fd')[:-1]),"
    work += "file=sys.stderr); return 0"

    async def scenario(forking: ForkingLauncher) -> None:
        assert (await (await start(forking)).wait()).endswith("['/dev/null', '/dev/null', 'pipe']")

    play(scenario, launcher(work))


def test_when_the_original_is_gone_its_copies_work_on_and_another_makes_the_next() -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        first = await start(forking, "spare-1")
        original = psutil.Process(first.pid).ppid()
        os.kill(original, signal.SIGKILL)
        waiting = asyncio.create_task(first.wait())
        second = await start(forking, "spare-2")
        assert psutil.Process(second.pid).ppid() != original
        assert psutil.pid_exists(first.pid)
        assert not waiting.done()
        first.kill()
        assert await waiting == "worker ended", "nobody can tell how"
        second.kill()
        assert await second.wait() == "worker ended with signal 9 (SIGKILL)"

    play(scenario, launcher(SLEEPS))


@pytest.mark.parametrize(
    "first",
    [
        "sys.exit(1)",
        "raise RuntimeError('broken')",
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ],
    ids=["ends", "fails", "has a second thread"],
)
def test_where_no_copies_can_be_made_workers_are_processes_of_their_own(first: str) -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        for _ in range(2):
            assert await (await start(forking)).wait() == "worker ended with exit code 3: alone"

    play(scenario, launcher(first=first))


@pytest.mark.parametrize(
    ("device", "driver", "alone"),
    [("cuda", False, True), ("mps", False, True), ("auto", True, True), ("auto", False, False), ("cpu", True, False)],
)
def test_a_process_that_may_use_a_gpu_is_no_copy(
    device: str, driver: bool, alone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked, "DRIVER", tmp_path if driver else tmp_path / "nvidiactl")

    async def scenario(forking: ForkingLauncher) -> None:
        reason = await (await start(forking)).wait()
        assert (reason == "worker ended with exit code 3: alone") is alone

    play(scenario, launcher(device=device))


def test_a_program_that_does_not_exist_is_an_error_of_the_system(tmp_path: Path) -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        with pytest.raises(FileNotFoundError):
            await start(forking)

    play(scenario, ForkingLauncher((str(tmp_path / "nothing"),)))


def test_a_server_that_ends_while_the_original_loads_waits_for_nothing_and_leaves_nothing() -> None:
    async def scenario(forking: ForkingLauncher) -> None:
        supervisor = Supervisor(forking, Settings(worker_exit_s=60))
        supervisor.start("ws://127.0.0.1:1/ws/worker")
        loads = psutil.Process()
        await until(lambda: any("--forks" in child.cmdline() for child in loads.children()))
        (original,) = [child for child in loads.children() if "--forks" in child.cmdline()]
        await supervisor.close()
        assert not original.is_running()
        await until(lambda: not supervisor.workers)
        with pytest.raises(ConnectionError):
            await start(forking)

    play(scenario, launcher(first="time.sleep(60)"))
