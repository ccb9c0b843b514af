"""What 1,000 trials cost on some nodes, computed from what was measured, and written into docs/scale.md.

`python -m benchmarks.scale_table [REPORT.json …]` takes what it wants of reports of `python -m benchmarks PART --output
REPORT.json` into docs/scale.json, and writes the tables of docs/scale.md from that and from docs/reproduction. Nothing
in those tables is written by hand; a figure that was not measured yet is said to be missing.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from benchmarks.machine import ROOT
from benchmarks.table import BUSY, HEAD, number, put_into, value_of
from sab_visualiser.app.commands.many.trials import BESIDE_UPDATES_S

FIGURES, PAGE = ROOT / "docs" / "scale.json", ROOT / "docs" / "scale.md"
TRIALS_OF = ROOT / "docs" / "reproduction" / "copy-300.json"
MARKS = ("<!-- scale: begin (written by python -m benchmarks.scale_table) -->", "<!-- scale: end -->")
TRIALS, NODES, CORES = 1000, (1, 10, 100), 16
KEPT_UP, LATE_MS = 0.9, 1000.0
"""A server keeps up when it commits so much of what is sent, and 99 of 100 events are younger than that."""
PARTS = {"scale": "", "sweeps": "", "stream": "4,000 runs", "page": "000 "}
"""Parts of a report that are taken, and what the name of a figure must hold."""
Figures = Sequence[Mapping[str, Any]]


class Trial(NamedTuple):
    """What a trial takes: seconds of updates, updates, and of how many at most."""

    seconds: float
    updates: float
    most: int

    @property
    def whole_s(self) -> float:
        """Seconds if it makes all updates that it may."""
        return self.seconds / self.updates * self.most


class Load(NamedTuple):
    """What one trial is to a server while it trains, each second."""

    frames: float
    sent_bytes: float
    disk_bytes: float


class Stop(NamedTuple):
    """How far a server came: most workers that it kept up with, first number it did not, frames/s at most."""

    kept_up: int
    behind: int | None
    frames_per_s: float


def trial_of(report: Mapping[str, Any]) -> Trial:
    """From a report of `sab reproduce`: means over its rows that came to their end."""
    rows = [row for row in report["rows"] if row["status"] in ("finished", "diverged")]
    return Trial(mean(row["seconds"] for row in rows), mean(row["updates"] for row in rows), rows[0]["most_updates"])


def stop_of(levels: Figures) -> Stop:
    """From the levels of `sab bench scale`, smallest first."""
    kept, behind, most = 0, None, 0.0
    for level in levels:
        most = max(most, level["value"])
        enough = level["value"] >= KEPT_UP * level["sent_frames_per_s"]
        if enough and level["age_ms"]["p99"] <= LATE_MS and behind is None:
            kept = level["workers"]
        elif behind is None:
            behind = level["workers"]
    return Stop(kept, behind, most)


def load_of(levels: Figures) -> Load:
    """What a trial sends, from the largest level at which the server kept up, or the smallest."""
    kept = stop_of(levels).kept_up
    level = next((each for each in levels if each["workers"] == kept), levels[0])
    per = ("sent_frames_per_s", "sent_bytes_per_s", "grown_per_s")
    return Load(*(level[name] / level["workers"] for name in per))


def nodes_table(trial: Trial, load: Load | None, stop: Stop | None) -> list[str]:
    """Columns are nodes, rows what 1,000 trials cost on them."""
    at_once = [min(TRIALS, nodes * CORES) for nodes in NODES]
    head = [f"{nodes} node{'s' * (nodes > 1)}" for nodes in NODES]
    lines = [
        _line(f"{TRIALS:,} trials", head),
        f"| --- |{' --- |' * len(NODES)}",
        _line("at a time, one a core", [f"{count:,}" for count in at_once]),
        _line("processor hours, as they ended", [_hours(TRIALS * (trial.seconds + BESIDE_UPDATES_S))] * len(NODES)),
        _line("wall time, as they ended", [_wall(trial.seconds, count) for count in at_once]),
        _line(
            f"wall time, if each makes all {trial.most:,} updates", [_wall(trial.whole_s, count) for count in at_once]
        ),
    ]
    if load is None or stop is None:
        return [*lines, _line("server, network, disk", ["not measured yet"] * len(NODES))]
    frames = [count * load.frames for count in at_once]
    gigabytes = TRIALS * trial.seconds * load.disk_bytes / 1e9
    sent = [f"{number(count * load.sent_bytes / 1e6)} MB/s" for count in at_once]
    return [
        *lines,
        _line("frames to the server", [f"{number(each)}/s" for each in frames]),
        _line("of what one server took in here", [f"{number(100 * each / stop.frames_per_s)} %" for each in frames]),
        _line("servers like this one", [str(math.ceil(each / stop.frames_per_s)) for each in frames]),
        _line("network into the server", sent),
        _line("disk, all trials, most", [f"{number(gigabytes)} GB"] * len(NODES)),
    ]


def levels_table(levels: Figures, lost: Figures) -> list[str]:
    """A row for each number of workers."""
    lines = [
        "| workers | frames/s sent | committed | age of an event, p50, p99 | processors of the server | its memory "
        "| written to disk | first page of the list | a changed row at a page | lost |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for level, gone in zip(levels, lost, strict=True):
        age = f"{number(level['age_ms']['p50'])}, {number(level['age_ms']['p99'])} ms"
        cells = [
            *(f"{level['workers']:,}", number(level["sent_frames_per_s"]), number(level["value"]), age),
            *(number(level["cpu"]), f"{number(level['resident_mib'])} MiB"),
            f"{number(level['written_per_s'] / 1e6)} MB/s",
            *(f"{number(level['page_ms'])} ms", f"{number(level['row_ms'])} ms", number(gone["value"])),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def stop_words(stop: Stop, levels: Figures) -> str:
    """Where the server stops, by what was measured; nothing is said of what was not."""
    level = next(each for each in levels if each["workers"] == (stop.behind or stop.kept_up))
    per_frame = f"{number(1000 * level['cpu'] / level['value'])} ms of a processor a frame"
    if stop.behind is None:
        return (
            f"It kept up with all of {stop.kept_up:,} workers, at {number(stop.frames_per_s)} frames/s and {per_frame}."
        )
    ahead = f"It kept up with {stop.kept_up:,} workers" if stop.kept_up else "It kept up with none of these numbers"
    return (
        f"{ahead}, and no longer with {stop.behind:,}: {number(stop.frames_per_s)} frames/s were committed at most, "
        f"{per_frame}; its processors were {number(level['cpu'])} busy. What is late is not lost: frames wait in the "
        "sockets, and the workers with them."
    )


def lines_of(measured: Mapping[str, Any], trials: Mapping[str, Any]) -> list[str]:
    """Everything between the marks."""
    trial = trial_of(trials)
    part = measured.get("scale")
    levels: list[Any] = [each for each in (part or {"figures": []})["figures"] if "workers" in each]
    load, stop = (load_of(levels), stop_of(levels)) if levels else (None, None)
    rows = trials["rows"]
    lines = [
        f"A trial of T = 300 took {number(trial.seconds)} s for {number(trial.updates)} updates (means of {len(rows)} "
        f"seeds), {number(1000 * trial.seconds / trial.updates)} ms an update (`sab reproduce copy-300`). Nodes are "
        f"taken to have {CORES} cores, each as fast as one of the machine that trained them; beside its updates a "
        f"trial takes {BESIDE_UPDATES_S:g} s. Disk counts no thinning of pictures and weights.",
        "",
        *nodes_table(trial, load, stop),
        "",
        "## Streams of many workers against one server",
        "",
    ]
    if part is None or stop is None:
        return [*lines, "Not measured yet: `sab bench scale`.", *_others(measured)]
    lost = [each for each in part["figures"] if each["what"].endswith("frames lost")]
    lines += [*levels_table(levels, lost), "", stop_words(stop, levels), "", _where(part["machine"], "scale")]
    return [*lines, *_others(measured)]


def _others(measured: Mapping[str, Any]) -> list[str]:
    """Sweeps side by side, and pages of many runs."""
    lines = []
    for title, parts in (("Sweeps on two workers", ("sweeps",)), ("Many runs in the page", ("stream", "page"))):
        lines += ["", f"## {title}"]
        for name in parts:
            lines += ["", *_part(name, measured.get(name))]
    return lines


def _part(name: str, part: Mapping[str, Any] | None) -> list[str]:
    if part is None:
        return [f"Not measured yet: `sab bench {name}`."]
    shown = [each for each in part["figures"] if "budget" in each]
    reasons = [f"- {each['what']}: {each['why']}." for each in shown if "why" in each]
    rows = [f"| {each['what']} | {value_of(each)} | {each['budget']} |" for each in shown]
    return [*HEAD, *rows, *([""] if reasons else []), *reasons, "", _where(part["machine"], name)]


def _where(machine: Mapping[str, Any], part: str) -> str:
    most = max(machine[key][0] for key in ("load_before",) if key in machine)
    shared = ", shared by server and players" if part == "scale" else ""
    busy = " **The machine was busy: not for quoting.**" if most > BUSY * machine["cores"] else ""
    return (
        f"Measured by `sab bench {part}` on {machine['time'][:10]} at commit {machine['commit']}: {machine['cores']} "
        f"cores of {machine['processor']}{shared}, load {machine['load_before'][0]:g} before.{busy}"
    )


def _line(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _hours(seconds: float) -> str:
    return f"{number(seconds / 3600)} h"


def _wall(seconds: float, at_once: int) -> str:
    taken = math.ceil(TRIALS / at_once) * (seconds + BESIDE_UPDATES_S)
    return f"{number(taken / 60)} min" if taken < 7200 else _hours(taken)


def taken_from(reports: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, with what reports have of it in its place; quick runs are refused.

    Raises:
        ValueError: A report is of a quick run.
    """
    found = dict(known)
    for report in reports:
        if report["quick"]:
            raise ValueError("a quick run is not for quoting; measure again without --quick")
        for part, wanted in PARTS.items():
            if part in report:
                figures = [each for each in report[part] if wanted in each["what"]]
                found[part] = {"machine": report["machine"], "figures": figures}
    return found


def main(paths: Sequence[str]) -> int:
    """Take reports in, then write the page."""
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    try:
        found = taken_from([json.loads(Path(path).read_text()) for path in paths], known)
    except ValueError as error:
        print(f"scale_table: {error}", file=sys.stderr)
        return 1
    FIGURES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    put_into(PAGE, lines_of(found, json.loads(TRIALS_OF.read_text())), MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
