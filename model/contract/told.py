"""What is said of tasks: all of them as GET /api/tasks tells it, and one in the few words of names, lists and captions.

The page calls a task as `task_words` does (static/js/draw/task_words.js).
"""

from __future__ import annotations

from typing import Any

from sab_visualiser.model.contract.data import ImageFacts, TextFacts, known
from sab_visualiser.model.contract.tasks import MAX_STEPS, TASKS, TaskFacts, TaskName, chance_of_data, usual_T

CALLED = {
    "hamlet": "Hamlet",
    "digits": "digits 8×8",
    "mnist": "MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "cifar-10": "CIFAR-10",
}
"""Data sets as people call them, by the word of `task.data`; others are called by that word. A name with × in it tells
the size of its images."""


def task_list() -> list[dict[str, Any]]:
    """All tasks as GET /api/tasks tells of them."""
    return [_told(name, facts) for name, facts in TASKS.items()]


def takes(name: TaskName) -> tuple[str, ...]:
    """The fields of `task` that a run of this task may set, beside its name: `task_rules` refuses the others."""
    facts = TASKS[name]
    own = known(facts.data)
    taken = {
        "T": True,
        "items": facts.items is not None,
        "T_min": facts.has_delay,
        "data": bool(facts.data),
        "permuted": isinstance(own, ImageFacts),
        "carry": isinstance(own, TextFacts),
    }
    return tuple(field for field, is_taken in taken.items() if is_taken)


def _told(name: TaskName, facts: TaskFacts) -> dict[str, Any]:
    T, data = usual_T(name, None), known(facts.data)
    limits = (T, T) if isinstance(data, ImageFacts) else (facts.least_T, MAX_STEPS)
    length = ("T", T, *limits, "steps", facts.about_T)
    own = facts.items
    items = [("items", own.default, 1, own.most, own.unit, own.description)] if own else []
    keys = ("name", "default", "minimum", "maximum", "unit", "description")
    return {
        "name": name,
        "title": facts.title,
        "description": facts.description,
        "kind": facts.kind,
        "inputs": facts.inputs,
        "fields": list(takes(name)),
        "parameters": [dict(zip(keys, row, strict=True)) for row in (length, *items)],
        "metrics": [metric._asdict() for metric in facts.metrics],
        "chance": facts.chance or chance_of_data(data),
        "true_sources": facts.true_sources,
    }


def task_words(name: str, T: int | None = None, data: str | None = None, permuted: int | None = None) -> str:
    """A task in a few words: `copy T=50`, `text of Hamlet, T = 100`, `Fashion-MNIST, 784 pixels in order`.

    Args:
        name: Of the task, which a later version may have and this one not.
        T: In steps; None: the task's own.
        data: `task.data`; None: the task's own data set.
        permuted: Seed of the order of pixels; None: row by row.
    """
    facts = TASKS.get(name)  # type: ignore[call-overload]  # any word may come from outside
    T = usual_T(name, None) if T is None else T
    if facts is None or not facts.data:
        return f"{name} T={T}"
    word = (data or facts.data).partition("@")[0]
    called = CALLED.get(word, word)
    # By the task's own set, which is always known: that of a run may be elsewhere.
    if not isinstance(known(facts.data), ImageFacts):
        return f"text of {called}, T = {T}"
    size = "" if "×" in called else f"{T} pixels "
    return f"{called}, {size}{'in order' if permuted is None else 'permuted'}"


def spoken(task: Any) -> str:
    """`task_words` of a task with attributes, or of its fields as they travel."""
    own = task if isinstance(task, dict) else {one: getattr(task, one) for one in ("name", "T", "data", "permuted")}
    return task_words(own["name"], own.get("T"), own.get("data"), own.get("permuted"))


def joined(words: str, more: str) -> str:
    """A task in words with something behind it: set off by a comma where the words have one."""
    return f"{words}, {more}" if ", " in words else f"{words} {more}"
