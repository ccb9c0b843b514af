"""Colours and dashes of exported pictures, made from the one look: told apart on paper, in grey, by colour-blind eyes.

Colour never stands alone: every rule also has its own dash and marker.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap

from sab_visualiser.app.export.content import look
from sab_visualiser.app.export.content.look import DARK, LIGHT

Dash = str | tuple[float, tuple[float, ...]]
PT_PER_PX = 0.75
SAFE_ON_DARK = (0.32, 1)
"""The part of cividis that stands off a dark ground."""
CURVE_TOKENS = ("sab", "truncated", "baseline", "source", "full", "more")
GREYS = {"light": ("0.82", "0"), "dark": ("0.34", "1")}
"""Smallest and largest weight, as shares of white."""
GREY_RULES = {
    "light": {"sab": "0", "truncated": "0.43", "full": "0.24"},
    "dark": {"sab": "1", "truncated": "0.6", "full": "0.8"},
}


def dash(lengths: str) -> Dash:
    """A dash pattern of the page in matplotlib's words."""
    if not lengths:
        return "solid"
    return 0, tuple(PT_PER_PX * float(length) for length in lengths.split())


RULE_DASHES = {one.rule: dash(one.lengths) for one in look.RULES}
HOP_LINES = tuple(dash(lengths) for lengths in look.HOP_DASHES)
"""First, second, third and later hop over a skip edge."""
THRESHOLD_LINE = dash(look.THRESHOLD_DASH)


class Palette(NamedTuple):
    """The colours of a figure.

    Attributes:
        ground: Behind everything.
        panel: Of the heatmap: what an exact zero looks like.
        hatch: Memories that do not exist yet.
        rules: By rule.
        curves: One after the other.
        weights: From 0 to 1.
        signed: From −1 to 1.
    """

    ground: str
    ink: str
    muted: str
    panel: str
    grid: str
    cut: str
    hatch: str
    source: str
    alarm: str
    rules: Mapping[str, str]
    curves: tuple[str, ...]
    weights: Colormap
    signed: Colormap


@cache
def palette(theme: str, colormap: str) -> Palette:
    """The colours of a theme, or greys of it.

    Args:
        theme: light or dark.
        colormap: perceptual, safe or grey.
    """
    dark = theme == "dark"
    tokens = DARK if dark else LIGHT
    grey = colormap == "grey"
    strong = GREY_RULES[theme]["sab"]
    return Palette(
        ground=tokens["panel"],
        ink=tokens["text"],
        muted=tokens["muted"],
        # A grey ground would leave less room for the smallest weights.
        panel=tokens["panel"] if grey else tokens["sunken"],
        grid=tokens["line"],
        cut=tokens["edge"],
        hatch=tokens["edge"],
        source=strong if grey else tokens["source"],
        alarm=strong if grey else tokens["warn"],
        rules=GREY_RULES[theme] if grey else {one.rule: tokens[one.rule] for one in look.RULES},
        curves=tuple(GREY_RULES[theme].values()) * 2 if grey else tuple(tokens[name] for name in CURVE_TOKENS),
        weights=_weights(colormap, dark),
        signed=_signed(colormap, dark),
    )


def _weights(colormap: str, dark: bool) -> Colormap:
    if colormap == "safe":
        first, last = SAFE_ON_DARK if dark else (1, 0)
        # The darkest part of it would be lost on a dark ground.
        shown = mpl.colormaps["cividis"](np.linspace(first, last, 64))
        return LinearSegmentedColormap.from_list("weight", shown)
    stops = GREYS["dark" if dark else "light"] if colormap == "grey" else look.weight_colours(9, dark=dark)
    return LinearSegmentedColormap.from_list("weight", stops)


def _signed(colormap: str, dark: bool) -> Colormap:
    """Grey has no two ends: it tells the size alone, and a sign stands on each negative cell."""
    if colormap == "safe" or (dark and colormap == "perceptual"):
        return mpl.colormaps["PuOr_r"]
    if colormap == "grey":
        low, high = GREYS["dark" if dark else "light"]
        return LinearSegmentedColormap.from_list("signed weight", (high, low, high))
    return LinearSegmentedColormap.from_list("signed weight", look.signed_colours(65))
