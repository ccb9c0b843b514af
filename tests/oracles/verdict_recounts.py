"""Recounts of what a verdict asserts and advises, from looks, spec and knobs; verdict_checker.py says of which."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from tests.oracles.verdict_states import Look, Made

Told = dict[str, str]
LEARNED_FROM = {"adding": ("mse", 0.01), "char": ("bpc", 2.4), "pixels": ("accuracy", 0.9)}
GUESSED = {"adding": ("mse", 1 / 6), "char": ("bpc", 4.799471), "pixels": ("accuracy", 1 / 10)}
STEPS = {
    "copy": lambda T, items: T + 2 * items,
    "adding": lambda T, items: T,
    "recall": lambda T, items: T + 2 * items + 1,
    "denoise": lambda T, items: T + items + 1,
    "char": lambda T, items: T,
    "pixels": lambda T, items: T,
}
ITEMS = {"copy": 10, "denoise": 10, "recall": 3, "adding": 0, "char": 0, "pixels": 0}


def bar(made: Made) -> tuple[str, float]:
    """Metric and bound."""
    words = made.spec["training"]["until"]
    if words is None:
        return LEARNED_FROM.get(made.spec["task"]["name"], ("accuracy", 0.99))
    metric, _, bound = words.split()
    return metric, float(bound)


def distance(metric: str, value: float) -> float:
    return 1 - value if metric == "accuracy" else value


def values(made: Made) -> list[tuple[int, float]]:
    return [(look.update, look.fresh[bar(made)[0]]) for look in made.looks]


def last_gain(made: Made) -> tuple[int, float] | None:
    """Update and value of the last look that was better than that before it by three standard deviations."""
    metric, found = bar(made)[0], None
    for update, value in values(made):
        if math.isfinite(value) and (found is None or _three_sigma(made, metric, found[1], value)):
            found = (update, value)
    return found


def _three_sigma(made: Made, metric: str, old: float, new: float) -> bool:
    both = _variance(made, metric, old) + _variance(made, metric, new)
    gain = distance(metric, old) - distance(metric, new)
    return gain > 0 and gain * gain > 9 * both


def _variance(made: Made, metric: str, value: float) -> float:
    """Of a look at 128 examples: of coins, of rare wrong answers of one nat each, of squares of a normal variable.

    Of the bits of a character: as measured (docs/verdict.md).
    """
    everywhere = metric == "ce" and made.spec["task"]["name"] != "pixels"
    counted = 128 * (steps(made) if everywhere else answers(made))
    variance: float = {"accuracy": value - value**2, "mse": 2 * value**2, "bpc": 9.0}.get(metric, value) / counted
    return variance


def answers(made: Made) -> int:
    """That an example asks for."""
    task = made.spec["task"]
    if task["name"] == "char":
        return steps(made)
    found: int = task["items"] or ITEMS[task["name"]] if task["name"] in ("copy", "denoise") else 1
    return found


def beats_guessing(made: Made, look: Look) -> bool:
    if made.spec["task"]["name"] == "adding":
        return look.fresh["mse"] < (1 - 3 / 8) / 6
    if made.spec["task"]["name"] == "char":
        return look.fresh["bpc"] < 4.799471 - 3 * math.sqrt(9 / 128 / answers(made))
    if made.spec["task"]["name"] == "pixels":
        return look.fresh["accuracy"] > 1 / 10 + 3 * math.sqrt(9 / 100 / 128)
    return look.fresh["accuracy"] > 1 / 8 + 3 * math.sqrt(7 / 64 / 128 / answers(made))


def left_guessing(made: Made) -> int | None:
    both = (two.update for one, two in pairwise(made.looks) if beats_guessing(made, one) and beats_guessing(made, two))
    return next(both, None)


def history(made: Made) -> tuple[list[int], list[int]]:
    """Updates at which it had learned, and at which it had lost it again."""
    metric, bound = bar(made)
    allowed = max(distance(metric, bound), 0.005)
    learned: list[int] = []
    lost: list[int] = []
    for (_, one), (update, two) in pairwise([(0, math.nan), *values(made)]):
        good = [math.isfinite(v) and (v >= bound if metric == "accuracy" else v <= bound) for v in (one, two)]
        bad = [not math.isfinite(v) or distance(metric, v) > 2 * allowed for v in (one, two)]
        if len(learned) == len(lost) and all(good):
            learned.append(update)
        elif len(learned) > len(lost) and all(bad) and update != made.looks[0].update:
            lost.append(update)
    return learned, lost


def number(told: str) -> float:
    return float(told.replace(",", ""))


def same(told: str, value: float) -> bool:
    return told == "is not a number" if not math.isfinite(value) else math.isclose(number(told), value, rel_tol=6e-3)


def gain(made: Made, told: Told) -> bool:
    """The last clear gain, and the bar, are what is told."""
    metric, bound = bar(made)
    found = last_gain(made)
    good = found is not None and found[0] == number(told["since"]) and same(told["best"], found[1])
    named = told["metric"] == metric
    return good and named and ("bar" not in told or told["bar"] == _bar(metric, bound))


def _bar(metric: str, bound: float) -> str:
    return f"{metric} {'≥' if metric == 'accuracy' else '≤'} {bound:g}"


def learns(made: Made, told: Told) -> bool:
    """The last look of all was a clear gain."""
    return gain(made, told) and made.looks[-1].update == number(told["since"]) and better(made)


def better(made: Made) -> bool:
    return left_guessing(made) is not None or beats_guessing(made, made.looks[-1])


def gained_before(made: Made, told: Told) -> bool:
    """So many updates ago, and what it is now."""
    ago = made.looks[-1].update - number(told["since"])
    return gain(made, told) and 0 < ago == number(told["ago"]) < 1000 and better(made) and _now(made, told)


def at_the_bar(made: Made, told: Told) -> bool:
    """The last look holds it, and the one before did not."""
    metric, bound = bar(made)
    value = values(made)[-1][1]
    good = value >= bound if metric == "accuracy" else value <= bound
    return good and history(made)[0] == [] and told["bar"] == _bar(metric, bound) and _now(made, told)


def _now(made: Made, told: Told) -> bool:
    last = made.looks[-1].update == number(told["at"])
    return last and told["metric"] == bar(made)[0] and same(told["now"], values(made)[-1][1])


def held(made: Made, told: Told, times: int) -> bool:
    learned, lost = history(made)
    return (
        len(learned) == len(lost) + 1
        and learned[-1] == number(told["at"])
        and len(lost) == times
        and told["bar"] == _bar(*bar(made))
        and (told["looks"], told["examples"]) == ("2", f"128 {'held-out' if _of_data(made) else 'fresh'}")
    )


def _of_data(made: Made) -> bool:
    return made.spec["task"]["name"] in ("char", "pixels")


def lost_it(made: Made, told: Told) -> bool:
    learned, lost = history(made)
    return (
        len(learned) == len(lost) > 0
        and (learned[-1], lost[-1]) == (number(told["at"]), number(told["lost"]))
        and (told["metric"] == bar(made)[0] and same(told["now"], values(made)[-1][1]))
    )


def twice(made: Made, name: str, least: float, told: str | None) -> bool:
    """On the last two looks it was at least so much, and is told in whole percent."""
    shares = [look.health[name] or 0 for look in made.looks[-2:]]
    percent = shares[-1] * 100
    shown = told is None or ((told == "100") == (percent == 100) and abs(float(told) - percent) <= 1)
    return len(shares) == 2 and min(shares) >= least and shown


def nothing_since(made: Made, told: Told) -> bool:
    found = last_gain(made)
    return found is not None and found[0] == number(told["since"]) and made.looks[-1].update - found[0] >= 1000


def guesses(made: Made, told: Told) -> bool:
    level = GUESSED.get(made.spec["task"]["name"], ("accuracy", 1 / 8))
    return (
        left_guessing(made) is None
        and len(made.looks) >= 2
        and (told["guess"] == level[0] and same(told["level"], level[1]))
        and (told["metric"] == bar(made)[0] and same(told["now"], values(made)[-1][1]))
        and number(told["at"]) == made.looks[-1].update
    )


def still(made: Made, told: Told) -> bool:
    return (
        gain(made, told)
        and nothing_since(made, told)
        and same(told["now"], values(made)[-1][1])
        and number(told["at"]) == made.looks[-1].update
        and left_guessing(made) is not None
    )


def none_finite(made: Made, told: Told) -> bool:
    return told["metric"] == bar(made)[0] and last_gain(made) is None and bool(made.looks)


def training(made: Made) -> dict[str, Any]:
    return made.spec["training"]


def turned(made: Made) -> bool:
    return any(value != begun(made, name) for name, value in made.parameters.items())


def begun(made: Made, name: str) -> Any:
    """A knob as the run began, or as a branch branched off."""
    return {**made.spec["model"], **made.spec["training"], **(made.branched_with or {})}[name]


def early(made: Made) -> bool:
    """Before a standstill could be told; of a preset that no seed learned it is no question of time."""
    return made.looks[-1].update < 1000 and not (made.rate and made.rate["reached"] == 0)


def measured(made: Made, told: Told) -> bool:
    rate = made.rate
    return rate is not None and (int(told["reached"]), int(told["of"])) == (rate["reached"], rate["of"])


def wait(made: Made, told: Told) -> bool:
    """Seeds that were measured, none of this run's knobs turned, and there is still time."""
    rate = made.rate
    early = rate is not None and rate["slowest"] == number(told["slowest"]) > made.looks[-1].update
    median = "median" not in told or (rate is not None and rate["median"] == number(told["median"]))
    several = told.get("several", told["reached"]) == told["reached"] and (
        "median" not in told or told["reached"] != "1"
    )
    return measured(made, told) and early and median and several and not turned(made)


