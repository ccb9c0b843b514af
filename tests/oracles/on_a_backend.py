"""How far a float32 backend is from the plain loop, in float64, on one case: states, and gradients under a rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.passes.tape import Tape
from sab_visualiser.model.sab import SAB
from tests.oracles.cases import Case, stacked

FLOAT32 = 1e-4
NEAR_TIES = 1e-2
NEAR_TIE = 0.02
"""Below this sum of r, `shift` divides by so little that float32 rounding shows (spec section 3)."""


@dataclass(frozen=True)
class Distance:
    """What was compared.

    Attributes:
        by_name: Largest difference of states, summaries and each gradient, over the largest of all gradients (states
            as they are).
        tolerance: What spec section 3 allows this case.
        same_choice: False where rounding to float32 has turned a choice; then nothing is compared.
    """

    by_name: dict[str, float]
    tolerance: float
    same_choice: bool = True

    @property
    def worst(self) -> float:
        """The largest of all differences, NaN where one is."""
        found = list(self.by_name.values())
        return math.nan if any(math.isnan(one) for one in found) else max(found, default=0.0)

    @property
    def holds(self) -> bool:
        """Whether all are within the tolerance."""
        return self.worst <= self.tolerance


def rounded(case: Case) -> tuple[SAB, list[Tensor]]:
    """Layer, data and a state in float64, of numbers that float32 holds exactly: so only the arithmetic differs."""
    layer = case.layer()
    layer.load_state_dict({name: value.float().double() for name, value in layer.state_dict().items()})
    return layer, [tensor.float().double() for tensor in (*case.data(), *case.state())]


def in_float32(layer: SAB, case: Case, backend: str, device: str = "cpu") -> SAB:
    """The same weights in float32, on a backend and a device."""
    twin = case.layer().float()
    twin.load_state_dict({name: value.float() for name, value in layer.state_dict().items()})
    twin.backend = backend
    return twin.to(device)


def same_choice(left: Tape, right: Tape) -> bool:
    """Whether rounding to float32 left every choice as it was."""
    pairs = zip(range(len(left.choices)), left.choices, strict=True)
    return all(
        choice is None or torch.equal(torch.as_tensor(left.places(t)), torch.as_tensor(right.places(t)).cpu())
        for t, choice in pairs
    )


def tolerance_of(tape: Tape) -> float:
    """What float32 is allowed on what this tape holds."""
    sums = [float(c.total_B1.min()) for c in tape.choices if c is not None and c.total_B1 is not None]
    return NEAR_TIES if sums and min(sums) < NEAR_TIE else FLOAT32


def distance(
    case: Case, rule: str, backend: str, *, device: str = "cpu", sum_floor: float = 0.0, begun: bool = False
) -> Distance:
    """Both passes of a backend beside the plain loop and autograd."""
    layer, (inputs, d_hidden, d_summary, *state) = rounded(case)
    before = (state[0], state[1]) if begun else None
    expected = layer(inputs, case.phase, case.knocked_out, state=before).tape

    def there(tensor: Tensor) -> Tensor:
        return tensor.detach().float().to(device)

    single = None if before is None else (there(state[0]), there(state[1]))
    tape = in_float32(layer, case, backend, device)(there(inputs), case.phase, case.knocked_out, state=single).tape
    assert tape.backend == backend
    if not same_choice(expected, tape):
        return Distance({}, 0.0, same_choice=False)
    asked = [inputs.requires_grad_(), *layer.parameters(), *(x.requires_grad_() for x in state if begun)]
    walks = case.oracle(layer, inputs, rule, sum_floor, before)
    hidden, summary = (stacked(walks, name) for name in ("hidden", "summary"))
    loss = (hidden * d_hidden + summary * d_summary).sum()
    found = torch.autograd.grad(loss, asked, allow_unused=True, materialize_grads=True)
    blame = (there(d_hidden), there(d_summary))
    back = backends.backward_pass(tape, *blame, rule, sum_floor=sum_floor)  # type: ignore[arg-type]
    mine = {"inputs": back.inputs_BTI, **{name: g for name, g in back.weights._asdict().items() if g is not None}}
    if back.initial is not None:
        mine |= {"h0": back.initial.hidden_BD, "c0": back.initial.cell_BD}
    largest = max(1e-6, *(float(value.abs().max()) for value in found))
    names = ["inputs", *(name for name, _ in layer.named_parameters()), "h0", "c0"]
    by_name = {
        "hidden": _off(tape.hidden_TBD.transpose(0, 1), hidden.detach()),
        "summary": _off(tape.summary_TBD.transpose(0, 1), summary.detach()),
        **{name: _off(mine[name], value) / largest for name, value in zip(names, found, strict=False)},
    }
    return Distance(by_name, tolerance_of(expected))


def _off(mine: Tensor, expected: Tensor) -> float:
    return float((mine.cpu() - expected).abs().max())
