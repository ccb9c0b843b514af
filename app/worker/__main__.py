"""A worker process: `--server ws://HOST:PORT/ws/worker --id NAME`; the token is in SAB_WORKER_TOKEN."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType


def main() -> int:
    """Dial the server, warm up, work."""
    arguments = _parser().parse_args()
    token = os.environ.pop("SAB_WORKER_TOKEN", "")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the server, which ends its workers in order
    signal.signal(signal.SIGTERM, _leave)

    from sab_visualiser.app.worker.link import Link
    from sab_visualiser.app.worker.loop import work
    from sab_visualiser.app.worker.process import LOOP_THREADS, prepare
    from sab_visualiser.app.worker.warm import warm_up
    from sab_visualiser.model.devices import resolve_device

    try:
        loop_threads = LOOP_THREADS if arguments.loop_threads is None else arguments.loop_threads
        prepare(arguments.threads, loop_threads)
        place = resolve_device(arguments.device)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        link = Link(arguments.server, token, arguments.id, arguments.checkpoints)
    except OSError as error:
        print(f"cannot reach {arguments.server}: {error}", file=sys.stderr)
        return 1
    engine = {
        "device": place.device.type,
        "backend": place.backend,
        "why": place.why,
        "as_wished": place.as_wished,
        "cores": os.cpu_count(),
        "threads": max(arguments.threads, loop_threads),
    }
    link.send({"kind": "hello", "data": {"worker": arguments.id, "pid": os.getpid(), "engine": engine}})
    warm_up()
    work(link, arguments.spool, place.device)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sab_visualiser.app.worker", description=__doc__)
    parser.add_argument("--server", required=True, metavar="URL", help="ws://127.0.0.1:8000/ws/worker")
    parser.add_argument("--id", default=f"worker-{os.getpid()}", help="name of this worker in logs")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1: two crawl on busy cores)")
    parser.add_argument("--loop-threads", type=int, default=None, help="threads of the fused loops (default: 2, or 1)")
    parser.add_argument("--spool", type=Path, default=None, help="folder for a last checkpoint when the server is gone")
    parser.add_argument(
        "--checkpoints", type=Path, default=None, help="the server's own folder of them, where it is near"
    )
    parser.add_argument("--device", default="auto", help="where runs train: auto, cpu, cuda or mps")
    return parser


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """TERM ends the process at once: the server has had its `end` unanswered for two seconds."""
    os._exit(143)


if __name__ == "__main__":
    sys.exit(main())
