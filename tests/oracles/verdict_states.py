"""Runs to catch a verdict lying with: made up at random, every task, method, status and kind of training among them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any, NamedTuple, cast, get_args

from pydantic import ValidationError

from sab_visualiser.app.runs.shapes import Rate, Spec
from sab_visualiser.app.runs.verdict import Progress, seen
from sab_visualiser.app.wire.requests import RunSpec, RunStatus
from sab_visualiser.model.contract import LOOK_EVERY, METHODS, Method, TaskName

STATUSES = get_args(RunStatus)
TASKS = get_args(TaskName)


class Look(NamedTuple):
    """What was seen after an update."""

    update: int
    fresh: dict[str, float]
    health: dict[str, float | None]


class Made(NamedTuple):
    """A run as it was told: nothing of it is counted yet."""

    spec: Spec
    status: RunStatus
    rate: Rate | None
    parameters: dict[str, Any]
    looks: list[Look]
    branched_with: dict[str, Any] | None = None
    """The knobs that a branch began with."""

    @property
    def progress(self) -> Progress | None:
        """What its looks come to, by the rule."""
        progress = None
        for look in self.looks:
            progress = seen(progress, self.spec, *look)
        return progress


def runs(count: int) -> Iterator[Made]:
    """So many runs by chance; a spec that nobody may ask for is drawn again."""
    for seed in range(count):
        chance = random.Random(seed)
        spec = _spec(chance)
        status, rate = chance.choice(STATUSES), _rate(chance)
        knobs, looks = _knobs(chance, spec), _looks(chance, spec)
        branch = rate is None and chance.random() < 0.3
        yield Made(spec, status, rate, knobs, looks, _knobs(chance, spec) if branch else None)


def _spec(chance: random.Random) -> Spec:
    while True:
        task = chance.choice(TASKS)
        until = {"adding": ("mse ≤ 0.05",), "char": ("bpc ≤ 1.5", "accuracy ≥ 0.9")}.get(
            task, ("accuracy ≥ 0.9", "ce ≤ 0.1", "accuracy ≥ 1")
        )
        T = 64 if task == "pixels" else chance.choice((1, 2, 10, 30))
        raw = {
            "task": {"name": task, "T": T, "T_min": chance.choice((None, None, 1, 2, 10))},
            "model": {
                "method": chance.choice(list(METHODS)),
                "k_top": chance.choice((0, 1, 5)),
                "k_trunc": chance.choice((0, 1, 5, 40)),
                "k_att": chance.choice((1, 1, 1, 2, 60)),
                "normalizer": chance.choice(("shift", "shift", "softmax")),
                "variant": chance.choice(("paper", "paper", "release")),
            },
            "training": {
                "updates": chance.choice((500, 4_000, 10_000_000)),
                "learning_rate": chance.choice((0.002, 0.002, 0.01, 0.5)),
                "clip_norm": chance.choice((0.0, 0.5, 0.5, 1.25)),
                "scorer_rate": chance.choice((1.0, 0.3)),
                "sum_floor": chance.choice((0.0, 0.1)),
                "rate_decay": chance.choice((0.0, 0.3, 1.0)),
                "until": chance.choice((None, None, *until)),
            },
        }
        try:
            return cast(Spec, RunSpec.model_validate(raw).model_dump(mode="json"))
        except ValidationError:
            continue


def _rate(chance: random.Random) -> Rate | None:
    reached = chance.choice((None, None, 0, 1, 9))
    if reached is None:
        return None
    slowest = chance.choice((500, 2_500, 9_000)) if reached else None
    median = slowest - 200 if slowest and reached > 1 else slowest
    return Rate(reached=reached, of=10, median=median, slowest=slowest)


def _knobs(chance: random.Random, spec: Spec) -> dict[str, Any]:
    """As they began, or with some of them turned; a method's own cannot be."""
    named = {**spec["model"], **spec["training"]}
    knobs = {name: named[name] for name in ("k_top", "k_trunc", "k_att", "learning_rate", "clip_norm")}
    turned = {"k_top": (0, 1, 3), "k_trunc": (0, 1, 7), "k_att": (1, 51), "learning_rate": (0.001, 0.7)}
    turned |= {"clip_norm": (0.0, 2.0)}
    fixed = METHODS[cast(Method, spec["model"]["method"])].fixes
    for name, values in turned.items():
        if name not in fixed and chance.random() < 0.25:
            knobs[name] = chance.choice(values)
    return knobs


def _looks(chance: random.Random, spec: Spec) -> list[Look]:
    """Stretches of a training one after the other, some of them with looks that gave no number."""
    kinds = [_guesses] if chance.random() < 0.15 else [chance.choice(KINDS) for _ in range(chance.randint(0, 4))]
    figures = [figure for kind in kinds for figure in kind(chance)]
    dead, saturated = (chance.choice((0.0, 0.0, 0.0, 0.2, 0.5, 0.997, 1.0, None)) for _ in range(2))
    calm, broken = chance.random() < 0.5, chance.random() < 0.05
    made = []
    for at, good in enumerate(figures, 1):
        fresh = {"accuracy": good, "mse": (1 - good) / 4, "ce": 2 * (1 - good), "ce10": 2 * (1 - good)}
        fresh["bpc"] = 4.8 * (1 - good) / (1 - 1 / 8)
        if broken or (chance.random() < 0.05 and not calm):
            fresh |= dict.fromkeys(chance.choice((("ce", "ce10"), tuple(fresh))), chance.choice((math.nan, math.inf)))
        health = {"dead": dead, "saturated": saturated}
        if chance.random() < 0.1 and not calm:
            health = {"dead": 0.0, "saturated": 0.1}
        made.append(Look(at * LOOK_EVERY, fresh, health))
    return made


def _guesses(chance: random.Random) -> list[float]:
    return [chance.choice((0.12, 0.125, 0.13)) for _ in range(chance.randint(1, 10))]


def _climb(chance: random.Random) -> list[float]:
    return sorted(chance.uniform(0.2, 0.9) for _ in range(chance.randint(1, 10)))


def _plateau(chance: random.Random) -> list[float]:
    level = chance.choice((0.4, 0.6))
    return [level + chance.choice((0.0, 0.004, -0.01)) for _ in range(chance.randint(5, 12))]


def _good(chance: random.Random) -> list[float]:
    return [chance.choice((0.995, 1.0, 0.985)) for _ in range(chance.randint(1, 6))]


def _fall(chance: random.Random) -> list[float]:
    return [chance.choice((0.3, 0.7)) for _ in range(chance.randint(1, 4))]


def _wavers(chance: random.Random) -> list[float]:
    return [1.0, 1.0, 0.3, 0.3] * chance.randint(1, 3) + _good(chance)


KINDS = (_guesses, _climb, _plateau, _good, _good, _fall, _wavers)
