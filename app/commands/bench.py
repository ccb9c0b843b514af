"""`sab bench`: measure the budgets on this machine.

The measurements live in benchmarks/ beside the source; an installed wheel does not carry them, and says so.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from sab_visualiser.app.commands.common import CommandError

SOURCE = Path(__file__).resolve().parents[2]


def bench(
    what: Annotated[
        Literal["engine", "stream", "page"],
        typer.Argument(help="engine: one update; stream: emit to received, start-up; page: arcs, frames."),
    ],
    quick: Annotated[bool, typer.Option("--quick", help="Few repetitions: seconds instead of minutes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Only JSON on standard output.")] = False,
    table: Annotated[
        bool, typer.Option("--table", help="Rows of Markdown on standard output instead of JSON.")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(help="Draw time and memory of an update against T into this SVG file (engine)."),
    ] = None,
) -> None:
    """Measure one part and print the figures, with machine, commit and spread; engine takes up to six minutes."""
    if not (SOURCE / "benchmarks" / f"{what}.py").is_file():
        raise CommandError("the measurements are part of the source, not of the wheel; run this from a clone")
    words = [sys.executable, "-m", "benchmarks", what]
    words += ["--quick"] * quick + ["--json"] * as_json + ["--table"] * table
    words += ["--chart", str(chart.resolve())] if chart else []
    code = subprocess.run(words, cwd=SOURCE, check=False).returncode  # noqa: S603 (our own module, no shell)
    if code:
        raise CommandError(f"bench {what} ended with exit code {code}", code if code > 0 else 1)
