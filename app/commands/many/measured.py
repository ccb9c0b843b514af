"""Networks of an experiment at other lengths, for `sab reproduce`: a row for each network and length."""

from __future__ import annotations

from pathlib import Path

import typer

from sab_visualiser.app.commands.many.trainers import Place, reached
from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.drive import Listed, Outcome
from sab_visualiser.app.sweeps.papers.account.shelf import mark_of
from sab_visualiser.app.sweeps.papers.reproduction import (
    Experiment,
    Measure,
    Report,
    at_length,
    reduced,
    row_of,
)
from sab_visualiser.app.wire.errors import UserError, field_error


def measure_missing(asked: Experiment, report: Report, place: Place, commit: str) -> None:
    """Measure what the report lacks; networks that are not in the folder of runs are trained first.

    Raises:
        UserError: `--server` was named: the weights are read from the folder.
    """
    assert asked.measure is not None
    if place.server is not None:
        raise field_error(
            "--server", place.server, "left out: weights are read from the folder of runs", "leave it out"
        )
    left = [trial for trial in asked.plan.trials if _lengths(report, mark_of(trial.key), asked.measure)]
    if not left:
        return
    plan = reduced(asked.plan, tuple(left))
    with reached(place) as trainers:
        outcomes = trainers.drive(plan, Listed(plan))
    for outcome in outcomes:
        mark = mark_of(outcome.trial.key)
        for T in _lengths(report, mark, asked.measure):
            if (row := _measured(outcome, T, asked.measure, place.data_dir)) is not None:
                report.add({**row_of(outcome, commit), **row, "trial": at_length(mark, T)})


def _lengths(report: Report, mark: str, measure: Measure) -> list[int]:
    """Those that the report lacks of a network."""
    return [T for T in measure.lengths if not report.has(at_length(mark, T))]


def _measured(outcome: Outcome, T: int, measure: Measure, data_dir: Path | None) -> Row | None:
    """What the network can do at a length; None, and a line, for one that left no weights."""
    from sab_visualiser.app.export.sources import weights_file
    from sab_visualiser.app.offline.measure.transfer import Asked, Source, transfer
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder

    run = outcome.run["id"]
    try:
        file = weights_file(run, presets(), DataFolder(data_dir or Settings().data_dir))
    except UserError as error:
        typer.echo(error.problem.detail, err=True)
        return None
    (found,) = transfer([Source(run, file)], Asked((T,), measure.examples, measure.seed))
    figures = {name: found[name] for name in ("accuracy", "ce10", "ce", "loss")}
    return {**figures, "T_test": T, "examples": measure.examples, "measured_s": found["seconds"]}
