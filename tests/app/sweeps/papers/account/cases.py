"""Reports of every kind that sentences are tried on: drawn at random, small enough that every relation comes about."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from sab_visualiser.app.sweeps.papers.account.shelf import Report
from sab_visualiser.model.contract import TASKS

OF_DATA = [name for name, facts in TASKS.items() if facts.data]

MACHINE = {"python": "3", "torch": "2", "numba": "0", "processor": "x", "cores": 2, "version": "0"}
KNOBS = {"sab": [(5, 5), (10, 10)], "tbptt": [(0, 5), (0, 20)], "bptt": [(0, 0)], "attention": [(10000, 0)]}
ENDS = ("learned", "learned", "at chance", "standing still", "diverged", None)
WAYS = ("any", "any", "any", "alike", "nobody", "sab", "others", "everybody")
"""How a report comes out, so that seldom relations come about too."""


def row(number: int, **over: Any) -> dict[str, Any]:
    """One row with all fields that a report has."""
    verdict = over.get("verdict", "learned")
    usual: dict[str, Any] = {
        "task": "copy",
        **{"T": 100, "T_min": 100, "method": "sab", "k_top": 5, "k_trunc": 5, "k_att": 2, "seed": number},
        **{"accuracy": 0.5, "ce10": 0.5, "ce": 0.5, "loss": 0.5, "mse": None, "bpc": None},
        **{"learning_rate": 0.005, "batch_size": 16, "phase": "random"},
        **{"updates": 1000, "most_updates": 2000, "seconds": 10.0, "verdict": verdict, "label": verdict},
        **{"best": 0.9, "best_update": 10, "reason": None, "commit": "abc", "trial": f"t{number}"},
        "status": "failed" if verdict is None else "diverged" if verdict == "diverged" else "finished",
    }
    return {**usual, **over}


def drawn(seed: int) -> Report:
    """A report with some of the methods, lengths and delays."""
    luck = Random(seed)
    task = luck.choice([*["copy"] * 3, "adding", *OF_DATA])
    tuning, way = luck.random() < 0.15, luck.choice(WAYS)
    rows: list[dict[str, Any]] = []
    sides: list[tuple[int, int | None]] = [
        (T, T_min) for T in luck.choice([[100], [100, 200]]) for T_min in luck.choice([[T], [1], [T, 1]])
    ]
    if task in ("pixels", "char"):
        sides = [(64, None)]
    orders: list[int | None] = luck.choice([[None], [None, 1], [1]]) if task == "pixels" else [None]
    chosen = [method for method in KNOBS if luck.random() < 0.7] or ["sab"]
    for method in chosen:
        for k_top, k_trunc in KNOBS[method][: luck.choice([1, 2])]:
            for (T, T_min), order in product(sides, orders):
                for rate in [0.001, 0.005] if tuning else [0.005]:
                    for number in range(luck.choice([1, 2, 3])):
                        setting = {
                            "T": T,
                            "T_min": T_min,
                            "permuted": order,
                            "method": method,
                            "k_top": k_top,
                            "k_trunc": k_trunc,
                        }
                        end = _end(luck, way, method)
                        figures = _figures(luck, task, method, way, end)
                        made = {"updates": luck.choice([0, 500, 1000, 2000]), "seconds": luck.choice([5.0, 9.0, 20.0])}
                        rows.append(
                            row(number, task=task, verdict=end, learning_rate=rate, **setting, **figures, **made)
                        )
    published = [
        {"method": "sab", "k_top": 5, "k_trunc": 5, "accuracy": luck.choice([0.1, 0.5, 1.0]), "source": "a (b)"}
    ]
    return {
        **{"name": f"drawn-{seed}", "title": f"Drawn {seed}", "question": "Is it so?", "trials": len(rows)},
        **{"published": published, "machine": MACHINE, "rows": rows},
    }


def _end(luck: Random, way: str, method: str) -> str | None:
    if way in ("any", "alike"):
        return luck.choice(ENDS)
    learns = {"everybody": True, "nobody": False, "sab": method == "sab", "others": method != "sab"}[way]
    return "learned" if learns else luck.choice(ENDS[2:])


def _figures(luck: Random, task: str, method: str, way: str, end: str | None) -> dict[str, float | None]:
    """Figures of the methods apart from one another, or not; none for one that failed at once."""
    low = luck.choice([0.1, 0.4, 0.7]) if way in ("any", "alike") else {"sab": 0.4, "tbptt": 0.1}.get(method, 0.7)
    value = None if end is None else round(low + 0.2 * luck.random(), 3)
    metric = {"adding": "mse", "char": "bpc"}.get(task, "accuracy")
    return {"accuracy": None, "mse": None, "bpc": None, metric: value}


def turned(seed: int) -> Report:
    """A report that turns one knob, the others held."""
    luck = Random(seed)
    knob, values = luck.choice([("k_top", [1, 2, 5, 10]), ("k_trunc", [2, 5, 0]), ("k_att", [1, 2, 5])])
    way = luck.choice(["any", "any", "everybody", "nobody", "last"])
    rows: list[dict[str, Any]] = []
    for value in values[: luck.choice([2, 3, 4])]:
        for number in range(luck.choice([1, 2])):
            end = "learned" if way == "last" and value == values[-1] else _end(luck, way.replace("last", "any"), "sab")
            made = {"updates": luck.choice([0, 500, 1000, 2000]), "seconds": luck.choice([5.0, 9.0, 20.0])}
            rows.append(row(number, **{knob: value}, verdict=end, T=50, T_min=1, accuracy=0.5, **made))
    return {**drawn(seed), "name": f"turned-{seed}", "published": [], "rows": rows, "trials": len(rows)}


def measured(seed: int) -> Report:
    """Networks of one experiment at other lengths."""
    luck = Random(seed)
    rows: list[dict[str, Any]] = []
    for method in luck.choice(
        [["sab"], ["attention"], ["sab", "attention"], ["sab", "attention"], ["sab", "attention"]]
    ):
        for T_min in luck.choice([[100], [100, 1]]):
            for k_top, k_trunc in KNOBS[method][: luck.choice([1, 2])]:
                falls = luck.choice([0, 1, 2, 3])
                for place, T in enumerate((100, 200, 5000)):
                    for number in range(2):
                        good = luck.choice([0.95, 1.0]) if place < falls else luck.choice([0.1, 0.5, None])
                        own = {"method": method, "k_top": k_top, "k_trunc": k_trunc, "T_min": T_min}
                        rows.append(row(number, T_test=T, examples=4, accuracy=good, **own))
    return {**drawn(seed), "name": f"measured-{seed}", "published": [], "rows": rows, "trials": len(rows)}


CASES = [make(seed) for make, most in ((drawn, 200), (turned, 80), (measured, 60)) for seed in range(most)]
