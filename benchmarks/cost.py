"""The estimate of memory beside what is really taken: `python -m benchmarks.cost [--json]`.

Each row is one job in a process of its own, warm as a worker is: `python -m benchmarks.cost KIND BACKEND SPEC` makes it
once and prints what the process took at its peak beside what it had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any, NamedTuple, cast

import psutil

from benchmarks.machine import ROOT
from benchmarks.peak import high_water_bytes
from sab_visualiser.app.runs.fits import run_sizes
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract import check_cost, probe_cost, run_cost, size_words

LONGEST_S = 600.0
COSTS = {"run": run_cost, "probe": probe_cost, "selfcheck": check_cost}


class Row(NamedTuple):
    """A job: what is done, by which backend, with which spec; and what it was estimated to take and took, bytes."""

    kind: str
    backend: str
    spec: dict[str, Any]
    estimated: int
    taken: int
    seconds: float

    def words(self) -> str:
        """One line."""
        sizes = json.dumps({name: value for part in self.spec.values() for name, value in part.items()})
        figures = (
            f"{size_words(self.taken):>8} of {size_words(self.estimated):>8}, {self.estimated / self.taken:4.1f} ×"
        )
        return f"{self.kind:10}{self.backend:6} {figures}  {self.seconds:5.1f} s  {sizes}"


JOBS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("run", {"task": {"T": 400}, "training": {"batch_size": 128}}),
    ("run", {"task": {"T": 1000}, "training": {"batch_size": 32}}),
    ("run", {"task": {"T": 1000}, "model": {"hidden_size": 256}, "training": {"batch_size": 8}}),
    ("run", {"task": {"T": 200}, "model": {"hidden_size": 512}, "training": {"batch_size": 64}}),
    ("run", {"task": {"T": 20}, "model": {"hidden_size": 1024}, "training": {"batch_size": 4}}),
    ("run", {"task": {"T": 100}, "model": {"attention_size": 256, "k_att": 1}, "training": {"batch_size": 256}}),
    ("run", {"task": {"T": 300}, "model": {"method": "attention"}}),
    ("run", {"task": {"name": "adding", "T": 400}, "training": {"batch_size": 64}}),
    ("probe", {"task": {"T": 400}, "model": {"k_top": 1000, "k_att": 1}}),
    ("probe", {"task": {"T": 1000}, "model": {"k_top": 50, "k_att": 1}}),
    ("selfcheck", {"task": {"T": 400}}),
    ("selfcheck", {"task": {"T": 300}, "model": {"k_top": 1000, "k_att": 1, "attention_size": 128}}),
)


def measure(kind: str, backend: str, spec: dict[str, Any]) -> Row:
    """Make the job in a new process, and read what it took."""
    words = [sys.executable, "-m", "benchmarks.cost", kind, backend, json.dumps(spec)]
    own = {**os.environ, "SAB_BACKEND": "torch"} if backend == "torch" else dict(os.environ)
    done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=True, timeout=LONGEST_S)
    taken, seconds = json.loads(done.stdout)
    whole = cast(Spec, RunSpec.model_validate(spec).model_dump(mode="json"))
    sizes = run_sizes(whole, {}, fused=backend == "numba")
    return Row(kind, backend, spec, COSTS[kind](sizes).size_bytes, taken, seconds)


def _make(kind: str, spec: dict[str, Any]) -> tuple[int, float]:
    """What the job took, bytes, and how long, in this process."""
    from sab_visualiser.app.worker.begin.warm import warm_up
    from sab_visualiser.app.worker.process import prepare
    from sab_visualiser.app.worker.translate import run_config

    prepare()
    warm_up()
    job = {"run": _run, "probe": _probe, "selfcheck": _selfcheck}[kind]
    config = run_config(RunSpec.model_validate(spec))
    before, started = psutil.Process().memory_info().rss, time.monotonic()
    job(config, spec)
    return high_water_bytes() - before, round(time.monotonic() - started, 1)


def _run(_config: Any, spec: dict[str, Any]) -> None:
    """Everything that a worker does with a run: pictures, updates, looks, checkpoints."""
    from sab_visualiser.app.worker.session import Session
    from sab_visualiser.model.training.looks import fresh

    class Nowhere:
        def send(self, message: dict[str, Any]) -> None:
            """Drop it."""

    session = Session(Nowhere(), {"run": "r1", "attempt": 1, "spec": spec})
    for _ in range(3):
        session.advance()
    fresh(session.trainer)
    session.leave()


def _probe(config: Any, _spec: dict[str, Any]) -> None:
    from sab_visualiser.app.worker.record import snapshot_record
    from sab_visualiser.model.training.trainer import Trainer

    snapshot_record(Trainer(config))


def _selfcheck(config: Any, _spec: dict[str, Any]) -> None:
    from sab_visualiser.model.proof.selfcheck import SelfCheck
    from sab_visualiser.model.training.trainer import Trainer

    trainer = Trainer(config)
    SelfCheck(trainer.network, trainer.task, trainer.task.probe_batch()).identities()


def main() -> None:
    """All jobs on both backends, or the one that is named."""
    if len(sys.argv) == 4:
        print(json.dumps(_make(sys.argv[1], json.loads(sys.argv[3]))))
        return
    rows = []
    for kind, spec in JOBS:
        for backend in ("numba", "torch"):
            rows.append(measure(kind, backend, spec))
            print(rows[-1].words(), flush=True)
    if "--json" in sys.argv:
        print(json.dumps([row._asdict() for row in rows]))


if __name__ == "__main__":
    main()
