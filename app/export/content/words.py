"""Numbers, symbols and steps as people read them in a picture; as static/js/draw/numbers.js writes them.

Files of numbers do not round and do not use this module. Zero, tiny and not finite never look alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.export.content.numbers import js_number
from sab_visualiser.model.contract import DEFAULT_SHARE, METHODS

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LARGE, SMALL = 1e5, 1e-3


def power_of_ten(exponent: int) -> str:
    """`10⁻³`."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def readable(value: float | None, digits: int = 3) -> str:
    """A number with that many significant digits; exact zero and what is not finite by name.

    Args:
        value: None stands for a number that is not finite.
        digits: Significant digits.
    """
    if value is None or not math.isfinite(value):
        return "not finite"
    if value == 0:
        return "0 exactly"
    if abs(value) >= LARGE or abs(value) < SMALL:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa}·{power_of_ten(int(exponent))}"
    return js_number(float(f"{value:.{digits}g}"))


def symbol(trace: Mapping[str, Any], value: Any) -> str:
    """The display name of a symbol, or the number itself; a dash where there is nothing."""
    if value is None:
        return "–"
    names: Sequence[str] = (trace.get("task") or {}).get("symbols") or ()
    if isinstance(value, int) and 0 <= value < len(names):
        return str(names[value])
    if isinstance(value, list):
        return " ".join(_short(part) for part in value)
    return _short(value)


def _short(value: Any) -> str:
    if value is None:
        return "not finite"
    if not isinstance(value, int | float):
        return str(value)
    return str(int(value)) if float(value).is_integer() else f"{value:.2f}"


def spans(reach: Iterable[Sequence[int]] | None, most: int | None = None) -> str:
    """Reach as the page prints it: `39–40, 0–17`.

    Args:
        reach: Intervals, both ends included.
        most: Intervals that are told; of the rest only how many there are. None tells all.
    """
    found = [str(a) if a == b else f"{a}–{b}" for a, b in reach or ()]
    more = "" if most is None or len(found) <= most else f" and {len(found) - most} more"
    return f"{', '.join(found[:most])}{more}" or "no step"


def own_name(trace: Mapping[str, Any]) -> str:
    """What rule sab is called: by the method of the network, as it was trained."""
    return METHODS[trace["parameters"].get("method") or "sab"].called


def unread(trace: Mapping[str, Any]) -> str:
    """Which knobs leave no written memory to read, as `unread` of static/js/draw/figures/methods.js; empty if none."""
    parameters, late = trace["parameters"], all(step < 0 for step in trace["memories"])
    causes = ("k_top = 0", parameters["k_top"] == 0), (f"k_att = {parameters['k_att']} in {trace['steps']} steps", late)
    return " and ".join(cause for cause, holds in causes if holds)


def memory(source: int) -> str:
    """A memory by the step that wrote it."""
    return "∅ empty" if source == -1 else f"step {source}"


class Health(NamedTuple):
    """One picture of health: what its axis says, whether it counts in powers of ten, and its lines by column."""

    axis: str
    log: bool
    lines: dict[str, str]


HEALTH = (
    Health("share", False, {"saturated": "units saturated", "dead": "readers dead", "near_tied": "readers near-tied"}),
    Health("largest |h|", False, {"largest_state": "largest |h|"}),
    Health(
        "update / weight",
        True,
        {"moved_recurrent": "recurrent", "moved_scorer": "scorer", "moved_readout": "read-out"},
    ),
    Health("gradient norm", True, {"norm_median": "median of ≤ 125 updates", "norm_p99": "99 of 100 are below"}),
)
"""From top to bottom (docs/verdict.md)."""


def paths_note(trace: Mapping[str, Any]) -> str:
    """How many paths are shown and hidden, and what was knocked out."""
    shown, hidden = len(trace["paths"]), trace.get("paths_hidden") or 0
    share = f"{100 * trace.get('share', DEFAULT_SHARE):.4g} %"
    held = (
        f"{shown} path{'' if shown == 1 else 's'} shown, which hold {share} of the skip credit; "
        if shown
        else "No path shown; "
    )
    words = f"{held}{hidden or 'no'} weaker one{'' if hidden == 1 else 's'} hidden."
    out = trace.get("knocked_out") or []
    named = ", ".join(f"{reader} → {'∅' if source < 0 else source}" for reader, source in out)
    return f"{words} Knocked out: {named}." if out else words
