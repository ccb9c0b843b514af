"""What was measured on, and how figures are written down: machine, commit, spread."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from sab_visualiser.app.commands.shared.source import commit

ROOT = Path(__file__).resolve().parents[1]


def machine() -> dict[str, Any]:
    """Processor, memory, versions and how busy the machine was: without these a figure says little."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": version("torch"),
        "load_before": load(),
        "commit": commit(),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def load() -> list[float]:
    """Processes that ran or waited for a core, over the last 1, 5 and 15 minutes."""
    return [round(each, 2) for each in os.getloadavg()]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Median, quartiles, extremes and number of the measurements."""
    ordered = sorted(values)
    low, middle, high = statistics.quantiles(ordered, n=4) if len(ordered) > 1 else [ordered[0]] * 3
    return {
        "median": _short(middle),
        "quartiles": [_short(low), _short(high)],
        "range": [_short(ordered[0]), _short(ordered[-1])],
        "count": len(ordered),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the measurements lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def interleaved(
    subjects: Mapping[str, Callable[[], object]],
    rounds: int,
    warm_up: int = 2,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Milliseconds of each subject, measured in turn: whatever else the machine does then hits all of them alike.

    `clock` counts seconds; `time.process_time` leaves out what other processes take of a busy machine.
    """
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(warm_up + rounds):
        for name, subject in subjects.items():
            started = clock()
            subject()
            if number >= warm_up:
                taken[name].append(1000 * (clock() - started))
    return taken


def figure(
    what: str, value: float | None, unit: str, budget: str | None = None, *, holds: bool | None = None, **more: Any
) -> dict[str, Any]:
    """One measured figure; `holds` says whether it is within its budget (contract section 4)."""
    short = None if value is None else _short(value)
    judged = {} if budget is None else {"budget": budget, "holds": holds}
    return {"what": what, "value": short, "unit": unit, **judged, **more}


def _short(value: float) -> float:
    return float(f"{value:.4g}")
