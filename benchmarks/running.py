"""A server in a process of its own, to be measured; its workers are real ones, or only emit at a steady pace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.machine import ROOT

END_S = 10
SAB = (sys.executable, "-m", "benchmarks.running")


@dataclass(frozen=True)
class Running:
    """A server that is ready: its address, its process id, and how long it took."""

    url: str
    pid: int
    ready_s: float

    def get(self, path: str, timeout_s: float = END_S) -> Any:
        """The JSON answer to a GET."""
        with urlopen(self.url + path, timeout=timeout_s) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: dict[str, Any], timeout_s: float = END_S) -> dict[str, Any]:
        """The JSON answer to a POST."""
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        with urlopen(Request(self.url + path, data, headers), timeout=timeout_s) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


@contextmanager
def running(data_dir: Path, *, emitting: bool, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A server on a free port; it is ended at the end.

    Args:
        data_dir: Where it keeps its runs.
        emitting: Whether its workers are benchmarks/emitter.py, or real ones.
        settings: Of the server, as the environment says them: `SAB_MAX_RUNS` and the like.
    """
    words = [*SAB, str(data_dir), "emitting" if emitting else "real"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SAB_")}
    environment |= settings or {}
    started = time.perf_counter()
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        taken = time.perf_counter() - started
        url = next((word for word in said.split() if word.startswith("http")), None)
        if url is None:
            raise RuntimeError(f"the server said {said!r} and ended with {process.poll()}")
        yield Running(url, process.pid, taken)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def main(data_dir: str, workers: str) -> int:
    """Serve until SIGTERM."""
    from sab_visualiser.app.serve import serve
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.workers.local import LocalLauncher

    launcher = LocalLauncher((sys.executable, "-m", "benchmarks.emitter")) if workers == "emitting" else None
    return serve(Settings(port=0, data_dir=Path(data_dir), open_browser=False, no_auth=True), launcher)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
