"""Backend "triton" on the device, in float32, beside the plain loop in float64: every option, every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.machine import figure
from sab_visualiser.model.card import in_one_line
from tests.oracles.cases import RULES, Case
from tests.oracles.on_a_backend import Distance, distance

PLAIN = Case(
    steps=9,
    batch=3,
    inputs=2,
    hidden=12,
    attention=8,
    k_top=2,
    k_trunc=4,
    k_att=1,
    phase=0,
    form=("paper", "shift"),
    initial_memory=True,
    flat=False,
    scale=1.0,
    knocked_out=(),
    seed=1,
)
"""Of several pieces each, and no near ties."""
OPTIONS: dict[str, dict[str, Any]] = {
    "softmax": {"form": ("paper", "softmax")},
    "k_top 0": {"k_top": 0},
    "k_top 1": {"k_top": 1},
    "all memories": {"k_top": 20},
    "k_trunc 1": {"k_trunc": 1},
    "no cut": {"k_trunc": None},
    "k_att 3, phase 2": {"k_att": 3, "phase": 2},
    "no initial memory": {"initial_memory": False},
    "equal scores": {"flat": True},
    "knocked out": {"knocked_out": ((3, 0), (4, -1), (5, 2))},
    "one step": {"steps": 1},
    "one of everything": {"batch": 1, "hidden": 1, "attention": 1, "inputs": 1},
    "many examples": {"batch": 17},
    "D 128": {"hidden": 128, "attention": 32, "steps": 6},
    "D 200": {"hidden": 200, "attention": 48, "steps": 6, "batch": 2},
}


def measure(backend: str, device: str, names: Iterable[str] = OPTIONS) -> list[dict[str, Any]]:
    """Every rule on the plain case, each option by itself, the floor of the backward pass, a state to begin with."""
    compare = partial(distance, backend=backend, device=device)
    cases = {f"rule {rule}": partial(compare, PLAIN, rule) for rule in RULES}
    cases |= {name: partial(compare, replace(PLAIN, **OPTIONS[name]), "sab") for name in names}
    cases["floor"] = partial(compare, PLAIN, "sab", sum_floor=0.3)
    cases["begun"] = partial(compare, PLAIN, "sab", begun=True)
    return figures({name: tried(case) for name, case in cases.items()})


def tried(case: Callable[[], Distance]) -> Distance | str:
    """The comparison, or in one line why there is none: one option that breaks does not hide the others."""
    try:
        return case()
    except Exception as error:
        return in_one_line(error)


def figures(found: Mapping[str, Distance | str]) -> list[dict[str, Any]]:
    """How far the worst case is off, and how many were compared."""
    broken = {name: one for name, one in found.items() if isinstance(one, str)}
    whole = {name: one for name, one in found.items() if not isinstance(one, str)}
    compared = {name: one for name, one in whole.items() if one.same_choice}
    shares = {name: one.worst / one.tolerance for name, one in compared.items()}
    worst = max(shares, key=lambda name: (shares[name] != shares[name], shares[name]), default=None)
    what = "largest difference from the float64 oracle, over what spec section 3 allows"
    value = None if worst is None else shares[worst]
    holds = bool(compared) and not broken and all(one.holds for one in compared.values())
    more = {"worst": worst, "cases": len(compared), "turned_by_rounding": sorted(whole.keys() - compared.keys())}
    failed = sorted(name for name, one in compared.items() if not one.holds)
    reason = {"reason": next(iter(broken.values()))} if value is None and broken else {}
    return [figure(what, value, "ratio", "≤ 1", holds=holds, failed=failed, broken=broken, **more, **reason)]
