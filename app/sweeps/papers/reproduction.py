"""Experiments of the papers, done again: what they ask, what was published, what came out here, failures included.

Each is a sweep (experiments/NAME.toml) with a title, a question and, where its source was checked, what was published;
or it measures the networks of another one at other lengths (`[measure]`), and trains only those that are not there.
A report is a JSON file of rows; it is written anew after every trial, so that what was interrupted goes on from it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.drive import Listed, Outcome
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.papers.account.shelf import mark_of, rows_in
from sab_visualiser.app.sweeps.plan import Plan, Trial, plan_of
from sab_visualiser.app.sweeps.rows import figures_of
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.model.contract import fixed_values

FOLDER = Path(__file__).parent / "experiments"
ABOUT = ("title", "question", "published")
OF_TASK, OF_MODEL = ("T", "T_min", "data", "permuted"), ("k_top", "k_trunc", "k_att")
OF_TRAINING = ("learning_rate", "batch_size", "phase")
Fill = Callable[[dict[str, Any]], dict[str, Any]]


class Measure(NamedTuple):
    """At what lengths networks of another experiment are measured.

    Attributes:
        of: Its name.
        methods: Of which methods.
        lengths: T in steps, rising; the task may be longer than one that is trained may be.
        examples: Fresh ones at each length, the same for all networks.
        seed: Of the examples.
    """

    of: str
    methods: tuple[str, ...]
    lengths: tuple[int, ...]
    examples: int
    seed: int


@dataclass(frozen=True)
class Experiment:
    """One experiment.

    Attributes:
        name: Of its file.
        title: In words.
        question: What it answers.
        published: Rows of `{method, k_top, k_trunc, accuracy …, source}`; only what a checked source says.
        plan: Its trials.
        measure: What is measured of their networks; None where the trainings themselves are the experiment.
    """

    name: str
    title: str
    question: str
    published: tuple[dict[str, Any], ...]
    plan: Plan
    measure: Measure | None = None

    @property
    def marks(self) -> list[str]:
        """By what its rows are known again, in their order: one a trial, or one a trial and length."""
        marks = [mark_of(trial.key) for trial in self.plan.trials]
        if self.measure is None:
            return marks
        return [at_length(mark, T) for mark in marks for T in self.measure.lengths]


def names() -> list[str]:
    """The experiments there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def data_read(name: str) -> set[str]:
    """The data sets that an experiment names, by the word of `task.data`; those of no experiment for another name."""
    if name not in names():
        return set()
    words = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    parts = [words, *words.get("parts", ())]
    named = {part.get("base", {}).get("task", {}).get("data") for part in parts}
    return {str(data) for data in named if data}


def experiment(name: str, fill: Fill, seeds: int | None = None) -> Experiment:
    """An experiment by its name; `seeds` in place of the number that it says itself.

    Raises:
        UserError: There is none of that name.
    """
    if name not in names():
        raise field_error("NAME", name, f"one of {', '.join(names())}", "choose one of them")
    words = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    title, question, published = (words.pop(key, "") for key in ABOUT)
    if "measure" in words:
        told = words["measure"]
        measure = Measure(**{**told, "methods": tuple(told["methods"]), "lengths": tuple(told["lengths"])})
        return Experiment(
            name, title, question, (), _of_methods(experiment(measure.of, fill, seeds).plan, measure), measure
        )
    if seeds is not None:
        words["seeds"] = {**words["seeds"], "count": seeds}
        for part in words.get("parts", ()):
            part.pop("seeds", None)
    plan = plan_of(sweep_of(words, f"reproduce {name}"), fill)
    return Experiment(name, title, question, tuple(published or ()), plan)


def _of_methods(plan: Plan, measure: Measure) -> Plan:
    """The trials of the methods that are measured, in the group of the experiment that trains them."""
    return reduced(plan, tuple(trial for trial in plan.trials if trial.spec.model.method in measure.methods))


def row_of(outcome: Outcome, commit: str) -> Row:
    """A trial as the report has it."""
    spec, run = outcome.trial.spec, outcome.run
    model = {**spec.model.model_dump(mode="json"), **fixed_values(spec.model.method)}
    best = run["best"] or {}
    figures = figures_of(outcome)
    return {
        "task": spec.task.name,
        **{name: getattr(spec.task, name) for name in OF_TASK},
        "method": spec.model.method,
        **{name: model[name] for name in OF_MODEL},
        "seed": spec.training.seed,
        **{name: figures.pop(name, None) for name in ("accuracy", "ce10", "ce")},
        **figures,
        **{name: getattr(spec.training, name) for name in OF_TRAINING},
        "updates": run["update"],
        "most_updates": spec.training.updates,
        "seconds": round(run["trained_s"], 1),
        "verdict": (run["verdict"] or {}).get("word"),
        "label": (run["verdict"] or {}).get("label"),
        "best": best.get("value"),
        "best_update": best.get("update"),
        "status": run["status"],
        "reason": run["reason"],
        "commit": commit,
        "trial": mark_of(outcome.trial.key),
    }


def at_length(mark: str, T: int) -> str:
    """The mark of a row that says what the network of a trial can do at a length."""
    return f"{mark}-{T}"


class Report:
    """The rows of an experiment in a file.

    Args:
        path: `NAME.json`; what stands in it is gone on from.
        asked: The experiment.
        about: What is told beside the rows: machine and versions.

    Raises:
        UserError: The file is none of ours.
    """

    def __init__(self, path: Path, asked: Experiment, about: dict[str, Any]) -> None:
        self.path, self._asked, self._about = path, asked, about
        self._rows: dict[str, Row] = {row["trial"]: row for row in rows_in(path)} if path.exists() else {}

    def done(self, trial: Trial) -> bool:
        """Whether the trial needs no training any more: one that was lost is tried again."""
        return self.has(mark_of(trial.key))

    def has(self, mark: str) -> bool:
        """Whether the row of that mark is there, and final."""
        row = self._rows.get(mark)
        return row is not None and row["status"] in ("finished", "diverged", "stopped")

    def add(self, row: Row) -> None:
        """Keep a row, and the file with it."""
        self._rows[row["trial"]] = row
        self.write()

    @property
    def rows(self) -> list[Row]:
        """The rows of the plan, in its order; rows of trials that are in it no longer are left out."""
        return [self._rows[mark] for mark in self._asked.marks if mark in self._rows]

    def write(self) -> None:
        """The whole file anew, or not at all."""
        told = {name: getattr(self._asked, name) for name in ("name", *ABOUT)}
        content = {**told, "trials": len(self._asked.marks), **self._about, "rows": self.rows}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_suffix(".part")
        aside.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")
        aside.replace(self.path)


class Missing(Listed):
    """The trials of an experiment that its report lacks; each is kept there at its end."""

    def __init__(self, asked: Experiment, report: Report, commit: str) -> None:
        super().__init__(missing(asked, report))
        self._report, self._commit = report, commit

    def took(self, outcome: Outcome) -> None:
        """Its row goes into the report at once."""
        self._report.add(row_of(outcome, self._commit))


def missing(asked: Experiment, report: Report) -> Plan:
    """The plan without what the report has."""
    return reduced(asked.plan, tuple(trial for trial in asked.plan.trials if not report.done(trial)))


def reduced(plan: Plan, trials: tuple[Trial, ...]) -> Plan:
    """A plan with some of its trials."""
    updates = sum(trial.spec.training.updates for trial in trials)
    return replace(plan, trials=trials, count=len(trials), updates=updates)
