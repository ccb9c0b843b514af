"""`sab bench`: measure the budgets on this machine.

The measurements live in benchmarks/ beside the source; an installed wheel does not carry them, and says so.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from sab_visualiser.app.commands.shared.common import CommandError

SOURCE = Path(__file__).resolve().parents[2]


def bench(
    what: Annotated[
        Literal["engine", "stream", "page", "sweeps", "scale", "learn", "trust"],
        typer.Argument(
            help="engine: one update; stream: emit to received, start-up; page: arcs, frames; sweeps: one worker, two,"
            " Dask; scale: the streams of up to 1,000 workers against one server; learn: how many seeds of each preset"
            " learn, which takes minutes a preset; trust: what is lost by kills, what nonsense does, what storms cost."
        ),
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
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Seeds of each preset (learn).")] = 10,
    first: Annotated[int, typer.Option(min=0, max=2**30, help="First of the seeds (learn).")] = 2000,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Loop threads of each run (learn).")] = 1,
    preset: Annotated[list[str] | None, typer.Option(help="Only this preset, repeated (learn).")] = None,
) -> None:
    """Measure one part and print the figures, with machine, commit and spread; engine takes up to six minutes,
    sweeps and scale about ten.

    learn writes docs/learning.json and docs/learning.md, with --json it prints the figures instead.
    """
    if not (SOURCE / "benchmarks" / f"{what}.py").is_file():
        raise CommandError("the measurements are part of the source, not of the wheel; run this from a clone")
    if what == "learn":
        words = [sys.executable, "-m", "benchmarks.learn", "--seeds", str(seeds), "--first", str(first)]
        words += ["--threads", str(threads)]
        words += [word for name in preset or () for word in ("--preset", name)] + ["--json"] * as_json
        return _run(what, words)
    if what == "trust":
        return _run(what, [sys.executable, "-m", "benchmarks.trust", *["--quick"] * quick, *["--json"] * as_json])
    words = [sys.executable, "-m", "benchmarks", what]
    words += ["--quick"] * quick + ["--json"] * as_json + ["--table"] * table
    words += ["--chart", str(chart.resolve())] if chart else []
    return _run(what, words)


def _run(what: str, words: list[str]) -> None:
    code = subprocess.run(words, cwd=SOURCE, check=False).returncode  # noqa: S603 (our own module, no shell)
    if code:
        raise CommandError(f"bench {what} ended with exit code {code}", code if code > 0 else 1)
