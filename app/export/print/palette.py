"""Colours and dashes of exported pictures: told apart on paper, in grey, and by colour-blind eyes.

Pictures have one light set, because they go into documents. Pages have both themes of the page, as the same tokens
(static/css/tokens.css). Colour never stands alone: every rule also has its own dash and marker.
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
HOP_LINES = ("solid", (0, (5, 2.5)), (0, (1.8, 1.8)))
"""First, second, third and later hop over a skip edge, in matplotlib's words."""
THRESHOLD_LINE = (0, (0.1, 2.6))
CURVE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#6a3d9a", "#8c510a", "#3a3a3a")

WEIGHT_COLOURS = ("#a6e087", "#69ca89", "#34ad89", "#22928b", "#2a7a8e", "#33638d", "#3f4888", "#472a79", "#45085a")
"""The page's table (static/js/draw/colours.js) from weight 0 (pale green) to 1 (violet), on white; a test compares."""

LIGHT = {
    "ground": "#f4f4f1",
    "panel": "#ffffff",
    "sunken": "#f0f1ee",
    "text": "#1b1f24",
    "muted": "#5a626d",
    "line": "#dcdfe3",
    "edge": "#c3c8cf",
    "accent": "#0b62a5",
    "accent-soft": "#e2eef8",
    "warn": "#b3261e",
    "warn-soft": "#fbe9e7",
    "sab": "#0072b2",
    "truncated": "#d55e00",
    "full": "#3a3a3a",
    "source": "#009e73",
    "hatch": "#d3d7dc",
    "baseline": "#7b3fa0",
    "more": "#b35900",
    "less": "#0b5fa5",
}
DARK = {
    "ground": "#0e1013",
    "panel": "#14161a",
    "sunken": "#1c1f25",
    "text": "#e7e9ec",
    "muted": "#a0a8b3",
    "line": "#2a2e36",
    "edge": "#434955",
    "accent": "#6cb8f0",
    "accent-soft": "#17293a",
    "warn": "#ff8a80",
    "warn-soft": "#3a1d1b",
    "sab": "#56b4e9",
    "truncated": "#e69f00",
    "full": "#b8b8b8",
    "source": "#009e73",
    "hatch": "#2c3038",
    "baseline": "#c79bf2",
    "more": "#f2a03d",
    "less": "#58b0f2",
}
"""The tokens of static/css/tokens.css that pages use; a test compares them."""
DARK_WEIGHTS = ("#33648d", "#2a798e", "#238e8c", "#23a386", "#34b67a", "#5dc762", "#8fd543", "#c6e02a", "#fde725")
"""The same on a dark panel, from blue (0) to yellow (1)."""
CURVE_TOKENS = ("sab", "truncated", "baseline", "source", "full", "more")
SVG_HOPS = ("", "7 4", "2.5 3")
SVG_THRESHOLD = "0.1 5"
SVG_RULES = {"sab": "", "truncated": "7 4", "full": "2 3"}
"""Dashes of exported pages, those of the page (static/js/draw/figures/methods.js)."""
