"""Reads a title and an answer as a sceptic does: every sentence is counted anew on the trace, from nothing but it.

Nothing of app/export/story is used. A sentence that is not known here is a fault too: who adds one adds its recount.
"""

from __future__ import annotations

import re
from functools import partial

from tests.oracles.recounts import (
    NUMBER,
    Json,
    Recount,
    alike,
    asks,
    at_once,
    chain,
    meets_no_cut,
    method,
    names,
    no_edge,
    no_hop,
    no_memory,
    not_shown,
    nothing_hops,
    of_step,
    one_hop,
    reach,
    repeats,
    rests,
    says,
    silent,
    sums,
    threshold_hop,
    unreached,
    unread,
    who,
    whole,
    zero_row,
)

STEPS = r"(no step|steps? [\d–, and]+?(?: more)?)"


def faults(trace: Json, text: str) -> list[str]:
    """What of a text is not true of a trace."""
    found: list[str] = []
    rest = text
    while rest:
        match, holds = next(
            ((match, holds) for pattern, holds in KNOWN if (match := re.match(rf"{pattern}(?: |$)", rest))),
            (None, None),
        )
        if match is None or holds is None:
            return [*found, f"nobody can check: {rest}"]
        if not holds(trace, match):
            found.append(match[0].strip())
        rest = rest[match.end() :]
    return found


Q = "“(?P<said>[^”]*)”"
UNREAD = r"(?P<top>k_top = 0)?(?: and )?(?:k_att = (?P<att>\d+) in (?P<all>\d+) steps)?: no written memory is read"
HOP = rf"step (?P<r>\d+) read step (?P<s>\d+) with weight (?P<w>{NUMBER})(?P<hidden> \(its arc is hidden\))?"
KNOWN: list[tuple[str, Recount]] = [
    (r"The loss of the whole sequence: which steps does its gradient reach\?", whole),
    (
        r"Step (?P<t>\d+) has no target, so there is no loss to follow back\.",
        of_step(lambda t, s: t["targets"][s] is None),
    ),
    (r"At step (?P<t>\d+) the network says no finite number\.", of_step(lambda t, s: t["predictions"][s] is None)),
    (
        r"At step (?P<t>\d+) it says (?P<said>[-\d.]+): steps (?P<both>.*?) add up to (?P<wanted>[-\d.]+)\.",
        of_step(sums),
    ),
    (
        r"At step (?P<t>\d+) it says (?P<said>[-\d.]+), "
        r"but steps (?P<both>.*?) add up to (?P<wanted>[-\d.–]+)\.",
        of_step(partial(sums, close=False)),
    ),
    (
        r"The loss at step (?P<t>\d+), where the network says (?P<said>.*?)\.(?= |$)",
        of_step(lambda t, s, said: not t["true_sources"].get(str(s)) and names(t, said, t["predictions"][s])),
    ),
    (
        rf"At step (?P<t>\d+) it says {Q}, as at every answer: right here\.",
        of_step(lambda t, s, said: alike(t) and says(t, s, said)),
    ),
    (r"At step (?P<t>\d+) the network repeats the (?P<what>symbol|value) of step (?P<source>\d+)\.", of_step(repeats)),
    (
        rf"At step (?P<t>\d+) the network says {Q}, the (?P<what>symbol|value) of step (?P<source>\d+)\.",
        of_step(says),
    ),
    (
        rf"At step (?P<t>\d+) it says {Q}, as at every answer, not “(?P<wanted>.*?)” of step (?P<source>\d+)\.",
        of_step(lambda t, s, **k: alike(t) and says(t, s, **k)),
    ),
    (
        rf"At step (?P<t>\d+) it should say “(?P<wanted>.*?)” of step (?P<source>\d+), but says {Q}\.",
        of_step(says),
    ),
    (r"Its loss sends no gradient back\.", silent),
    (r"Which steps get the blame\?", nothing_hops),
    (r"What carried the blame back\?", asks),
    (
        rf"One hop: {HOP}(?:(?P<below>; none of its weights is above 0)|(?P<best>, its strongest reading)|"
        rf"(?P<odd>; other weights are not finite)|"
        rf"(?P<tied>; another reading is as strong)|(?:, yet most of all|; most of all it read) "
        rf"(?P<top>the empty memory|step \d+) \((?P<tw>{NUMBER})\)(?P<both>, a true source as well)?)\.",
        one_hop,
    ),
    (
        r"One hop over a threshold memory: step (?P<r>\d+) compared itself with step (?P<s>\d+), which has weight 0\.",
        threshold_hop,
    ),
    (r"(?P<n>Two|Three|Four|Five|\d+) hops: (?P<hops>.*?)\.(?= |$)", chain),
    (r"Method (?P<m>\w+) has no memories: credit walks back step by step(?P<cut>, until a cut)?\.", of_step(method)),
    (rf"{UNREAD}, so (?P<cut>SAB is truncated backpropagation now)\.", of_step(unread)),
    (rf"{UNREAD} and no cut is met, so all rules are full backpropagation\.", of_step(unread)),
    (r"Step (?P<t>\d+) reads no memory\.", of_step(no_memory)),
    (r"Step (?P<t>\d+) attends to no memory: all its weights are 0\.", of_step(zero_row)),
    (
        rf"Step (?P<t>\d+) rests on the empty memory \(weight (?P<weight>{NUMBER})\)"
        r"(?:, and no skip edge carries credit|; (?P<miss>no skip edge leads to the true source))\.",
        of_step(rests),
    ),
    (r"No skip edge carries credit\.", nothing_hops),
    (r"No path shown leads to the true source; (?P<n>[\d,]+) weaker ones are hidden\.", of_step(not_shown)),
    (r"No path shown leads to the true source; (?P<n>1) weaker is hidden\.", of_step(not_shown)),
    (r"No skip edge leads to the true source\.", of_step(no_edge)),
    (r"No path takes a skip edge to the true source\.", of_step(unreached)),
    (r"The paths shown take no skip edge\.", of_step(no_hop)),
    (r"Truncated backpropagation reaches step (?P<t>\d+) only: a cut falls right before it\.", at_once),
    (rf"Truncated backpropagation reaches (?P<x>{STEPS}) only\.", reach("truncated", only=True)),
    (rf"Truncated backpropagation reaches (?P<x>{STEPS})\.", reach("truncated")),
    (rf"Truncated backpropagation reaches (?P<x>{STEPS}) too: it meets no cut\.", meets_no_cut),
    (rf"(?P<who>SAB|TBPTT|BPTT|Attention) reaches (?P<x>{STEPS})\.", who),
]
