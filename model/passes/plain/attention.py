"""Memories: written every k_att steps, read sparsely at every step, and the way gradient returns to them.

Both classes walk one batch once, step by step, beside the cell; model/passes/plain/passes.py leads them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.passes.plain.scorers import ScoreGradients, scorer_for
from sab_visualiser.model.passes.plain.selection import Columns, columns_of, score_gradients, weigh
from sab_visualiser.model.passes.tape import Choice, Knobs, KnockedOut, Tape, Weights


class AttentionForward:
    """Reads memories into summaries, forward in time. Source: spec section 1, steps 2 to 5.

    Args:
        weights: The layer's parameters.
        knobs: What is in force.
        hidden_TBD: Holds ĥ_t when `step` is called and h_t afterwards.
        summary_TBD: Zeros; receives s_t.
        knocked_out: Skip edges without weight.
    """

    def __init__(
        self, weights: Weights, knobs: Knobs, hidden_TBD: Tensor, summary_TBD: Tensor, knocked_out: KnockedOut
    ) -> None:
        steps, batch, size = hidden_TBD.shape
        self._scorer, self._knobs, self._knocked_out = scorer_for(weights), knobs, knocked_out
        self.memory_steps = knobs.memory_steps(steps)
        memories = len(self.memory_steps) if knobs.k_top > 0 else 0
        key_size = self._scorer.key_size
        # Zeros make the initial memory, whose key is zero in both variants.
        self.memories_BMD = hidden_TBD.new_zeros(batch, memories, size)
        self.keys_BMA = hidden_TBD.new_zeros(batch, memories, key_size)
        self.queries_TBA = hidden_TBD.new_zeros(steps, batch, key_size)
        self.choices: list[Choice | None] = []
        self._hidden, self._summary = hidden_TBD.unbind(0), summary_TBD.unbind(0)
        self._queries = self.queries_TBA.unbind(0)
        self._first_row_B1 = torch.arange(batch, device=hidden_TBD.device).unsqueeze(1) * memories
        self._written = int(knobs.initial_memory) if memories else 0

    def step(self, t: int) -> None:
        """Turn ĥ_t into h_t = ĥ_t + s_t, and write it as a memory where its turn has come."""
        choice = None
        if self._written > 0:
            choice = self._read(t)
        self.choices.append(choice)
        if self._written < self.memories_BMD.shape[1] and self.memory_steps[self._written] == t:
            self.memories_BMD[:, self._written] = self._hidden[t]
            self.keys_BMA[:, self._written] = self._scorer.key(self._hidden[t])
            self._written += 1

    def _read(self, t: int) -> Choice:
        query_BA = self._scorer.query(self._hidden[t], out=self._queries[t])
        columns = columns_of(self._scorer.scores(self.keys_BMA[:, : self._written], query_BA), self._knobs)
        keep_BE = self._keep(t, columns) if t in self._knocked_out else None
        if columns.places_BE is None:
            rows_E, read_BED = None, self.memories_BMD[:, : self._written]
        else:
            rows_E = (columns.places_BE + self._first_row_B1).flatten()
            read_BED = self.memories_BMD.flatten(0, 1).index_select(0, rows_E).view(*columns.scores_BE.shape, -1)
        choice = weigh(columns, self._knobs, rows_E, keep_BE)
        torch.bmm(choice.weights_BE.unsqueeze(1), read_BED, out=self._summary[t].unsqueeze(1))
        self._hidden[t].add_(self._summary[t])
        return choice

    def _keep(self, t: int, columns: Columns) -> Tensor:
        """False for the columns whose source is knocked out of reader t, (B, E)."""
        gone = [place for place, step in enumerate(self.memory_steps) if step in self._knocked_out[t]]
        places_BE = columns.places_BE
        if places_BE is None:
            places_BE = torch.arange(columns.chosen, device=self._first_row_B1.device).expand_as(columns.scores_BE)
        return ~torch.isin(places_BE, torch.tensor(gone, device=places_BE.device, dtype=places_BE.dtype))


class AttentionBackward:
    """Sends gradient from readers to what they read, backward in time. Source: spec section 2.

    Args:
        tape: What the forward pass left.
        skip_edges: False makes every memory a constant when it is read; the way through the query stays.
        vectors: Keep, for an observer, what each skip edge of the step carries.

    Attributes:
        skip_BED: That, for the step last visited; None where nothing was read or `vectors` is off.
    """

    def __init__(self, tape: Tape, skip_edges: bool, vectors: bool, sum_floor: float = 0.0) -> None:
        self._tape, self._skip_edges, self._vectors, self._sum_floor = tape, skip_edges, vectors, sum_floor
        self._scorer = scorer_for(tape.weights)
        self._memories_ND = tape.memories_BMD.flatten(0, 1)
        self._keys_NA = tape.keys_BMA.flatten(0, 1)
        self._d_memories_BMD = tape.memories_BMD.new_zeros(tape.memories_BMD.shape)  # contiguous, whatever the tape has
        self._d_keys_BMA = torch.zeros_like(tape.keys_BMA)
        self._d_queries_TBA = torch.zeros_like(tape.queries_TBA)
        written = tape.memories_BMD.shape[1]
        self._place_of = {step: place for place, step in enumerate(tape.memory_steps[:written])}
        self.skip_BED: Tensor | None = None

    def arrive(self, t: int, d_hidden_BD: Tensor) -> Tensor:
        """Add what all readers have sent to the memory written at step t, if there is one."""
        place = self._place_of.get(t)
        if place is None or not self._skip_edges:
            return d_hidden_BD
        through_key_BD = self._scorer.to_memory(self._d_keys_BMA[:, place], self._tape.memories_BMD[:, place])
        return through_key_BD.add_(self._d_memories_BMD[:, place]).add_(d_hidden_BD)

    def step(self, t: int, d_hidden_BD: Tensor, d_summary_BD: Tensor, provisional_BD: Tensor) -> Tensor:
        """Send gradient from reader t to its memories.

        Args:
            t: The reader.
            d_hidden_BD: The whole of ∂L/∂h_t.
            d_summary_BD: ∂L/∂s_t from the read-out.
            provisional_BD: ĥ_t.

        Returns:
            The whole of ∂L/∂ĥ_t, query path included.
        """
        choice = self._tape.choices[t]
        self.skip_BED = None
        if choice is None:
            return d_hidden_BD
        d_read_BD = d_hidden_BD + d_summary_BD
        memories_BED, keys_BEA = self._read(choice)
        # As a row times a matrix: the column form takes three times as long on a CPU.
        d_weights_BE = torch.bmm(d_read_BD.unsqueeze(1), memories_BED.transpose(1, 2)).squeeze(1)
        d_scores_BE = score_gradients(choice, d_weights_BE, self._sum_floor)
        d_keys_BEA = self._scorer.key_gradients(keys_BEA, self._tape.queries_TBA[t], d_scores_BE)
        d_query_BA = torch.sum(d_keys_BEA, dim=1, out=self._d_queries_TBA[t])
        self._send(choice, d_keys_BEA, choice.weights_BE.unsqueeze(2) * d_read_BD.unsqueeze(1), memories_BED)
        return self._scorer.to_provisional(d_query_BA, provisional_BD).add_(d_hidden_BD)

    def _read(self, choice: Choice) -> tuple[Tensor, Tensor]:
        """Memories and keys of the columns."""
        batch, columns = choice.weights_BE.shape
        if choice.rows_E is None:
            return self._tape.memories_BMD[:, :columns], self._tape.keys_BMA[:, :columns]
        memories_BED = self._memories_ND.index_select(0, choice.rows_E).view(batch, columns, -1)
        return memories_BED, self._keys_NA.index_select(0, choice.rows_E).view(batch, columns, -1)

    def _send(self, choice: Choice, d_keys_BEA: Tensor, d_values_BED: Tensor, memories_BED: Tensor) -> None:
        """Put gradient down at the memories, to be paid out when their own step is reached."""
        columns = choice.weights_BE.shape[1]
        for whole_BMX, part_BEX in ((self._d_keys_BMA, d_keys_BEA), (self._d_memories_BMD, d_values_BED)):
            if choice.rows_E is None:
                whole_BMX[:, :columns].add_(part_BEX)
            else:
                whole_BMX.flatten(0, 1).index_add_(0, choice.rows_E, part_BEX.flatten(0, 1))
        if self._vectors:
            through_key_ND = self._scorer.to_memory(d_keys_BEA.flatten(0, 1), memories_BED.flatten(0, 1))
            self.skip_BED = through_key_ND.view_as(d_values_BED).add_(d_values_BED)

    def parameter_gradients(self, provisional_TBD: Tensor) -> ScoreGradients:
        """Gradients on the scorer's parameters, once every step has been visited."""
        return self._scorer.parameter_gradients(
            self._d_keys_BMA.flatten(0, 1),
            self._memories_ND,
            self._d_queries_TBA.flatten(0, 1),
            provisional_TBD.flatten(0, 1),
        )
