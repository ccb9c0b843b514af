"""A page's connection to a busy server: how old events of a few runs are when they come, and a row that is changed."""

from __future__ import annotations

import json
import threading
import time
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.running import Running
from sab_visualiser.app.wire.codec import decode_header

FOLLOWED = 16
WAIT_S = 120.0


class Onlooker:
    """Follows some of the runs while it is entered; `ages_ms` and `holes` are read afterwards.

    Args:
        server: Where.
        runs: Ids; the first FOLLOWED of them are followed, and the last one's row is changed.
    """

    def __init__(self, server: Running, runs: list[str]) -> None:
        self._server, self._followed, self._written_on = server, runs[:FOLLOWED], runs[-1]
        self.ages_ms: list[float] = []
        self.holes = 0
        """Events that did not come between two that did."""
        self.closed_with: int | None = None
        self._seq: dict[str, int] = {}
        self._starred, self._changed = False, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        url = server.url.replace("http", "ws", 1) + "/ws"
        self._socket = connect(url, compression=None, max_size=None, proxy=None, ping_timeout=WAIT_S)

    def __enter__(self) -> Onlooker:
        for run in self._followed:
            self._socket.send(json.dumps({"type": "subscribe", "run": run, "after": None}))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._socket.close()
        self._thread.join(WAIT_S)

    def change(self, *, starred: bool) -> float:
        """Write on a run; milliseconds until its row is here."""
        self._starred = starred
        self._changed.clear()
        started = time.perf_counter()
        body, headers = json.dumps({"starred": starred}).encode(), {"Content-Type": "application/json"}
        url = f"{self._server.url}/api/runs/{self._written_on}"
        urlopen(Request(url, body, headers, method="PATCH"), timeout=WAIT_S).close()
        self._changed.wait(WAIT_S)
        return 1000 * (time.perf_counter() - started)

    def _look(self) -> None:
        try:
            for frame in self._socket:
                if isinstance(frame, bytes):
                    self._take(decode_header(frame), time.time())
        except ConnectionClosed as error:
            self.closed_with = error.rcvd.code if error.rcvd else None

    def _take(self, header: dict[str, Any], now: float) -> None:
        if header["kind"] == "row":
            if header["run"] == self._written_on and header["view"]["starred"] is self._starred:
                self._changed.set()
        elif "seq" in header and header["kind"] not in ("subscribed", "snapshot"):
            run, seq = header["run"], header["seq"]
            self.holes += max(0, seq - self._seq.get(run, seq - 1) - 1)
            self._seq[run] = seq
            if sent := (header["data"] or {}).get("sent"):
                self.ages_ms.append(1000 * (now - sent))
