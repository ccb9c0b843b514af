"""Updates and probes of the sequences that tasks have: symbols, characters, and 784 pixels.

All on one thread and in processor time, so that another process on the same cores takes nothing away: on an idle
machine the rates are those of the clock on the wall.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import torch

from benchmarks.machine import figure, interleaved, spread
from benchmarks.shapes import Shape
from benchmarks.subjects import update_of
from sab_visualiser.app.wire import packing
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.worker.record import record_of
from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.fused.threads import set_loop_threads
from sab_visualiser.model.tasks import make_task

LONG = 784
UPDATES = {
    "copy": Shape(T=70, B=32, k_att=2),
    "characters": Shape(T=100, B=32, k_att=2, inputs=100, classes=100),
    "pixels, D=64": Shape(T=LONG, B=16, D=64, inputs=1, k_att=2),
    "pixels, D=64, k_att=1": Shape(T=LONG, B=16, D=64, inputs=1),
    "pixels, D=128": Shape(T=LONG, B=16, inputs=1, k_att=2),
}


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """One row for each kind of sequence, and one for each probe of a long one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    set_loop_threads(1)
    try:
        rows = [updates(name, shape, quick) for name, shape in UPDATES.items()]
        return [*rows, *(probe(k_att, quick) for k_att in (1, 2))]
    finally:
        torch.set_num_threads(threads)
        set_loop_threads(None)


def updates(name: str, shape: Shape, quick: bool) -> dict[str, Any]:
    """Updates a second as runs train, over those on one-hot inputs and those of an LSTM with full backpropagation."""
    kinds = ("sab", "lstm") if shape.inputs == 1 else ("sab-symbols", "sab", "lstm")
    subjects = {kind: update_of(kind, shape) for kind in kinds}
    taken = interleaved(subjects, rounds=3 if quick else 20, warm_up=2, clock=time.process_time)
    ours = taken[kinds[0]]
    over = {kind: spread([mine / theirs for mine, theirs in zip(ours, taken[kind], strict=True)]) for kind in kinds[1:]}
    what = (
        f"update of {name}: T={shape.T} B={shape.B} D={shape.D} A={shape.A} I={shape.inputs} k_att={shape.k_att},"
        " 1 thread, processor time"
    )
    more: dict[str, Any] = {"ms": {kind: spread(each) for kind, each in taken.items()}, "ours_over": over, "threads": 1}
    return figure(what, 1000 / statistics.median(ours), "updates/s", **more)


def probe(k_att: int, quick: bool) -> dict[str, Any]:
    """Processor time of a probe of 784 steps with all three rules, of its encoding, and the bytes that travel."""
    config = TaskConfig("adding", T=LONG)  # its loss is at the last step, as that of pixels is
    task = make_task(config)
    torch.manual_seed(0)
    model = ModelConfig(hidden_size=64, attention_size=32, k_top=5, k_trunc=5, k_att=k_att)
    network = Network(task.input_size, task.output_size, model)
    request = ProbeRequest(preset="bench")
    record = record_of(network, task, config, request, update=0)
    subjects = {
        "probe": lambda: record_of(network, task, config, request, update=0),
        "encode": lambda: packing.to_bytes(record),
    }
    taken = interleaved(subjects, rounds=3 if quick else 20, clock=time.process_time)
    what = f"probe of T={LONG} D=64 k_att={k_att}, three rules, 1 thread, processor time"
    more: dict[str, Any] = {"ms": {name: spread(each) for name, each in taken.items()}}
    more["bytes"] = len(packing.to_bytes(record))
    return figure(what, statistics.median(taken["probe"]), "ms", threads=1, **more)
