"""Colours and dashes of exported pictures, made from the one look: told apart on paper, in grey, by colour-blind eyes.

Pictures have one light set, because they go into documents. Pages have both themes. Colour never stands alone: every
rule also has its own dash and marker.
"""

from __future__ import annotations

from sab_visualiser.app.export.content import look
from sab_visualiser.app.export.content.look import DARK as DARK
from sab_visualiser.app.export.content.look import LIGHT as LIGHT

Dash = str | tuple[float, tuple[float, ...]]
PT_PER_PX = 0.75

INK, MUTED = LIGHT["text"], LIGHT["muted"]
PANEL = LIGHT["sunken"]
"""Background of the heatmap: what an exact zero looks like."""
GRID, CUT = LIGHT["line"], LIGHT["edge"]
HATCH = LIGHT["edge"]
"""Memories that do not exist yet."""
TRUE_SOURCE, ALARM = LIGHT["source"], LIGHT["warn"]


def dash(lengths: str) -> Dash:
    """A dash pattern of the page in matplotlib's words."""
    if not lengths:
        return "solid"
    return 0, tuple(PT_PER_PX * float(length) for length in lengths.split())


RULE_COLOURS = {one.rule: LIGHT[one.rule] for one in look.RULES}
RULE_DASHES = {one.rule: dash(one.lengths) for one in look.RULES}
HOP_LINES = tuple(dash(lengths) for lengths in look.HOP_DASHES)
"""First, second, third and later hop over a skip edge."""
THRESHOLD_LINE = dash(look.THRESHOLD_DASH)
CURVE_TOKENS = ("sab", "truncated", "baseline", "source", "full", "more")
CURVE_COLOURS = tuple(LIGHT[token] for token in CURVE_TOKENS)

WEIGHT_COLOURS, DARK_WEIGHTS = look.weight_colours(9), look.weight_colours(9, dark=True)
"""Weights from 0 to 1, on a light and on a dark panel."""
SIGNED_COLOURS = look.signed_colours(65)
"""Weights from −1 to 1, on a light panel."""
SVG_HOPS, SVG_THRESHOLD = look.HOP_DASHES, look.THRESHOLD_DASH
SVG_RULES = {one.rule: one.lengths for one in look.RULES}
