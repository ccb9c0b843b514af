"""The parts of an exported page, as markup: drawings for a desk and for a phone, the step in numbers, caption, link.

Every part says what it shows in words too. Colours and sizes: style.py; the frame of the page: page.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sab_visualiser.app.export.content.caption import cut_words, lines
from sab_visualiser.app.export.content.caption import readable as in_words
from sab_visualiser.app.export.content.geometry import credits_of
from sab_visualiser.app.export.content.words import memory, readable, symbol
from sab_visualiser.app.export.page.draw import arcs, norms, strip
from sab_visualiser.app.export.page.draw.axis import DESK_PX, Axis, narrow, wide
from sab_visualiser.app.export.page.markup import Markup, join, tag
from sab_visualiser.app.export.story.path import readings
from sab_visualiser.model.contract import PROBE_KNOBS, delay_words, knob_words

ARCS_PX, NORMS_PX = (200, 160), (220, 190)
"""Heights for a desk and for a phone."""
Trace = Mapping[str, Any]


def sequence(trace: Trace) -> Markup:
    """The strip."""
    drawn = _both(trace, lambda axis, _: strip.strip_svg(trace, axis))
    return join([_head("Sequence", strip.sentence(trace)), drawn])


def paths(trace: Trace) -> Markup:
    """Arcs with their legend, and how many are hidden."""
    at = trace["loss_step"]
    keys = [_key(arcs.legend_mark(mark), words) for mark, words in arcs.legend(trace)]
    title = "Backtracking paths" + (" of the whole loss" if at is None else f" from step {at}")
    drawn = _both(trace, lambda axis, phone: arcs.arcs_svg(trace, axis, ARCS_PX[phone]))
    notes = [arcs.note(trace)]
    if trace.get("hit_rate") is not None:
        notes.append(f" Hit rate of this example: {100 * trace['hit_rate']:.3g} %.")
    return join([_head(title, "", *keys), drawn, tag("p", {"class": "note", "id": "hidden"}, *notes)])


def gradients(trace: Trace) -> Markup:
    """Norms of the three rules with their reach."""
    at = trace["loss_step"]
    keys = [_key(mark, words) for mark, words in norms.legend(trace)]
    title = f"Gradient norm ‖∂L{'' if at is None else f' at step {at}'} / ∂h‖ at each step, log scale"
    drawn = _both(trace, lambda axis, phone: norms.norms_svg(trace, axis, NORMS_PX[phone]))
    return join([_head(title, "", *keys), drawn])


def card(name: str, *parts: str, more: str = "") -> Markup:
    """A panel."""
    return tag("section", {"class": f"card {more}".strip(), "id": name}, *parts)


def plot(name: str, title: str, note: str) -> Markup:
    """A panel whose picture Plotly draws."""
    box = tag("div", {"class": "plot", "id": name, "role": "img", "aria-label": f"{title}. {note}"})
    return tag("section", {"class": "card"}, _head(title, note), box)


def step(trace: Trace) -> Markup:
    """The chosen step in numbers: what it says, and every memory it reads with weight and credit."""
    at = trace["loss_step"]
    if at is None:
        return Markup()
    facts = [(name, value) for name, value in _facts(trace, at) if value]
    rows = [tag("tr", {}, tag("th", {"scope": "row"}, name), tag("td", {}, value)) for name, value in facts]
    table = tag("table", {"class": "facts"}, tag("tbody", {}, *rows))
    return card("step", tag("h2", {}, f"Step {at} in numbers"), table, _readings(trace, at))


def meta(trace: Trace, caption: Mapping[str, Any]) -> Markup:
    """One line: which network, which update, which example, which seed and knobs."""
    config = caption.get("config") or {}
    task = config.get("task") or {}
    named = next((f"{key} {caption[key]}" for key in ("run", "preset", "checkpoint") if caption.get(key)), "")
    floor = (config.get("training") or {}).get("sum_floor") or ""
    of_task = [f"task {task['name']}, T = {task['T']} steps", delay_words(task["T"], task.get("T_min"))] if task else []
    knobs = trace["parameters"]
    at, example = caption["loss step"], caption["example"]
    words = [
        str(caption.get("name") or ""),
        named,
        *of_task,
        f"method {knobs['method']}" if knobs.get("method") else "",
        f"update {caption['update']}",
        f"example {example}" if example != "own input" else "own input",
        at if isinstance(at, str) else f"loss step {at}",
        f"seed {caption['seed']}" if "seed" in caption else "",
        floor and f"trained with Σr ≥ {floor:g} in the backward pass",
        *(f"{name} {knob_words(name, knobs[name])}" for name in PROBE_KNOBS if name in knobs),
        cut_words(knobs),
        f"variant {knobs['variant']}" if knobs.get("variant") else "",
    ]
    return tag("p", {"class": "meta"}, " · ".join(word for word in words if word))


def colophon(caption: Mapping[str, Any], state: str | None) -> Markup:
    """The whole caption, and the link that opens this view on a server."""
    items = [tag("li", {}, line) for line in lines(in_words(caption))]
    parts = [tag("h2", {}, "How this was made"), tag("ul", {"class": "caption"}, *items)]
    if state:
        words = "To open this very view on a server of this program that has the network, put this behind its address:"
        parts += [tag("p", {"class": "note"}, words), tag("p", {}, tag("code", {"id": "link"}, f"/#{state}"))]
    return card("caption", *parts)


def state_block(state: str) -> dict[str, Any]:
    """The link for machines: as it is spelt, and its parts."""
    return {"hash": state, "view": dict(parse_qsl(state, keep_blank_values=True))}


def _both(trace: Trace, draw: Callable[[Axis, bool], Markup]) -> Markup:
    """The drawing twice, for a desk and for a phone, and the style shows one; once when it must scroll on both."""
    desk, phone = wide(trace["steps"]), narrow(trace["steps"])
    if desk.width > DESK_PX:
        return tag("div", {"class": "scroll"}, draw(desk, False))
    large = tag("div", {"class": "scroll wide fits"}, draw(desk, False))
    return join([large, tag("div", {"class": "scroll narrow"}, draw(phone, True))])


def _head(title: str, note: str, *keys: str) -> Markup:
    return tag(
        "div", {"class": "head"}, tag("h2", {}, title), *keys, *([tag("span", {"class": "note"}, note)] if note else [])
    )


def _key(mark: Markup, words: str) -> Markup:
    return tag("span", {"class": "key"}, mark, words)


def _facts(trace: Trace, at: int) -> Iterable[tuple[str, str]]:
    target, says = (((trace.get(name) or [])[at : at + 1] or [None])[0] for name in ("targets", "predictions"))
    inputs, losses = (trace.get("inputs") or [])[at : at + 1], (trace.get("loss_T") or [])[at : at + 1]
    right = strip.right(trace, at)
    verdict = {
        True: tag("span", {"class": "right-word"}, " ✓ right"),
        False: tag("span", {"class": "wrong-word"}, " ✗ wrong"),
        None: Markup(),
    }[right]
    sources = trace["true_sources"].get(str(at)) or []
    yield "input", symbol(trace, inputs[0]) if inputs else ""
    yield "target", symbol(trace, target) if target is not None else "none"
    yield "the network says", join([symbol(trace, says), verdict]) if target is not None else ""
    yield "loss", readable(losses[0], 4) if losses else ""
    yield "true source", ", ".join(f"step {source}" for source in sources) or "none"


def _readings(trace: Trace, at: int) -> Markup:
    credit, read = credits_of(trace), readings(trace, at)
    known = {source for source, _ in read}
    threshold = [s for kind, reader, s in credit if kind == "skip" and reader == at and s not in known]
    out = {source for reader, source in trace.get("knocked_out") or [] if reader == at}
    if not read and not threshold:
        return tag("p", {"class": "note"}, "No memory is read at this step.")
    rows = []
    for source, weight in [*read, *((source, 0.0) for source in threshold)]:
        name = f"{memory(source)}{' (knocked out)' if source in out else ' (threshold)' if source in threshold else ''}"
        share = 0.0 if weight is None else min(max(weight, 0), 1)
        bar = tag("span", {"class": "meter", "aria-hidden": "true"}, tag("i", {"style": f"width:{share:.0%}"}))
        worth = "–" if source == -1 else readable(credit.get(("skip", at, source), 0.0), 3)
        cells = (tag("td", {}, name), tag("td", {}, bar, readable(weight, 3)), tag("td", {"class": "number"}, worth))
        rows.append(tag("tr", {"data-source": source}, *cells))
    names = (("memory", None), ("attention weight", None), ("credit", "number"))
    head = tag("tr", {}, *(tag("th", {"scope": "col", "class": kind}, name) for name, kind in names))
    return tag("table", {"class": "readings"}, tag("thead", {}, head), tag("tbody", {}, *rows))
