"""Facts of a verdict, true or false, and the words that stand in its sentences (verdict_claims.py). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sab_visualiser.app.runs.shapes import ENDED, RESUMABLE, Rate, Spec
from sab_visualiser.app.runs.verdict import PATIENCE, Progress, bar_of, task_of
from sab_visualiser.app.runs.words.say import Facts
from sab_visualiser.app.wire.requests import RunStatus
from sab_visualiser.model.contract import (
    HELD,
    KNOBS,
    LARGEST_UPDATE,
    METHODS,
    TASKS,
    chance_of,
    fixed_values,
    least_T,
    look_examples,
    sequence_steps,
    unseen,
)

FLOOR, SHARE, DECAY, CLIP, RATE = 0.1, 0.3, 0.3, 0.5, 0.003
"""Values of sum_floor, scorer_rate, rate_decay, clip_norm and learning_rate with which the presets learn."""
GOING = ("running", "queued")
HIGH_RATE = 0.01
"""The highest learning rate of a preset."""


class Case(NamedTuple):
    """All that a sentence may look at.

    Attributes:
        progress: What the looks of the run came to.
        spec: What it was started with.
        status: Of the run.
        rate: How surely its preset learns, where it trains exactly that.
        knobs: Those in force, by name; a knob may have been turned since the start.
        begun: Those that it began with, to which a Reset goes back.
        branch: Whether it goes on from the weights of another run, and so keeps the seed of that.
    """

    progress: Progress
    spec: Spec
    status: RunStatus
    rate: Rate | None
    knobs: Mapping[str, Any]
    begun: Mapping[str, Any]
    branch: bool


def facts(case: Case) -> Facts:
    """Every fact of a case."""
    return {**_figures(case), **_status(case), **_measured(case), **_network(case), **_training(case)}


def knobs_in_force(spec: Spec, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """The knobs by name: as they were turned, else as the spec has them; what the method fixes stays."""
    named = {**spec["model"], **spec["training"], **(parameters or {})}
    return {name: named.get(name) for name in KNOBS} | fixed_values(spec["model"]["method"])


def _figures(case: Case) -> dict[str, bool | str]:
    """What the looks came to."""
    progress, bar, task = case.progress, bar_of(case.spec), task_of(case.spec)
    first, chance = TASKS[task.name].metrics[0].name, chance_of(task)

    def figure(value: float | None) -> str:
        return f"{bar.metric} {'is not a number' if value is None else number(value)}"

    return {
        **{
            "bar": str(bar),
            "metric": bar.metric,
            "held": str(HELD),
            "examples": f"{look_examples(task)} {unseen(task.name)}",
        },
        **{name: _update(progress[name]) for name in ("update", "left_chance", "learned", "lost")},
        "gained": progress["best"] is not None,
        "gains": progress["improved"] == progress["update"],
        "ago": _update(progress["update"] - progress["improved"]),
        "at_bar": progress["held"] > 0,
        "early": progress["update"] < PATIENCE,
        "best": figure(progress["best"]),
        "since": _update(progress["improved"]),
        "now": figure(progress["value"]),
        "guessed": f"{first} {number(chance[first])}" if first in chance else "",
        "losses": str(progress["losses"]),
        "lost_before": progress["losses"] > 0,
        "lost_once": progress["losses"] == 1,
        "all_dead": progress["dead"] == 1,
        "dead": percent(progress["dead"]),
        "saturated": percent(progress["saturated"]),
    }


def _status(case: Case) -> dict[str, bool | str]:
    return {
        "ended": case.status in ENDED,
        "paused": case.status == "paused",
        "resumable": case.status in RESUMABLE,
        "going": case.status in GOING,
        "longest": case.spec["training"]["updates"] >= LARGEST_UPDATE,
        "branch": case.branch,
    }


def _measured(case: Case) -> dict[str, bool | str]:
    """How surely its preset learns, and how fast; of turned knobs that tells nothing, but a Reseed turns them back."""
    rate, update = case.rate, case.progress["update"]
    reached = rate["reached"] if rate else 0
    slowest = rate["slowest"] if rate else None
    timed = reached > 0 and slowest is not None and not _turned(case)
    soon = timed and update < (slowest or 0)
    return {
        "rated": rate is not None,
        "measured": reached > 0,
        "turned": _turned(case),
        "one_reached": reached == 1,
        "none_reached": rate is not None and reached == 0,
        "would_wait": soon,
        "waits": soon and case.status in GOING,
        "late": timed and not soon,
        "reached": str(reached),
        "of": str(rate["of"]) if rate else "",
        "median": _update(rate["median"] if rate else None),
        "slowest": _update(slowest),
    }


def _turned(case: Case) -> bool:
    return any(case.knobs[name] != case.begun[name] for name in KNOBS)


def _network(case: Case) -> dict[str, bool | str]:
    model, task = case.spec["model"], task_of(case.spec)
    k_top, k_trunc = case.knobs["k_top"], case.knobs["k_trunc"] or 0
    method, least = model["method"], least_T(task)
    normalizer = METHODS[method].fixes.get("normalizer", model["normalizer"])
    return {
        "sab": method == "sab",
        "tbptt": method == "tbptt",
        "cuts": 1 < k_trunc <= sequence_steps(task),
        "cuts_all": k_trunc == 1,
        "k_trunc": str(k_trunc),
        "no_memory": k_top == 0,
        # Of the released variant the one memory is the threshold itself, and nothing is read.
        "one_memory": k_top == 1 and model.get("variant") != "release",
        # The first one is written at step k_att − 1, and the last step reads what was written before it.
        "none_written": case.knobs["k_att"] >= sequence_steps(task),
        "k_att": str(case.knobs["k_att"]),
        "none_by_rule": model.get("variant") == "release" and k_top == 1,
        "mixable": TASKS[task.name].has_delay and task.T_min in (None, task.T) and least < task.T,
        "least": str(least),
        "floor_helps": case.spec["training"].get("sum_floor", 0) == 0 and normalizer == "shift",
    }


def _training(case: Case) -> dict[str, bool | str]:
    training, knobs, decay = case.spec["training"], case.knobs, case.spec["training"].get("rate_decay", 0)
    rate, clip = case.begun["learning_rate"], case.begun["clip_norm"]
    falls = round((1 - decay) * training["updates"])
    return {
        **{"floor": str(FLOOR), "share": str(SHARE), "decay": str(DECAY), "clip": str(CLIP), "rate": str(RATE)},
        "own_clip": f"{clip:g}",
        "clips": clip > 0,
        "clips_now": knobs["clip_norm"] > 0,
        "clip_turned_off": clip > 0 and knobs["clip_norm"] == 0,
        "high_rate": rate > HIGH_RATE,
        "turned_wild": knobs["learning_rate"] > HIGH_RATE or knobs["clip_norm"] == 0,
        "scorer_as_fast": training.get("scorer_rate", 1) >= 1,
        "decays": decay > 0,
        "falls_later": decay > 0 and case.status not in ENDED and case.progress["update"] < falls,
        "falls": _update(falls),
    }


def _update(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def number(value: float) -> str:
    """Three digits that count, without an exponent for what people read every day."""
    return f"{value:.3g}" if abs(value) < 1e-4 and value != 0 else f"{float(f'{value:.3g}'):.6g}"


def percent(share: float | None) -> str:
    """A share in whole percent; what is not all is not said to be."""
    value = 100 * (share or 0)
    return f"{min(round(value), 99) if value < 100 else 100}\u00a0%"
