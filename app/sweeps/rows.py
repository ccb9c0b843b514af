"""What came of a sweep: one row a trial, in the order of the plan. Pure.

A row has what the trial has of its own by dotted name, the metrics of its last look at fresh examples (never those of a
batch that it trained on), the best one, the verdict, the seconds of training, and the id of its run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sab_visualiser.app.runs.kin.results import Row, flat, metrics_of
from sab_visualiser.app.sweeps.drive import Outcome
from sab_visualiser.app.sweeps.plan import Plan, value_of


def rows_of(plan: Plan, outcomes: Iterable[Outcome]) -> list[Row]:
    """The rows of a sweep."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.trial.number)
    return [_row(plan.axes, outcome) for outcome in ordered]


def _row(axes: Sequence[str], outcome: Outcome) -> Row:
    run = outcome.run
    told = {
        **{name: run[name] for name in ("best", "fresh", "status", "reason", "update")},
        "values": {name: value_of(outcome.trial.spec, name) for name in axes},
        "verdict": (run["verdict"] or {}).get("word"),
        "seconds": round(run["trained_s"], 3),
        "steered": run["params_version"] > 0,
        "run": run["id"],
    }
    return flat(told, figures_of(outcome))


def figures_of(outcome: Outcome) -> dict[str, float | None]:
    """The metrics of the task, and `loss`, at the last look at fresh examples, as the run itself shows them.

    None where one is not finite, and where there was no look.
    """
    names = (metric["name"] for metric in metrics_of([outcome.trial.spec.task.name]))
    return {name: outcome.run["fresh"].get(name) for name in names}
