"""Reads what a verdict says and advises as a sceptic does: each sentence is recounted from looks, spec and knobs.

Nothing of app/runs is used, and a sentence that is not known here is a fault too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.oracles import verdict_recounts as count
from tests.oracles.verdict_recounts import Told
from tests.oracles.verdict_states import Made

Recount = Callable[[Made, Told], bool]
ENDED = ("finished", "stopped", "failed", "diverged", "interrupted")
RESUMABLE = ("stopped", "failed", "interrupted")
GOING = ("running", "queued")


def fault(made: Made, said: str) -> str:
    """The sentence when it is not so, else nothing."""
    for pattern, holds in (*SAID, *ADVISED):
        if match := re.fullmatch(pattern, said):
            return "" if holds(made, match.groupdict()) else said
    return f"nobody can check: {said}"


U = r"[\d,]+"
FIGURE = r"(?P<metric>\w+) (?P<best>is not a number|[\d.e-]+)"
GAIN = rf"{FIGURE} at update (?P<since>{U}), a clear gain; (?P<bar>.+) is the bar\."
HELD = (
    rf"The bar (?P<bar>.+) held on (?P<looks>\d+) looks in a row at (?P<examples>\d+ [a-z-]+) examples,"
    rf" at update (?P<at>{U})\."
)
DEAD = (
    r"have only weights of exactly 0\. No gradient comes through these;"
    r" only what happens to other weights can wake them\."
)
BEYOND = (
    r"(?P<share>\d+)\xa0% of the scorer's units are beyond ±0\.99,"
    r" where tanh passes on less than 2 % of a gradient, and"
)
NOW = r"(?P<metric>\w+) (?P<now>is not a number|[\d.e-]+)"


SAID: tuple[tuple[str, Recount], ...] = (
    (
        r"It is better than guessing, but no look gave a finite (?P<metric>\w+); (?P<bar>.+) is the bar\.",
        lambda m, t: (
            count.none_finite(m, t) and (count.left_guessing(m) is not None or count.beats_guessing(m, m.looks[-1]))
        ),
    ),
    (rf"It got better up to its last look: {GAIN}", lambda m, t: m.status in ENDED and count.learns(m, t)),
    (rf"It was getting better when it was paused: {GAIN}", lambda m, t: m.status == "paused" and count.learns(m, t)),
    (rf"It gets better: {GAIN}", lambda m, t: m.status in GOING and count.learns(m, t)),
    (
        rf"Its last clear gain is (?P<ago>{U}) updates old, {FIGURE} at update (?P<since>{U});"
        rf" (?P=metric) (?P<now>is not a number|[\d.e-]+) at update (?P<at>{U}), and (?P<bar>.+) is the bar\.",
        count.gained_before,
    ),
    (
        rf"{NOW} at update (?P<at>{U}), where (?P<bar>.+) is the bar; it has to hold on 2 looks in a row\.",
        count.at_the_bar,
    ),
    (HELD, lambda m, t: count.held(m, t, 0)),
    (rf"{HELD} It had learned and lost it once before\.", lambda m, t: count.held(m, t, 1)),
    (
        rf"{HELD} It had learned and lost it (?P<times>\d+) times before\.",
        lambda m, t: count.held(m, t, int(t["times"])) and int(t["times"]) > 1,
    ),
    (
        rf"It had learned the task at update (?P<at>{U}) and lost it again at (?P<lost>{U}): {NOW} at the last look\.",
        count.lost_it,
    ),
    (
        rf"Attention is dead: all readers {DEAD}",
        lambda m, t: count.twice(m, "dead", 0.5, None) and m.looks[-1].health["dead"] == 1,
    ),
    (
        rf"Attention is dead: (?P<share>\d+)\xa0% of the readers {DEAD}",
        lambda m, t: count.twice(m, "dead", 0.5, t["share"]) and m.looks[-1].health["dead"] != 1,
    ),
    (
        rf"{BEYOND} no look gave a finite (?P<metric>\w+)\.",
        lambda m, t: count.twice(m, "saturated", 0.9, t["share"]) and count.none_finite(m, t),
    ),
    (
        rf"{BEYOND} nothing was clearly better since update (?P<since>{U})\.",
        lambda m, t: count.twice(m, "saturated", 0.9, t["share"]) and count.nothing_since(m, t),
    ),
    (
        rf"No two looks in a row were clearly better than guessing, which gives (?P<guess>\w+) (?P<level>[\d.]+);"
        rf" {NOW} at update (?P<at>{U})\.",
        count.guesses,
    ),
    (
        rf"It left guessing behind at update (?P<at>{U}), but no look gave a finite (?P<metric>\w+)\.",
        lambda m, t: count.none_finite(m, t) and count.left_guessing(m) == count.number(t["at"]),
    ),
    (
        rf"Nothing was clearly better since update (?P<since>{U}), where {FIGURE};"
        rf" (?P=metric) (?P<now>is not a number|[\d.e-]+) at update (?P<at>{U})\.",
        count.still,
    ),
    (
        r"The loss is not a number any more, so nothing can be learned from it\.",
        lambda m, t: m.status == "diverged",
    ),
)


EARLY = rf"update (?P<at>{U}) is too early to tell\."
RATE = r"(?P<reached>\d+) of (?P<of>\d+) seeds"
ANEW = "Train anew with"
WILD = ": such steps throw weights out of their range\\."
CUT = "No gradient crosses a cut, and there is one"
ADVISED: tuple[tuple[str, Recount], ...] = (
    ("", lambda m, t: True),
    (
        r"It ended before its last update: Resume lets it train on\.",
        lambda m, t: m.status in RESUMABLE,
    ),
    (
        r"Train it longer: raise the number of updates\.",
        lambda m, t: m.status == "finished" and count.training(m)["updates"] < 10_000_000,
    ),
    (r"It stands still while it is paused: press Resume\.", lambda m, t: m.status == "paused"),
    (
        rf"Wait: {RATE} learned this, half of them by update (?P<median>{U}), the slowest at (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, t) and m.status in GOING,
    ),
    (
        rf"Wait: {RATE} learned this, at update (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, {**t, "several": "1"}) and m.status in GOING,
    ),
    (
        rf"Press Resume: {RATE} learned this, the slowest at update (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, t) and t["reached"] != "1" and m.status == "paused",
    ),
    (
        rf"Press Resume: {RATE} learned this, at update (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, {**t, "several": "1"}) and m.status == "paused",
    ),
    (
        rf"Resume lets it train on: {RATE} learned this, the slowest at update (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, t) and t["reached"] != "1" and m.status in RESUMABLE,
    ),
    (
        rf"Resume lets it train on: {RATE} learned this, at update (?P<slowest>{U})\.",
        lambda m, t: count.wait(m, {**t, "several": "1"}) and m.status in RESUMABLE,
    ),
    (
        rf"Wait: {EARLY}",
        lambda m, t: count.early(m) and count.number(t["at"]) == m.looks[-1].update and m.status in GOING,
    ),
    (
        rf"Press Resume: {EARLY}",
        lambda m, t: count.early(m) and count.number(t["at"]) == m.looks[-1].update and m.status == "paused",
    ),
    (
        rf"Resume lets it train on: {EARLY}",
        lambda m, t: count.early(m) and count.number(t["at"]) == m.looks[-1].update and m.status in RESUMABLE,
    ),
    (
        r"Resume lets it train on, but another seed may do better: Reseed\.",
        lambda m, t: m.status in RESUMABLE and m.rate is None and m.branched_with is None,
    ),
    (
        r"Another seed may do better: a branch keeps that of its parent, so start a new run\.",
        lambda m, t: m.branched_with is not None,
    ),
    (r"It takes longer than the one measured seed that learned this\.", lambda m, t: count.late(m, several=False)),
    (
        r"It takes longer than each of the (?P<n>\d+) measured seeds that learned this\.",
        lambda m, t: count.late(m, several=True) and m.rate is not None and int(t["n"]) == m.rate["reached"],
    ),
    (
        r"A learning rate that falls at the end keeps what was learned: train with rate_decay 0\.3\.",
        lambda m, t: count.training(m)["rate_decay"] == 0,
    ),
    (
        rf"Its learning rate falls from update (?P<at>{U}) on, which keeps what is learned by then\.",
        lambda m, t: (
            count.training(m)["rate_decay"] > 0
            and m.status not in ENDED
            and m.looks[-1].update
            < count.number(t["at"])
            == round(count.training(m)["updates"] * (1 - count.training(m)["rate_decay"]))
        ),
    ),
    (
        r"None of (?P<of>\d+) measured seeds learned this: change a setting, not the seed\.",
        lambda m, t: count.measured(m, {**t, "reached": "0"}),
    ),
    (
        r"1 of (?P<of>\d+) seeds learns this: Reseed\.",
        lambda m, t: count.measured(m, {**t, "reached": "1"}) and not count.turned(m),
    ),
    (
        rf"{RATE} learn this: Reseed\.",
        lambda m, t: count.measured(m, t) and int(t["reached"]) > 1 and not count.turned(m),
    ),
    (r"Another seed may do better: Reseed\.", lambda m, t: m.rate is None and m.branched_with is None),
    (
        rf"{CUT} every (?P<k>\d+) steps: method sab sends credit over them\.",
        lambda m, t: (
            m.spec["model"]["method"] == "tbptt" and 1 < int(t["k"]) == m.parameters["k_trunc"] <= count.steps(m)
        ),
    ),
    (
        rf"{CUT} at every step: method sab sends credit over them\.",
        lambda m, t: m.spec["model"]["method"] == "tbptt" and m.parameters["k_trunc"] == 1,
    ),
    (
        r"k_top = 0: no memory is read, so nothing is skipped: raise k_top\.",
        lambda m, t: m.spec["model"]["method"] == "sab" and m.parameters["k_top"] == 0,
    ),
    (
        r"k_top = 1: the one memory that is read has weight 1, whatever its score, and the scorer gets hardly any"
        r" gradient: raise k_top\.",
        lambda m, t: (
            m.spec["model"]["method"] == "sab" and m.parameters["k_top"] == 1 and m.spec["model"]["variant"] == "paper"
        ),
    ),
    (
        rf"{RATE} learned this with the knobs of the start, to which Reseed goes back\.",
        lambda m, t: count.measured(m, t) and int(t["reached"]) > 0 and count.turned(m) and m.branched_with is None,
    ),
    (
        r"k_att = (?P<k>\d+): no memory is written that a step could read, so nothing is skipped: lower k_att\.",
        lambda m, t: (
            m.spec["model"]["method"] == "sab"
            and m.parameters["k_top"] > 0
            and int(t["k"]) == m.parameters["k_att"]
            and not any((step + 1) % int(t["k"]) == 0 for step in range(count.steps(m) - 1))
        ),
    ),
    (r"Mixed delays teach the short ones first: train with T_min (?P<least>\d+)\.", count.mixes),
    (
        r"With k_top = 1 the release variant reads nothing: raise k_top\.",
        lambda m, t: m.spec["model"]["variant"] == "release" and m.parameters["k_top"] == 1,
    ),
    (rf"{ANEW} learning_rate 0\.003 and clip_norm 0\.5{WILD}", lambda m, t: count.fast(m) and count.unclipped(m)),
    (rf"{ANEW} learning_rate 0\.003{WILD}", lambda m, t: count.fast(m)),
    (rf"{ANEW} clip_norm 0\.5{WILD}", lambda m, t: count.unclipped(m)),
    (
        r"Knobs were turned so far that steps throw weights out of their range: Reset trains with those of the start\.",
        lambda m, t: (
            (m.parameters["learning_rate"] > 0.01 or m.parameters["clip_norm"] == 0)
            and not count.fast(m)
            and not count.unclipped(m)
        ),
    ),
    (
        rf"{ANEW} sum_floor 0\.1 and scorer_rate 0\.3, which protect the scorer\.",
        lambda m, t: count.no_floor(m) and count.scorer_fast(m),
    ),
    (rf"{ANEW} sum_floor 0\.1, which protects the scorer\.", lambda m, t: count.no_floor(m)),
    (rf"{ANEW} scorer_rate 0\.3, which protects the scorer\.", lambda m, t: count.scorer_fast(m)),
    (
        r"Clipping was turned off: Reset trains with clip_norm (?P<clip>[\d.]+) again\.",
        lambda m, t: m.parameters["clip_norm"] == 0 < count.number(t["clip"]) == count.begun(m, "clip_norm"),
    ),
    (
        r"Train with clip_norm 0\.5: gradients are not clipped now\.",
        lambda m, t: m.parameters["clip_norm"] == 0 and count.unclipped(m),
    ),
    (r"Train with a lower learning_rate\.", lambda m, t: m.parameters["clip_norm"] > 0),
)
