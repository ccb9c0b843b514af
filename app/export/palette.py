"""Colours and dashes of exported pictures: told apart on paper, in grey, and by colour-blind eyes.

One light set, because exports go into documents. Colour never stands alone: every rule also has its own dash.
"""

from __future__ import annotations

INK = "#1b1d21"
MUTED = "#5b616b"
PANEL = "#f1f2f4"
"""Background of the heatmap: what an exact zero looks like."""
GRID = "#d9dce1"
HATCH = "#c3c8cf"
"""Memories that do not exist yet."""
CUT = "#8a9099"
TRUE_SOURCE = "#009e73"
ALARM = "#b3261e"

RULE_COLOURS = {"sab": "#0072b2", "truncated": "#d55e00", "full": "#3a3a3a"}
RULE_DASHES = {"sab": "solid", "truncated": "dashed", "full": "dotted"}
HOP_DASHES = ("solid", "dashed", "dotted")
"""First, second, third and later hop over a skip edge."""
CURVE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#6a3d9a", "#8c510a", "#3a3a3a")

PLOTLY_DASHES = {"solid": "solid", "dashed": "dash", "dotted": "dot"}

WEIGHT_COLOURS = (
    "#d6c35d",
    "#baac6d",
    "#9e9676",
    "#848279",
    "#6c6d72",
    "#545a6d",
    "#39486c",
    "#0f3570",
    "#00224e",
)
"""Cividis from weight 0 (pale) to 1 (dark); its palest end is left out, it would drown in the background."""
