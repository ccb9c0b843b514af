"""The row of backend "triton". Nothing here loads Triton before somebody asks for a CUDA device."""

from __future__ import annotations

import os
from functools import cache, partial

import torch
from torch import Tensor

from sab_visualiser.model.card import in_one_line, out_of_memory
from sab_visualiser.model.config import Rule
from sab_visualiser.model.passes.backend import Backend, Target
from sab_visualiser.model.passes.tape import Gradients, Knobs, KnockedOut, Observer, State, Tape, Weights
from sab_visualiser.model.passes.triton.tiles import too_large

LEAST_CAPABILITY = (8, 0)
"""Of a card: the oldest that Triton itself supports."""


def too_old(capability: tuple[int, int]) -> str | None:
    """Why a card of this compute capability is not taken; None when it is."""
    if capability >= LEAST_CAPABILITY:
        return None
    have, want = (".".join(map(str, pair)) for pair in (capability, LEAST_CAPABILITY))
    return f"this card has compute capability {have}, Triton wants {want} or later"


def interpreted() -> bool:
    """Whether Triton is told to interpret kernels in place of compiling them, as tests tell it."""
    return os.environ.get("TRITON_INTERPRET", "").lower() in ("1", "true", "yes", "on", "y")


def why_no_triton() -> str | None:
    """Why the walks cannot run on this machine, in one line; None when they can. SAB_BACKEND=torch switches them off.

    Asked once a process, but for a card that is full now: two small layers go through both walks on the device, and
    their numbers are held against those of PyTorch's operations there.
    """
    try:
        return _judged()
    except RuntimeError:  # no other gets out of there
        return "the memory of the GPU is full, and does not hold the small layer that is tried first"


@cache
def _judged() -> str | None:
    if os.environ.get("SAB_BACKEND") == "torch":
        return "switched off by SAB_BACKEND=torch"
    if interpreted():
        return "TRITON_INTERPRET is set, so kernels would be interpreted, which takes seconds a step; unset it"
    try:
        if not torch.cuda.is_available():
            return "there is no CUDA device"
        if torch.version.cuda is None:
            return "this GPU is not one of NVIDIA's"
        if (reason := too_old(torch.cuda.get_device_capability())) is not None:
            return reason
        from sab_visualiser.model.passes.triton.check import wrong_number  # loads Triton

        return wrong_number(torch.device("cuda"))
    except Exception as error:  # a broken installation raises whatever it likes
        if out_of_memory(error):
            raise
        if isinstance(error, ModuleNotFoundError) and error.name == "triton":
            return "triton is not installed (pip install 'sab-visualiser[gpu]')"
        return in_one_line(error)


class TritonBackend(Backend):
    """One launch a walk, for float32 on a CUDA device, the paper's variant."""

    name = "triton"
    words = "kernels that walk all steps in one launch"

    def why_not(self, target: Target) -> str | None:
        """What does not suit; for a target that suits, what is wrong with this machine."""
        if target.device != "cuda":
            return f"its kernels run on a CUDA device, the weights are on {target.device}"
        if target.dtype != torch.float32:
            return f"its kernels are for float32, the weights are {target.dtype}"
        if target.variant != "paper":
            return "its kernels know the paper's variant only"
        return too_large(target.hidden_size, target.attention_size, target.k_top) or why_no_triton()

    def forward(
        self,
        weights: Weights,
        inputs: Tensor,
        knobs: Knobs,
        phase: int = 0,
        knocked_out: KnockedOut | None = None,
        *,
        keep: bool = True,
        state: State | None = None,
    ) -> Tape:
        """One launch; the inner states are kept in any case."""
        from sab_visualiser.model.passes.triton import passes

        return passes.forward_pass(weights, inputs, knobs, phase, knocked_out, state=state)

    def backward(
        self,
        tape: Tape,
        d_hidden_BTD: Tensor,
        d_summary_BTD: Tensor,
        rule: Rule = "sab",
        observer: Observer | None = None,
        *,
        inputs: bool = True,
        sum_floor: float = 0.0,
        d_last_cell_BD: Tensor | None = None,
    ) -> Gradients:
        """One launch, and a product for each matrix."""
        from sab_visualiser.model.passes.triton import passes

        back = partial(passes.backward_pass, sum_floor=sum_floor, d_last_cell_BD=d_last_cell_BD)
        return back(tape, d_hidden_BTD, d_summary_BTD, rule, observer)
