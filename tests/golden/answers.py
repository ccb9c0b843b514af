"""What /api/engine answers on machines that are not here, as model/devices.py words it; the page's tests read the file.

`python -m tests.golden.answers` writes it anew.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from sab_visualiser.model import card, devices
from sab_visualiser.model.card import Card
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.devices import resolve_device
from sab_visualiser.model.passes.fused import backend as fused
from sab_visualiser.model.passes.triton import backend as walks
from sab_visualiser.model.passes.triton.backend import too_old

STORED = Path(__file__).with_name("engine_answers.json")
H100, T4 = Card("NVIDIA H100 80GB HBM3"), Card("Tesla T4")
NO_CODE = card.no_code((7, 0), ["sm_75", "sm_80", "sm_90"])
NO_KERNEL = "AcceleratorError: CUDA error: no kernel image is available for execution on the device"
WRONG = "a small layer gives a wrong number here: weight_hh is off by 1.0e-02 of its largest"


class Machine(NamedTuple):
    """A machine, what is asked for there, and by which run: (batch_size, hidden_size)."""

    device: str = "auto"
    run: tuple[int, int] | None = None
    there: Card = H100
    loops: str | None = None
    walks: str | None = None
    failing: str | None = None
    free: int = 79_000_000_000
    mps: bool = False


MACHINES = {
    "only a CPU": Machine(there=Card(why_not="Torch not compiled with CUDA enabled")),
    "a GPU beside the CPU": Machine(),
    "a GPU, chosen by name": Machine("cuda"),
    "a GPU, chosen by shape": Machine(run=(512, 256)),
    "a GPU that does not pay at this shape": Machine(run=(64, 128)),
    "a GPU that is full": Machine(run=(512, 256), free=100_000_000),
    "a GPU that computes nothing": Machine(run=(512, 256), failing=NO_KERNEL),
    "a driver that is too old": Machine(
        there=Card(why_not="RuntimeError: The NVIDIA driver on your system is too old (found 11040)", troubled=True)
    ),
    "a card without code": Machine(there=Card(why_not=f"Tesla V100: {NO_CODE}", troubled=True)),
    "a card too old for Triton": Machine("cuda", there=T4, walks=too_old((7, 5))),
    "Triton missing": Machine("cuda", walks="triton is not installed (pip install 'sab-visualiser[gpu]')"),
    "Triton broken": Machine("cuda", walks="ImportError: libcuda.so.1: cannot open shared object file"),
    "a wrong number": Machine("cuda", walks=WRONG),
    "no loops": Machine(loops="ImportError: no numba"),
    "neither": Machine(there=Card(why_not="no driver"), loops="ImportError: no numba"),
    "an Apple GPU": Machine("mps", there=Card(why_not="no driver"), mps=True),
}


def answers() -> dict[str, dict[str, Any]]:
    """The answer of each machine, with two cores everywhere."""
    return {name: _answer(machine) for name, machine in MACHINES.items()}


def _answer(machine: Machine) -> dict[str, Any]:
    here = {"cpu": "2 cores"}
    here |= {"cuda": machine.there.name} if machine.there.name else {}
    here |= {"mps": "Apple GPU"} if machine.mps else {}
    config = None
    if machine.run is not None:
        batch, hidden = machine.run
        config = RunConfig(TaskConfig("copy", 30), ModelConfig(hidden_size=hidden), TrainingConfig(batch_size=batch))
    with ExitStack() as pretended:
        for module, name, value in (
            (devices, "present", here),
            (card, "found", machine.there),
            (fused, "why_no_numba", machine.loops),
            (walks, "why_no_triton", machine.walks),
            (card, "free_bytes", (machine.free, 80_000_000_000)),
        ):
            pretended.enter_context(patch.object(module, name, lambda value=value: value))
        pretended.enter_context(patch.object(card, "failing", lambda device: machine.failing))
        place = resolve_device(machine.device, config)
    told = {"backend": place.backend, "why": place.why, "as_wished": place.as_wished}
    return {"device": place.device.type, **told, "cores": 2, "threads": 2}


def text() -> str:
    """The file."""
    return json.dumps(answers(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    STORED.write_text(text(), "utf-8")
