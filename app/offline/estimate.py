"""What a sweep will cost: a few updates of each kind of trial, made here and now in a process of its own.

`python -m sab_visualiser.app.offline.estimate` reads specs as JSON from standard input and answers with one pair
(seconds an update, peak memory in bytes) for each.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

ENOUGH_S = 0.5
MOST_UPDATES = 20
KIB = 1024


class Cost(NamedTuple):
    """Of one trial: seconds an update, and the most memory its process had, bytes."""

    update_s: float
    peak_bytes: int


def measured(specs: Sequence[dict[str, Any]]) -> list[Cost]:
    """What the trainings of these specs cost, measured one after the other in a fresh process.

    Raises:
        RuntimeError: With the last line of what went wrong.
    """
    words = [sys.executable, "-P", "-m", "sab_visualiser.app.offline.estimate"]
    done = subprocess.run(words, input=json.dumps(specs), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or "it ended without a word").splitlines()[-1])
    return [Cost(*pair) for pair in json.loads(done.stdout)]


def _cost(spec: dict[str, Any]) -> Cost:
    from sab_visualiser.app.wire.errors import validate
    from sab_visualiser.app.wire.requests import RunSpec
    from sab_visualiser.app.worker.translate import run_config
    from sab_visualiser.model.training.trainer import Trainer

    trainer = Trainer(run_config(validate(RunSpec, spec)))
    trainer.step()  # the loops are compiled or loaded now
    taken: list[float] = []
    started = time.perf_counter()
    while len(taken) < MOST_UPDATES and (not taken or time.perf_counter() - started < ENOUGH_S):
        taken.append(trainer.step().seconds)
    return Cost(median(taken), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB)


def main() -> None:
    """Measure what stands on standard input."""
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.worker.process import prepare
    from sab_visualiser.model.contract.files.folder import seek_in

    prepare(1, 1)
    seek_in(lambda: Settings().data_files)
    print(json.dumps([_cost(spec) for spec in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
