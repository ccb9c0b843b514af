"""One step of a trained network as operations that other programs have: what is exported, and nobody's way to train.

Memories stand in a buffer with room for more of them than were written, so that every step has tensors of the same
shape. A weight that `shift` gives is r / Σr for every memory above δ, so that nothing has to be gathered; `softmax`
alone has to know which memories are the chosen ones.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from sab_visualiser.model.contract import ALL_MEMORIES
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.plain.selection import PAPER_EPSILON, RELEASE_EPSILON, SMALL_MEMORY_MARGIN


class State(NamedTuple):
    """What goes from step to step.

    Attributes:
        hidden_BD: h of the step before; zeros at the start.
        cell_BD: c of the step before; zeros at the start.
        memories_BMD: Room for M memories; zeros at the start.
        keys_BMA: Their keys W_k m; zeros at the start. A is 1 in the release variant.
        written: How many of them are, int64 without axes; 1 at the start where there is an initial memory.
        step: Number of the step, int64 without axes; 0 at the start.
    """

    hidden_BD: Tensor
    cell_BD: Tensor
    memories_BMD: Tensor
    keys_BMA: Tensor
    written: Tensor
    step: Tensor


class Step(nn.Module):
    """One step of a network, with the knobs that it has now.

    Args:
        network: Its weights are shared, not copied.

    Source: spec section 1, and section 5 for the release variant.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.layer, self.readout, self.knobs = network.layer, network.readout, network.knobs()

    @property
    def key_size(self) -> int:
        """A, the width of a key."""
        return 1 if self.knobs.variant == "release" else self.layer.attention_size

    def start(self, batch: int, capacity: int) -> State:
        """The state before step 0.

        Args:
            batch: B, ≥ 1.
            capacity: M, ≥ 1: memories there is room for.
        """
        new, size = self.layer.weight_hh.new_zeros, self.layer.hidden_size
        written = torch.tensor(int(self.knobs.initial_memory))
        room = new(batch, capacity, size), new(batch, capacity, self.key_size)
        return State(new(batch, size), new(batch, size), *room, written, torch.tensor(0))

    def forward(self, inputs_BI: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        """Outputs y (B, C), attention weights by place (B, M), and then the next state, in the order of `State`."""
        before = State(*state)
        layer = self.layer
        gates_BG = inputs_BI @ layer.weight_ih.t() + layer.bias_ih + before.hidden_BD @ layer.weight_hh.t()
        into_BD, forget_BD, candidate_BD, out_BD = (gates_BG + layer.bias_hh).chunk(4, dim=1)
        cell_BD = forget_BD.sigmoid() * before.cell_BD + into_BD.sigmoid() * candidate_BD.tanh()
        provisional_BD = out_BD.sigmoid() * cell_BD.tanh()
        weights_BM = self._weights(provisional_BD, before)
        summary_BD = (weights_BM.unsqueeze(1) @ before.memories_BMD).squeeze(1)
        hidden_BD = provisional_BD + summary_BD
        outputs_BC = self.readout(torch.cat((hidden_BD, summary_BD), dim=1))
        return outputs_BC, weights_BM, hidden_BD, cell_BD, *self._written(hidden_BD, before), before.step + 1

    def _written(self, hidden_BD: Tensor, before: State) -> tuple[Tensor, Tensor, Tensor]:
        """Memories, keys and how many are written, with h written in the next free place where its turn has come."""
        due = (before.step + 1) % self.knobs.k_att == 0
        here_M1 = (_places(before) == before.written).logical_and(due).unsqueeze(1)
        memories_BMD = torch.where(here_M1, hidden_BD.unsqueeze(1), before.memories_BMD)
        keys_BMA = torch.where(here_M1, self._key(hidden_BD).unsqueeze(1), before.keys_BMA)
        return memories_BMD, keys_BMA, before.written + due.to(torch.int64)

    def _key(self, memory_BD: Tensor) -> Tensor:
        weights = self.layer.weights()
        if weights.weight_key is None:
            return memory_BD.tanh() @ weights.weight_score[self.layer.hidden_size :].unsqueeze(1)
        return memory_BD @ weights.weight_key.t()

    def _scores(self, provisional_BD: Tensor, keys_BMA: Tensor) -> Tensor:
        weights = self.layer.weights()
        if weights.weight_query is None:
            own_D = weights.weight_score[: self.layer.hidden_size]
            return keys_BMA.squeeze(2) + provisional_BD.tanh() @ own_D.unsqueeze(1)
        query_B1A = (provisional_BD @ weights.weight_query.t()).unsqueeze(1)
        return (keys_BMA + query_B1A).tanh() @ weights.weight_score

    def _weights(self, provisional_BD: Tensor, before: State) -> Tensor:
        """Weights of all M places, 0 where nothing is written or chosen."""
        if self.knobs.k_top == 0:
            return before.memories_BMD[:, :, 0] * 0.0
        scores_BM = self._scores(provisional_BD, before.keys_BMA)
        written_M = _places(before) < before.written
        if self.knobs.normalizer == "softmax":
            return self._softmax(scores_BM, written_M)
        return self._shift(scores_BM, written_M, before.written)

    def _softmax(self, scores_BM: Tensor, written_M: Tensor) -> Tensor:
        k_top = self.knobs.k_top
        known_BM = scores_BM.masked_fill(~written_M, -torch.inf)
        if k_top < ALL_MEMORIES:
            # Of equal scores ONNX takes the earlier one, as the spec does.
            _, places_BK = torch.topk(_padded(known_BM, k_top), k_top, dim=1)
            chosen_BM = torch.zeros_like(_padded(known_BM, k_top)).scatter(1, places_BK, 1.0)
            known_BM = known_BM.masked_fill(chosen_BM[:, : scores_BM.shape[1]] == 0, -torch.inf)
        # A difference to the largest score; before anything is written there is none, and all weights are 0.
        largest_B1 = known_BM.amax(1, keepdim=True).clamp(min=torch.finfo(scores_BM.dtype).min)
        share_BM = (known_BM - largest_B1).exp()
        return share_BM / share_BM.sum(1, keepdim=True).clamp(min=torch.finfo(scores_BM.dtype).tiny)

    def _shift(self, scores_BM: Tensor, written_M: Tensor, count: Tensor) -> Tensor:
        release, k_top = self.knobs.variant == "release", self.knobs.k_top
        many = count > k_top
        known_BM = scores_BM.masked_fill(~written_M, -torch.inf)
        least = k_top if release else k_top + 1
        delta_B1 = torch.topk(_padded(known_BM, least), least, dim=1).values[:, -1:]
        if release:
            delta_B1, epsilon = delta_B1 + RELEASE_EPSILON, RELEASE_EPSILON
        else:
            smallest_B1 = scores_BM.masked_fill(~written_M, torch.inf).amin(1, keepdim=True)
            delta_B1, epsilon = torch.where(many, delta_B1, smallest_B1 - SMALL_MEMORY_MARGIN), PAPER_EPSILON
        rest_BM = (scores_BM - delta_B1).relu().masked_fill(~written_M, 0.0)
        weights_BM = rest_BM / (rest_BM.sum(1, keepdim=True) + epsilon)
        # Where there are no more than k_top, the release reads with the raw scores.
        return torch.where(many, weights_BM, scores_BM.masked_fill(~written_M, 0.0)) if release else weights_BM


def _places(before: State) -> Tensor:
    return torch.arange(before.memories_BMD.shape[1], device=before.memories_BMD.device)


def _padded(scores_BM: Tensor, least: int) -> Tensor:
    """With so many more columns, all −∞, that a largest of them can be asked for whatever room there is."""
    return nn.functional.pad(scores_BM, (0, least), value=-torch.inf)
