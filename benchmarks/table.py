"""The rows of the README out of a report of `make bench`, so that nobody copies a number by hand.

Pure: a report in, lines of Markdown out. What a figure is called here is said in ROWS alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: begin (written by make bench) -->", "<!-- figures: end -->"
BUSY = 2
"""Load for each core above which figures say little."""
HEAD = ("| what | measured | budget |", "| --- | --- | --- |")
GROWTH_HEAD = (
    "| one update, ms (peak memory beyond torch's own, MiB) | {lengths} | grows as T^p: time, memory |",
    "| --- | {dashes} | --- |",
)


def lines_of(report: Mapping[str, Any], chart: str | None = None) -> list[str]:
    """All of it: where it was measured, the budgets, the growth.

    Args:
        report: What `python -m benchmarks` writes.
        chart: Where the picture of the growth is, seen from the README; None shows none.
    """
    growth = growth_lines(report.get("engine", []))
    picture = [f"![Time and memory of one update against T, both axes logarithmic.]({chart})", ""]
    shown = [*(picture if chart and growth else []), *growth]
    return [_where(report["machine"]), "", *HEAD, *_rows(report), "", *shown]


def _where(machine: Mapping[str, Any]) -> str:
    loads = " and ".join(
        f"{machine[key][0]:g} {word}"
        for key, word in (("load_before", "before"), ("load_after", "after"))
        if key in machine
    )
    most = max(each[0] for key, each in machine.items() if key in ("load_before", "load_after"))
    # The measurement itself makes a load of its threads; more than that is somebody else.
    busy = " **The machine was busy: not for quoting.**" if most > BUSY * machine["cores"] else ""
    return (
        f"Measured by `make bench` on {machine['time'][:10]} at commit {machine['commit']}: {machine['cores']} cores of"
        f" {machine['processor']}, no GPU used, torch {machine['torch']}, Python {machine['python']}, load {loads}; all"
        f" figures with their spread in [docs/bench.json](docs/bench.json). **Bold** misses its budget.{busy}"
    )


def _rows(report: Mapping[str, Any]) -> Iterator[str]:
    """One row for each figure that has a budget."""
    for part in ("engine", "stream", "page"):
        for entry in report.get(part, []):
            if "budget" in entry:
                yield f"| {entry['what']} | {value_of(entry)} | {entry['budget']} |"


def value_of(entry: Mapping[str, Any]) -> str:
    """A figure with its unit, bold where it misses its budget, and why where it was not measured."""
    if entry["value"] is None:
        return f"not measured: {entry['reason']}"
    unit = "" if entry["unit"] == "ratio" else entry["unit"]  # the row says what is over what
    shown = f"{number(entry['value'])} {unit}".strip()
    return f"**{shown}**" if entry.get("holds") is False else shown


def growth_lines(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Subjects down, lengths across; nothing when the figures hold no growth."""
    measured = [entry for entry in figures if "subject" in entry and "T" in entry]
    lengths = sorted({entry["T"] for entry in measured})
    if not lengths:
        return []
    head = GROWTH_HEAD[0].format(lengths=" | ".join(f"T={steps}" for steps in lengths))
    lines = [head, GROWTH_HEAD[1].format(dashes=" | ".join("---" for _ in lengths))]
    for subject in dict.fromkeys(entry["subject"] for entry in measured):
        of_it = {entry["T"]: entry for entry in measured if entry["subject"] == subject}
        name = next(iter(of_it.values()))["what"].partition(": ")[2]
        cells = [_cell(of_it.get(steps)) for steps in lengths]
        powers = [_exponent(figures, subject, quantity) for quantity in ("time", "memory")]
        lines.append(f"| {name} | {' | '.join(cells)} | {', '.join(powers)} |")
    return lines


def _cell(entry: Mapping[str, Any] | None) -> str:
    if entry is None or entry["value"] is None:
        return "left out"
    memory = entry.get("grown_mib")
    return number(entry["value"]) + ("" if memory is None else f" ({number(memory)})")


def _exponent(figures: Sequence[Mapping[str, Any]], subject: str, quantity: str) -> str:
    found = [e for e in figures if e.get("subject") == subject and e.get("quantity") == quantity]
    return f"{found[0]['value']:.2f}" if found else "–"


def number(value: float) -> str:
    """Three significant figures, thousands with a comma, never an exponent."""
    rounded = float(f"{value:.3g}")
    if rounded == 0 or abs(rounded) >= 100:
        return f"{rounded:,.0f}"
    return f"{rounded:.{2 - math.floor(math.log10(abs(rounded)))}f}"


def put_into(path: Path, lines: list[str], marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Write lines between two marks of a Markdown file, in place of what stands there.

    Raises:
        ValueError: The file does not hold both marks.
    """
    begin, end = marks
    text = path.read_text()
    if begin not in text or end not in text:
        raise ValueError(f"{path.name}: holds no marks; put {begin} and {end} where the rows shall stand")
    written = "\n".join((begin, *lines, end))
    path.write_text(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: written, text, flags=re.S))
