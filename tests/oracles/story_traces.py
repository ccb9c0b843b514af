"""Traces to catch a sentence lying with: made up at random with every awkward case in them, and of real networks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, get_args

import torch

from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.record import record_of
from sab_visualiser.model import contract
from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import Task, make_task

Json = dict[str, Any]
PRESETS = Path(__file__).resolve().parents[2] / "static" / "presets"
TASKS: dict[contract.TaskName, int] = {"copy": 6, "adding": 8, "recall": 3, "denoise": 12}
METHODS = get_args(contract.Method)
NETWORKS: list[tuple[contract.Method, contract.Variant]] = [
    ("sab", "paper"),
    ("tbptt", "paper"),
    ("bptt", "paper"),
    ("attention", "paper"),
    ("sab", "release"),
]
LOUDNESS = (1.0, 4.0)
"""Weights times this: louder ones read more than the empty memory."""
WEIGHTS = (0.0, 0.0, 0.25, 0.25, 0.5, 0.93, 1.0, -0.2, None, None)
CREDITS = (0.0, 1e-9, 0.01, 0.3, None)


def made_up(seed: int) -> Json:
    """One trace by chance: few steps, so that ties, zeros and what is not finite meet often."""
    chance = random.Random(seed)
    steps, method = chance.randint(2, 9), chance.choice(METHODS)
    k_top = 0 if method in ("tbptt", "bptt") else chance.choice((0, 1, 3))
    k_trunc, at = chance.choice((0, 1, 2, 3)), chance.choice((None, *range(steps)))
    k_att = chance.choice((1, 1, 2, 20))
    memories = [-1, *(step for step in range(steps - 1) if (step + 1) % k_att == 0)]
    cuts = [step for step in range(1, steps) if k_trunc and (step + 1) % k_trunc == 0]
    attention = _attention(chance, steps, memories, k_top)
    edges = _edges(chance, steps, attention, cuts)
    norms = {rule: _norms(chance, steps) for rule in ("sab", "truncated", "full") if chance.random() < 0.9}
    if "truncated" in norms and at is not None and chance.random() < 0.3:
        norms["truncated"] = [1.0 if step == at else 0.0 for step in range(steps)]
    trace = {
        **{"update": 0, "example": 0, "loss_step": at, "steps": steps, "nonfinite": 0},
        **_answers(chance, steps),
        "parameters": {
            "method": method,
            "k_top": k_top,
            "k_trunc": k_trunc,
            "k_att": k_att,
            "variant": "paper",
            "phase": 0,
        },
        "memories": memories,
        "cuts": cuts,
        "attention": attention,
        "gradient_norm": norms,
        "edges": edges,
        "paths": _paths(chance, at, edges),
        "paths_hidden": chance.choice((0, 0, 1, 4, 1234)),
        "reach": {rule: intervals(norm) for rule, norm in norms.items()},
    }
    return _reads_both(chance, trace) if k_top > 1 and steps > 3 and chance.random() < 0.2 else trace


def _reads_both(chance: random.Random, trace: Json) -> Json:
    """The last step asks for two sources and reads both, or one of them and something else, of different weights."""
    at = trace["steps"] - 1
    written = [memory for memory in trace["memories"] if 0 <= memory < at]
    if len(written) < 2:
        return trace
    read = chance.sample(written, 2)
    asked = [chance.choice(read), chance.choice(written)] if chance.random() < 0.5 else read
    rows = [
        (reader, source, weight)
        for reader, source, weight in zip(*trace["attention"].values(), strict=True)
        if reader != at
    ]
    rows += [(at, source, weight) for source, weight in zip(sorted(read), (0.3, 0.7), strict=True)]
    edges = [edge for edge in trace["edges"] if edge["kind"] == "local" or edge["reader"] != at]
    edges += [{"kind": "skip", "reader": at, "source": source, "credit": chance.choice((0.01, 0.3))} for source in read]
    return {
        **trace,
        "loss_step": at,
        "attention": dict(zip(("reader", "source", "weight"), map(list, zip(*rows, strict=True)), strict=True)),
        "edges": edges,
        "true_sources": {**trace["true_sources"], str(at): sorted(set(asked))},
        "paths": _paths(chance, at, edges),
    }


def _answers(chance: random.Random, steps: int) -> Json:
    """A task, what it asks and what the network says: often the same everywhere."""
    adds, alike = chance.random() < 0.2, chance.random() < 0.3

    def say() -> float | None:
        return chance.choice((0.5, 0.52, 0.9, None)) if adds else chance.randint(0, 1)

    readers = sorted(chance.sample(range(steps), chance.randint(1, min(3, steps))))
    most = 2 if adds else 1
    return {
        "task": {
            "name": "adding" if adds else chance.choice(("copy", "recall")),
            "symbols": [] if adds else ["A", "B"],
        },
        "inputs": [0] * steps,
        "targets": [say() for _ in range(steps)],
        "predictions": [0] * steps if alike and not adds else [say() for _ in range(steps)],
        "loss_T": [0.1] * steps,
        "true_sources": {
            str(reader): sorted(chance.sample(range(reader + 1), min(most, reader + 1)))
            for reader in readers
            if chance.random() < 0.8
        },
    }


def intervals(norms: list[float | None]) -> list[list[int]]:
    """Where norms are above a millionth of the largest, latest first."""
    most = max((norm for norm in norms if norm is not None), default=0.0)
    above = [step for step, norm in enumerate(norms) if norm is not None and norm > most * 1e-6]
    found: list[list[int]] = []
    for step in above:
        if found and found[-1][1] == step - 1:
            found[-1][1] = step
        else:
            found.append([step, step])
    return found[::-1]


def _attention(chance: random.Random, steps: int, memories: list[int], k_top: int) -> dict[str, list[Any]]:
    calm, below = chance.random() < 0.5, chance.random() < 0.15
    rows = [
        (reader, source, chance.choice((-0.2, -0.5) if below else WEIGHTS[:-3] if calm else WEIGHTS))
        for reader in range(steps)
        for source in sorted(chance.sample(memories, min(k_top, len(memories))))
        if source < reader
    ]
    return {"reader": [r for r, _, _ in rows], "source": [s for _, s, _ in rows], "weight": [w for _, _, w in rows]}


def _edges(chance: random.Random, steps: int, attention: dict[str, list[Any]], cuts: list[int]) -> list[Json]:
    local = [
        {"kind": "local", "reader": step, "source": step - 1, "credit": chance.choice((0.1, 0.5))}
        for step in range(1, steps)
        if step not in cuts
    ]
    silent = chance.random() < 0.3
    skip = [
        {"kind": "skip", "reader": reader, "source": source, "credit": 0.0 if silent else chance.choice(CREDITS)}
        for reader, source in zip(attention["reader"], attention["source"], strict=True)
        if source >= 0
    ]
    return local + skip


def _paths(chance: random.Random, at: int | None, edges: list[Json]) -> list[Json]:
    """Some chains of edges with credit, the strongest first."""
    if at is None:
        return []
    found = []
    for _ in range(chance.randint(0, 4)):
        steps, kinds, credit = [at], [], []
        while onward := [edge for edge in edges if edge["reader"] == steps[-1] and edge["credit"]]:
            edge = chance.choice(onward)
            steps.append(edge["source"])
            kinds.append(edge["kind"])
            credit.append(edge["credit"])
            if chance.random() < 0.2:
                break
        if kinds:
            found.append({"steps": steps, "kinds": kinds, "strength": min(credit)})
    return sorted(found, key=lambda path: -path["strength"])


def _norms(chance: random.Random, steps: int) -> list[float | None]:
    if chance.random() < 0.15:
        return [0.0] * steps
    return [chance.choice((0.0, 1e-9, 0.2, 1.0, None)) for _ in range(steps)]


def networks() -> Iterator[Json]:
    """Traces of real networks, untrained and trained: every task, method and variant, knobs at their ends."""
    for name, length in TASKS.items():
        config = TaskConfig(name, length)
        task = make_task(config)
        for (method, variant), loud in product(NETWORKS, LOUDNESS):
            network = _network(task, method, variant, loud)
            for request in _requests(method):
                yield json.loads(json.dumps(trace_json(record_of(network, task, config, request, 0))))
    for preset in ("copy", "release"):
        yield json.loads(json.dumps(trace_json(from_bytes((PRESETS / f"{preset}.trace").read_bytes()))))


def _network(task: Task, method: contract.Method, variant: contract.Variant, loud: float) -> Network:
    torch.manual_seed(len(method) + int(loud))
    knobs: Json = {"k_top": 2, "k_att": 1, "k_trunc": 3} if method == "sab" else {}
    network = Network(task.input_size, task.output_size, ModelConfig(method, 8, 4, variant=variant, **knobs))
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(loud)
    return network


def _requests(method: str) -> Iterator[ProbeRequest]:
    yield ProbeRequest(preset="x")
    yield ProbeRequest(preset="x", loss_step=None, example=1)
    yield ProbeRequest(preset="x", loss_step=0)
    yield ProbeRequest(preset="x", rules=["sab"], share=0.5)
    if method == "sab":
        ends: list[Json] = [
            {"k_top": 0},
            {"k_top": 0, "k_trunc": 0},
            {"k_top": 10_000},
            {"k_trunc": 1},
            {"k_att": 3},
            {"k_att": 99},
        ]
        yield from (ProbeRequest(preset="x", **knobs) for knobs in ends)
