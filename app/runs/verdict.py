"""What became of a run, in a word and a sentence, by one rule on its looks at fresh examples and its health. Pure.

Looks are folded into a few plain values, `Progress`, so that a run of a million updates is judged as cheaply as a new
one. What a verdict says is in app/runs/verdict_words.py. The rule, in the order in which it is asked (docs/verdict.md
has it with the reasons):

1. diverged: its status says so.
2. learned: the bar held on two looks in a row, and has not been clearly missed on two in a row since; then: lost again.
3. attention dead: on two looks in a row, at least half of the readers had weights that are all exactly 0.
4. learning: it is better than guessing, and got clearly better within the last 1,000 updates or is at the bar now.
5. scorer saturated: at least nine tenths of the scorer's units beyond ±0.99 on two looks in a row, and nothing better
   for 1,000 updates.
6. at chance: of two looks or more, no two in a row were clearly better than guessing.
7. standing still: none of it.

Clearly means the same everywhere: by more than three standard deviations of what looks at fresh examples scatter by
themselves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sab_visualiser.app.runs.shapes import Best, Spec
from sab_visualiser.app.wire.requests import RunStatus, TaskSpec, VerdictWord
from sab_visualiser.model.contract import (
    HELD,
    LOOK_EVERY,
    TASKS,
    Until,
    answers_of,
    chance_of,
    look_examples,
    parse_until,
    sequence_steps,
    usual_until,
)

PATIENCE = 1_000
"""Updates without anything better after which a run stands still."""
CLEARLY = 3.0
"""Standard deviations of the scatter of looks by which one must be better than another, or than guessing."""
CLEAR_MISS = 2.0
"""Learned is lost when the distance is more than that many times the one that the bar allows."""
FINEST = 0.005
"""Distance that is allowed at least, so that a bar of 1 is not lost by one wrong answer."""
BITS_SQUARED = 9.0
"""Variance of the mean bits of a piece of text, times its characters; neighbours are alike (docs/verdict.md)."""
DEAD = 0.5
SATURATED = 0.9
"""Shares from which attention counts as dead, and the scorer as saturated."""


class Progress(TypedDict):
    """What is kept of all looks of a run; plain values, stored with it.

    `distance` is that to a perfect answer: 1 − accuracy, or the error. `improved` is the update of the last clear
    improvement, `best` the value there. Counts are looks in a row, up to the last one.
    """

    update: int
    value: float | None
    best: float | None
    improved: int
    above_chance: int
    left_chance: int | None
    held: int
    missed: int
    learned: int | None
    lost: int | None
    losses: int
    dead: float | None
    dead_looks: int
    saturated: float | None
    saturated_looks: int
    top: NotRequired[float | None]
    top_update: NotRequired[int]
    """The best value of all of the run's own looks, and its first update; a run of an earlier version has only `best`.
    """
    looks: NotRequired[int]
    """How many there were; not counted by earlier versions."""
    fresh: NotRequired[dict[str, float | None]]
    """All metrics of the last look of the run's own, None where one is not finite; not kept by earlier versions."""


NOTHING = Progress(
    update=0,
    value=None,
    best=None,
    improved=0,
    above_chance=0,
    left_chance=None,
    held=0,
    missed=0,
    learned=None,
    lost=None,
    losses=0,
    dead=None,
    dead_looks=0,
    saturated=None,
    saturated_looks=0,
)


def bar_of(spec: Spec) -> Until:
    """What the run must come to: `training.until`, else the usual bar of its task."""
    words, task = spec["training"].get("until"), spec["task"]
    return usual_until(task["name"], task.get("data")) if words is None else parse_until(words, task["name"])


def seen(
    before: Progress | None, spec: Spec, update: int, fresh: Mapping[str, float], health: Mapping[str, float | None]
) -> Progress:
    """Progress after one more look.

    Args:
        before: Up to the look before; None for the first.
        spec: Of the run.
        update: Of the look.
        fresh: Metrics on fresh examples; one that is not finite is worse than any other.
        health: `dead` and `saturated`, shares from 0 to 1, None where the network has no such thing.
    """
    was, bar = before or NOTHING, bar_of(spec)
    value = fresh[bar.metric] if math.isfinite(fresh[bar.metric]) else None
    after = Progress(**was)
    after["update"], after["value"], after["looks"] = update, value, looks_of(was) + 1
    after["fresh"] = {name: number if math.isfinite(number) else None for name, number in fresh.items()}
    after["dead"], after["saturated"] = health["dead"], health["saturated"]
    after["dead_looks"] = was["dead_looks"] + 1 if (health["dead"] or 0) >= DEAD else 0
    after["saturated_looks"] = was["saturated_looks"] + 1 if (health["saturated"] or 0) >= SATURATED else 0
    after["above_chance"] = was["above_chance"] + 1 if beats_chance(spec, fresh) else 0
    if after["above_chance"] >= HELD and was["left_chance"] is None:
        after["left_chance"] = update
    best = was["best"]
    if value is not None and (best is None or clearly_better(spec, value, best)):
        after["best"], after["improved"] = value, update
    top = after.get("top", best)
    if value is not None and (top is None or _distance(bar, value) < _distance(bar, top)):
        after["top"], after["top_update"] = value, update
    return _learned(after, bar, update)


