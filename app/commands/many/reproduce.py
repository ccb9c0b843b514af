"""`sab reproduce`: an experiment of the papers, trained here, with every seed and every failure in the report."""

from __future__ import annotations

import os
import platform
import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from sab_visualiser.app.commands.many.figures import write_figures
from sab_visualiser.app.commands.many.measured import measure_missing
from sab_visualiser.app.commands.many.trainers import Engine, Folder, Place, Scheduler, Server, Workers, cores, reached
from sab_visualiser.app.commands.many.trials import dry_run
from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.commands.shared.data import Files, know_files
from sab_visualiser.app.commands.shared.files import write
from sab_visualiser.app.commands.shared.source import commit
from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.fetch.sources import SOURCES
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.sweeps.papers.account.shelf import FIGURES, OWN, all_reports
from sab_visualiser.app.sweeps.papers.reproduction import Missing, Report, data_read, experiment, missing, names
from sab_visualiser.app.sweeps.papers.told import page_of
from sab_visualiser.app.version import VERSION
from sab_visualiser.model.contract import resolved

OUTPUT = Path("docs") / "reproduction"
"""Where reports of a checkout lie; elsewhere they lie beside the runs, where the page of the server finds them."""


def reproduce(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"Which experiment: {', '.join(names())}.")],
    seeds: Annotated[
        int | None, typer.Option(min=1, max=200, help="Seeds of each setting.", show_default="the experiment's own")
    ] = None,
    engine: Engine = "local",
    scheduler: Scheduler = None,
    workers: Workers = None,
    server: Server = None,
    data_dir: Folder = None,
    data_files: Files = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder of the reports.",
            show_default=f"{OUTPUT} in a checkout, elsewhere {OWN} in the folder of runs",
        ),
    ] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="List the trials that are missing and what they cost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: the rows as JSON.")] = False,
) -> None:
    """Run an experiment of the papers again; it goes on from what its report has already."""
    know_files(data_files, server)
    have_data(name, data_files, server)
    asked = experiment(name, presets().fill, seeds)
    folder = output or reports_folder(data_dir)
    report = Report(folder / f"{name}.json", asked, machine())
    left, place = missing(asked, report), Place(engine, scheduler, workers, server, data_dir)
    if dry and asked.measure is None and left.trials:
        return dry_run(left, workers or cores(), as_json=as_json)
    if dry:
        return typer.echo(f"{name}: {len(asked.marks) - len(report.rows)} of {len(asked.marks)} rows are missing")
    if asked.measure is not None:
        measure_missing(asked, report, place, commit("app", "model") or VERSION)
    elif left.trials:
        with reached(place) as trainers:
            trainers.drive(left, Missing(asked, report, commit("app", "model") or VERSION))
    try:
        report.write()
    except OSError as error:
        raise CommandError(f"--output {folder}: {error.strerror}; choose a folder that can be written") from None
    reports = all_reports(folder)
    write(folder / "README.md", page_of(reports).encode())
    write_figures(reports, folder / FIGURES.name)
    if as_json:
        print_json({"rows": report.rows})
    else:
        typer.echo(f"{name}: {len(report.rows)} of {len(asked.marks)} rows in {report.path}")
    return None


def have_data(name: str, data_files: Path | None, server: str | None) -> None:
    """Have what an experiment reads, before anything is trained.

    Raises:
        CommandError: Files are missing that `sab data fetch` gets; one line that says so, and where they go.
    """
    absent = [data for data in sorted(data_read(name)) if data in SOURCES and resolved(data) == data]
    if not absent:
        return
    fetch = " and ".join(f"sab data fetch {data}" for data in absent)
    if server is not None:
        where = f"on the machine of {server}, into the folder of files of data of that server"
    else:
        folder = data_files or make_settings("reproduce").data_files
        fetch += f" --data-files {shlex.quote(str(data_files))}" if data_files else ""
        where = f"which puts them into {' and '.join(str(folder / data) for data in absent)}"
    raise CommandError(f"{name} reads {' and '.join(absent)}, whose files are not here: run {fetch}, {where}", 2)


def reports_folder(data_dir: Path | None) -> Path:
    """Where reports go when nobody says: of a checkout into its docs, else beside the runs.

    Args:
        data_dir: The folder of runs; None for the usual one.
    """
    return OUTPUT if OUTPUT.is_dir() else (data_dir or Settings().data_dir) / OWN


def machine() -> dict[str, Any]:
    """What the trials were trained on and with."""
    told = {"python": platform.python_version(), "torch": version("torch"), "numba": version("numba")}
    return {"machine": {**told, "processor": platform.machine(), "cores": os.cpu_count(), "version": VERSION}}
