"""Time and memory of an update against the length of the sequence, as one SVG for the docs.

Both axes are logarithmic, so that a power of T is a straight line; each line's end says
what it is and how it grows. Colours
are CSS variables with a light and a dark value: the picture follows the theme of its reader.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from benchmarks.fits import power_of

INK, FAINT = "#1f2328", "#59636e"
DARK = {
    INK: "#f0f6fc",
    FAINT: "#9198a1",
    "#0b5cad": "#6cb0ff",
    "#8a5a00": "#e3a83b",
    "#1a7f37": "#4ac26b",
    "#b02a37": "#ff8a80",
}
"""Light colour → the one that takes its place in the dark."""
STYLES = {
    "sab": ("ours", "#0b5cad", "o", "-"),
    "lstm": ("torch.nn.LSTM", "#8a5a00", "s", "-"),
    "sab-torch": ("ours, backend torch", "#1a7f37", "^", "--"),
    "dense": ("dense autograd", "#b02a37", "D", ":"),
}
PANELS = (("value", "time of an update", "ms"), ("grown_mib", "peak memory beyond torch's own", "MiB"))
Points = dict[str, dict[int, float]]


def points_of(figures: list[dict[str, Any]], key: str) -> Points:
    """Subject → length → quantity, for what was measured."""
    found: Points = {}
    for entry in figures:
        if entry.get("subject") in STYLES and "T" in entry and entry.get(key):
            found.setdefault(entry["subject"], {})[entry["T"]] = entry[key]
    return found


def draw(figures: list[dict[str, Any]], path: Path) -> None:
    """Write the chart; the same figures give the same bytes.

    Raises:
        ValueError: The figures hold no growth, or not its memory.
    """
    panels = [(points_of(figures, key), title, unit) for key, title, unit in PANELS]
    if not all(points for points, _, _ in panels):
        raise ValueError("the figures hold no times and memory at several lengths; run the engine part without --quick")
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "engine", "font.family": "sans-serif"}):
        figure = Figure(figsize=(9.6, 3.9), layout="constrained")
        for axes, (points, title, unit) in zip(figure.subplots(1, 2), panels, strict=True):
            _panel(axes, points, title, unit)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    path.write_text(themed(out.getvalue()))


def _panel(axes: Axes, points: Points, title: str, unit: str) -> None:
    lengths = sorted({steps for line in points.values() for steps in line})
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = {kind: line[max(line)] for kind, line in points.items()}
    places = spaced(ends)
    for kind, line in points.items():
        name, colour, marker, dash = STYLES[kind]
        xs = sorted(line)
        axes.plot(xs, [line[x] for x in xs], color=colour, marker=marker, linestyle=dash, markersize=4.5, linewidth=1.8)
        at = (xs[-1], places[kind])
        offset: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points"}
        grows = f"  ∝ T^{power_of(line).exponent:.2f}" if len(line) > 1 else ""
        axes.annotate(name + grows, at, color=colour, va="center", fontsize=9, annotation_clip=False, **offset)
    axes.set_title(f"{title}, {unit}", loc="left", color=INK, fontsize=10)
    axes.set_xlabel("length T, steps", color=FAINT, fontsize=9)
    axes.xaxis.set_major_locator(FixedLocator(lengths))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_locator(NullLocator())
    plain = FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.set_xlim(lengths[0] * 0.88, lengths[-1] * 7)
    axes.tick_params(colors=FAINT, labelsize=9, length=3)
    axes.grid(axis="y", color=FAINT, alpha=0.25, linewidth=0.6)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(FAINT)


def spaced(ends: dict[str, float], least: float = 1.28) -> dict[str, float]:
    """Heights for labels so that neighbours are a factor of `least` apart, lowest first, none below its line's end."""
    heights: dict[str, float] = {}
    floor = 0.0
    for kind in sorted(ends, key=lambda kind: ends[kind]):
        heights[kind] = max(ends[kind], floor)
        floor = heights[kind] * least
    return heights


def themed(svg: str) -> str:
    """The same picture with each colour as a variable that a dark theme changes."""
    names = {light: f"--c{index}" for index, light in enumerate(DARK)}
    for light, name in names.items():
        svg = re.sub(light, f"var({name},{light})", svg, flags=re.IGNORECASE)
    light_rules = ";".join(f"{name}:{light}" for light, name in names.items())
    dark_rules = ";".join(f"{name}:{DARK[light]}" for light, name in names.items())
    css = f":root{{{light_rules}}}@media(prefers-color-scheme:dark){{:root{{{dark_rules}}}}}"
    return re.sub(r"(<svg\b[^>]*>)", lambda found: f"{found[1]}\n<style>{css}</style>", svg, count=1)
