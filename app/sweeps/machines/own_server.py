"""A server of a sweep's own: `sab serve` over the same data folder, on a free port, until the sweep ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

READY_S = 60.0
END_S = 30.0
READY = "SAB Visualiser is ready on "
LOOKING_SHARE = 0.02
"""Nobody looks at most trials of a sweep: pictures of each now and then will do."""


class NoServerError(RuntimeError):
    """It did not come up; says why in its own words."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Wanted:
    """What the server is to be.

    Attributes:
        data_dir: Folder of runs; None for the usual one.
        workers: Trials that train at a time.
        token: Secret of workers that are started elsewhere; None starts them here.
        host: Address to listen on.
    """

    data_dir: Path | None
    workers: int
    token: str | None = None
    host: str = "127.0.0.1"

    def environment(self) -> dict[str, str]:
        """The settings, as `sab serve` reads them."""
        spares = min(self.workers, 2) if self.token is None else 0
        told: dict[str, object] = {
            "MAX_RUNS": self.workers,
            "SPARES": spares,
            "LOOP_THREADS": 1,
            "LOOKING_SHARE": LOOKING_SHARE,
        }
        told |= {} if self.token is None else {"WORKER_TOKEN": self.token}
        return {**os.environ, **{f"SAB_{name}": str(value) for name, value in told.items()}}


@contextlib.contextmanager
def own_server(wanted: Wanted) -> Iterator[str]:
    """Run it; yields its address. At the end its runs are saved, as after Ctrl-C.

    Raises:
        NoServerError: With its last words and its exit code.
    """
    words = [sys.executable, "-P", "-m", "sab_visualiser.app.cli", "serve", "--no-open", "--port", "0"]
    words += ["--host", wanted.host]
    words += ["--data-dir", str(wanted.data_dir)] if wanted.data_dir else []
    with tempfile.TemporaryFile() as errors:
        # A session of its own: Ctrl-C ends the sweep, and the sweep ends its server in order.
        process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
            words, env=wanted.environment(), stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        try:
            yield _address(process, errors)
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_S)
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _address(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    assert process.stdout is not None
    for raw in process.stdout:
        line = raw.decode("utf-8", "replace")
        if line.startswith(READY):
            return line.removeprefix(READY).split()[0]
    process.wait(READY_S)
    errors.seek(0)
    said = errors.read().decode("utf-8", "replace").strip().splitlines()
    reason = (said[-1] if said else "it ended without a word").removeprefix("sab: ")
    raise NoServerError(reason, process.returncode or 1)
