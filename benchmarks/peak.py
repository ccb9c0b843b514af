"""Peak memory of one update, in a process of its own: `python -m benchmarks.peak KIND STEPS ATTENTION_SIZE`.

Prints JSON: the most resident memory the process ever had, what it had before the update, and how long that took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import ROOT


def measure(kind: str, steps: int, attention_size: int, timeout_s: float = 120) -> dict[str, Any]:
    """Run this module in a new process and read what it prints."""
    words = [sys.executable, "-m", "benchmarks.peak", kind, str(steps), str(attention_size)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=timeout_s)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def main(kind: str, steps: int, attention_size: int) -> None:
    """Make one update after a tiny one, so that compiling and allocating pools are not counted."""
    import torch

    from benchmarks.shapes import Shape
    from benchmarks.subjects import update_of

    torch.set_num_threads(2)
    update_of(kind, Shape(T=4, A=attention_size))()
    update = update_of(kind, Shape(T=steps, A=attention_size))
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    update()
    taken = time.perf_counter() - started
    print(json.dumps({"peak_bytes": high_water_bytes(), "before_bytes": before, "ms": round(1000 * taken, 1)}))


def high_water_bytes() -> int:
    """The most resident memory this program ever had; getrusage would count what its parent had at the fork."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
