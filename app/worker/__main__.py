"""A worker process: `--server ws://HOST:PORT/ws/worker --id NAME`; the token is in SAB_WORKER_TOKEN.

With `--forks DESCRIPTOR` it is no worker but makes them, as copies of itself (app/worker/begin/forks.py).
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from sab_visualiser.app.worker.begin.forks import Order, prctl, serve_forks

PR_SET_PDEATHSIG = 1


def main() -> int:
    """Load everything, then work as one, or make those who do."""
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.forks is None and not arguments.server:
        parser.error("--server is required: where this worker dials in, as ws://127.0.0.1:8000/ws/worker")
    order = Order(arguments.id, arguments.server, os.environ.pop("SAB_WORKER_TOKEN", ""))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the server, which ends its workers in order
    signal.signal(signal.SIGTERM, _leave)

    if arguments.spool is not None or arguments.forks is not None:  # until a socket's end tells the same
        _end_with_parent(signal.SIGKILL)
    from sab_visualiser.app.worker.process import LOOP_THREADS, give_way, prepare

    give_way()
    try:
        loop_threads = LOOP_THREADS if arguments.loop_threads is None else arguments.loop_threads
        prepare(arguments.threads, loop_threads)
        engine = engine_of(arguments.device, max(arguments.threads, loop_threads))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return _begin(arguments, order, engine) if arguments.forks is None else _make_copies(arguments, engine)


def _make_copies(arguments: argparse.Namespace, engine: dict[str, object]) -> int:
    """Be loaded and warm, and let workers be copies; not where they may use a GPU, which does not survive that."""
    from sab_visualiser.app.worker.begin.warm import warm_up
    from sab_visualiser.app.worker.loop import work  # noqa: F401 (so that no copy has to load it)
    from sab_visualiser.model.devices import may_use_a_gpu

    if may_use_a_gpu(arguments.device):
        return 1
    warm_up()

    def begin(order: Order) -> int:
        if arguments.spool is not None:
            _end_with_parent(signal.SIGKILL)
        return _begin(arguments, order, engine)

    return serve_forks(socket.socket(fileno=arguments.forks), begin)


def _begin(arguments: argparse.Namespace, order: Order, engine: dict[str, object]) -> int:
    """Dial the server, warm up (a copy is warm, and this takes it milliseconds), work."""
    from sab_visualiser.app.worker.begin.warm import warm_up
    from sab_visualiser.app.worker.link import Link
    from sab_visualiser.app.worker.loop import work
    from sab_visualiser.app.worker.process import limit_memory
    from sab_visualiser.model.contract.files.folder import seek_in
    from sab_visualiser.model.devices import may_use_a_gpu

    try:
        link = Link(order.url, order.token, order.id, arguments.checkpoints)
    except OSError as error:
        print(f"cannot reach {order.url}: {error}", file=sys.stderr)
        return 1
    link.send({"kind": "hello", "data": {"worker": order.id, "pid": os.getpid(), "engine": engine, "beats": True}})
    _end_with_parent(0)
    link.on_end = lambda lost: link.leave(0) if lost else None
    warm_up()
    if arguments.memory_bytes is not None and not may_use_a_gpu(arguments.device):  # which maps more than it uses
        limit_memory(arguments.memory_bytes)
    seek_in(lambda: arguments.data_files)
    work(link, arguments.spool, arguments.device, arguments.looking_share)
    return 0


def engine_of(device: str, threads: int) -> dict[str, object]:
    """How this worker computes, for its server to tell.

    A device that is there and cannot be used now (it is full, or another process has it to itself) is told and no
    reason to end: questions about stored networks need none, and a run that asks for it fails with the reason.

    Raises:
        DeviceError: There is no such device here.
    """
    from sab_visualiser.model.devices import DeviceError, present, resolve_device

    about: dict[str, object] = {"device": device, "backend": None, "as_wished": False}
    try:
        place = resolve_device(device)
        about |= {"device": place.device.type, "backend": place.backend, "why": place.why}
        about["as_wished"] = place.as_wished
    except DeviceError as error:
        if device not in present():
            raise
        about["why"] = str(error)
    return {**about, "cores": os.cpu_count(), "threads": threads}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sab_visualiser.app.worker", description=__doc__)
    parser.add_argument("--forks", type=int, default=None, help="socket of orders, for a process that makes workers")
    parser.add_argument("--server", default="", metavar="URL", help="ws://127.0.0.1:8000/ws/worker")
    parser.add_argument("--id", default=f"worker-{os.getpid()}", help="name of this worker in logs")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1: two crawl on busy cores)")
    parser.add_argument("--loop-threads", type=int, default=None, help="threads of the fused loops (default: 2, or 1)")
    parser.add_argument("--looking-share", type=float, default=0.2, help="most of the time that goes into pictures")
    parser.add_argument("--spool", type=Path, default=None, help="folder for a last checkpoint when the server is gone")
    parser.add_argument(
        "--checkpoints", type=Path, default=None, help="the server's own folder of them, where it is near"
    )
    parser.add_argument("--data-files", type=Path, default=None, help="folder of files of data on this machine")
    parser.add_argument("--memory-bytes", type=int, default=None, help="most it may take beside its libraries")
    parser.add_argument("--device", default="auto", help="where runs train: auto, cpu, cuda or mps")
    return parser


def _end_with_parent(number: int) -> None:
    """Get a signal when the server ends, however it ends; 0 for none. Without effect elsewhere than on Linux."""
    if sys.platform.startswith("linux"):
        prctl(PR_SET_PDEATHSIG, number)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """TERM ends the process at once: its server has had no answer to `end` for as long as it waits."""
    os._exit(143)


if __name__ == "__main__":
    sys.exit(main())
