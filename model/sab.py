"""The SAB layer: parameters, knobs, checks of what the user passes, and the choice of backend."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Unpack

import torch
from torch import Tensor, nn

from sab_visualiser.model.autograd import Call, SABFunction
from sab_visualiser.model.backends import BackendName, names, resolve_backend
from sab_visualiser.model.config import ModelConfig, require_choice, require_int
from sab_visualiser.model.passes.tape import Knobs, KnobValues, KnockedOut, State, Tape, Weights


class SABOutput(NamedTuple):
    """What the layer returns: final states h, summaries s, the tape of the pass for a recorder, and what goes on.

    `state` is (h, c) of the last step, as `torch.nn.LSTM` returns it but without an axis of layers: a further call
    that takes it goes on where this one ended, with empty memories. Gradient flows through it until it is detached.
    """

    hidden_BTD: Tensor
    summary_BTD: Tensor
    tape: Tape
    state: State


class SAB(nn.Module):
    """An LSTM that reads a few of its own past states at every step, and learns through those reads.

    Args:
        input_size: I, input features, ≥ 1.
        hidden_size: D, ≥ 1.
        attention_size: A, width of the score, ≥ 1; unused in the release variant.
        backend: `auto`, `torch`, `numba` or `triton`.
        k_top: Memories chosen per step, ≥ 0 (5).
        k_trunc: Steps between cuts of the local gradient, ≥ 1, or None for no cut (5).
        k_att: A memory is written every k_att steps, ≥ 1 (2).
        normalizer: `shift` (the paper's) or `softmax` over the chosen scores (`shift`).
        variant: `paper`, or `release` (the authors' released code: parameter weight_score (2D), no key and query).
        initial_memory: One all-zero memory stands first, so that a step can attend to nothing (True).

    The knobs k_top, k_trunc, k_att are plain attributes: a change acts on the next call, with the same weights.
    Weights are exchangeable with `torch.nn.LSTM` (weight_ih is its weight_ih_l0, and so on).

    Raises:
        ValueError: An argument is out of range; the message names it, its value, the range and a remedy.

    Source: spec section 1; section 5 for the release variant.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        attention_size: int = ModelConfig.attention_size,
        backend: BackendName = "auto",
        **knobs: Unpack[KnobValues],
    ) -> None:
        super().__init__()
        require_int("input_size", input_size, 1, "the number of input features")
        require_int("hidden_size", hidden_size, 1, "32 to 256 suits the toy tasks")
        require_int("attention_size", attention_size, 1, "16 to 128 suits the toy tasks")
        self.input_size, self.hidden_size, self.attention_size = input_size, hidden_size, attention_size
        asked = Knobs(**knobs)
        self.k_top, self.k_trunc, self.k_att = asked.k_top, asked.k_trunc, asked.k_att
        self.normalizer, self.variant, self.initial_memory = asked.normalizer, asked.variant, asked.initial_memory
        self.backend = backend
        require_choice("backend", backend, names())
        self.weight_ih = nn.Parameter(torch.empty(4 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.empty(4 * hidden_size, hidden_size))
        self.bias_ih = nn.Parameter(torch.empty(4 * hidden_size))
        self.bias_hh = nn.Parameter(torch.empty(4 * hidden_size))
        if asked.variant == "release":
            self.weight_score = nn.Parameter(torch.empty(2 * hidden_size))
            self.register_parameter("weight_key", None)
            self.register_parameter("weight_query", None)
        else:
            self.weight_key = nn.Parameter(torch.empty(attention_size, hidden_size))
            self.weight_query = nn.Parameter(torch.empty(attention_size, hidden_size))
            self.weight_score = nn.Parameter(torch.empty(attention_size))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw new weights from torch's generator: uniform ±1/√D as `torch.nn.LSTM`, forget-gate bias 1."""
        bound, size = 1 / math.sqrt(self.hidden_size), self.hidden_size
        for parameter in self.parameters():
            parameter.uniform_(-bound, bound)
        self.bias_ih[size : 2 * size] = 1.0
        self.bias_hh[size : 2 * size] = 0.0

    def knobs(self) -> Knobs:
        """The knobs in force, checked; raises ValueError where an attribute was set out of range."""
        return Knobs(self.k_top, self.k_trunc, self.k_att, self.normalizer, self.variant, self.initial_memory)

    def weights(self) -> Weights:
        """The parameters in the order of the passes."""
        return Weights(
            self.weight_ih,
            self.weight_hh,
            self.bias_ih,
            self.bias_hh,
            self.weight_score,
            self.weight_key,
            self.weight_query,
        )

    def forward(
        self,
        inputs: Tensor,
        phase: int = 0,
        knocked_out: Iterable[tuple[int, int]] = (),
        *,
        keep: bool = True,
        sum_floor: float = 0.0,
        state: tuple[Tensor, Tensor] | None = None,
    ) -> SABOutput:
        """Run a batch of sequences, each with no memory but the initial one.

        Args:
            inputs: B ≥ 1 examples of T ≥ 1 steps on the device of the weights: numbers (B, T, I) of their dtype, or
                int64 symbols (B, T) from 0 to I − 1. A symbol stands for its one-hot row and gives the same states and
                gradients, without a product over I.
            phase: Shifts the cuts of the backward pass, ≥ 0.
            knocked_out: (reader, source) steps whose attention weight is removed, in all examples; source −1 is
                the initial memory. Pairs that are not chosen are ignored.
            keep: False, under torch.no_grad(), lets the fused loops forget inner states as they go: memory then grows
                with the states, memories and keys alone. Nobody can go back over such a tape.
            sum_floor: An option of training: what Σr + ε is taken to be at least in the gradient on scores. 0 is the
                exact gradient (spec section 9).
            state: (h, c) before step 0, each (B, D); None for zeros. Who reads a long text in pieces gives each the
                `state` of the one before, `.detached()` where the gradient shall end there.

        Returns:
            Final states, summaries, the tape, and the state after the last step.

        Raises:
            ValueError: Inputs, state or knobs out of range.
            TypeError: Inputs or state are not tensors.

        Gradient: to the inputs (numbers), the initial state and every parameter, under rule sab (spec section 2). Cuts
        fall on steps after 0: the edge from the initial state is open. First order only.
        """
        self._check(inputs)
        before = self._checked(state, inputs.shape[0])
        backend = resolve_backend(self.backend, self.weights(), self.knobs())
        require_int("phase", phase, 0, "0 puts the cuts where the release has them")
        if not keep and torch.is_grad_enabled():
            raise ValueError("keep = False: needs torch.no_grad(), for nobody can go back over what was not kept")
        gone = knocked_out_by_reader(knocked_out)
        call = Call(backend, self.knobs(), phase, gone, keep=keep, sum_floor=sum_floor)
        tensors = (inputs, *before, *self.weights())
        hidden_BTD, summary_BTD, cell_BD = SABFunction.apply(call, *tensors)  # type: ignore[no-untyped-call]
        assert call.tape is not None
        return SABOutput(hidden_BTD, summary_BTD, call.tape, State(hidden_BTD[:, -1], cell_BD))

    def extra_repr(self) -> str:
        """Sizes and knobs, for print(layer)."""
        sizes = f"{self.input_size}, {self.hidden_size}, attention_size={self.attention_size}"
        knobs = f"k_top={self.k_top}, k_trunc={self.k_trunc}, k_att={self.k_att}"
        return f"{sizes}, {knobs}, normalizer={self.normalizer!r}, variant={self.variant!r}"

    def _check(self, inputs: Tensor) -> None:
        """Raise an error that names what is wrong with the inputs and how to mend it."""
        if not isinstance(inputs, Tensor):
            raise TypeError(f"inputs = {type(inputs).__name__}: must be a torch.Tensor of shape (B, T, I)")
        shape, symbols = tuple(inputs.shape), inputs.dim() == 2 and inputs.dtype == torch.int64
        if len(shape) != 3 and not symbols:
            raise ValueError(
                f"inputs have shape {shape}: must be (B, T, I); add the missing axis with unsqueeze. Symbols (B, T)"
                " must be torch.int64"
            )
        if not symbols and shape[2] != self.input_size:
            raise ValueError(
                f"inputs have {shape[2]} features: this layer was built for input_size = {self.input_size}"
            )
        if shape[0] < 1 or shape[1] < 1:
            raise ValueError(f"inputs have shape {shape}: need at least one example and one step")
        if not symbols and inputs.dtype != self.weight_ih.dtype:
            have, want = inputs.dtype, self.weight_ih.dtype
            raise ValueError(f"inputs are {have}: must be {want} like the weights; convert with inputs.to({want})")
        if inputs.device != self.weight_ih.device:
            have_device, want_device = inputs.device, self.weight_ih.device
            raise ValueError(
                f"inputs are on {have_device}: must be on {want_device} like the weights; move one of them"
            )
        if symbols and inputs.device.type == "cpu":  # a GPU would be waited for; its own look-up refuses them
            smallest, largest = (int(end) for end in torch.aminmax(inputs))
            if smallest < 0 or largest >= self.input_size:
                wrong = smallest if smallest < 0 else largest
                raise ValueError(
                    f"inputs hold symbol {wrong}: must be from 0 to {self.input_size - 1}, one of input_size"
                )

    def _checked(self, state: tuple[Tensor, Tensor] | None, batch: int) -> tuple[Tensor, Tensor] | tuple[None, None]:
        """Both tensors of an initial state; raise an error that names what is wrong with one."""
        if state is None:
            return None, None
        if not isinstance(state, tuple) or len(state) != 2 or not all(isinstance(part, Tensor) for part in state):
            raise TypeError(
                f"state = {type(state).__name__}: must be two tensors (h, c), each of shape (B, D), or None"
            )
        want = (batch, self.hidden_size), self.weight_hh.dtype, self.weight_hh.device
        for name, part in zip(("h", "c"), state, strict=True):
            have = tuple(part.shape), part.dtype, part.device
            if have != want:
                raise ValueError(
                    f"state {name} is {have[0]}, {have[1]}, on {have[2]}: must be {want[0]} (B, D), {want[1]}, "
                    f"on {want[2]}, like inputs and weights"
                )
        return state


def knocked_out_by_reader(pairs: Iterable[tuple[int, int]]) -> KnockedOut:
    """Group (reader, source) pairs by reader.

    Raises:
        ValueError: An element is not a pair of integers.
    """
    grouped: dict[int, set[int]] = {}
    for pair in pairs:
        try:
            reader, source = pair
        except (TypeError, ValueError):
            raise ValueError(f"knocked_out holds {pair!r}: must be pairs (reader, source) of steps") from None
        require_int("knocked_out reader", reader, 0, "a step of the sequence")
        require_int("knocked_out source", source, -1, "a step of the sequence, or -1 for the initial memory")
        grouped.setdefault(reader, set()).add(source)
    return {reader: frozenset(sources) for reader, sources in grouped.items()}
