"""What the commands that train many networks show: a bar with the time left, and what it will cost or has cost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median
from types import TracebackType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.sweeps.plan import Plan, value_of

BESIDE_UPDATES_S = 2.0
"""What a trial takes beside its updates, as `sab bench sweeps` measured it: a worker that begins, looks, its end."""


class Bar:
    """Progress on a terminal, nothing elsewhere; as a context."""

    def __init__(self, plan: Plan, url: str) -> None:
        self._plan, self._console = plan, Console(file=sys.stderr)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
        times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
        self._progress = Progress(*columns, *times, console=self._console, disable=not self._console.is_terminal)
        self._bar = self._progress.add_task(self._words(0), total=plan.updates)
        if self._console.is_terminal:
            self._console.print(f"watch it on {url}/runs/group/{plan.group}", markup=False)

    def tell(self, updates: int, ended: int) -> None:
        """So many updates are made in all trials, so many trials have ended."""
        self._progress.update(self._bar, completed=updates, description=self._words(ended))

    def _words(self, ended: int) -> str:
        return f"{self._plan.name}: {ended} of {self._plan.count} trials"

    def __enter__(self) -> Bar:
        # A bar that is switched off still ends its line, in earlier versions of rich.
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._progress.stop()


def dry_run(plan: Plan, at_once: int, *, as_json: bool) -> None:
    """List the trials, and what they will cost: a few updates of each kind are made and measured.

    Raises:
        CommandError: They could not be measured.
    """
    from sab_visualiser.app.offline.estimate import measured

    kinds = {_kind(trial.spec.model_dump(mode="json")): trial.spec.model_dump(mode="json") for trial in plan.trials}
    try:
        costs = dict(zip(kinds, measured(list(kinds.values())), strict=True))
    except RuntimeError as error:
        raise CommandError(f"--dry-run: the trials cannot be measured: {error}") from None
    rows = []
    for trial in plan.trials:
        cost = costs[_kind(trial.spec.model_dump(mode="json"))]
        seconds = trial.spec.training.updates * cost.update_s + BESIDE_UPDATES_S
        own = {name: value_of(trial.spec, name) for name in plan.axes}
        rows.append({**own, "updates": trial.spec.training.updates, "seconds": round(seconds, 1)})
    in_all = sum(row["seconds"] for row in rows) / len(rows) * plan.count / min(at_once, plan.count)
    peak = max(cost.peak_bytes for cost in costs.values()) * min(at_once, plan.count)
    figures = {"trials": plan.count, "workers": at_once, "seconds": round(in_all, 1), "peak_bytes": peak}
    if as_json:
        return print_json({"rows": rows, **figures})
    for row in rows:
        typer.echo("  ".join(f"{name} {value}" for name, value in row.items()))
    typer.echo(
        f"{plan.name}: {plan.count} trials, {at_once} at a time: about {_time(in_all)} and {peak / 2**20:,.0f} MiB, if "
        "no trial ends early; measured by a few updates here"
    )
    return None


def _kind(spec: dict[str, Any]) -> str:
    """Trials that cost the same: everything but seed, name and how long they train."""
    training = {name: spec["training"][name] for name in ("batch_size", "sum_floor")}
    return repr((spec["task"], spec["model"], training))


def cost_words(rows: Sequence[dict[str, Any]]) -> str:
    """How many trials came to what, and what they took."""
    words: dict[str, int] = {}
    for row in rows:
        word = str(row["verdict"] or row["status"])
        words[word] = words.get(word, 0) + 1
    spent = [row["seconds"] for row in rows]
    told = ", ".join(f"{count} {word}" for word, count in words.items())
    return f"{len(rows)} trials, {told}; {sum(spent):.1f} s of training, median {median(spent or [0]):.1f} s"


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
