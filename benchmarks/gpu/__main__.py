"""`python -m benchmarks.gpu [--json] [--output FILE]`: all that a GPU has to show, in under five minutes.

Right numbers, updates beside cuDNN's LSTM and others, peak memory, a training beside the CPU's, and the server. Without
a CUDA device that computes it says so in one line and ends with 3; with figures beyond their budgets it ends with 1.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu import parity, served, speed, training
from benchmarks.machine import machine
from sab_visualiser.model import card
from sab_visualiser.model.backends import best_for
from sab_visualiser.model.passes.backend import Target
from sab_visualiser.model.passes.triton.backend import why_no_triton

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
            traceback.print_exc()
            mine = [{"what": name, "value": None, "reason": card.in_one_line(error)}]
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        found += [{"part": name, **one} for one in mine]
    return found


def no_gpu() -> str | None:
    """Why there is nothing to measure here, in one line; None where there is a CUDA device that computes."""
    there = card.found()
    if there.name is None:
        return f"there is no CUDA device here ({there.why_not})"
    if (reason := card.failing(DEVICE)) is not None:
        return f"{there.name} computes nothing ({reason})"
    return None


def gpu() -> dict[str, Any]:
    """The card, and the code that a run would get on it; asked before anything is measured, and no reason to end."""
    try:
        return _gpu()
    except Exception as error:  # as in `measure`
        return {"reason": card.in_one_line(error)}


def _gpu() -> dict[str, Any]:
    properties = torch.cuda.get_device_properties(0)
    walks = why_no_triton()
    return {
        "name": properties.name,
        "capability": f"{properties.major}.{properties.minor}",
        "processors": properties.multi_processor_count,
        "memory_gib": round(properties.total_memory / 2**30, 1),
        "cuda": torch.version.cuda,
        "triton": installed("triton"),
        "backend": best_for(Target(device=DEVICE)).name,
        "why_no_triton": walks,
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
    if (reason := no_gpu()) is not None:
        print(f"{reason}: nothing was measured", file=sys.stderr)
        return NO_GPU
    if options.output is not None and not options.output.absolute().parent.is_dir():
        parser.error(f"--output {options.output}: there is no such folder")
    about = {"machine": machine(), "gpu": gpu()}
    found = measure(parts(DEVICE))
    text = as_json({**about, "figures": found})
    print(text if options.json else "\n".join(line(one) for one in found), flush=True)
    if options.output is not None:
        options.output.write_text(text + "\n")
    return verdict(found)


def as_json(value: Any) -> str:
    """A document that every reader of JSON takes: what is no finite number is written as its name."""
    return json.dumps(_named(value), indent=1, allow_nan=False, default=str)


def _named(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _named(one) for key, one in value.items()}
    return [_named(one) for one in value] if isinstance(value, list | tuple) else value


def installed(package: str) -> str | None:
    """Its version; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def line(one: dict[str, Any]) -> str:
    """A figure on one line."""
    if one["value"] is None:
        return f"{one['what']}: not measured, {one.get('reason', 'for no reason that is known')}"
    judged = f" ({one['budget']}: {'held' if one['holds'] else 'missed'})" if "budget" in one else ""
    return f"{one['what']}: {one['value']} {one['unit']}{judged}"


if __name__ == "__main__":
    sys.exit(main())
