"""Recounts of what sentences assert, from a trace in its JSON shape alone; claim_checker.py says of which."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

Json = dict[str, Any]
Recount = Callable[[Json, re.Match[str]], bool]
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = r"(0 exactly|not finite|-?[\d.]+(?:·10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)"


def row(trace: Json, reader: int) -> dict[int, float | None]:
    """Weights of a step by memory."""
    table = trace["attention"]
    every = zip(table["reader"], table["source"], table["weight"], strict=True)
    return {source: weight for at, source, weight in every if at == reader}


def holders(trace: Json, step: int) -> set[int]:
    """Memories of a step that hold what it should say."""
    found = set()
    for source in trace["true_sources"].get(str(step), []):
        later = sorted(memory for memory in trace["memories"] if source <= memory)
        found |= {memory for memory in later[:1] if memory < step}
    return found


def first_of_all(weights: dict[int, float | None], source: int) -> bool:
    """Whether a memory has more weight than every other one."""
    own = weights.get(source)
    others = [weight for other, weight in weights.items() if other != source]
    return own is not None and all(weight is not None and weight < own for weight in others)


def skips(trace: Json) -> list[Json]:
    """Skip edges with credit, or with credit that is not finite."""
    return [edge for edge in trace["edges"] if edge["kind"] == "skip" and edge["credit"] != 0]


def same(told: str, value: float | None) -> bool:
    """Whether a printed number may be this one."""
    if told == "0 exactly" or told == "not finite":
        return value == 0 if told.startswith("0") else value is None or not math.isfinite(value)
    mantissa, _, power = told.partition("·10")
    return value is not None and math.isclose(
        float(mantissa) * 10 ** int(power.translate(SUPERSCRIPTS) or 0), value, rel_tol=6e-3
    )


def right(trace: Json, step: int) -> bool:
    """Whether the symbol is that of the target."""
    return bool(trace["predictions"][step] == trace["targets"][step])


def names(trace: Json, told: str, value: Any) -> bool:
    """Whether a symbol or a number is called by its name."""
    if isinstance(value, int) and trace["task"].get("symbols"):
        return bool(told == trace["task"]["symbols"][value])
    return told == "–" if value is None else abs(float(told) - value) <= 0.0051


def alike(trace: Json) -> bool:
    """Whether every answer is one symbol though the targets differ."""
    at = [int(reader) for reader in trace["true_sources"]]
    said, due = ({str(trace[name][step]) for step in at} for name in ("predictions", "targets"))
    return len(said) == 1 and len(due) >= 2


def whole(trace: Json, match: re.Match[str]) -> bool:
    """It is the loss of the whole sequence."""
    return trace["loss_step"] is None


def of_step(recount: Callable[..., bool]) -> Recount:
    """A sentence about the loss step: its groups go to the recount, with the step before them."""

    def holds(trace: Json, match: re.Match[str]) -> bool:
        step = trace["loss_step"]
        told = match.groupdict()
        return step is not None and int(told.pop("t", step)) == step and recount(trace, step, **told)

    return holds


def repeats(trace: Json, step: int, what: str, source: str) -> bool:
    """Right, and the strongest of all readings is the memory that holds it."""
    best = [memory for memory in holders(trace, step) if first_of_all(row(trace, step), memory)]
    kind = "value" if trace["task"]["name"] == "recall" else "symbol"
    there = int(source) in trace["true_sources"][str(step)]
    return right(trace, step) and there and what == kind and any((row(trace, step)[m] or 0) > 0 for m in best)


def says(trace: Json, step: int, said: str, source: str = "", wanted: str = "", what: str = "") -> bool:
    """The symbols are what stands in the trace, and the source is a true one."""
    there = not source or int(source) in trace["true_sources"].get(str(step), [])
    target = names(trace, wanted, trace["targets"][step]) if wanted else right(trace, step)
    missed = not wanted or not right(trace, step)
    return names(trace, said, trace["predictions"][step]) and there and target and missed


def sums(trace: Json, step: int, said: str, both: str, wanted: str, close: bool = True) -> bool:
    """An adding network is right within 0.04 or it is not."""
    value, target = trace["predictions"][step], trace["targets"][step]
    near = target is not None and abs(value - target) <= 0.04
    told = [int(source) for source in both.split(" and ")] == trace["true_sources"][str(step)]
    adds = trace["task"]["name"] == "adding"
    return adds and told and near == close and names(trace, said, value) and names(trace, wanted, target)


def read(trace: Json, reader: str, source: str, weight: str) -> bool:
    """The step has that weight on that memory, and credit goes over the edge."""
    carried = any(edge["reader"] == int(reader) and edge["source"] == int(source) for edge in skips(trace))
    value = row(trace, int(reader)).get(int(source), 0.0)
    return carried and value != 0 and same(weight, value)


def compared(trace: Json, reader: str, source: str) -> bool:
    """Credit goes over the edge though the weight is 0, or there is none."""
    carried = any(edge["reader"] == int(reader) and edge["source"] == int(source) for edge in skips(trace))
    return carried and row(trace, int(reader)).get(int(source), 0.0) in (0, None)


def one_hop(trace: Json, match: re.Match[str]) -> bool:
    """One reading, and what is said of its rank."""
    told = match.groupdict()
    weights, source = row(trace, int(told["r"])), int(told["s"])
    if drawn(trace, int(told["r"]), source) is bool(told["hidden"]):
        return False
    others = [weight for memory, weight in weights.items() if memory != source]
    rank = {
        "below": max(weight or 0.0 for weight in weights.values()) <= 0 and None not in others,
        "best": first_of_all(weights, source) and (weights[source] or 0.0) > 0,
        "tied": None not in others and max((o for o in others if o is not None), default=-9) == weights[source],
        "odd": None in others,
    }
    kind = next((name for name in rank if told.get(name)), None)
    if kind is not None:
        return read(trace, told["r"], told["s"], told["w"]) and rank[kind]
    top = -1 if told["top"] == "the empty memory" else int(told["top"].split()[1])
    most = weights[top] or 0.0
    stronger = all(most >= (other or 0.0) for other in others) and most > (weights[source] or 0.0)
    both = {source, top} <= holders(trace, int(told["r"]))
    told_so = read(trace, told["r"], told["s"], told["w"]) and same(told["tw"], weights[top])
    return told_so and stronger and bool(told["both"]) == both


def drawn(trace: Json, reader: int, source: int) -> bool:
    """Whether a shown path takes this skip edge."""
    return any(
        (kind, a, b) == ("skip", reader, source)
        for path in trace["paths"]
        for kind, a, b in zip(path["kinds"], path["steps"], path["steps"][1:], strict=False)
    )


def threshold_hop(trace: Json, match: re.Match[str]) -> bool:
    """One hop over a memory of weight 0."""
    return compared(trace, match["r"], match["s"])


def chain(trace: Json, match: re.Match[str]) -> bool:
    """As many hops as are told, each of them an edge with credit; the first steps are the loss step's own."""
    text, count = match["hops"], match["n"]
    pairs = [(int(a), int(b)) for a, b in re.findall(r"step (\d+) (?:read|compared itself with) step (\d+)", text)]
    ends = re.findall(r"(\d+) → (\d+)", text) if text.startswith("the first") else []
    route = re.sub(r", locally to (\d+), \1", r" ~ \1", text) if not pairs and not ends else ""
    steps = pairwise(int(part) for part in re.findall(r"\d+", route))
    pairs += [(int(a), int(b)) for a, b in ends]
    pairs += [pair for pair, mark in zip(steps, re.findall(r"→|~", route), strict=True) if mark == "→"]
    words = {"Two": 2, "Three": 3, "Four": 4, "Five": 5}
    told = words.get(count) or int(count)
    edges = {(edge["reader"], edge["source"]) for edge in skips(trace)}
    readings = re.findall(rf"step (\d+) read step (\d+) \(weight {NUMBER}\)", text)
    return (
        (len(pairs) == told if not ends else told > 5)
        and all(pair in edges for pair in pairs)
        and all(read(trace, *reading) for reading in readings)
    )


