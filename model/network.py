"""A whole network: the SAB layer and a linear read-out, under one of the four methods of spec section 2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor, nn

from sab_visualiser.model.backends import BackendName, read_out
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.contract import ALL_MEMORIES, METHODS, PROBE_KNOBS, fixed_knobs
from sab_visualiser.model.passes.tape import Knobs, State, Tape
from sab_visualiser.model.sab import SAB


class NetworkOutput(NamedTuple):
    """Read-out y, final states h, summaries s, the tape of the pass, and the state after its last step."""

    outputs_BTC: Tensor
    hidden_BTD: Tensor
    summary_BTD: Tensor
    tape: Tape
    state: State


class Network(nn.Module):
    """SAB layer plus read-out y_t = V [h_t ; s_t] + b.

    Args:
        input_size: I, input features, ≥ 1.
        output_size: C, classes or values, ≥ 1.
        config: Method, sizes and knobs. The method decides over the knobs that define it: `tbptt` reads no memory,
            `bptt` reads none and has no cut, `attention` reads all memories through a softmax and has no cut.
        backend: Passed on to the layer.

    Attributes:
        config: The configuration as it was given.
        layer: The SAB layer.
        readout: V and b.

    Source: spec section 1, step 6; section 2 for the methods.
    """

    def __init__(
        self, input_size: int, output_size: int, config: ModelConfig, *, backend: BackendName = "auto"
    ) -> None:
        super().__init__()
        self.config = config
        knobs = method_knobs(config)
        self.layer = SAB(
            input_size,
            config.hidden_size,
            attention_size=config.attention_size,
            k_top=knobs.k_top,
            k_trunc=knobs.k_trunc,
            k_att=knobs.k_att,
            normalizer=knobs.normalizer,
            variant=knobs.variant,
            initial_memory=knobs.initial_memory,
            backend=backend,
        )
        self.readout = nn.Linear(2 * config.hidden_size, output_size)

    def forward(
        self,
        inputs: Tensor,
        phase: int = 0,
        knocked_out: Iterable[tuple[int, int]] = (),
        *,
        keep: bool = True,
        sum_floor: float = 0.0,
        state: tuple[Tensor, Tensor] | None = None,
    ) -> NetworkOutput:
        """Run a batch; arguments, the two forms of inputs and errors as in `SAB.forward`."""
        out = self.layer(inputs, phase, knocked_out, keep=keep, sum_floor=sum_floor, state=state)
        return NetworkOutput(self.read_out(out.hidden_BTD, out.summary_BTD), *out)

    def read_out(self, hidden_BTD: Tensor, summary_BTD: Tensor) -> Tensor:
        """y_t = V [h_t ; s_t] + b, as two products: nothing is copied to put h and s side by side.

        In memory all numbers of a class lie together: a softmax over few classes then vectorises over steps and
        examples, which takes a tenth of the time (model/tasks/symbols.py looks at them that way round).
        """
        batch, steps, _ = hidden_BTD.shape
        if own := read_out(self.layer.backend, self.layer.weights()):
            return own(
                hidden_BTD.transpose(0, 1), summary_BTD.transpose(0, 1), self.readout.weight, self.readout.bias
            ).permute(2, 1, 0)
        of_hidden_CD, of_summary_CD = self.readout.weight.chunk(2, dim=1)
        hidden_ND, summary_ND = (x.transpose(0, 1).flatten(0, 1) for x in (hidden_BTD, summary_BTD))  # step first
        outputs_CN = torch.addmm(self.readout.bias.unsqueeze(1), of_hidden_CD, hidden_ND.t())
        outputs_CN = torch.addmm(outputs_CN, of_summary_CD, summary_ND.t())
        return outputs_CN.view(-1, steps, batch).permute(2, 1, 0)

    def knobs(self) -> Knobs:
        """The knobs in force."""
        return self.layer.knobs()

    @property
    def reads(self) -> bool:
        """Whether the method reads memories at all, whatever its knobs say now."""
        return METHODS[self.config.method].fixes.get("k_top") != 0

    def set_knobs(self, **changes: int | None) -> None:
        """Change k_top, k_trunc or k_att from the next call on; on an error nothing changes.

        Args:
            **changes: k_top ≥ 0, k_trunc ≥ 1 or None for no cut, k_att ≥ 1.

        Raises:
            ValueError: A value is out of range, or the method fixes this knob.
            TypeError: The name is not one of the three.
        """
        unknown = sorted(changes.keys() - set(PROBE_KNOBS))
        if unknown:
            raise TypeError(f"set_knobs got {', '.join(unknown)}: must be one of {', '.join(PROBE_KNOBS)}")
        fixed = sorted(changes.keys() & fixed_knobs(self.config.method))
        if fixed:
            name, method = fixed[0], self.config.method
            raise ValueError(
                f"{name} = {changes[name]!r}: method {method!r} keeps {name} at {_shown(self.knobs(), name)}; "
                f"use method 'sab' to change it"
            )
        replace(self.knobs(), **changes)  # type: ignore[arg-type]  # the dataclass itself checks the values
        for name, value in changes.items():
            setattr(self.layer, name, value)


def method_knobs(config: ModelConfig) -> Knobs:
    """The knobs that a method starts with. Source: spec section 2, comparison B."""
    knobs = Knobs(config.k_top, config.k_trunc, config.k_att, config.normalizer, config.variant, config.initial_memory)
    return replace(knobs, **METHODS[config.method].fixes)


def _shown(knobs: Knobs, name: str) -> str:
    value = getattr(knobs, name)
    if value is None:
        return "no cut"
    return "every memory" if value == ALL_MEMORIES else str(value)
