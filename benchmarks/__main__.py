"""`python -m benchmarks [engine|stream|page] [--quick] [--json] [--output FILE]`; all three when none is named.

`sweeps` and `scale` take ten minutes each and are measured only when they are named.

Each part runs in a process of its own, so that threads and caches of one cannot help or hurt another. `--chart`,
`--table` and `--readme` show what was measured, or with `--from FILE` what an earlier run wrote.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.machine import ROOT, load, machine

PARTS = ("engine", "stream", "page")
APART = ("sweeps", "scale")
CHART = "docs/engine.svg"
"""Where `make bench` draws the growth; the rows of the README show it once it is there."""


def main() -> int:
    """Measure, print, and write the file that the README quotes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=(*PARTS, *APART))
    parser.add_argument("--quick", action="store_true", help="few repetitions: a smoke run, not for quoting")
    parser.add_argument("--json", action="store_true", help="no lines for a person beside the JSON")
    parser.add_argument("--output", type=Path, help="also write the JSON to this file")
    parser.add_argument("--from", dest="source", type=Path, help="show this report; measure nothing")
    parser.add_argument("--chart", type=Path, help="draw time and memory against T into this SVG file")
    parser.add_argument("--table", action="store_true", help="Markdown rows for the README instead of JSON")
    parser.add_argument("--readme", type=Path, help="put those rows between the marks of this file")
    arguments = parser.parse_args()
    report = json.loads(arguments.source.read_text()) if arguments.source else measured(arguments.part, arguments.quick)
    if not arguments.json:
        for part in (*PARTS, *APART):
            if part in report:
                print("\n".join(f"{part:<7} {line(entry)}" for entry in report.get(part, [])), file=sys.stderr)
    if arguments.output:
        arguments.output.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    try:
        if arguments.chart:
            from benchmarks import chart

            chart.draw(report.get("engine", []), arguments.chart)
        rows = table.lines_of(report, CHART if (ROOT / CHART).is_file() else None)
        if arguments.readme:
            table.put_into(arguments.readme, rows)
    except ValueError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    print("\n".join(rows) if arguments.table else json.dumps(report, ensure_ascii=False))
    return 0


def measured(part: str | None, quick: bool) -> dict[str, Any]:
    """A report: the machine, before and after, and the figures of one part, or of all."""
    about, began = machine(), time.perf_counter()
    if part:
        figures = {part: importlib.import_module(f"benchmarks.{part}").measure(quick=quick)}
    else:
        figures = {each: _in_a_process(each, quick=quick) for each in PARTS}
    about |= {"load_after": load(), "seconds": round(time.perf_counter() - began, 1)}
    return {"machine": about, "quick": quick, **figures}


def line(entry: dict[str, Any]) -> str:
    """One figure for a person."""
    verdict = {True: "within", False: "MISSES", None: ""}[entry.get("holds")]
    budget = f"  {verdict} {entry['budget']}" if "budget" in entry else ""
    shown = "not measured: " + entry["reason"] if entry["value"] is None else f"{entry['value']} {entry['unit']}"
    return f"{entry['what']}: {shown}{budget}"


def _in_a_process(part: str, *, quick: bool) -> list[dict[str, Any]]:
    words = [sys.executable, "-m", "benchmarks", part, "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        reason = f"python -m benchmarks {part} ended with exit code {done.returncode}"
        return [{"what": part, "value": None, "unit": "", "reason": reason}]
    found: list[dict[str, Any]] = json.loads(done.stdout)[part]
    return found


if __name__ == "__main__":
    sys.exit(main())
