"""Where a network runs: `auto`, `cpu`, `cuda` or `mps`, judged once, with the reason in words that a person can read.

`auto` stays on the CPU while the fused loops work there, but for networks so wide or batches so large that a GPU was
measured to win; without the loops it takes a CUDA device where there is one. A CUDA device that does not work, or has
no room for the run, is left alone by `auto` and refused by name. `mps` is taken by name only. Random numbers are always
drawn on the CPU, so a seed gives the same weights and batches everywhere.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import Literal, get_args

import torch

from sab_visualiser.model import card
from sab_visualiser.model.backends import best_for, row, why_not
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import run_cost, size_words, sizes_of
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
        because: Of `why`, what decided between devices; empty where nothing had to be decided.
    """

    device: torch.device
    backend: str
    why: str
    as_wished: bool = True
    because: str = ""


class DeviceError(ValueError):
    """The device that was asked for cannot be used: none of that name, it does not work, or it has no room."""


def present() -> dict[str, str]:
    """The devices of this machine that torch can use, by the name they are chosen with, and what they are."""
    found = {"cpu": f"{os.cpu_count()} cores"}
    if (name := card.found().name) is not None:
        found["cuda"] = name
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
        DeviceError: The name is unknown, or the device cannot be used; the message says why, and which there are.
    """
    here = present()
    if name not in DEVICES:
        raise DeviceError(f"device = {name!r}: must be one of {', '.join(DEVICES)}; use 'auto' or 'cpu'")
    no_loops = why_not("numba")
    if name == "auto":
        return _automatic(no_loops, here, config)
    if name == "cpu":
        return _on_cpu(no_loops, here)
    if name not in here:
        why = f" ({card.found().why_not})" if name == "cuda" else ""
        raise DeviceError(f"device = {name!r}: this machine has {', '.join(here)}{why}; use 'auto' or 'cpu'")
    try:
        return _on_gpu(name, here, config)
    except DeviceError as error:
        raise DeviceError(f"device = {name!r}: {error}; use 'auto' or 'cpu'") from None


def _automatic(no_loops: str | None, here: dict[str, str], config: RunConfig | None) -> Place:
    on_cpu = _on_cpu(no_loops, here)
    if "cuda" not in here:
        there = card.found()
        return _and(on_cpu, f"cuda cannot be used: {there.why_not}") if there.troubled else on_cpu
    pays = f"where batch_size × hidden_size is {GPU_PAYS:,} or more"
    if no_loops is None and config is None:
        return _and(on_cpu, f"auto takes it {pays}")
    size = None if config is None else (config.training.batch_size, config.model.hidden_size)
    if no_loops is None and size is not None and not pays_on_a_gpu(*size):
        return _and(on_cpu, f"auto takes it {pays}, and here it is {size[0] * size[1]:,}")
    try:
        place = _on_gpu("cuda", here, config)
    except DeviceError as error:
        return replace(_and(on_cpu, f"auto would take cuda, but {error}"), as_wished=False)
    if no_loops is not None or size is None:
        return place
    return _and(place, f"auto takes it {pays}, and here it is {size[0] * size[1]:,}")


def _and(place: Place, more: str) -> Place:
    return replace(place, why=f"{place.why}; {more}", because=more)


def _on_gpu(name: str, here: dict[str, str], config: RunConfig | None) -> Place:
    target = Target(device=name)
    if config is not None:
        model = config.model
        target = Target(target.dtype, name, model.variant, model.hidden_size, model.attention_size, model.k_top)
    if name == "cuda":
        _must_work(here[name], config)
    best = best_for(target)
    why = f"{best.words} on {here[name]}"
    if name == "mps":
        return Place(torch.device(name), best.name, f"{why}, which no test of this program has seen")
    walks = row("triton")
    if best.name == walks.name:
        return Place(torch.device(name), best.name, why)
    if (broken := walks.why_not(Target(device=name))) is not None:
        _must_work(here[name], None, after=broken)
    return Place(
        torch.device(name),
        best.name,
        f"{why}, recorded as CUDA graphs; {walks.words} cannot run: {walks.why_not(target)}",
        as_wished=broken is None,
    )


def _must_work(card_name: str, config: RunConfig | None, after: str | None = None) -> None:
    """Refuse a card that computes nothing, or has no room for this run.

    Args:
        card_name: What it is called.
        config: The run that shall train there; None where that is not known.
        after: What its last trial came to: a kernel that goes astray can take the whole device from a process.

    Raises:
        DeviceError: Why not.
    """
    if (reason := card.failing("cuda")) is not None:
        since = "" if after is None else f", since its kernels were tried ({after}); SAB_BACKEND=torch leaves them out"
        raise DeviceError(f"{card_name} computes nothing: {reason}{since}")
    if config is None or (room := card.free_bytes()) is None:
        return
    needed = run_cost(sizes_of(config.task, config.model, config.training.batch_size))
    if needed.size_bytes > room[0]:
        free, total = map(size_words, room)
        raise DeviceError(
            f"the estimate for this training is {needed.words()}, and of the {total} of {card_name} {free} are free; "
            "lower training.batch_size, task.T or model.hidden_size, or train fewer runs at a time"
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
