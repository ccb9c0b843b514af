"""One update at growing lengths: ours, backend torch, torch.nn.LSTM, dense autograd; time, memory, GFLOP/s.

All subjects of a length are timed in turn in one process; memory is that of a process of its own each. What would
take minutes or not fit is left out, with what the growth so far lets expect.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any

import torch

from benchmarks import peak
from benchmarks.fits import Power, power_of
from benchmarks.flops import COUNTED, flops_of
from benchmarks.machine import figure, spread
from benchmarks.shapes import Shape
from benchmarks.subjects import update_of

NAMES = {
    "sab": "ours",
    "sab-torch": "ours, backend torch",
    "lstm": "torch.nn.LSTM, full BPTT",
    "dense": "SAB in dense autograd",
}
LENGTHS = (60, 120, 320, 640)
ROUNDS = 15
SLOW_ROUNDS = {"sab-torch": 3, "dense": 2}
"""At most so many for the subjects that are slow enough to be measured well in a few."""
LIMIT_S = 100.0
QUICK_LIMIT_S = 2.0
"""After so long no new turn begins, so that a busy machine lengthens the whole only a little."""
LEAST_S = 5.0
"""With less time left, no further process is begun."""
MEMORY_FROM = 120
"""Shorter sequences take too little memory to tell it from what comes and goes in any process."""
QUICK = ("sab", "sab-torch", "lstm")
DENSE_UP_TO = 320
"""Its time and memory grow with T²: at 640 it would take minutes and more memory than many machines have."""
PRODUCT = 1024
Subject = tuple[str, int]
"""Name and length."""
Taken = dict[Subject, list[tuple[float, float]]]
"""Milliseconds of each measured update, and of its passes."""


def matrix_peak(quick: bool) -> list[dict[str, Any]]:
    """GFLOP/s of a large float32 product of torch on one and on two threads: the most this machine gives."""
    left, right = torch.randn(PRODUCT, PRODUCT), torch.randn(PRODUCT, PRODUCT)
    found = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        seconds = []
        for number in range(4 if quick else 30):
            started = time.perf_counter()
            torch.mm(left, right)
            if number:
                seconds.append(time.perf_counter() - started)
        rates = [2 * PRODUCT**3 / 1e9 / each for each in seconds]
        words = f"{threads} thread{'s' * (threads > 1)}, best of {len(rates)}"
        what = f"matrix product {PRODUCT}³ of torch in float32, {words}"
        found.append(figure(what, max(rates), "GFLOP/s", spread=spread(rates), threads=threads))
    return found


def sweep(quick: bool, peak_gflops: float, limit_s: float) -> list[dict[str, Any]]:
    """Every subject at every length, then the exponents.

    Args:
        quick: Two short lengths and few rounds.
        peak_gflops: What `matrix_peak` found for the threads in use.
        limit_s: After so long nothing new is begun: fewer turns, and memory left out with the reason.
    """
    begun = time.perf_counter()
    lengths, kinds = (LENGTHS[:2], QUICK) if quick else (LENGTHS, tuple(NAMES))
    pairs = [(kind, steps) for steps in lengths for kind in kinds if kind != "dense" or steps <= DENSE_UP_TO]
    rounds = {pair: min(3 if quick else ROUNDS, SLOW_ROUNDS.get(pair[0], 99)) for pair in pairs}
    subjects = {(kind, steps): update_of(kind, Shape(T=steps)) for kind, steps in pairs}
    taken = timed(subjects, rounds, QUICK_LIMIT_S if quick else min(LIMIT_S, limit_s / 2))
    found = [_entry(kind, steps, taken, peak_gflops) for kind, steps in pairs]
    for entry in found:
        if not quick and entry["T"] >= MEMORY_FROM:
            entry |= _memory(entry["subject"], Shape(T=entry["T"]), limit_s - (time.perf_counter() - begun))
    left_out = [] if quick else [_left_out(found, steps) for steps in LENGTHS if steps > DENSE_UP_TO]
    return [*found, *left_out, *_exponents(found)]


def _entry(kind: str, steps: int, taken: Taken, peak_gflops: float) -> dict[str, Any]:
    """One subject at one length."""
    shape, mine = Shape(T=steps), taken[kind, steps]
    update_ms = spread([whole for whole, _ in mine])
    gflop = sum(flops_of(kind, shape).values()) / 1e9
    rate = 1000 * gflop / update_ms["median"]
    return figure(
        f"update T={steps} B=64 D=128 A=32: {NAMES[kind]}",
        update_ms["median"],
        "ms",
        subject=kind,
        T=steps,
        threads=torch.get_num_threads(),
        update_ms=update_ms,
        passes_ms=spread([passes for _, passes in mine]),
        ours_over_it=_ratio(taken["sab", steps], mine),
        gflop=round(gflop, 3),
        gflop_per_s=round(rate, 2),
        share_of_peak=round(rate / peak_gflops, 3),
        counted=COUNTED,
    )


def timed(
    subjects: Mapping[Subject, Callable[[], float]], rounds: Mapping[Subject, int], limit_s: float = 3600
) -> Taken:
    """Milliseconds of each update and of its passes, subjects in turn; each subject's first call does not count.

    Lengths take turns too: a burst of other work then hits all points of a line, and does not bend it.

    Args:
        subjects: By name and length, functions that return the seconds of their passes.
        rounds: For each, how often; those with fewer rounds fall out of the later turns.
        limit_s: No turn but the first counted one begins later than this.
    """
    begun = time.perf_counter()
    taken: Taken = {subject: [] for subject in subjects}
    for number in range(max(rounds.values()) + 1):
        if number > 1 and time.perf_counter() - begun > limit_s:
            break
        for subject, update in subjects.items():
            if number > rounds[subject]:
                continue
            started = time.perf_counter()
            passes = update()
            if number:
                taken[subject].append((1000 * (time.perf_counter() - started), 1000 * passes))
    return taken


def _ratio(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> float:
    """Median of ours over theirs, each pair from the same turn."""
    return round(statistics.median([mine / other for (mine, _), (other, _) in zip(ours, theirs, strict=False)]), 4)


def _memory(kind: str, shape: Shape, left_s: float) -> dict[str, Any]:
    """Peak memory, in a process of its own, for which at most `left_s` seconds are left."""
    if left_s < LEAST_S:
        return {"peak_mib": None, "grown_mib": None, "reason": "memory left out: the machine was too busy"}
    try:
        report = peak.measure(kind, shape.T, shape.A, timeout_s=left_s)
    except subprocess.TimeoutExpired as error:
        return {"peak_mib": None, "grown_mib": None, "reason": f"took more than {error.timeout:g} s in its own process"}
    grown = report["peak_bytes"] - report["before_bytes"]
    return {"peak_mib": round(report["peak_bytes"] / 2**20, 1), "grown_mib": round(grown / 2**20, 1)}


def _points(found: list[dict[str, Any]], kind: str, key: str) -> dict[int, float]:
    """Length → memory, or for `value` the fastest time, which other work on the machine disturbs least."""
    of_it = [entry for entry in found if entry.get("subject") == kind and entry.get(key)]
    return {e["T"]: e["update_ms"]["range"][0] if key == "value" else e[key] for e in of_it}


def _power(found: list[dict[str, Any]], kind: str, key: str) -> Power | None:
    points = _points(found, kind, key)
    return power_of(points) if len(points) > 1 else None


def _exponents(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The exponent of T in time and in memory beyond what torch takes, for each subject."""
    exponents = []
    for key, words in (("value", "time"), ("grown_mib", "memory")):
        for kind, name in NAMES.items():
            power = _power(found, kind, key)
            if power is not None:
                lengths = ", ".join(map(str, _points(found, kind, key)))
                fitted = "the fastest update of each length" if key == "value" else "the peak beyond torch's own"
                more: dict[str, Any] = {"subject": kind, "quantity": words, "lengths": lengths, "fitted": fitted}
                exponents.append(figure(f"{words} of an update grows as T^p: {name}", power.exponent, "p", **more))
    return exponents


def _left_out(found: list[dict[str, Any]], steps: int) -> dict[str, Any]:
    """Why the dense form is not measured at a length."""
    expected = [(_power(found, "dense", key), unit, scale) for key, unit, scale in _EXPECTED]
    words = [f"{power.at(steps) / scale:.0f} {unit}" for power, unit, scale in expected if power is not None]
    reason = f"left out: by its growth up to T={DENSE_UP_TO} an update would take about {' and '.join(words)}"
    what = f"update T={steps} B=64 D=128 A=32: {NAMES['dense']}"
    return figure(what, None, "ms", subject="dense", T=steps, reason=reason)


_EXPECTED = (("value", "s", 1000.0), ("grown_mib", "GiB", 1024.0))
