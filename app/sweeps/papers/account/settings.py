"""The rows of a report by setting: which trainings differ in their seed alone, and what they came to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import mean, median
from typing import Any, NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.model.contract import METHODS, TASKS, Task, knob_words, spoken
from sab_visualiser.model.contract.data import ImageFacts, known
from sab_visualiser.model.contract.tasks import Metric, TaskName

LEARNED = "learned"


class Setting(NamedTuple):
    """What trainings have in common that differ in their seed alone; names as in the rows of a report."""

    task: TaskName
    T: int
    T_min: int | None
    method: str
    k_top: int
    k_trunc: int
    k_att: int
    learning_rate: float
    data: str | None = None
    permuted: int | None = None

    @property
    def mixed(self) -> bool:
        """Whether each update draws its delay."""
        return self.T_min not in (None, self.T)

    @property
    def delays(self) -> str:
        """Of its training, in words; of a task without any, what is read."""
        if TASKS[self.task].data:
            return spoken(self.as_task)
        return f"delays {self.T_min}–{self.T} mixed" if self.mixed else f"one delay of {self.T}"

    @property
    def place(self) -> str:
        """Where it was trained: its length and its delays, or what it reads."""
        return self.delays if TASKS[self.task].data else f"T = {self.T}, {self.delays}"

    @property
    def trained(self) -> str:
        """How a seed of it was trained, behind the word for the seed."""
        if TASKS[self.task].data:
            return f" with {self.knobs} on {self.delays}"
        return f" at T = {self.T} with {self.knobs} and {self.delays}"

    @property
    def order(self) -> str:
        """How images are read; empty where none are."""
        # By the bundled set of the task: a report is read where its own set may not be.
        images = isinstance(known(TASKS[self.task].data), ImageFacts)
        return "" if not images else "in order" if self.permuted is None else "in a permuted order"

    @property
    def as_task(self) -> Task:
        """The task, for what the contract says of it."""
        return Task(self.task, self.T, T_min=self.T_min, data=self.data, permuted=self.permuted)

    @property
    def kind(self) -> str:
        """What trainings are pooled by, in words, at the beginning of a sentence."""
        if TASKS[self.task].data:
            return "On real data"
        return "With mixed delays" if self.mixed else "With one fixed delay"

    @property
    def called(self) -> str:
        """The method as pictures and sentences call it."""
        return METHODS[self.method].called

    @property
    def knobs(self) -> str:
        """The knobs that the method leaves free, in words."""
        names = {"sab": ("k_top", "k_trunc", "k_att"), "tbptt": ("k_trunc",), "attention": ("k_att",)}
        return ", ".join(f"{name} {knob_words(name, getattr(self, name))}" for name in names.get(self.method, ()))


class Group(NamedTuple):
    """A setting with its rows, one a seed."""

    setting: Setting
    rows: list[Row]

    @property
    def learned(self) -> list[Row]:
        """Those whose goal held."""
        return [row for row in self.rows if row["verdict"] == LEARNED]


class Spread(NamedTuple):
    """Mean, least and most of the seeds that have a figure."""

    mean: float
    least: float
    most: float


def setting_of(row: Row) -> Setting:
    """The setting of a row."""
    told: Any = {name: row.get(name) for name in Setting._fields}
    return Setting(**told)


def groups_of(rows: Iterable[Row]) -> list[Group]:
    """The settings in the order in which they come."""
    found: dict[Setting, list[Row]] = {}
    for row in rows:
        found.setdefault(setting_of(row), []).append(row)
    return [Group(setting, own) for setting, own in found.items()]


def metric_of(rows: Sequence[Row]) -> Metric:
    """The metric that a report is about: the first of its task."""
    return TASKS[rows[0]["task"]].metrics[0]


def spread_of(rows: Sequence[Row], metric: str) -> Spread | None:
    """The last look at fresh examples; None where no seed has a figure."""
    values = figures_of(rows, metric)
    return Spread(mean(values), min(values), max(values)) if values else None


def figures_of(rows: Iterable[Row], metric: str) -> list[float]:
    """The figures that there are."""
    return [row[metric] for row in rows if row[metric] is not None]


def updates_to_the_goal(rows: Iterable[Row]) -> float | None:
    """Median over the seeds that learned; None where none did."""
    made = [goal_of(row) for row in rows if row["verdict"] == LEARNED]
    return median(made) if made else None


def goal_of(row: Row) -> int:
    """The update at which the goal held: a training that goes on after it has more updates."""
    found = re.fullmatch(r"learned at ([\d,]+)", row["label"] or "")
    return int(found[1].replace(",", "")) if found else int(row["updates"])


def update_ms(rows: Iterable[Row]) -> float | None:
    """Median milliseconds of an update; None where none was made."""
    costs = [1000 * row["seconds"] / row["updates"] for row in rows if row["updates"]]
    return median(costs) if costs else None


def is_tuning(groups: Sequence[Group]) -> bool:
    """Whether settings differ in their learning rate alone, so that the question is which rate suits."""
    kinds = [setting._replace(learning_rate=0.0) for setting, _ in groups]
    return len(set(kinds)) < len(kinds)


def words_of(setting: Setting) -> str:
    """A setting as a person reads it."""
    delays = f", {setting.delays}" if setting.mixed else ""
    told = setting.delays if TASKS[setting.task].data else f"{setting.task} T = {setting.T}{delays}"
    knobs = f", {setting.knobs}" if setting.knobs else ""
    return f"{told}: {setting.called}{knobs}, rate {setting.learning_rate:g}"


def end_words(row: Row, metric: str) -> str:
    """What became of a seed."""
    value = "no figure" if row[metric] is None else f"{metric} {row[metric]:.3f}"
    best = "" if row["best"] is None else f", best {row['best']:.3f}"
    why = f" ({row['reason']})" if row["status"] in ("failed", "diverged") and row["reason"] else ""
    return f"{row['label'] or row['status']}, {value}{best}{why}"


def published_of(report: dict[str, Any], setting: Setting, metric: str) -> dict[str, Any] | None:
    """What a checked source says of this setting; of fixed delays only, for no paper mixes them."""
    own = setting._asdict()
    for said in report["published"]:
        same = all(own[name] == value for name, value in said.items() if name in own)
        if same and metric in said and not setting.mixed:
            return dict(said)
    return None
