"""Random small layers for property tests: a case says everything that a layer and an oracle need."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from torch import Tensor

from sab_visualiser.model.sab import SAB
from tests.oracles.dense_sab import Setting, Walk, dense_sab

RULES = ("sab", "truncated", "full", "local")


@dataclass(frozen=True)
class Case:
    """One drawn configuration; `flat` makes all scores exactly equal."""

    steps: int
    batch: int
    inputs: int
    hidden: int
    attention: int
    k_top: int
    k_trunc: int | None
    k_att: int
    phase: int
    form: tuple[str, str]
    initial_memory: bool
    flat: bool
    scale: float
    knocked_out: tuple[tuple[int, int], ...]
    seed: int

    def layer(self) -> SAB:
        """A float64 layer with the case's knobs."""
        torch.manual_seed(self.seed)
        variant, normalizer = self.form
        layer = SAB(
            self.inputs,
            self.hidden,
            attention_size=self.attention,
            k_top=self.k_top,
            k_trunc=self.k_trunc,
            k_att=self.k_att,
            normalizer=normalizer,  # type: ignore[arg-type]
            variant=variant,  # type: ignore[arg-type]
            initial_memory=self.initial_memory,
        ).double()
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.mul_(self.scale)
            if self.flat:
                layer.weight_score.zero_()
        return layer

    def data(self) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs, and gradients on hidden states and summaries."""
        generator = torch.Generator().manual_seed(self.seed + 1)
        shape = (self.batch, self.steps, self.hidden)
        inputs = torch.randn(self.batch, self.steps, self.inputs, generator=generator, dtype=torch.float64)
        d_hidden, d_summary = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(2))
        return inputs, d_hidden, d_summary

    def state(self) -> tuple[Tensor, Tensor]:
        """A state to begin with: h and c."""
        generator = torch.Generator().manual_seed(self.seed + 2)
        shape = (2, self.batch, self.hidden)
        hidden, cell = torch.randn(shape, generator=generator, dtype=torch.float64)
        return hidden, cell

    def oracle(
        self,
        layer: SAB,
        inputs: Tensor,
        rule: str = "sab",
        sum_floor: float = 0.0,
        state: tuple[Tensor, Tensor] | None = None,
    ) -> list[Walk]:
        """The plain loop on the same weights."""
        setting = Setting(
            k_top=self.k_top,
            k_trunc=self.k_trunc,
            k_att=self.k_att,
            normalizer=self.form[1],
            variant=self.form[0],
            initial_memory=self.initial_memory,
            phase=self.phase,
            rule=rule,
            knocked_out=self.knocked_out,
            sum_floor=sum_floor,
        )
        return dense_sab(dict(layer.named_parameters()), inputs, setting, state)


FORMS = (("paper", "shift"), ("paper", "softmax"), ("release", "shift"))
CASES = st.builds(
    Case,
    steps=st.integers(1, 9),
    batch=st.integers(1, 3),
    inputs=st.integers(1, 3),
    hidden=st.integers(1, 5),
    attention=st.integers(1, 4),
    k_top=st.sampled_from((0, 1, 2, 3, 5, 20)),
    k_trunc=st.sampled_from((None, 1, 2, 3, 5, 20)),
    k_att=st.integers(1, 4),
    phase=st.integers(0, 4),
    form=st.sampled_from(FORMS),
    initial_memory=st.booleans(),
    flat=st.sampled_from((False, False, False, True)),
    scale=st.sampled_from((0.5, 1.0, 2.0)),
    knocked_out=st.lists(st.tuples(st.integers(1, 8), st.integers(-1, 7)), max_size=3).map(tuple),
    seed=st.integers(0, 10_000),
)


def stacked(walks: list[Walk], name: str) -> Tensor:
    """`hidden`, `cell` or `summary` of all walks as (B, T, D)."""
    return torch.stack([torch.stack(getattr(walk, name)) for walk in walks])


def close(actual: Tensor, expected: Tensor, scale: float | None = None, tolerance: float = 1e-7) -> bool:
    """Whether two tensors agree relative to the largest expected number, or to `scale`."""
    largest = expected.abs().max().item() if scale is None and expected.numel() else (scale or 0.0)
    return actual.shape == expected.shape and bool(((actual - expected).abs() <= tolerance * max(1.0, largest)).all())
