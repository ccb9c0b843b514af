"""What a server takes and gives back: `python -m benchmarks.ends`, with the real server in processes.

From its start to its first answer; from SIGTERM to its end, idle and with a hundred viewers of a run that trains; open
files, threads and sockets after two hundred viewers came and went and two hundred broke off; memory after pictures for
export, and after as many frames as an hour of training tells.
"""

from __future__ import annotations

import json
import signal
import socket
import statistics
import struct
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import machine
from tests.fakes.server import Live, eventually, in_process

TIMES, VIEWERS, COMERS = 5, 100, 200
WARM, HOUR = 6_000, 36_000
PANELS, FORMATS, ROUNDS = ("attention", "gradients", "paths", "curves"), ("png", "svg", "pdf", "pgf"), 3
REST_S = 2.0
AT_ONCE = struct.pack("ii", 1, 0)


def held(live: Live) -> dict[str, int]:
    """Open files, threads and viewers of the server."""
    assert live.process is not None
    process = psutil.Process(live.process.pid)
    said = live.http.get("/metrics").text.splitlines()
    viewers = next(float(line.split()[1]) for line in said if line.startswith("sab_viewers "))
    return {"files": process.num_fds(), "threads": process.num_threads(), "viewers": int(viewers)}


def at_rest(live: Live) -> dict[str, int]:
    """What the server holds once that has been the same for two seconds.

    Until then workers come: those of a test are tasks of the server, with sockets of their own that are no leak.
    """
    last, since = held(live), time.monotonic()
    while time.monotonic() - since < REST_S:
        time.sleep(0.1)
        if (now := held(live)) != last:
            last, since = now, time.monotonic()
    return last


def come_and_go(live: Live, count: int) -> None:
    """So many viewers come, look at the list and go."""
    for _ in range(count):
        with live.viewer() as viewer:
            viewer.next()


def break_off(live: Live, count: int) -> None:
    """So many connections are reset in the middle of a handshake."""
    for _ in range(count):
        peer = socket.create_connection(("127.0.0.1", live.port))
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        peer.sendall(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n")
        peer.close()


def ended_after(live: Live) -> float:
    """Seconds from SIGTERM to the end of the process."""
    assert live.process is not None
    started = time.monotonic()
    live.process.send_signal(signal.SIGTERM)
    live.process.wait(60)
    return time.monotonic() - started


def ends(viewers: int, words: tuple[str, ...]) -> dict[str, list[float]]:
    """Seconds to the first answer and to the end, a few times."""
    ready, ended = [], []
    for _ in range(TIMES):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as open_now:
            started = time.monotonic()
            live = open_now.enter_context(in_process(Path(folder) / "data", *words))
            live.http.get("/api/health")
            ready.append(round(time.monotonic() - started, 2))
            if viewers:
                run = live.start(training={"updates": 1_000_000})
                live.reach(run, "running", update=5)
                for _ in range(viewers):
                    open_now.enter_context(live.viewer()).say(type="subscribe", run=run, after=None)
            time.sleep(3)  # workers have come
            ended.append(round(ended_after(live), 2))
    return {"ready_s": ready, "ended_s": ended}


def leaks() -> dict[str, Any]:
    """What the server holds before and after viewers came, went and broke off."""
    with tempfile.TemporaryDirectory() as folder, in_process(Path(folder) / "data") as live:
        come_and_go(live, 20)
        before = at_rest(live)
        come_and_go(live, COMERS)
        break_off(live, COMERS)
        eventually(lambda: held(live)["files"] <= before["files"], 60)
        return {"before": before, "after": held(live)}


def drawn() -> dict[str, int]:
    """Memory of the server before and after pictures, MiB."""
    with tempfile.TemporaryDirectory() as folder, in_process(Path(folder) / "data") as live:
        assert live.process is not None
        run = live.start(training={"updates": 300})
        live.reach(run, "finished")
        process = psutil.Process(live.process.pid)
        before = process.memory_info().rss >> 20
        drawn_once = [(panel, file_format) for panel in PANELS for file_format in FORMATS]
        for panel, file_format in ROUNDS * [*drawn_once, ("view", "html")]:
            answer = live.http.get(f"/api/runs/{run}/export", params={"panel": panel, "format": file_format})
            assert answer.status_code == 200, answer.text
        pictures = ROUNDS * (len(drawn_once) + 1)
        return {"pictures": pictures, "before_mib": before, "after_mib": process.memory_info().rss >> 20}


def hour() -> dict[str, Any]:
    """Memory of the server while a run tells as many frames of figures as one does in an hour of training, MiB.

    A worker tells figures ten times a second at most (app/worker/session.py); this one up to fifty times, with a
    picture at every fifth frame, and a viewer follows. Counted from a sixth of an hour on, when caches are full. A
    worker that is minutes ahead of its server loses its link, so it is no faster.
    """
    with tempfile.TemporaryDirectory() as folder, in_process(Path(folder) / "data", FAKE_PACE_S="0.02") as live:
        assert live.process is not None
        run, process = live.start(training={"updates": WARM + HOUR}), psutil.Process(live.process.pid)
        with live.viewer() as viewer:
            viewer.say(type="subscribe", run=run, after=None)
            read = threading.Thread(target=lambda: viewer.until(lambda frame: frame.get("update") == WARM + HOUR, 1200))
            read.start()
            live.reach(run, "running", update=WARM, seconds=600)
            before, started = process.memory_info().rss, time.monotonic()
            live.reach(run, "finished", seconds=1200)
            read.join()
            grown = (process.memory_info().rss - before) / 2**20
        return {"frames": HOUR, "grown_mib": round(grown, 1), "in_s": round(time.monotonic() - started, 1)}


def main() -> None:
    """Measure and print."""
    idle, watched = ends(0, ("--real",)), ends(VIEWERS, ())
    for times in (idle, watched):
        times["median_ended_s"] = [statistics.median(times["ended_s"])]
    told = {"idle": idle, f"with_{VIEWERS}_viewers": watched}
    held_now = {"viewers_came_and_went": leaks(), "memory": drawn(), "an_hour_of_figures": hour()}
    print(json.dumps({"machine": machine(), **told, **held_now}))


if __name__ == "__main__":
    main()
