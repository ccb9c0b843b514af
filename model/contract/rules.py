"""What the fields of a task, and of a model, must be together. Ranges of single ones stand beside them (run.py)."""

from __future__ import annotations

from typing import Protocol

from sab_visualiser.model.contract.data import BUNDLED, DataFacts, ImageFacts, TextFacts, called, known, short_name
from sab_visualiser.model.contract.run import Method, Normalizer, Variant
from sab_visualiser.model.contract.tasks import MAX_STEPS, TASKS, TaskFacts, TaskLike, data_of, items_of, least_T


def task_rules(task: TaskLike) -> None:
    """What the fields of a task must be together.

    Raises:
        ValueError: Naming field, value, range and remedy.
    """
    facts = TASKS[task.name]
    if task.items is not None and facts.items is None:
        raise ValueError(f"task.items = {task.items}: {task.name} {facts.no_items}; leave items out")
    if facts.items is not None and items_of(task) > facts.items.most:
        why = facts.items.too_many or f"{task.name} takes at most {facts.items.most}"
        raise ValueError(f"task.items = {task.items}: {why}; lower task.items to 1 … {facts.items.most}")
    least = least_T(task)
    if least > task.T:
        remedy = "raise task.T or lower task.items" if facts.scattered else "raise task.T"
        raise ValueError(f"task.T = {task.T}: {task.name} needs {least} … {MAX_STEPS}; {remedy}")
    _delay_rules(task, facts, least)
    _data_rules(task, facts)


def _delay_rules(task: TaskLike, facts: TaskFacts, least: int) -> None:
    if task.T_min is None:
        return
    if not facts.has_delay:
        raise ValueError(f"task.T_min = {task.T_min}: {task.name} has no delay to mix; leave T_min out")
    if not least <= task.T_min <= task.T:
        raise ValueError(
            f"task.T_min = {task.T_min}: must be {least} … {task.T}, for {task.name} with T = {task.T};"
            " lower it, raise task.T, or leave it out for one fixed delay"
        )


def _data_rules(task: TaskLike, facts: TaskFacts) -> None:
    """Whether the data set suits the task, and T the data set; one that nobody here has seen is left alone."""
    if not facts.data and task.data is not None:
        raise ValueError(f"task.data = {task.data}: {task.name} makes its sequences itself; leave data out")
    data, own = data_of(task), known(facts.data)
    if task.permuted is not None and not isinstance(own, ImageFacts):
        raise ValueError(f"task.permuted = {task.permuted}: {task.name} reads no images; leave permuted out")
    if task.carry and not isinstance(own, TextFacts):
        raise ValueError(f"task.carry = true: must be false, for {task.name} reads no text; leave carry out")
    if task.data in BUNDLED or "@" in (task.data or "@"):
        return data_suits(task, data)
    choices = ", ".join(called(type(own) if own else None))
    raise ValueError(f"task.data = {task.data}: is not known here; choose from {choices}, or add a data set")


def data_suits(task: TaskLike, data: DataFacts | None) -> None:
    """Whether a task can read a data set; one that nobody here has seen is left alone.

    Raises:
        ValueError: Naming field, value, range and remedy.
    """
    own = known(TASKS[task.name].data)
    if data is None or own is None:
        return
    short = short_name(data.name)
    if not isinstance(data, type(own)):
        of = "texts" if isinstance(own, TextFacts) else "images"
        raise ValueError(f"task.data = {short}: {task.name} reads {of}; write for example {own.name}")
    if isinstance(data, ImageFacts) and data.pixels != task.T:
        raise ValueError(
            f"task.T = {task.T}: an image of {short} has {data.pixels} pixels, one a step;"
            f" write {data.pixels}, or leave T out"
        )
    if isinstance(data, TextFacts) and data.most_T < task.T:
        raise ValueError(
            f"task.T = {task.T}: both parts of {short} give sequences of 1 … {data.most_T} steps;"
            " lower task.T, or choose a longer text"
        )


class ModelLike(Protocol):
    """Whatever has the fields of Model."""

    @property
    def method(self) -> Method: ...  # noqa: D102
    @property
    def normalizer(self) -> Normalizer: ...  # noqa: D102
    @property
    def variant(self) -> Variant: ...  # noqa: D102


def model_rules(model: ModelLike) -> None:
    """What the fields of a model must be together.

    Raises:
        ValueError: Naming field, value, range and remedy.
    """
    if model.variant == "release" and model.normalizer != "shift":
        raise ValueError("model.normalizer = softmax: the release variant has shift only; choose variant paper")
    if model.variant == "release" and model.method == "attention":
        raise ValueError("model.method = attention: needs a softmax, which variant release has not; choose paper")
