"""Whole updates on the device at the shapes that were measured before: ours, graphs, cuDNN's LSTM, autograd, CPU loops.

The budgets are ratios of one run. Every update ends when the device has finished it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.machine import figure, spread
from benchmarks.shapes import Shape
from benchmarks.subjects import CLIP_NORM, subject_of, update_of
from sab_visualiser.model.card import in_one_line
from sab_visualiser.model.training.graphs import Passes, Recorder, recorder_for

SHAPES = (
    Shape(T=80, B=16, D=64, A=64),
    Shape(T=120),
    Shape(T=320),
    Shape(T=784),
    Shape(T=120, B=512, D=256),
    Shape(T=120, B=1024, D=512, A=64),
)
BUDGETS = {(120, 64, 128): 2.5, (784, 64, 128): 5.0, (120, 1024, 512): 3.0}
"""(T, B, D) → most that an update may take over cuDNN's LSTM (issue 15)."""
KINDS = ("sab-triton", "sab-torch", "lstm", "dense")
RECORDED = ("sab-triton", "sab-torch")
DENSE_MOST = 64 * 320 * 320 * 32
"""Scores' units of a dense update, B·T·T·A, beyond which it is left out: it would not fit, or take all the time."""
LOOPS_MOST = 64 * 784 * 128
"""B·T·D beyond which the CPU loops are left out: seconds an update."""
LIMIT_S = 3.0
MOST = 20
WARM_UPS = 2


def update_on(kind: str, shape: Shape, device: str, recorder: Recorder | None) -> Callable[[], None]:
    """A whole update: passes (recorded, where there is a recorder), clip, fused Adam, and the wait for its end."""
    subject = subject_of(kind, shape, device)
    parameters = subject.parameters()
    optimizer = torch.optim.Adam(parameters, lr=1e-3, fused=True)

    def passes() -> Passes:
        loss = subject.loss()
        return Passes(loss.detach(), loss.detach(), torch.autograd.grad(loss, parameters, allow_unused=True))

    kept, replay = (None, None) if recorder is None else recorder.record(passes)

    def update() -> None:
        if kept is None or replay is None:
            gradients = passes().gradients
        else:
            replay()
            gradients = kept.gradients
        _step(parameters, gradients, optimizer)
        if device == "cuda":
            torch.cuda.synchronize()

    return update


def _step(parameters: list[nn.Parameter], gradients: Any, optimizer: torch.optim.Optimizer) -> None:
    pairs: list[tuple[nn.Parameter, Tensor | None]] = list(zip(parameters, gradients, strict=True))
    for weight, gradient in pairs:
        weight.grad = gradient
    nn.utils.clip_grad_norm_([weight for weight, gradient in pairs if gradient is not None], CLIP_NORM)
    optimizer.step()


def timed(update: Callable[[], object], limit_s: float = LIMIT_S) -> list[float]:
    """Milliseconds of a few updates, as many as fit."""
    for _ in range(WARM_UPS):
        update()
    taken: list[float] = []
    began = time.perf_counter()
    while len(taken) < MOST and (not taken or time.perf_counter() - began < limit_s):
        started = time.perf_counter()
        update()
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def measured(kind: str, shape: Shape, device: str) -> dict[str, Any]:
    """Times of a kind at a shape, seconds until its first update was ready, and the most memory it had there."""
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    began = time.perf_counter()
    recorder = recorder_for(torch.device(device)) if kind in RECORDED else None
    update = update_on(kind, shape, device, recorder)
    update()
    ready_s = round(time.perf_counter() - began, 2)
    report: dict[str, Any] = {"ms": spread(timed(update)), "ready_s": ready_s}
    if device == "cuda":
        report["peak_mib"] = round(torch.cuda.max_memory_allocated() / 2**20)
    return report


def left_out(kind: str, shape: Shape) -> str | None:
    """Why a kind is not measured at a shape; None when it is."""
    if kind == "dense" and shape.B * shape.T * shape.T * shape.A > DENSE_MOST:
        return "autograd keeps B·T·T·A numbers several times over, more than a card holds"
    if kind == "loops" and shape.B * shape.T * shape.D > LOOPS_MOST:
        return "seconds an update"
    return None


def measure(device: str, shapes: tuple[Shape, ...] = SHAPES) -> list[dict[str, Any]]:
    """A figure a shape: ours over cuDNN's LSTM, with all times beside it; then peak memory over that of graphs."""
    found: list[dict[str, Any]] = []
    for shape in shapes:
        reports: dict[str, Any] = {}
        for kind in (*KINDS, "loops"):
            reports[kind] = _report(kind, shape, device)
        found += judged(shape, reports)
    return found


def _report(kind: str, shape: Shape, device: str) -> dict[str, Any]:
    if (reason := left_out(kind, shape)) is not None:
        return {"reason": reason}
    try:
        if kind == "loops":
            return {"ms": spread(timed(update_of("sab", shape)))}
        return measured(kind, shape, device)
    except Exception as error:  # too large, refused, not to be compiled: the others are still measured
        return {"reason": in_one_line(error)}


def judged(shape: Shape, reports: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of one shape."""
    name = f"T={shape.T} B={shape.B} D={shape.D} A={shape.A}"
    most = BUDGETS.get((shape.T, shape.B, shape.D))
    found = [_ratio(f"update {name}: one launch over cuDNN's LSTM", reports, ("sab-triton", "lstm"), most)]
    found[0]["all"] = reports
    peaks = [reports[kind].get("peak_mib") for kind in RECORDED]
    if None not in peaks:
        share, most = peaks[0] / peaks[1], 0.5 if shape.T == 784 else None
        budget: dict[str, Any] = {} if most is None else {"budget": f"≤ {most}", "holds": share <= most}
        found.append(figure(f"peak memory {name}: one launch over graphs", share, "ratio", **budget))
    return found


def _ratio(what: str, reports: dict[str, Any], pair: tuple[str, str], most: float | None) -> dict[str, Any]:
    missing = [kind for kind in pair if "ms" not in reports[kind]]
    if missing:
        return figure(what, None, "ratio", reason=f"{missing[0]}: {reports[missing[0]]['reason']}")
    ratio = statistics.fmean([reports[pair[0]]["ms"]["median"]]) / reports[pair[1]]["ms"]["median"]
    budget: dict[str, Any] = {} if most is None else {"budget": f"≤ {most}", "holds": ratio <= most}
    return figure(what, ratio, "ratio", **budget)
