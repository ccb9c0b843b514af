"""A CUDA device as it is found: whether it works, what is free on it, and what its errors mean, in one line each.

Whatever a driver, a card or a build of torch raises ends here in words; who goes where then is decided in devices.py.
"""

from __future__ import annotations

import re
import warnings
from typing import NamedTuple

import torch

LONGEST = 200
"""Characters of a reason."""
DEVICE_ERROR = re.compile(r"^(CUDA error|CUDA driver error|Triton Error \[CUDA\]|cuDNN error|HIP error|MPS backend)")
"""How the words of an error of the device begin; torch has had a class for some of them since 2.8."""
REFUSED_MEMORY = re.compile(r"out of memory|ALLOC_FAILED", re.IGNORECASE)
PLAINLY_NONE = ("Torch not compiled with CUDA", "Found no NVIDIA driver", "No CUDA GPUs are available")
"""How torch says that there is no such device, which is no trouble."""


class Card(NamedTuple):
    """What was found.

    Attributes:
        name: Of the device; None where there is none that torch can use.
        why_not: Why there is none, in one line.
        troubled: Whether there should be one: something is there, and does not work.
    """

    name: str | None = None
    why_not: str = ""
    troubled: bool = False


def found() -> Card:
    """The CUDA device of this machine, asked without computing anything on it."""
    try:
        with warnings.catch_warnings():  # what torch would warn of is told by the error below
            warnings.simplefilter("ignore")
            there = torch.cuda.is_available()
        if not there:
            torch.cuda.init()  # type: ignore[no-untyped-call]  # raises the reason
            return Card(why_not="torch finds no CUDA device")
        name, capability = torch.cuda.get_device_name(), torch.cuda.get_device_capability()
        if (reason := no_code(capability, torch.cuda.get_arch_list())) is not None:
            return Card(why_not=f"{name}: {reason}", troubled=True)
        return Card(name)
    except Exception as error:  # a broken installation raises whatever it likes
        if str(error).startswith(PLAINLY_NONE):
            return Card(why_not=str(error).split("\n", 1)[0].split(". ", 1)[0])
        return Card(why_not=in_one_line(error), troubled=True)


def no_code(capability: tuple[int, int], built_for: list[str]) -> str | None:
    """Why a torch that was built for these architectures (`sm_90`, `compute_120`, …) computes nothing on a card.

    Code for a card runs on later ones of the same major version, code for `compute_…` on all later ones. None where it
    does, and where the list says nothing about NVIDIA's cards.
    """
    known = [match for name in built_for if (match := re.fullmatch(r"(sm|compute)_(\d+)(\d)[a-z]?", name))]
    for match in known:
        for_card = (int(match[2]), int(match[3]))
        if for_card <= capability and (match[1] == "compute" or for_card[0] == capability[0]):
            return None
    if not known:
        return None
    have = ".".join(map(str, capability))
    return f"this torch has no code for its compute capability {have}, only for {', '.join(built_for)}"


def failing(device: str) -> str | None:
    """Why nothing can be computed on a device now, tried with one number; None where it can."""
    try:
        two = float(torch.ones(1, device=device) + 1)
    except Exception as error:
        return in_one_line(error)
    return None if two == 2 else f"it says that 1 + 1 is {two:g}"


def free_bytes() -> tuple[int, int] | None:
    """Memory of the CUDA device that nobody holds, and all of it; None where it does not say."""
    try:
        free, total = torch.cuda.mem_get_info()
    except Exception:
        return None
    return int(free), int(total)


def out_of_memory(error: BaseException) -> bool:
    """Whether it was the memory of a GPU that was refused: by torch, or by a library that asked the driver itself."""
    return isinstance(error, torch.OutOfMemoryError) or (_of_device(error) and bool(REFUSED_MEMORY.search(str(error))))


def is_lost(error: BaseException) -> bool:
    """Whether the device failed while it computed: whatever this process asks of it from now on may fail too."""
    return _of_device(error) and not out_of_memory(error)


def _of_device(error: BaseException) -> bool:
    if isinstance(error, torch.OutOfMemoryError) or not isinstance(error, RuntimeError):
        return False
    named = getattr(torch, "AcceleratorError", None)
    return (named is not None and isinstance(error, named)) or bool(DEVICE_ERROR.match(str(error)))


def in_one_line(error: BaseException) -> str:
    """The kind and the words of an error; of one of the device the first line, for torch's advice follows it."""
    words = str(error)
    if _of_device(error):
        words = words.strip().split("\n", 1)[0]
    return " ".join(f"{type(error).__name__}: {words}".split())[:LONGEST]
