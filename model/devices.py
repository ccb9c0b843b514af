"""Where a network runs: `auto`, `cpu`, `cuda` or `mps`, judged once, with the reason in words that a person can read.

`auto` stays on the CPU while the fused loops work there (measured, tested on every change); without them it takes a
CUDA device where there is one. `mps` is taken by name only. Random numbers are always drawn on the CPU, so a seed gives
the same weights and batches everywhere.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Literal, get_args

import torch

from sab_visualiser.model.backends import best_for, why_not
from sab_visualiser.model.passes.backend import Target

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
DEVICES: tuple[DeviceName, ...] = get_args(DeviceName)


@dataclass(frozen=True)
class Place:
    """A device, the backend that `auto` means there (float32, the paper's variant), and why it is these two.

    Attributes:
        device: For torch.
        backend: Name of its row in the registry.
        why: One line.
        as_wished: False when the fused loops should run here and cannot: slower, same numbers.
    """

    device: torch.device
    backend: str
    why: str
    as_wished: bool = True


def present() -> dict[str, str]:
    """The devices of this machine, by the name they are chosen with, and what they are."""
    found = {"cpu": f"{os.cpu_count()} cores"}
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.get_device_name()
    if torch.backends.mps.is_available():
        found["mps"] = "Apple GPU"
    return found


def resolve_device(name: str) -> Place:
    """What a name stands for on this machine.

    Args:
        name: auto, cpu, cuda or mps.

    Raises:
        ValueError: The name is unknown, or this machine has no such device; the message lists those it has.
    """
    here = present()
    if name not in DEVICES or (name != "auto" and name not in here):
        owned = ", ".join(here)
        missing = f"this machine has {owned}" if name in DEVICES else f"must be one of {', '.join(DEVICES)}"
        raise ValueError(f"device = {name!r}: {missing}; use 'auto' or 'cpu'")
    no_loops = why_not("numba")
    if name == "auto":
        name = "cuda" if no_loops is not None and "cuda" in here else "cpu"
    if name == "cpu":
        return _on_cpu(no_loops, here)
    best = best_for(Target(device=name))
    return Place(torch.device(name), best.name, f"{best.words} on {here[name]}")


def _on_cpu(no_loops: str | None, here: dict[str, str]) -> Place:
    others = ", ".join(f"{name} ({words})" for name, words in here.items() if name != "cpu")
    spare = f"; {others} is there too, taken when named" if others else ""
    best = best_for(Target())
    if no_loops is None:
        return Place(torch.device("cpu"), best.name, f"{best.words} on {here['cpu']}{spare}")
    why = f"the fused loops cannot run: {no_loops}; {best.words} give the same numbers, slower{spare}"
    return Place(torch.device("cpu"), best.name, why, as_wished=False)


def main(name: str) -> int:
    """Whether this machine has the device; if not, one line on standard error and 2."""
    try:
        print(resolve_device(name).device.type)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
