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
PANELS = (("value", "time", "time of an update, ms"), ("grown_mib", "memory", "peak memory beyond torch's own, MiB"))
LINE_OF_TEXT = 0.06
"""Height of a label, as a share of the height of a panel."""
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
    panels = [(points_of(figures, key), _exponents(figures, quantity), title) for key, quantity, title in PANELS]
    if not all(points for points, _, _ in panels):
        raise ValueError("the figures hold no times and memory at several lengths; run the engine part without --quick")
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "engine", "font.family": "sans-serif"}):
        figure = Figure(figsize=(9.6, 3.9), layout="constrained")
        for axes, panel in zip(figure.subplots(1, 2), panels, strict=True):
            _panel(axes, *panel)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    path.write_text(themed(out.getvalue()))


def _exponents(figures: list[dict[str, Any]], quantity: str) -> dict[str, float]:
    return {entry["subject"]: entry["value"] for entry in figures if entry.get("quantity") == quantity}


def _panel(axes: Axes, points: Points, exponents: dict[str, float], title: str) -> None:
    lengths = sorted({steps for line in points.values() for steps in line})
    axes.set_xscale("log")
    axes.set_yscale("log")
    places = label_heights(points)
    for kind, line in points.items():
        name, colour, marker, dash = STYLES[kind]
        xs = sorted(line)
        axes.plot(xs, [line[x] for x in xs], color=colour, marker=marker, linestyle=dash, markersize=4.5, linewidth=1.8)
        at = (xs[-1], places[kind])
        offset: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points"}
        grows = f" ∝ T^{exponents[kind]:.2f}" if kind in exponents else ""
        axes.annotate(name + grows, at, color=colour, va="center", fontsize=9, annotation_clip=False, **offset)
    axes.set_title(title, loc="left", color=INK, fontsize=10)
    axes.set_xlabel("length T, steps", color=FAINT, fontsize=9)
    axes.xaxis.set_major_locator(FixedLocator(lengths))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_locator(NullLocator())
    plain = FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.set_xlim(lengths[0] * 0.88, lengths[-1] * 9)
    axes.tick_params(colors=FAINT, labelsize=9, length=3)
    axes.grid(axis="y", color=FAINT, alpha=0.25, linewidth=0.6)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(FAINT)


def label_heights(points: Points) -> dict[str, float]:
    """Where each label stands: at its line's end, or a line of text above the one below it at the same length."""
    values = [value for line in points.values() for value in line.values()]
    apart = (max(values) / min(values)) ** LINE_OF_TEXT
    heights: dict[str, float] = {}
    lowest: dict[int, float] = {}
    for kind in sorted(points, key=lambda kind: points[kind][max(points[kind])]):
        end = max(points[kind])
        heights[kind] = max(points[kind][end], lowest.get(end, 0.0))
        lowest[end] = heights[kind] * apart
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
