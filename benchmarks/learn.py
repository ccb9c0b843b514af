"""How surely do the presets learn? `sab bench learn [--seeds N] [--threads 1] [--preset NAME] [--json]`.

Every preset is trained on N seeds, each in a process of its own, to its last update and without stopping early. Looks
at fresh examples say when it was learned and whether it stayed. One run proves nothing: a rate over seeds does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.learn_table import Outcome, rates, spikes_of, table
from benchmarks.machine import ROOT, machine

FIGURES, TABLE = ROOT / "docs" / "learning.json", ROOT / "docs" / "learning.md"
RATES = ROOT / "static" / "presets" / "rates.json"
"""What the page says of each preset."""
FIRST_SEED = 2000
"""Seeds from here on play no part in any search for settings."""


def learn(spec: dict[str, Any], seed: int, threads: int) -> Outcome:
    """Train a preset on one seed in this process.

    Args:
        spec: Of the preset, with `training.until`.
        seed: Of weights and data.
        threads: Of the fused loops.
    """
    from sab_visualiser.app.wire.errors import validate
    from sab_visualiser.app.wire.requests import RunSpec
    from sab_visualiser.app.worker.process import prepare
    from sab_visualiser.app.worker.translate import run_config
    from sab_visualiser.model.contract import HELD, parse_until
    from sab_visualiser.model.probe.health import health
    from sab_visualiser.model.training.looks import fresh, look_due
    from sab_visualiser.model.training.trainer import Trainer

    prepare(1, threads)
    config = run_config(validate(RunSpec, spec))
    assert config.training.until is not None, "a preset says when it is learned"
    until = parse_until(config.training.until, config.task.name)
    Trainer(config).step()  # the loops are compiled or loaded, and no clock runs yet
    trainer = Trainer(replace(config, training=replace(config.training, seed=seed)))
    losses: list[float] = []
    held, reached, seconds, end = 0, None, None, float("nan")
    started = time.perf_counter()
    for result in trainer.updates(config.training.updates):
        if not look_due(result.update):
            continue
        figures = fresh(trainer)
        losses.append(figures["loss"])
        end, held = figures[until.metric], held + 1 if until.reached(figures) else 0
        if held >= HELD and reached is None:
            reached, seconds = result.update, round(time.perf_counter() - started, 2)
    return Outcome(
        seed=seed,
        reached=reached,
        seconds=seconds,
        held=held > 0,
        end=round(end, 4),
        spikes=spikes_of(losses),
        dead=health(trainer.network, trainer.task.probe_batch()).dead,
        skipped=trainer.skipped_total,
        updates=trainer.update,
    )


def presets(names: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """Specs of the presets that have a goal to reach, by name."""
    from sab_visualiser.app.presets.bundled import Presets

    found = {preset.name: {**preset.spec} for preset in Presets(ROOT / "static" / "presets")}
    learnable = {
        name: spec for name, spec in found.items() if spec["training"]["until"] and spec["model"]["variant"] == "paper"
    }
    if unknown := [name for name in names if name not in learnable]:
        raise ValueError(f"--preset = {unknown[0]}: one of {', '.join(learnable)}; only they have a goal")
    return {name: learnable[name] for name in names or learnable}


def measure(names: Sequence[str], seeds: int, threads: int, first: int = FIRST_SEED) -> dict[str, list[Outcome]]:
    """Train them all, as many at a time as there are cores for."""
    found: dict[str, list[Outcome]] = {}
    workers = max(1, (os.cpu_count() or 1) // threads)
    for name, spec in presets(names).items():
        with ProcessPoolExecutor(workers, get_context("spawn"), max_tasks_per_child=1) as pool:
            open_ = [pool.submit(learn, spec, first + at, threads) for at in range(seeds)]
            for done in as_completed(open_):
                found.setdefault(name, []).append(outcome := done.result())
                told = (
                    f"at update {outcome['reached']}, {outcome['seconds']} s" if outcome["reached"] else "not reached"
                )
                print(f"{name} seed {outcome['seed']}: {told}; ends at {outcome['end']}", file=sys.stderr, flush=True)
        found[name].sort(key=lambda outcome: outcome["seed"])
    return found


def merged(before: dict[str, Any], found: dict[str, list[Outcome]], threads: int) -> dict[str, Any]:
    """The report with new outcomes; of those before it keeps what was measured with the settings that are so today."""
    known, specs = presets(), before.get("specs", {})
    kept = {
        count: {
            name: outcomes for name, outcomes in rows.items() if name in known and same(specs.get(name), known[name])
        }
        for count, rows in before["threads"].items()
    }
    measured = {**kept, str(threads): {**kept.get(str(threads), {}), **found}}
    told = {name for rows in measured.values() for name in rows}
    return {
        "machine": machine(),
        "goals": {name: known[name]["training"]["until"] for name in known if name in told},
        "specs": {name: known[name] for name in known if name in told},
        "threads": measured,
    }


def same(one: dict[str, Any] | None, other: dict[str, Any]) -> bool:
    """Whether two specs train the same, a field that one does not have yet at its default, but for the seed."""
    from sab_visualiser.app.wire.requests import RunSpec

    if one is None:
        return False
    whole = [RunSpec.model_validate(spec).model_dump() for spec in (one, other)]
    for spec in whole:
        spec["training"]["seed"] = 0
    return whole[0] == whole[1]


def main() -> int:
    """Measure, and write what was measured; presets that were left out keep their figures."""
    parser = argparse.ArgumentParser(prog="sab bench learn", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="seeds of each preset")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first of the seeds: others, after a change")
    parser.add_argument("--threads", type=int, default=1, help="of the fused loops of each run")
    parser.add_argument("--preset", action="append", default=[], help="only this preset; repeated")
    parser.add_argument(
        "--json", action="store_true", help="the figures as JSON on standard output; no file is written"
    )
    parser.add_argument("--from", dest="source", type=Path, help="write the files from this report; measure nothing")
    arguments = parser.parse_args()
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {"threads": {}, "goals": {}}
    if arguments.source:
        report = json.loads(arguments.source.read_text("utf-8"))
    else:
        try:
            chosen = list(presets(arguments.preset))
        except ValueError as error:
            parser.error(str(error))
        found = measure(chosen, arguments.seeds, arguments.threads, arguments.first)
        report = merged(before, found, arguments.threads)
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for path, text in (
        (FIGURES, json.dumps(report, ensure_ascii=False, indent=1) + "\n"),
        (RATES, json.dumps(rates(report), ensure_ascii=False, indent=1) + "\n"),
        (TABLE, table(report)),
    ):
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
