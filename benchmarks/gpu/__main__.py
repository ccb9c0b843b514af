"""`python -m benchmarks.gpu [--json] [--output FILE]`: all that a GPU has to show, in under five minutes.

Right numbers, updates beside cuDNN's LSTM and others, peak memory, a training beside the CPU's, and the server. Without
a CUDA device it says so in one line and ends with 3; with figures beyond their budgets it ends with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu import parity, served, speed, training
from benchmarks.machine import machine
from sab_visualiser.model.backends import best_for
from sab_visualiser.model.passes.backend import Target

NO_GPU = 3
DEVICE = "cuda"
Figures = list[dict[str, Any]]


def parts(device: str) -> dict[str, Callable[[], Figures]]:
    """What is measured, in order; what is right comes before what is fast."""
    return {
        "parity": lambda: parity.measure("triton", device),
        "training": lambda: training.measure(device),
        "served": lambda: served.measure(device),
        "speed": lambda: speed.measure(device),
    }


def measure(wanted: dict[str, Callable[[], Figures]]) -> Figures:
    """Every part; one that breaks is told and does not end the others."""
    found: Figures = []
    for name, part in wanted.items():
        began = time.perf_counter()
        try:
            mine = part()
        except Exception as error:  # on a card that nobody has seen anything may happen
            mine = [{"what": name, "value": None, "reason": " ".join(f"{type(error).__name__}: {error}".split())}]
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        found += [{"part": name, **one} for one in mine]
    return found


def gpu() -> dict[str, Any]:
    """The card, and the code that a run would get on it."""
    properties = torch.cuda.get_device_properties(0)
    return {
        "name": properties.name,
        "capability": f"{properties.major}.{properties.minor}",
        "processors": properties.multi_processor_count,
        "memory_gib": round(properties.total_memory / 2**30, 1),
        "cuda": torch.version.cuda,
        "backend": best_for(Target(device=DEVICE)).name,
    }


def verdict(found: Figures) -> int:
    """0 where every figure that has a budget is within it and none is missing, else 1."""
    return int(any(one.get("holds") is False or one["value"] is None for one in found))


def main(words: list[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--output", type=Path, default=None, help="write the JSON document into this file too")
    options = parser.parse_args(words)
    if not torch.cuda.is_available():
        print("there is no CUDA device here: nothing was measured", file=sys.stderr)
        return NO_GPU
    found = measure(parts(DEVICE))
    text = json.dumps({"machine": machine(), "gpu": gpu(), "figures": found}, indent=1)
    if options.output is not None:
        options.output.write_text(text + "\n")
    print(text if options.json else "\n".join(line(one) for one in found))
    return verdict(found)


def line(one: dict[str, Any]) -> str:
    """A figure on one line."""
    if one["value"] is None:
        return f"{one['what']}: not measured, {one.get('reason', 'for no reason that is known')}"
    judged = f" ({one['budget']}: {'held' if one['holds'] else 'missed'})" if "budget" in one else ""
    return f"{one['what']}: {one['value']} {one['unit']}{judged}"


if __name__ == "__main__":
    sys.exit(main())
