"""`python losing_a_gpu.py FILE …`: a real worker whose device fails once, in the run that has the telling size.

There is no device here: what torch raises of one is raised in its place. FILE says that it has happened.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from sab_visualiser.app.worker.__main__ import main
from sab_visualiser.model.training.trainer import Trainer, UpdateResult

TELLING, AT = 13, 160
"""hidden_size of the run, and the updates that it makes before."""
WORDS = "CUDA error: unspecified launch failure"
ERROR: type[RuntimeError] = getattr(torch, "AcceleratorError", RuntimeError)
STEP = Trainer.step


def losing(trainer: Trainer) -> UpdateResult:
    """An update, or the loss of the device."""
    if trainer.config.model.hidden_size == TELLING and trainer.update == AT and not HAPPENED.exists():
        HAPPENED.touch()
        raise ERROR(f"{WORDS}\nCUDA kernel errors might be asynchronously reported\nat some other API call")
    return STEP(trainer)


if __name__ == "__main__":
    HAPPENED = Path(sys.argv.pop(1))
    Trainer.step = losing  # type: ignore[method-assign,assignment]
    sys.exit(main())