def zero_row(trace: Json, step: int) -> bool:
    """There are weights, and all are exactly 0."""
    weights = row(trace, step)
    return len(weights) > 0 and all(weight == 0 for weight in weights.values())


def rests(trace: Json, step: int, weight: str, miss: str | None = None) -> bool:
    """The empty memory has the most weight, and nothing hops, or not to where the answer stood."""
    weights = row(trace, step)
    best = first_of_all(weights, -1) and same(weight, weights[-1])
    return best and (no_edge(trace, step) if miss else not skips(trace))


def not_shown(trace: Json, step: int, n: str) -> bool:
    """Of the shown paths none takes a skip edge to a memory that holds the answer; so many are hidden."""
    return 0 < int(n.replace(",", "")) == trace["paths_hidden"] and unreached(trace, step)


def unreached(trace: Json, step: int) -> bool:
    """No shown path takes a skip edge to a memory that holds the answer, and an answer has a source."""
    taken = {
        source
        for path in trace["paths"]
        for kind, source in zip(path["kinds"], path["steps"][1:], strict=True)
        if kind == "skip"
    }
    return str(step) in trace["true_sources"] and not taken & holders(trace, step)


def no_edge(trace: Json, step: int) -> bool:
    """Not one skip edge leads to a memory that holds the answer."""
    return str(step) in trace["true_sources"] and not any(e["source"] in holders(trace, step) for e in skips(trace))


