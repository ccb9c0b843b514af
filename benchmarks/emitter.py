"""A worker that trains nothing and sends at a steady pace, so that the way from worker to viewer can be timed.

Started by the server in benchmarks/running.py. The name of the run says what to send: `events 20 8000` (20 metrics
events of 8000 bytes a second) or `snapshots 30 320` (30 traces over 320 steps). Every event carries `sent`, the clock
of this machine in seconds.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any, cast

import numpy as np

from sab_visualiser.app.wire.columns import TraceRecord
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.worker.link import Link, LinkLostError

ROW_BYTES = 21
CHOSEN = 10


def main() -> None:
    """Dial, say hello, send until the server ends it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--id", required=True)
    arguments, _ = parser.parse_known_args()
    link = Link(arguments.server, os.environ["SAB_WORKER_TOKEN"], arguments.id)
    link.send({"kind": "hello", "data": {"worker": arguments.id, "pid": os.getpid()}})
    try:
        message = link.wait()
        while message is not None and message["type"] not in ("assign", "end"):
            message = link.wait()
        if message is not None and message["type"] == "assign":
            play(link, message)
    except LinkLostError:
        pass
    finally:
        link.close()


def play(link: Link, assignment: dict[str, Any]) -> None:
    """Send what the name of the run asks for, until the server says stop."""
    kind, rate, size = (assignment["spec"]["name"] or "events 20 8000").split()
    head = {"run": assignment["run"], "attempt": assignment["attempt"]}
    status = {"status": "running", "reason": None, "parameters": assignment["parameters"], "skipped": 0}
    link.send({**head, "kind": "status", "update": 0, "data": {**status, "updates_per_s": float(rate)}})
    update, due = 0, time.monotonic()
    while True:
        message = link.poll()
        if message and (message["type"] == "end" or message.get("command", {}).get("type") == "stop"):
            return
        update += 1
        if kind == "events":
            data = {**events(update, int(size)), "sent": time.time()}
            link.send({**head, "kind": "metrics", "update": update, "data": data})
        else:
            content = to_bytes(trace(update, int(size)))
            link.send({**head, "kind": "snapshot", "update": update, "trace": as_array(content)})
        due += 1 / float(rate)
        time.sleep(max(0.0, due - time.monotonic()))


def events(update: int, size_bytes: int) -> dict[str, Any]:
    """Metrics columns of about `size_bytes`."""
    rows = max(1, size_bytes // ROW_BYTES)
    numbers = np.random.default_rng(update).random(rows).astype(np.float32)
    return {
        "update": np.full(rows, update, np.int32),
        **dict.fromkeys(("loss", "gradient_norm", "learning_rate"), numbers),
        "skipped": np.zeros(rows, np.uint8),
        "values": {"accuracy": numbers},
        "updates_per_s": 1.0,
    }


def trace(update: int, steps: int) -> TraceRecord:
    """Trace columns with CHOSEN memories a step, other ones at each update."""
    random = np.random.default_rng(update)
    reader = np.repeat(np.arange(1, steps), CHOSEN)
    source = (random.random(reader.size) * (reader + 1)).astype(np.int16) - 1
    norms = (10.0 ** random.uniform(-6, 0, steps)).astype(np.float32)
    column = np.full(3, 0.5, np.float32)
    record: Any = {
        **{"update": update, "example": 0, "loss_step": steps - 1, "steps": steps, "nonfinite": 0, "paths_hidden": 0},
        "task": {"name": "copy", "T": steps - 20, "items": 10},
        "parameters": {"k_top": CHOSEN, "k_trunc": 5, "k_att": 1, "normalizer": "shift", "variant": "paper"},
        **{name: [int(v) for v in random.integers(0, 8, steps)] for name in ("inputs", "targets", "predictions")},
        "loss_T": norms,
        "true_sources": {str(steps - 1): [9]},
        "memories": np.arange(-1, steps - 1, dtype=np.int16),
        "cuts": np.arange(4, steps, 5).astype(np.uint16),
        "attention": {
            "reader": reader.astype(np.uint16),
            "source": source,
            "weight": random.random(reader.size).astype(np.float32),
            "score": random.random(reader.size).astype(np.float32),
        },
        "gradient_norm": dict.fromkeys(("sab", "truncated", "full"), norms),
        "gradient_norm_cell": {},
        "edges": {
            "kind": np.array([1, 1, 0], np.uint8),
            "reader": np.array([steps - 1, steps - 1, steps - 1], np.uint16),
            "source": np.array([9, 40, steps - 2], np.uint16),
            **dict.fromkeys(("credit", "credit_hidden", "credit_cell", "weight"), column),
            "chosen": np.ones(3, np.uint8),
        },
        "paths": [{"steps": [steps - 1, 9], "kinds": ["skip"], "strength": 0.5}],
        "reach": {rule: [[steps - 5, steps - 1]] for rule in ("sab", "truncated", "full")},
    }
    return cast(TraceRecord, record)


if __name__ == "__main__":
    main()
