"""`sab sweep`: many trainings from one file, as runs of one group; app/sweeps does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sab_visualiser.app.commands.many.events import Written, check_events
from sab_visualiser.app.commands.many.trainers import (
    Engine,
    Folder,
    Place,
    Scheduler,
    Server,
    Workers,
    cores,
    reached,
)
from sab_visualiser.app.commands.many.trials import cost_words, dry_run
from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.data import Files, know_files
from sab_visualiser.app.commands.shared.files import is_stdout, told, write
from sab_visualiser.app.commands.train import check_here, presets
from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.sweeps.drive import Listed, Source
from sab_visualiser.app.sweeps.file import read_sweep
from sab_visualiser.app.sweeps.plan import Plan, plan_of, search_plan
from sab_visualiser.app.sweeps.rows import rows_of
from sab_visualiser.app.sweeps.searched import Searched


def sweep(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="What is tried: base, grid and seeds.")],
    engine: Engine = "local",
    scheduler: Scheduler = None,
    workers: Workers = None,
    server: Server = None,
    data_dir: Folder = None,
    data_files: Files = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a sweep that was begun.")] = False,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="List the trials and what they will cost; train none.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the rows to this .csv, .json or .parquet file; - prints CSV."),
    ] = None,
    tensorboard: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Event files of the trials, a folder each, for tensorboard --logdir DIR."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: the rows as JSON.")] = False,
) -> None:
    """Train every combination of a grid with every seed; finished trials are never run twice."""
    if output is not None:
        from sab_visualiser.app.export.content.rows import check_output

        check_output(_named(output))
    if tensorboard is not None:
        check_events(tensorboard, server)
    know_files(data_files, server)
    told, fill = read_sweep(file), presets().fill
    plan = plan_of(told, fill) if told.search is None else search_plan(told, told.search, fill)
    if server is None and engine == "local":
        check_here(*(trial.spec for trial in plan.trials))
    if dry:
        return dry_run(plan, workers or cores(), as_json=as_json)
    with reached(Place(engine, scheduler, workers, server, data_dir)) as trainers:
        there = trainers.client.runs_of(plan.group)
        if there and not resume:
            raise CommandError(
                f"{plan.name}: {len(there)} of its runs are there already; --resume goes on with it, "
                "or give the sweep another name",
                2,
            )
        begun = [run["spec"] for run in there]
        source: Source = Listed(plan) if told.search is None else Searched(told.search, told.base, fill, begun)
        if tensorboard is not None:
            source = Written(source, plan.name, tensorboard, data_dir)
        rows = rows_of(plan, trainers.drive(plan, source))
    report(plan, rows, output, as_json=as_json)
    return None


def report(plan: Plan, rows: list[Row], output: Path | None, *, as_json: bool) -> None:
    """What came of it, in a file, as JSON, or as a table of words."""
    if output is not None:
        from sab_visualiser.app.export.content.rows import rows_file

        write(output, rows_file(rows, _named(output).suffix, plan.group, plan.name))
    if as_json and not is_stdout(output):
        print_json({"rows": rows})
    else:
        for row in rows:
            told(output, "  ".join(f"{name} {_word(row[name])}" for name in (*plan.axes, *_told(row))))
        told(output, f"{plan.name}: {cost_words(rows)}; group {plan.group}")


def _named(output: Path) -> Path:
    """Standard output takes rows as a table of text."""
    return Path("rows.csv") if is_stdout(output) else output


def _told(row: Row) -> list[str]:
    figures = [name for name in row if name not in ("loss", "best", "best_update", "reason", "steered", "status")]
    return [name for name in figures if "." not in name] + (["reason"] if row["reason"] else [])


def _word(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "–" if value is None else str(value)