def late(made: Made, several: bool) -> bool:
    rate = made.rate
    return (
        rate is not None
        and (rate["reached"] > 1) == several
        and rate["reached"] > 0
        and made.looks[-1].update >= (rate["slowest"] or math.inf)
        and not turned(made)
    )


def steps(made: Made) -> int:
    task = made.spec["task"]
    found: int = STEPS[task["name"]](task["T"], task["items"] or ITEMS[task["name"]])
    return found


def mixes(made: Made, told: Told) -> bool:
    """The shortest delay that the task allows, and none is mixed now."""
    task = made.spec["task"]
    least = {"adding": 2, "denoise": task["items"] or 10}.get(task["name"], 1)
    alone = task["T_min"] in (None, task["T"])
    return made.spec["model"]["method"] == "sab" and alone and int(told["least"]) == least < task["T"]


def fast(made: Made) -> bool:
    return bool(begun(made, "learning_rate") > 0.01)


def unclipped(made: Made) -> bool:
    return bool(begun(made, "clip_norm") == 0)


def no_floor(made: Made) -> bool:
    """A floor of Σr would do something, and is not there: softmax divides by another sum."""
    model = made.spec["model"]
    softmax = model["normalizer"] == "softmax" or model["method"] == "attention"
    return bool(training(made)["sum_floor"] == 0 and not softmax)


def scorer_fast(made: Made) -> bool:
    return bool(training(made)["scorer_rate"] >= 1)
