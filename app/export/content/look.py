"""How pictures look, on the page and in files alike: the one table of sizes, shares, dashes, ticks and colours.

static/js/draw/look.js is made from this module (`make generated`). The colours of the two themes stand in
static/css/tokens.css, for both. Lengths are CSS pixels; print takes 0.75 pt for each.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

REACH_SHARE = 1e-6
"""A norm below this share of the largest is out of reach (spec section 4)."""

ARC_TOP_PX = 20
ARC_FOOT_PX = 24
LOWEST_ARC_PX = 16
THINNEST_ARC_PX = 1.25
WIDEST_ARC_PX = 6
SHORTEST_SPAN = 1 / 3
"""The distance that fills the height is never less than this share of the sequence."""
ARC_STEEPNESS = 0.6
"""Height grows with this power of the distance, so that short arcs can be told apart."""
ARC_CROWD = 40
"""Arcs that fit beside one another at their full width."""
ARC_LABEL_PX = 6.2
"""The width that a letter of the numbers of an arc takes, on average and rather too much."""
CROSS_ALONG = 0.84375
CROSS_UP = 0.75
"""Where the cross of a knocked-out arc stands: off the top, where labels stand."""
INK_DECADES = 6
"""Decades below the most local credit at which a local edge is as thin as it gets."""
SCISSORS_FROM_PX = 15
"""Cuts that are closer together are ticks."""

MOST_DECADES = 14
"""What lies further below the largest norm is tiny: marked at the foot of the axis."""
MOST_DECADE_TICKS = 5
MARKERS_UP_TO = 120
"""Steps up to which every norm has a marker."""
TICK_EVERY_PX = 56
STEPS_BETWEEN_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
WIDE_MARGIN = {"left": 58, "right": 18}
NARROW_MARGIN = {"left": 44, "right": 10}

HOP_DASHES = ("", "7 4", "2.5 3")
"""Dash of a skip edge by its hop: first, second, third and later."""
THRESHOLD_DASH = "0.1 5"
"""A threshold memory is read with weight 0, yet gets gradient."""

VIRIDIS = (
    (68, 1, 84),
    (72, 40, 120),
    (62, 74, 137),
    (49, 104, 142),
    (38, 130, 142),
    (31, 158, 137),
    (53, 183, 121),
    (110, 206, 88),
    (181, 222, 43),
    (253, 231, 37),
)
LIGHT_CUT = (0.8, 0.02)
DARK_CUT = (0.32, 1)
"""The part of viridis that stands off a panel, from weight 0 to weight 1."""
PALEST = 0.32
PALE_BELOW = 0.3
"""On a light panel the smallest weights are mixed with white, or they would be the loudest."""
SMALL_LOUDER = 0.7
"""Exponent of a scale centred on 0: small differences can be told from none."""


class RuleLook(NamedTuple):
    """How a rule looks everywhere: its name, its dash by name and as lengths in px, its marker."""

    rule: str
    name: str
    dash: str
    lengths: str
    marker: str


RULES = (
    RuleLook("full", "full", "dot", "2 3", "square"),
    RuleLook("sab", "SAB", "solid", "", "circle"),
    RuleLook("truncated", "truncated", "dash", "7 4", "diamond"),
)
"""In the order in which they are drawn: where two coincide both can be seen, dashes over a solid line."""

# What follows is Python's own: the page reads tokens.css itself and makes its tables in draw/colours.js.
TOKENS = Path(__file__).resolve().parents[3] / "static" / "css" / "tokens.css"
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LAST = 255


def themes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colours of the light and of the dark theme by their names in tokens.css."""
    light, _, dark = css.partition(':root[data-theme="dark"]')
    return dict(COLOUR.findall(light)), dict(COLOUR.findall(dark))


LIGHT, DARK = themes(TOKENS.read_text("utf-8"))


def weight_colours(stops: int, *, dark: bool = False) -> tuple[str, ...]:
    """Colours of weights from 0 to 1 at so many evenly spaced places of the page's table."""
    return tuple(_hex(_weight(round(stop * LAST / (stops - 1)) / LAST, dark)) for stop in range(stops))


def signed_colours(stops: int) -> tuple[str, ...]:
    """Colours from −1 over 0 to 1, for weights that may be negative: 0 has the panel's own colour."""
    less, middle, more = (_channels(LIGHT[name]) for name in ("less", "panel", "more"))
    colours = []
    for stop in range(stops):
        value = 2 * stop / (stops - 1) - 1
        end = less if value < 0 else more
        mixed = [part + (far - part) * abs(value) ** SMALL_LOUDER for part, far in zip(middle, end, strict=True)]
        colours.append(_hex([int(part + 0.5) for part in mixed]))
    return tuple(colours)


def _weight(weight: float, dark: bool) -> list[int]:
    start, end = DARK_CUT if dark else LIGHT_CUT
    white = 0 if dark else PALEST * max(1 - weight / PALE_BELOW, 0)
    return [int(part + (LAST - part) * white + 0.5) for part in _viridis(start + (end - start) * weight)]


def _viridis(position: float) -> list[int]:
    place = min(max(position, 0), 1) * (len(VIRIDIS) - 1)
    low = min(int(place), len(VIRIDIS) - 2)
    pairs = zip(VIRIDIS[low], VIRIDIS[low + 1], strict=True)
    return [int(start + (end - start) * (place - low) + 0.5) for start, end in pairs]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
