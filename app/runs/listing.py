"""The list of runs in pages: which runs a filter means, in what order, and which page comes next. Pure.

A filter is words between spaces, all of which must hold: `copy tag:paper k_top:5`. A word with a key asks that one
field; any other is looked for in the name, note, tags, task, method, status and verdict. A value that no run can have
is refused with those that it can; words that people make up (names, notes, tags) are free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, get_args

from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.verdict import best_of, word_of
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import RunStatus, VerdictWord
from sab_visualiser.model.contract import TASKS, fields

NEWEST = "-created"
Field = Callable[[Run], Any]


class Page(NamedTuple):
    """Runs in their order, and how many there are on all pages."""

    runs: list[Run]
    total: int


def _part(part: str, name: str) -> Field:
    return lambda run: run.spec[part].get(name)  # type: ignore[literal-required]


def _verdict(run: Run) -> str | None:
    return word_of(run.progress, run.status)


FIELDS: dict[str, Field] = {
    "task": _part("task", "name"),
    "method": _part("model", "method"),
    "seed": _part("training", "seed"),
    "status": lambda run: run.status,
    "verdict": _verdict,
    "group": lambda run: run.group,
    "preset": lambda run: run.spec.get("preset"),
    "T": _part("task", "T"),
    "hidden_size": _part("model", "hidden_size"),
    "k_top": lambda run: run.parameters.get("k_top"),
    "k_trunc": lambda run: run.parameters.get("k_trunc"),
    "k_att": lambda run: run.parameters.get("k_att"),
}
"""What a word with a key asks, beside `tag` and `starred`; knobs are those in force."""
KEYS = (*FIELDS, "tag", "starred")
NO_VERDICT = "none"
CHOICES: dict[str, tuple[str, ...]] = {
    "task": tuple(TASKS),
    "method": next(field.facts.choices for field in fields() if field.path == "model.method"),
    "status": get_args(RunStatus),
    "verdict": (*(word.replace(" ", "_") for word in get_args(VerdictWord)), NO_VERDICT),
    "starred": ("yes", "no"),
}
"""The values of a key that has only a few; `none` of a verdict is a run that has none yet."""
RANGES: dict[str, tuple[int, int]] = {
    field.name: (0 if field.facts.zero else int(field.facts.low), int(field.facts.high))
    for field in fields()
    if field.name in FIELDS and field.facts.kind == "whole"
}
"""The smallest and the largest value of a key that is a whole number."""


def _last(run: Run) -> float | None:
    """The metric of the task on the newest batch, in a form that rises with quality."""
    first = TASKS[run.spec["task"]["name"]].metrics[0]
    value = run.metrics.get(first.name)
    return value if value is None or first.better == "higher" else -value


def _best(run: Run) -> float | None:
    best = best_of(run.progress, run.spec)
    if best is None:
        return None
    return best["value"] if best["metric"] == "accuracy" else -best["value"]


ORDERS: dict[str, Field] = {
    "created": lambda run: run.created,
    "started": lambda run: run.born["started"] or run.created,
    "name": lambda run: run.name.casefold(),
    "method": FIELDS["method"],
    "task": FIELDS["task"],
    "seed": FIELDS["seed"],
    "status": FIELDS["status"],
    "verdict": _verdict,
    "best": _best,
    "last": _last,
    "rate": lambda run: run.trained_per_s,
    "update": lambda run: run.update,
    "starred": lambda run: run.starred,
}
"""What the list can be sorted by; a run that has no such thing stands at the end either way."""


def page_of(newest: Sequence[Run], after: str | None, limit: int, sort: str = "", words: str = "") -> Page:
    """One page of the list.

    Args:
        newest: All runs, newest first: runs that are equal in what is sorted by stay in that order.
        after: Id of the last run of the page before; None begins.
        limit: Runs on a page, ≥ 1.
        sort: A key of ORDERS, with `-` in front for falling; empty for the newest first.
        words: The filter; empty takes all.

    Raises:
        UserError: 422 for a key of filter or order that is unknown, or a value that its key does not have; 404 for
            `after` that is not in the list.
    """
    found = _sorted(list(matching(newest, words)), sort or NEWEST)
    start = 0
    if after is not None:
        places = {run.id: place for place, run in enumerate(found)}
        if after not in places:
            remedy = "leave `after` out to begin anew"
            raise field_error("after", after, "the id of a run that this filter lists", remedy, status=404)
        start = places[after] + 1
    return Page(found[start : start + limit], len(found))


def matching(runs: Iterable[Run], words: str) -> Iterable[Run]:
    """The runs of which every word of the filter is true."""
    tests = [_test(word) for word in words.split()]
    return (run for run in runs if all(test(run) for test in tests))


def _test(word: str) -> Callable[[Run], bool]:
    key, colon, value = word.partition(":")
    wanted = value.casefold()
    if not colon:
        return lambda run: key.casefold() in _text(run)
    if key not in KEYS:
        known = f"words, or key:value with one of {', '.join(KEYS)}"
        raise field_error("filter", word, known, "choose one of these keys, or leave the colon out")
    _check(word, key, wanted)
    if key == "tag":
        return lambda run: any(wanted == tag.casefold().replace(" ", "_") for tag in run.tags)
    if key == "starred":
        return lambda run: run.starred == (wanted == "yes")
    if key in RANGES:
        return lambda run: FIELDS[key](run) == int(wanted)
    return lambda run: wanted == str(FIELDS[key](run)).casefold().replace(" ", "_")


def _check(word: str, key: str, value: str) -> None:
    """Refuse a value that no run can have: it would be answered by an empty list, as if there were no such run."""
    if key in CHOICES:
        if value not in CHOICES[key]:
            example = f"{key}:{CHOICES[key][0]}"
            raise field_error("filter", word, f"{key} is one of {', '.join(CHOICES[key])}", f"write {example}, say")
    elif key in RANGES:
        low, high = RANGES[key]
        if not (value.isascii() and value.isdigit() and low <= int(value[:20]) <= high):
            example = f"{key}:{min(max(low, 3), high)}"
            raise field_error("filter", word, f"{key} is a whole number, {low} … {high}", f"write {example}, say")
    elif not value or '"' in value:
        what = "the name of a preset" if key == "preset" else "the id of a group" if key == "group" else "a tag"
        remedy = f"write it behind the colon without quotes, with _ for each space, or leave {key}: out"
        raise field_error("filter", word, f"{key} is followed by {what}", remedy)


def _text(run: Run) -> str:
    said = (run.name, run.note, *run.tags, FIELDS["task"](run), FIELDS["method"](run), run.status, _verdict(run) or "")
    return "\n".join(said).casefold()


def _sorted(runs: list[Run], sort: str) -> list[Run]:
    falling, key = sort.startswith("-"), sort.removeprefix("-")
    if key not in ORDERS:
        known = f"one of {', '.join(ORDERS)}, with - in front for falling"
        raise field_error("sort", sort, known, f"leave it out for {NEWEST}: newest first")
    value = ORDERS[key]
    keyed = [(value(run), run) for run in runs]
    has = [(of, run) for of, run in keyed if of is not None]
    # A sort keeps equals in their order, in reverse too.
    has.sort(key=lambda pair: pair[0], reverse=falling)
    return [run for _, run in has] + [run for of, run in keyed if of is None]
