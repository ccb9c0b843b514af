"""Where a network runs: `auto`, `cpu`, `cuda` or `mps`, judged once, with the reason in words that a person can read.

`auto` stays on the CPU while the fused loops work there, but for networks so wide or batches so large that a GPU was
measured to win; without the loops it takes a CUDA device where there is one. `mps` is taken by name only. Random
numbers are always drawn on the CPU, so a seed gives the same weights and batches everywhere.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import Literal, get_args

import torch

from sab_visualiser.model.backends import best_for, row, why_not
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.passes.backend import Target

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
DEVICES: tuple[DeviceName, ...] = get_args(DeviceName)
GPU_PAYS = 30_000
"""B·D from which `auto` takes a CUDA device: above it an update was faster there, on one H100 with recorded operations
of PyTorch, than in the fused loops on its 16 cores (docs/adr/0020)."""


@dataclass(frozen=True)
class Place:
    """A device, the backend that `auto` means there (float32, the paper's variant), and why it is these two.

    Attributes:
        device: For torch.
        backend: Name of its row in the registry.
        why: One line.
        as_wished: False when faster code should run here and cannot: slower, same numbers.
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


def pays_on_a_gpu(batch: int, hidden: int) -> bool:
    """Whether a training with this batch_size and hidden_size is one that a GPU was measured to win."""
    return batch * hidden >= GPU_PAYS


def resolve_device(name: str, config: RunConfig | None = None) -> Place:
    """What a name stands for on this machine.

    Args:
        name: auto, cpu, cuda or mps.
        config: The run that shall train there; None asks before there is one, and gets the rule in words.

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
        return _automatic(no_loops, here, config)
    return _on_cpu(no_loops, here) if name == "cpu" else _on_gpu(name, here, config)


def _automatic(no_loops: str | None, here: dict[str, str], config: RunConfig | None) -> Place:
    if "cuda" not in here:
        return _on_cpu(no_loops, here)
    if no_loops is not None:
        return _on_gpu("cuda", here, config)
    if config is None:
        place = _on_cpu(no_loops, here)
        rule = f"; where batch_size × hidden_size is {GPU_PAYS:,} or more, auto takes it"
        return replace(place, why=place.why + rule)
    batch, hidden = config.training.batch_size, config.model.hidden_size
    if not pays_on_a_gpu(batch, hidden):
        return _on_cpu(no_loops, here)
    place = _on_gpu("cuda", here, config)
    return replace(place, why=f"{place.why}, since {batch} × {hidden} is {GPU_PAYS:,} or more")


def _on_gpu(name: str, here: dict[str, str], config: RunConfig | None) -> Place:
    target = Target(device=name)
    if config is not None:
        model = config.model
        target = Target(target.dtype, name, model.variant, model.hidden_size, model.attention_size, model.k_top)
    best = best_for(target)
    why = f"{best.words} on {here[name]}"
    if name == "mps":
        return Place(torch.device(name), best.name, f"{why}, which no test of this program has seen")
    walks = row("triton")
    if best.name == walks.name:
        return Place(torch.device(name), best.name, why)
    return Place(
        torch.device(name),
        best.name,
        f"{why}, recorded as CUDA graphs; {walks.words} cannot run: {walks.why_not(target)}",
        as_wished=walks.why_not(Target(device=name)) is None,
    )


def _on_cpu(no_loops: str | None, here: dict[str, str]) -> Place:
    others = ", ".join(f"{name} ({words})" for name, words in here.items() if name != "cpu")
    spare = f"; {others} is there too, taken when named" if others else ""
    best = best_for(Target())
    if no_loops is None:
        return Place(torch.device("cpu"), best.name, f"{best.words} on {here['cpu']}{spare}")
    why = f"the fused loops cannot run: {no_loops}; {best.words} give the same numbers, slower{spare}"
    return Place(torch.device("cpu"), best.name, why, as_wished=False)


def may_use_a_gpu(name: str) -> bool:
    """Whether some training under this name of a device may run on a GPU of this machine."""
    return name in ("cuda", "mps") or (name == "auto" and "cuda" in present())


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
