"""When a training is good enough: `accuracy ≥ 0.99`, a metric of the task and its bound, in words that people write."""

from __future__ import annotations

import re
from typing import NamedTuple

from sab_visualiser.model.contract.data import TextFacts, known
from sab_visualiser.model.contract.tasks import TASKS, TaskName

UNTIL_FORM = r"\s*[a-z][a-z0-9]*\s*(≥|≤|>=|<=)\s*[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?\s*"
_PARTS = re.compile(r"\s*([a-z][a-z0-9]*)\s*(≥|≤|>=|<=)\s*([0-9.e+-]+)\s*")


class Until(NamedTuple):
    """A bound on a metric: `rising` where the metric must reach it, else it must fall to it."""

    metric: str
    rising: bool
    bound: float

    def reached(self, metrics: dict[str, float]) -> bool:
        """Whether these figures are good enough; one that is not a number never is."""
        value = metrics[self.metric]
        return value >= self.bound if self.rising else value <= self.bound

    def __str__(self) -> str:
        return f"{self.metric} {'≥' if self.rising else '≤'} {self.bound:g}"


def parse_until(words: str, task: TaskName) -> Until:
    """Read a bound, and hold it to the metrics of a task.

    Raises:
        ValueError: Naming field, value, range and remedy.
    """
    parts = _PARTS.fullmatch(words)
    if parts is None:
        raise ValueError(f"training.until = {words}: must be a metric, ≥ or ≤, and a number; {example_until(task)}")
    name, sign, number = parts.groups()
    better = {metric.name: metric.better for metric in TASKS[task].metrics}
    if name not in better:
        listed = ", ".join(better)
        raise ValueError(f"training.until = {words}: {task} has the metrics {listed}; {example_until(task)}")
    until = Until(name, sign in ("≥", ">="), float(number))
    if until.rising != (better[name] == "higher"):
        wanted = f"{name} {'≥' if better[name] == 'higher' else '≤'} {number}"
        raise ValueError(f"training.until = {words}: {name} is better when it is {better[name]}; write {wanted}")
    if name == "accuracy" and not 0 < until.bound <= 1:
        raise ValueError(f"training.until = {words}: accuracy is a share, more than 0 … 1; {example_until(task)}")
    return until


def usual_until(task: TaskName, data: str | None = None) -> Until:
    """The bound by which a task counts as learned where nobody set another.

    Args:
        task: Its name.
        data: The data set that it reads, where that is not its own. A text counts as learned when a character costs
            half of the bits that it costs who knows how often each one stands in the text, and nothing else.
    """
    facts = TASKS[task]
    first, text = facts.metrics[0], known(data or facts.data)
    rising = first.better == "higher"
    if isinstance(text, TextFacts):
        return Until(first.name, rising, round(text.entropy_bits / 2, 2))
    return Until(first.name, rising, facts.bar or (0.99 if rising else 0.01))


def example_until(task: TaskName) -> str:
    """What a person may write for a task."""
    return f"write for example {usual_until(task)}"
