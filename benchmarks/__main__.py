"""`python -m benchmarks [engine|stream|page] [--quick] [--json] [--output FILE]`; all three when none is named.

Each part runs in a process of its own, so that threads and caches of one cannot help or hurt another.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT, machine

PARTS = ("engine", "stream", "page")


def main() -> int:
    """Measure, print, and write the file that the README quotes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument("--quick", action="store_true", help="few repetitions: a smoke run, not for quoting")
    parser.add_argument("--json", action="store_true", help="no lines for a person beside the JSON")
    parser.add_argument("--output", type=Path, help="also write the JSON to this file")
    arguments = parser.parse_args()
    if arguments.part:
        module = importlib.import_module(f"benchmarks.{arguments.part}")
        figures = {arguments.part: module.measure(quick=arguments.quick)}
    else:
        figures = {part: _in_a_process(part, quick=arguments.quick) for part in PARTS}
    report = {"machine": machine(), "quick": arguments.quick, **figures}
    if not arguments.json:
        for part, found in figures.items():
            print("\n".join(f"{part:<7} {line(entry)}" for entry in found), file=sys.stderr)
    print(json.dumps(report, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return 0


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