def no_hop(trace: Json, step: int) -> bool:
    """No shown path takes a skip edge, though some edge carries credit."""
    return not any("skip" in path["kinds"] for path in trace["paths"]) and bool(skips(trace))


def no_memory(trace: Json, step: int) -> bool:
    """It has no reading."""
    return not row(trace, step)


def method(trace: Json, step: int, m: str, cut: str | None = None) -> bool:
    """It is that method's network, it has no readings, and a cut lies before the step or none does."""
    cuts = [at for at in trace["cuts"] if 0 < at <= step]
    return m == trace["parameters"]["method"] and not trace["attention"]["reader"] and bool(cuts) == bool(cut)


def unread(trace: Json, step: int, cut: str | None = None, **named: str | None) -> bool:
    """Nothing that was written is read by a network that could, and just the knobs at fault are named."""
    cuts = [at for at in trace["cuts"] if 0 < at <= step]
    parameters, steps = trace["parameters"], trace["steps"]
    able = parameters["method"] in ("sab", "attention")
    read = [source for source in trace["attention"]["source"] if source >= 0]
    late = (str(parameters["k_att"]), str(steps)) if parameters["k_att"] >= steps else (None, None)
    at_fault = (parameters["k_top"] == 0, *late) == (named["top"] is not None, named["att"], named["all"])
    return able and not read and at_fault and bool(cuts) == bool(cut)


def reach(rule: str, *, only: bool = False) -> Recount:
    """The steps are those of the rule; `only` says that full reaches others."""

    def holds(trace: Json, match: re.Match[str]) -> bool:
        found = trace["reach"].get(rule)
        if found is None:
            return False
        spelt = [str(a) if a == b else f"{a}–{b}" for a, b in found]
        shown = ", ".join(spelt[:4]) + (f" and {len(spelt) - 4} more" if len(spelt) > 4 else "")
        noun = "step" if len(found) == 1 and found[0][0] == found[0][1] else "steps"
        less = not only or found != trace["reach"].get("full", found)
        return match["x"] == (f"{noun} {shown}" if found else "no step") and less

    return holds


def meets_no_cut(trace: Json, match: re.Match[str]) -> bool:
    """No cut falls before the loss step, and nothing of full is missing."""
    met = [cut for cut in trace["cuts"] if 0 < cut <= trace["loss_step"]]
    same_as_full = trace["reach"].get("full", trace["reach"]["truncated"]) == trace["reach"]["truncated"]
    return reach("truncated")(trace, match) and not met and same_as_full


def who(trace: Json, match: re.Match[str]) -> bool:
    """A network is called by its method."""
    return reach("sab")(trace, match) and match["who"].lower() == trace["parameters"].get("method", "sab")


def at_once(trace: Json, match: re.Match[str]) -> bool:
    """A cut on entering the loss step leaves rule truncated that step alone."""
    step = int(match["t"])
    return step == trace["loss_step"] and step in trace["cuts"] and trace["reach"]["truncated"] == [[step, step]]


def silent(trace: Json, match: re.Match[str]) -> bool:
    """No step has a gradient."""
    return all(norm == 0 for norm in trace["gradient_norm"]["sab"])


def nothing_hops(trace: Json, match: re.Match[str]) -> bool:
    """Not one skip edge carries credit."""
    return not skips(trace)


def asks(trace: Json, match: re.Match[str]) -> bool:
    """Something carried it: a skip edge has credit."""
    return bool(skips(trace))
