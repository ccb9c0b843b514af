"""Pay the one-time costs of torch and of the fused loops early, so that the first update of a run comes at once.

`python -m sab_visualiser.app.worker.begin.warm` compiles the loops into their cache on disk, as `make install` does.
"""

from __future__ import annotations

from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.worker.record import snapshot_record
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training.trainer import Trainer

TINY = {"task": {"T": 3, "items": 1}, "model": {"hidden_size": 4, "attention_size": 2}, "training": {"batch_size": 2}}


def warm_up() -> None:
    """Make one update and one probe of a tiny network, and forget it."""
    trainer = Trainer(run_config(RunSpec.model_validate(TINY)))
    trainer.step()
    snapshot_record(trainer)


if __name__ == "__main__":
    warm_up()
