"""The local step: an LSTM cell with gate order i f g o, as `torch.nn.LSTM`, forward and backward (spec section 1.1).

A cell knows one step and the two states it came from.
"""

from __future__ import annotations

import torch
from torch import Tensor


def cell_step(gates_BG: Tensor, cell_before_BD: Tensor | None, cell_BD: Tensor, provisional_BD: Tensor) -> None:
    """Advance one step, writing into the given buffers.

    Args:
        gates_BG: W_ih x + b_ih + W_hh h + b_hh, G = 4·D; activated in place.
        cell_before_BD: c_{t−1}; None at step 0 of a sequence that begins with the zero state.
        cell_BD: Receives c_t.
        provisional_BD: Receives ĥ_t = σ(o)·tanh(c_t).
    """
    size = cell_BD.shape[1]
    input_forget, candidate, output = gates_BG[:, : 2 * size], gates_BG[:, 2 * size : 3 * size], gates_BG[:, 3 * size :]
    input_forget.sigmoid_()
    candidate.tanh_()
    output.sigmoid_()
    torch.mul(input_forget[:, :size], candidate, out=cell_BD)
    if cell_before_BD is not None:
        cell_BD.addcmul_(input_forget[:, size:], cell_before_BD)
    torch.tanh(cell_BD, out=provisional_BD)
    provisional_BD.mul_(output)


class CellBackward:
    """The cell's backward pass: all that does not depend on the recurrence is made for all steps at once.

    Args:
        gates_TBG: Activated gates.
        cell_TBD: The cells c.
        first_BD: c before step 0; None where it is zero.

    Attributes:
        gates_TBG: For every step that `step` has visited, ∂L/∂gates before activation.
        provisional_TBD: The provisional states ĥ, recomputed.
    """

    def __init__(self, gates_TBG: Tensor, cell_TBD: Tensor, first_BD: Tensor | None = None) -> None:
        input_TBD, forget_TBD, candidate_TBD, output_TBD = gates_TBG.chunk(4, dim=2)
        tanh_TBD = cell_TBD.tanh()
        self.provisional_TBD = output_TBD * tanh_TBD
        self._forget = forget_TBD.unbind(0)
        self._cell_slope = torch.addcmul(output_TBD, self.provisional_TBD, tanh_TBD, value=-1).unbind(0)
        # Filled with the slopes first; each step multiplies its gradient in, so one buffer serves both.
        self.gates_TBG = torch.empty_like(gates_TBG)
        d_input, d_forget, d_candidate, d_output = self.gates_TBG.chunk(4, dim=2)
        torch.mul(candidate_TBD, input_TBD * (1 - input_TBD), out=d_input)
        forget_slope_TBD = forget_TBD * (1 - forget_TBD)
        d_forget[0] = 0 if first_BD is None else first_BD * forget_slope_TBD[0]
        torch.mul(cell_TBD[:-1], forget_slope_TBD[1:], out=d_forget[1:])
        torch.mul(input_TBD, 1 - candidate_TBD.square(), out=d_candidate)
        torch.mul(tanh_TBD, output_TBD * (1 - output_TBD), out=d_output)
        self._gates = self.gates_TBG.view(*cell_TBD.shape[:2], 4, -1).unbind(0)

    def step(self, t: int, d_provisional_BD: Tensor, d_cell_BD: Tensor | None) -> tuple[Tensor, Tensor]:
        """Fill ∂L/∂gates of step t.

        Args:
            t: The step; each may be visited once.
            d_provisional_BD: ∂L/∂ĥ_t.
            d_cell_BD: What reaches c_t over the local edge, None for nothing.

        Returns:
            The whole of ∂L/∂c_t, and the part of it that came through ĥ_t.
        """
        own_BD = d_provisional_BD * self._cell_slope[t]
        whole_BD = own_BD if d_cell_BD is None else own_BD + d_cell_BD
        self._gates[t][:, :3].mul_(whole_BD.unsqueeze(1))
        self._gates[t][:, 3].mul_(d_provisional_BD)
        return whole_BD, own_BD

    def to_cell_before(self, t: int, whole_BD: Tensor) -> Tensor:
        """What the local edge carries through the forget gate to c_{t−1}."""
        return whole_BD * self._forget[t]


def states_before(hidden_TBD: Tensor, first_BD: Tensor | None) -> Tensor:
    """h_{t−1} of every step; `first_BD` is h before step 0, None where it is zero."""
    before_TBD = torch.zeros_like(hidden_TBD)
    before_TBD[1:] = hidden_TBD[:-1]
    if first_BD is not None:
        before_TBD[0] = first_BD
    return before_TBD


def weight_gradients(
    d_gates_TBG: Tensor, inputs_TBI: Tensor | None, before_TBD: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """∂L/∂W_ih, ∂L/∂W_hh and ∂L/∂b from ∂L/∂gates and h_{t−1} of every step, as one product over all steps.

    One product, because a narrow one (W_ih of few inputs) takes a BLAS as long as the wide one beside it. Without
    inputs, ∂L/∂W_ih has no column.
    """
    ones_TB1 = before_TBD.new_ones(*before_TBD.shape[:2], 1)
    seen = (before_TBD, ones_TB1) if inputs_TBI is None else (inputs_TBI, before_TBD, ones_TB1)
    all_XG = torch.cat(seen, dim=2).flatten(0, 1).t() @ d_gates_TBG.flatten(0, 1)
    inputs = 0 if inputs_TBI is None else inputs_TBI.shape[2]
    return all_XG[:inputs].t().contiguous(), all_XG[inputs:-1].t().contiguous(), all_XG[-1]


def symbol_gradients(d_gates_TBG: Tensor, symbols_TB: Tensor, inputs: int) -> Tensor:
    """∂L/∂W_ih where inputs are symbols: for each symbol the sum of ∂L/∂gates where it was read, in the order of steps.

    The gradient of an embedding is that sum, in the same order every time also on a GPU, where `index_add_` is not.
    """
    d_columns_IG: Tensor = torch.ops.aten.embedding_dense_backward(d_gates_TBG, symbols_TB, inputs, -1, False)
    return d_columns_IG.t().contiguous()