def _learned(after: Progress, bar: Until, update: int) -> Progress:
    """Whether the bar is held, or lost again; between the two nothing changes."""
    value = after["value"]
    allowed = max(_distance(bar, bar.bound), FINEST)
    holds = value is not None and bar.reached({bar.metric: value})
    misses = value is None or _distance(bar, value) > CLEAR_MISS * allowed
    after["held"] = after["held"] + 1 if holds else 0
    after["missed"] = after["missed"] + 1 if misses else 0
    if after["held"] >= HELD and (after["learned"] is None or after["lost"] is not None):
        after["learned"], after["lost"] = update, None
    if after["missed"] >= HELD and after["learned"] is not None and after["lost"] is None:
        after["lost"], after["losses"] = update, after["losses"] + 1
    return after


def word_of(progress: Progress | None, status: RunStatus) -> VerdictWord | None:
    """The word for a run, by the rule at the top; None before the looks at fresh examples tell anything."""
    if status == "diverged":
        return "diverged"
    if progress is None:
        return None
    if progress["learned"] is not None:
        return "learned" if progress["lost"] is None else "lost again"
    if progress["dead_looks"] >= HELD:
        return "attention dead"
    waiting = progress["update"] - progress["improved"] < PATIENCE
    better = progress["left_chance"] is not None or progress["above_chance"] > 0
    if better and (waiting or progress["held"] > 0):
        return "learning"
    if progress["saturated_looks"] >= HELD and not waiting:
        return "scorer saturated"
    if progress["left_chance"] is not None:
        return "standing still"
    return "at chance" if looks_of(progress) >= HELD else None


def best_of(progress: Progress | None, spec: Spec) -> Best | None:
    """The best value of the run's own looks at fresh examples; None before the first that was finite."""
    if progress is None:
        return None
    value, update = progress.get("top", progress["best"]), progress.get("top_update", progress["improved"])
    return None if value is None else Best(metric=bar_of(spec).metric, value=value, update=update)


def handed_on(progress: Progress | None) -> Progress | None:
    """What a run that branched off has of the looks before it: all, but that best and newest are to be its own."""
    return None if progress is None else Progress(**{**progress, "top": None, "top_update": 0, "fresh": {}})


def fresh_of(progress: Progress | None, spec: Spec) -> dict[str, float | None]:
    """The metrics of the run's own last look at fresh examples; empty where there was none.

    Earlier versions kept one of them, that of the bar.
    """
    if progress is None:
        return {}
    own = progress.get("top", progress["best"]) is not None
    return progress.get("fresh", {bar_of(spec).metric: progress["value"]} if own else {})


def looks_of(progress: Progress) -> int:
    """How many looks there were; earlier versions looked as often, and did not count."""
    return progress.get("looks", progress["update"] // LOOK_EVERY)


def clearly_better(spec: Spec, value: float, than: float) -> bool:
    """Whether one look is better than another by more than two looks at the same network differ.

    Args:
        spec: Of the run; its bar says which metric both are.
        value: Of the one look.
        than: Of the other.
    """
    bar = bar_of(spec)
    gain = _distance(bar, than) - _distance(bar, value)
    return gain > CLEARLY * math.hypot(scatter(spec, bar.metric, value), scatter(spec, bar.metric, than))


def scatter(spec: Spec, metric: str, value: float) -> float:
    """Standard deviation of a metric over looks at a network that has `value`; docs/verdict.md has it measured.

    Right answers scatter as coins do, a cross-entropy as if it came from few answers that are each wrong by one nat,
    squared errors as those of a normal distribution, and the bits of a text as characters do, of which some cost
    several times as many as others.
    """
    task = task_of(spec)
    examples, answers = look_examples(task), answers_of(task)
    if metric == "accuracy":
        return math.sqrt(max(value * (1 - value), 0) / (examples * answers))
    if metric == "mse":
        return value * math.sqrt(2 / examples)
    if metric == "bpc":
        return math.sqrt(BITS_SQUARED / (examples * answers))
    at_all_steps = metric == "ce" and not TASKS[task.name].data
    return math.sqrt(max(value, 0) / (examples * (sequence_steps(task) if at_all_steps else answers)))


def beats_chance(spec: Spec, fresh: Mapping[str, float]) -> bool:
    """Whether one look is better than guessing by more than its examples alone would explain.

    What guessing gives is not known of a data set that is not here: nothing is better than that.
    """
    task = task_of(spec)
    first, chance = TASKS[task.name].metrics[0], chance_of(task)
    if first.name not in chance:
        return False
    value, level = fresh[first.name], chance[first.name]
    better = level - value if first.better == "lower" else value - level
    return better > CLEARLY * scatter(spec, first.name, level)


def task_of(spec: Spec) -> TaskSpec:
    """The task of a stored spec, as it was accepted: ranges of a later version do not matter here."""
    return TaskSpec.model_construct(**spec["task"])


def _distance(bar: Until, value: float) -> float:
    return 1 - value if bar.metric == "accuracy" else value
