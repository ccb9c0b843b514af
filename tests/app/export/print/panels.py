"""Every panel that is drawn for paper, from numbers that are awkward: what all figures have to stand."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, cast

import numpy as np

from sab_visualiser.app.export.content.parquet import columns_of
from sab_visualiser.app.export.content.tables import Table, make_table
from sab_visualiser.app.export.many.bundles import Training, lines_of
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.pictures import draw
from sab_visualiser.app.runs.named import Described
from sab_visualiser.app.runs.shapes import Spec
from tests.app.export.traces import SPEC, made_up

HOSTILE = '50 % of \\LaTeX{} & #1 cost $x^2_i$ ~ {a} <b> | "q" `r` -- 漢字 🚀 é Ω \u202e'
"""A name that TeX, XML and fonts all stumble over."""
CAPTION: dict[str, Any] = {"name": HOSTILE, "config": {"task": SPEC["task"], "model": SPEC["model"]}}
UPDATES = 400
TRACES = ("attention", "gradients", "paths")
TRAININGS = ("curves", "beside", "seeds", "health")
MANY = ("transfer",)
FIGURES = (*TRACES, "long attention", "long gradients", "long paths", *TRAININGS, *MANY)
"""Panels; long: of 320 steps; beside: curves with another network, seeds: with bands."""


def training(
    seed: int, method: str = "sab", share: float = 1.0, name: str = HOSTILE, updates: int = UPDATES
) -> Training:
    """A training that falls over decades, with spikes, looks and knobs that were turned."""
    rng = np.random.default_rng(seed)
    update = np.arange(1, updates + 1, dtype=np.int32)
    loss = (2.5 * share * np.exp(-update / 60 + rng.normal(0, 0.2, updates))).astype(np.float32)
    loss[10] = np.nan
    accuracy = np.clip(update / 300 * share, 0, 1).astype(np.float32)
    looks = np.arange(0, updates + 1, 50, dtype=np.int32)
    fresh = {"loss": (2.5 * share * np.exp(-looks / 60)).astype(np.float32)}
    fresh["accuracy"] = np.clip(looks / 300 * share, 0, 1).astype(np.float32)
    health = {name: np.linspace(0.01, 0.4, len(looks), dtype=np.float32) for name in _health()}
    curves = {
        "update": update,
        "loss": loss,
        "gradient_norm": loss,
        "learning_rate": np.full(updates, 0.002, np.float32),
        "skipped": (update == 11).astype(np.uint8),
        "values": {"accuracy": accuracy, "ce": loss, "ce10": loss},
        "looks": {"update": looks, "health": health, "fresh": fresh},
        "changes": [{"update": 120, "parameters": {"k_top": 3}, "params_version": 1}],
    }
    spec = copy.deepcopy(SPEC)
    spec["model"]["method"], spec["training"]["seed"] = method, seed
    return Training(f"r{seed}{method}", f"{name} seed {seed}", Described(cast(Spec, spec)), None, cast(Any, curves))


@cache
def _health() -> tuple[str, ...]:
    from sab_visualiser.model.contract import HEALTH

    return tuple(HEALTH)


@cache
def numbers(figure: str) -> tuple[Table, dict[str, Any]]:
    """The table and the data that a figure is drawn from."""
    kind, _, panel = figure.rpartition(" ")
    if panel in TRACES:
        data = made_up(320 if kind else 30)
        return make_table(panel, data), data
    if panel == "transfer":
        return Table("transfer", tuple(columns_of(_transfers()))), {"task": "copy"}
    own = training(0)
    data = {**own.curves, "chance": {"loss": 2.08, "accuracy": 0.125}}
    if figure == "beside":
        data["lines"] = lines_of([own, training(1, "bptt", 0.5)], seeds=False)
    if figure == "seeds":
        others = [training(seed, method, 0.4 + 0.1 * seed) for method in ("sab", "bptt") for seed in (1, 2)]
        data["lines"] = lines_of([own, *others, training(3, updates=UPDATES // 2)], seeds=True)
    shown = "health" if figure == "health" else "curves"
    return make_table(shown, data), data


def _transfers() -> list[dict[str, Any]]:
    usual = {"task": "copy", "trained_T": 100, "T_min": None, "k_top": 5, "k_trunc": 5, "k_att": 2}
    return [
        {**usual, "method": method, "T": T, "run": str(run), "accuracy": start * 100 / T + run / 50}
        for method, start in (("sab", 0.9), ("tbptt", 0.2), ("bptt", 0.6), ("attention", 0.8))
        for run in range(3)
        for T in (100, 200, 300, 400, 2000, 5000)
    ]


def picture(figure: str, kind: str, **more: Any) -> bytes:
    """A figure as a file."""
    table, data = numbers(figure)
    return draw(table, data, CAPTION, kind, Paper(**more))
