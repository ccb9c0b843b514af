"""What came of runs that belong together: in which settings they differ, and one row a run. Pure.

Rows are the same for the results page, for its files, and for `sab sweep`. Metrics are those of the last look at fresh
examples, never those of a batch that a run trained on.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from sab_visualiser.app.runs.kin.group import trained
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.verdict import best_of, fresh_of, word_of
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import TaskName
from sab_visualiser.model.contract import TASKS, Field, fields

Row = dict[str, Any]
LOSS = "loss"


def value_of(spec: Spec, path: str) -> Any:
    """The value of a field by its dotted name; of a knob that the method fixes, what it is fixed to."""
    part, name = path.split(".")
    return trained(spec)[part][name]


def axes_of(specs: Iterable[Spec], named: Container[str] = ()) -> tuple[str, ...]:
    """The dotted names in which specs differ, in the order of the contract.

    Args:
        specs: Of the runs.
        named: Names that are among them in any case, as a grid names them.
    """
    return _axes([trained(spec) for spec in specs], named)


def _axes(settings: Sequence[dict[str, Any]], named: Container[str]) -> tuple[str, ...]:
    def differs(field: Field) -> bool:
        return len({repr(each[field.part][field.name]) for each in settings}) > 1

    return tuple(field.path for field in fields() if field.path in named or differs(field))


def metrics_of(tasks: Iterable[TaskName]) -> list[dict[str, str]]:
    """The figures that runs of these tasks are judged by, the most telling first, and the loss: name, unit, better."""
    known = [metric for name in dict.fromkeys(tasks) for metric in TASKS[name].metrics]
    found = {each.name: {"name": each.name, "unit": each.unit, "better": each.better} for each in known}
    return [*found.values()] if LOSS in found else [*found.values(), {"name": LOSS, "unit": "", "better": "lower"}]


def results_of(group: str, runs: Iterable[Run]) -> dict[str, Any]:
    """What came of a group: the fields of GroupResults.

    Args:
        group: Its id.
        runs: Where to look for its runs, oldest first.

    Raises:
        UserError: 404 where none of them belongs to it.
    """
    members = [run for run in runs if run.group == group]
    if not members:
        raise field_error(
            "group", group, "the id of a group that has runs", "GET /api/runs says it of each", status=404
        )
    settings = [trained(run.spec) for run in members]
    axes = _axes(settings, ())
    return {
        "group": group,
        "name": members[0].group_name or group,
        "axes": list(axes),
        "metrics": metrics_of(run.spec["task"]["name"] for run in members),
        "rows": [_row(run, each, axes) for run, each in zip(members, settings, strict=True)],
    }


def _row(run: Run, settings: dict[str, Any], axes: Sequence[str]) -> Row:
    own = {path: settings[path.partition(".")[0]][path.partition(".")[2]] for path in axes}
    return {
        "run": run.id,
        "name": run.name,
        "attempt": run.attempt,
        "seq": run.seq,
        "status": run.status,
        "reason": run.reason,
        "update": run.update,
        "updates": run.spec["training"]["updates"],
        "values": own,
        "fresh": fresh_of(run.progress, run.spec),
        "best": best_of(run.progress, run.spec),
        "verdict": word_of(run.progress, run.status),
        "seconds": round(run.trained_s, 3),
        "steered": run.params_version > 0,
    }


def flat(row: Mapping[str, Any], metrics: Iterable[str]) -> Row:
    """A row as files have it: one value a column, `updates` are those that were made.

    Args:
        row: The fields of GroupRow.
        metrics: Names of the columns of figures; None in each that the run was not judged by.
    """
    best = row["best"] or {}
    told = ("verdict", "status", "reason")
    return {
        **row["values"],
        **{name: row["fresh"].get(name) for name in metrics},
        "best": best.get("value"),
        "best_update": best.get("update"),
        **{name: row[name] for name in told},
        "updates": row["update"],
        "seconds": row["seconds"],
        "steered": row["steered"],
        "run": row["run"],
    }


def flat_rows(results: Mapping[str, Any]) -> list[Row]:
    """All rows of a group as files have them."""
    names = [metric["name"] for metric in results["metrics"]]
    return [flat(row, names) for row in results["rows"]]
