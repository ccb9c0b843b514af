"""The tasks as GET /api/tasks tells of them."""

from __future__ import annotations

from typing import Any

from sab_visualiser.model.contract.data import ImageFacts, known
from sab_visualiser.model.contract.tasks import MAX_STEPS, TASKS, TaskFacts, chance_of_data, usual_T


def task_list() -> list[dict[str, Any]]:
    """All tasks as GET /api/tasks tells of them."""
    return [_told(name, facts) for name, facts in TASKS.items()]


def _told(name: str, facts: TaskFacts) -> dict[str, Any]:
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
        "parameters": [dict(zip(keys, row, strict=True)) for row in (length, *items)],
        "metrics": [metric._asdict() for metric in facts.metrics],
        "chance": facts.chance or chance_of_data(data),
        "true_sources": facts.true_sources,
    }
