"""The sequence of an exported page as SVG: what the network read, should say and said, and the loss, step by step.

The look is the page's (static/js/panels/strip/layer.js); colours come from the style of the file (style.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.content.words import readable, symbol
from sab_visualiser.app.export.page.draw.axis import Axis
from sab_visualiser.app.export.page.markup import Markup, px, tag

ROW, TICKS, LOSS = 17, 14, 20
HEIGHT = TICKS + 3 * ROW + LOSS + 6
BASE = TICKS + 3 * ROW + LOSS + 3
ROWS = ("input", "target", "says")
Cell = tuple[str, str]
"""Kind (a class of the style) and letter."""


def upward(value: float) -> float:
    """The least number of two digits that is not below a positive one: a bound that holds as it is written."""
    if value <= 0:
        return value
    digits, power = f"{value:.12e}".split("e")
    return float(f"{math.ceil(float(digits) * 10 - 1e-9)}e{int(power) - 1}")


def strip_svg(trace: Mapping[str, Any], axis: Axis) -> Markup:
    """The drawing; each step is a group whose title says all of it."""
    most = max((v for v in trace.get("loss_T") or [] if v is not None and math.isfinite(v)), default=0.0)
    names = [_text("name", axis.left - 8, TICKS + row * ROW + 13, name) for row, name in enumerate(ROWS)]
    scale = f"≤ {readable(upward(most), 2)}" if axis.left > 50 and trace.get("loss_T") else ""
    names += [_text("name", axis.left - 8, BASE - 11, "loss"), _text("name small", axis.left - 8, BASE, scale)]
    ticks = [_text("tick", axis.x(step), 10, str(step)) for step in axis.ticks()]
    steps = [_step(trace, step, axis, most) for step in range(trace["steps"])]
    view = {"class": "drawing", "viewBox": f"0 0 {px(axis.width)} {HEIGHT}", "width": axis.width, "height": HEIGHT}
    said = {"role": "img", "aria-label": sentence(trace)}
    return tag("svg", view | said, *ticks, *names, *steps)


def sentence(trace: Mapping[str, Any]) -> str:
    """The sequence in words."""
    answers = [right(trace, int(reader)) for reader in trace.get("true_sources") or ()]
    known = [answer for answer in answers if answer is not None]
    return f"A sequence of {trace['steps']} steps{_score(sum(known), len(known))}."


def _score(good: int, answers: int) -> str:
    """How many of the answers are right; blanks are no answers (static/js/page/words/figures.js says the same)."""
    if answers < 2:
        return f"; its one answer is {'right' if good else 'wrong'}" if answers else ""
    return f"; {good} of {answers} answers {'is' if good == 1 else 'are'} right"


def says(trace: Mapping[str, Any], step: int) -> str:
    """What happens at a step, in one line."""
    target = _at(trace, "targets", step)
    parts = [f"step {step}: input {symbol(trace, _at(trace, 'inputs', step))}"]
    if target is not None:
        verdict = {True: ", right", False: ", wrong", None: ""}[right(trace, step)]
        parts.append(f"target {symbol(trace, target)}")
        parts.append(f"the network says {symbol(trace, _at(trace, 'predictions', step))}{verdict}")
        parts.append(f"loss {readable(_at(trace, 'loss_T', step), 4)}")
    return ", ".join(parts)


def right(trace: Mapping[str, Any], step: int) -> bool | None:
    """Whether the answer is right; None where there is no symbol to get right."""
    target = _at(trace, "targets", step)
    return _at(trace, "predictions", step) == target if isinstance(target, int) else None


def _at(trace: Mapping[str, Any], name: str, step: int) -> Any:
    values = trace.get(name) or ()
    return values[step] if step < len(values) else None


def _step(trace: Mapping[str, Any], step: int, axis: Axis, most: float) -> Markup:
    x, chosen = axis.x(step) - axis.cell / 2, step == trace["loss_step"]
    cells = [_cell(trace, name, step) for name in ROWS]
    column = {"class": "column", "x": x, "y": TICKS - 1.0, "width": axis.cell, "height": float(HEIGHT - TICKS)}
    shapes = [shape for row, cell in enumerate(cells) for shape in _shapes(cell, axis, step, TICKS + row * ROW)]
    group = {"class": "step chosen" if chosen else "step", "data-step": step, "data-kind": cells[2][0]}
    return tag(
        "g", group, tag("title", {}, says(trace, step)), tag("rect", column), *shapes, _bar(trace, step, axis, most)
    )


def _cell(trace: Mapping[str, Any], name: str, step: int) -> Cell:
    value = _at(trace, {"input": "inputs", "target": "targets", "says": "predictions"}[name], step)
    if name == "input" and isinstance(value, list) and value:
        share = min(max(float(value[0] or 0), 0.0), 1.0)
        return ("marked" if len(value) > 1 and value[1] == 1 else "value"), str(share)
    if name == "says" and _at(trace, "targets", step) is None:
        return "none", ""
    text = symbol(trace, value)
    kind = {"·": "blank", "▸": "marker", "–": "none"}.get(text, "symbol")
    verdict = right(trace, step) if name == "says" else None
    if verdict is not None and not (verdict and kind == "blank"):
        kind = "right" if verdict else "wrong"
    return kind, text


def _shapes(cell: Cell, axis: Axis, step: int, top: int) -> list[Markup]:
    kind, text = cell
    if kind in ("none", "blank"):
        return [_text("letter blank", axis.x(step), top + 13, "·")] if kind == "blank" else []
    size = max(axis.cell - 1, 1)
    height = max(float(text) * (ROW - 3), 1) if kind in ("value", "marked") else ROW - 2.0
    y = top + ROW - 1 - height if kind in ("value", "marked") else top + 1.0
    box = {"class": f"cell {kind}", "x": axis.x(step) - size / 2, "y": y, "width": size, "height": height}
    rect = tag("rect", box | {"rx": 2 if axis.cell > 8 else 0})
    if kind in ("value", "marked"):
        return [rect]
    small = f"font-size:{px(max(min(12, axis.cell * 1.45), 12 if len(text) == 1 and axis.cell >= 8 else 5))}px"
    return [rect, _text(f"letter {kind}", axis.x(step), top + 13, text, small)]


def _bar(trace: Mapping[str, Any], step: int, axis: Axis, most: float) -> Markup:
    if not trace.get("loss_T"):
        return Markup()
    value = _at(trace, "loss_T", step)
    if value is None:
        return _text("broken", axis.x(step), BASE - 2, "×")
    height = max(value / most * LOSS, 0.5) if value > 0 and most > 0 else 0.0
    width = max(axis.cell * 0.7, 1)
    box = {"x": axis.x(step) - width / 2, "y": BASE - height, "width": width, "height": height}
    return tag("rect", {"class": "loss"} | box) if height else Markup()


def _text(kind: str, x: float, y: float, words: str, style: str | None = None) -> Markup:
    return tag("text", {"class": kind, "x": float(x), "y": y, "style": style}, words)
