"""How fast and how small one update is, beside PyTorch's own LSTM and beside SAB left to autograd."""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import Any

import torch

from benchmarks import peak, sequences
from benchmarks.growth import matrix_peak, sweep
from benchmarks.machine import figure, interleaved, spread
from benchmarks.shapes import Shape
from benchmarks.subjects import layer_of, update_of
from sab_visualiser.app.worker.session import Session

THREADS = 2
WHOLE_S = 330.0
LEAST_SWEEP_S = 60.0
"""The whole takes about six minutes also on a busy machine: what comes last then gets less of them."""
LIVE_SECONDS = 4.0
DENSE_ATTENTION = 128
TOO_SLOW_MS = 4000.0
"""An update of the dense form at T=120 takes about one second; beyond this, T=320 would take minutes."""


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """All figures of the engine."""
    began = time.perf_counter()
    peaks = matrix_peak(quick)
    torch.set_num_threads(THREADS)
    budgets = [*against_lstm(quick), *against_dense(quick), *memory(quick)]
    live = live_rate(quick)
    growth = sweep(quick, peaks[-1]["value"], limit_s=max(WHOLE_S - (time.perf_counter() - began), LEAST_SWEEP_S))
    return [*budgets, live, *peaks, *growth, *sequences.measure(quick=quick)]


def against_lstm(quick: bool) -> list[dict[str, Any]]:
    """The update of the contract's shape over that of an LSTM with full backpropagation, taken in turn."""
    shape = Shape(T=120)
    subjects = {kind: update_of(kind, shape) for kind in ("sab", "lstm")}
    taken = interleaved(subjects, rounds=5 if quick else 40, warm_up=2)
    pairs = [ours / theirs for ours, theirs in zip(taken["sab"], taken["lstm"], strict=True)]
    ratio = statistics.median(pairs)
    what = "update T=120 B=64 D=128 A=32, 2 threads: ours over torch.nn.LSTM"
    more = {"ms": {kind: spread(values) for kind, values in taken.items()}, "layer": layer_of(shape)}
    return [figure(what, ratio, "ratio", "≤ 1.25", holds=ratio <= 1.25, spread=spread(pairs), threads=THREADS, **more)]


def against_dense(quick: bool) -> list[dict[str, Any]]:
    """The same update over SAB left to autograd, at A=128 as the published code has it."""
    found: list[dict[str, Any]] = []
    for steps, rounds, least in ((120, 1 if quick else 4, 10), (320, 1, 20)):
        if quick and steps > 120:
            continue
        what = f"update T={steps} B=64 D=128 A=128: dense autograd over ours"
        if found and found[-1]["ms"]["dense"]["median"] > TOO_SLOW_MS:
            reason = (
                f"the dense form took {found[-1]['ms']['dense']['median'] / 1000:.0f} s at T=120: the machine is busy"
            )
            found.append(figure(what, None, "times faster", f"≥ {least}", reason=reason))
            continue
        shape = Shape(T=steps, A=DENSE_ATTENTION)
        subjects = {kind: update_of(kind, shape) for kind in ("sab", "dense")}
        # A first call of ours alone; the dense form is long enough to be measured at once.
        subjects["sab"]()
        taken = interleaved(subjects, rounds=rounds, warm_up=1 if steps == 120 and not quick else 0)
        ratio = statistics.median(taken["dense"]) / statistics.median(taken["sab"])
        more = {"ms": {kind: spread(values) for kind, values in taken.items()}, "threads": THREADS}
        found.append(figure(what, ratio, "times faster", f"≥ {least}", holds=ratio >= least, **more))
    return found


def memory(quick: bool) -> list[dict[str, Any]]:
    """Peak memory of one update, each in a process of its own; what torch itself takes is left out of the ratios."""
    if quick:
        return []
    steps = (320, 640)
    ours = {T: peak.measure("sab", T, DENSE_ATTENTION) for T in steps}
    growth = _grown(ours[steps[1]]) / max(_grown(ours[steps[0]]), 1)
    what = f"peak memory of an update, T={steps[1]} over T={steps[0]}"
    processes = {f"T={T}": report for T, report in ours.items()}
    found = [figure(what, growth, "ratio", "≤ 2.2", holds=growth <= 2.2, processes=processes)]
    what = f"peak memory of an update at T={steps[0]}: ours over dense autograd"
    try:
        dense = peak.measure("dense", steps[0], DENSE_ATTENTION)
    except subprocess.TimeoutExpired as error:
        reason = f"the dense form took more than {error.timeout:g} s; the machine is busy"
        return [*found, figure(what, None, "ratio", "≤ 0.1", reason=reason)]
    share = _grown(ours[steps[0]]) / _grown(dense)
    return [*found, figure(what, share, "ratio", "≤ 0.1", holds=share <= 0.1, dense=dense)]


def _grown(report: dict[str, Any]) -> int:
    return int(report["peak_bytes"] - report["before_bytes"])


class _Counter:
    """Takes the frames of a session and counts the snapshots."""

    def __init__(self) -> None:
        self.snapshots = 0

    def send(self, message: dict[str, Any]) -> None:
        """Count one frame."""
        self.snapshots += message["kind"] == "snapshot"


def live_rate(quick: bool) -> dict[str, Any]:
    """Updates a second of a small live run, its snapshots included, on one thread as a worker has it."""
    torch.set_num_threads(1)
    spec = {
        "task": {"name": "copy", "T": 40},
        "model": {"hidden_size": 64, "attention_size": 64, "k_att": 1},
        "training": {"batch_size": 16, "updates": 1_000_000},
    }
    outbox = _Counter()
    session = Session(outbox, {"run": "r", "attempt": 1, "spec": spec})
    for _ in range(10):
        session.advance()
    outbox.snapshots, before, started = 0, session.trainer.update, time.perf_counter()
    while (seconds := time.perf_counter() - started) < (1.0 if quick else LIVE_SECONDS):
        session.advance()
    rate = (session.trainer.update - before) / seconds
    torch.set_num_threads(THREADS)
    what = "live run T=60 B=16 D=64 A=64 with snapshots, 1 thread"
    more = {"snapshots_per_s": round(outbox.snapshots / seconds, 1), "threads": 1}
    return figure(what, rate, "updates/s", "≥ 150", holds=rate >= 150, **more)
