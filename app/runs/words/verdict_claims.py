"""Everything that a verdict says of a run, and what it advises: claims with the facts that they need.

A test recounts each sentence from the looks of a run, and holds each advice against what the run does already.
"""

from __future__ import annotations

from sab_visualiser.app.runs.words.say import Claim
from sab_visualiser.app.wire.requests import VerdictWord

_GAIN = "{best} at update {since}, a clear gain; {bar} is the bar."
_HELD = "The bar {bar} held on {held} looks in a row at {examples} examples, at update {learned}."
_DEAD = (
    "have only weights of exactly 0. No gradient comes through these; only what happens to other weights can wake them."
)
_BEYOND = "{saturated} of the scorer's units are beyond ±0.99, where tanh passes on less than 2 % of a gradient,"

SENTENCES: dict[VerdictWord, tuple[Claim, ...]] = {
    "learning": (
        Claim(
            "no gain",
            ("!gained",),
            "It is better than guessing, but no look gave a finite {metric}; {bar} is the bar.",
        ),
        Claim(
            "at the bar",
            ("at_bar",),
            "{now} at update {update}, where {bar} is the bar; it has to hold on {held} looks in a row.",
        ),
        Claim("was learning", ("gains", "ended"), f"It got better up to its last look: {_GAIN}"),
        Claim("paused", ("gains", "paused"), f"It was getting better when it was paused: {_GAIN}"),
        Claim("learns", ("gains",), f"It gets better: {_GAIN}"),
        Claim(
            "gained before",
            (),
            "Its last clear gain is {ago} updates old, {best} at update {since}; {now} at update {update},"
            " and {bar} is the bar.",
        ),
    ),
    "learned": (
        Claim("never lost", ("!lost_before",), _HELD),
        Claim("lost once", ("lost_once",), f"{_HELD} It had learned and lost it once before."),
        Claim("lost before", (), f"{_HELD} It had learned and lost it {{losses}} times before."),
    ),
    "lost again": (
        Claim(
            "lost",
            (),
            "It had learned the task at update {learned} and lost it again at {lost}: {now} at the last look.",
        ),
    ),
    "attention dead": (
        Claim("all dead", ("all_dead",), f"Attention is dead: all readers {_DEAD}"),
        Claim("dead", (), f"Attention is dead: {{dead}} of the readers {_DEAD}"),
    ),
    "scorer saturated": (
        Claim("no gain", ("!gained",), f"{_BEYOND} and no look gave a finite {{metric}}."),
        Claim("saturated", (), f"{_BEYOND} and nothing was clearly better since update {{since}}."),
    ),
    "at chance": (
        Claim(
            "chance",
            (),
            "No two looks in a row were clearly better than guessing, which gives {guessed}; {now} at update {update}.",
        ),
    ),
    "standing still": (
        Claim(
            "no gain",
            ("!gained",),
            "It left guessing behind at update {left_chance}, but no look gave a finite {metric}.",
        ),
        Claim("still", (), "Nothing was clearly better since update {since}, where {best}; {now} at update {update}."),
    ),
    "diverged": (Claim("diverged", (), "The loss is not a number any more, so nothing can be learned from it."),),
}

_WAIT = (
    Claim("wait, one", ("waits", "one_reached"), "Wait: {reached} of {of} seeds learned this, at update {slowest}."),
    Claim(
        "wait",
        ("waits",),
        "Wait: {reached} of {of} seeds learned this, half of them by update {median}, the slowest at {slowest}.",
    ),
)
_ON = (
    Claim(
        "go on, one",
        ("would_wait", "one_reached", "resumable"),
        "Resume lets it train on: {reached} of {of} seeds learned this, at update {slowest}.",
    ),
    Claim(
        "go on",
        ("would_wait", "resumable"),
        "Resume lets it train on: {reached} of {of} seeds learned this, the slowest at update {slowest}.",
    ),
    Claim(
        "resume, one",
        ("would_wait", "one_reached", "paused"),
        "Press Resume: {reached} of {of} seeds learned this, at update {slowest}.",
    ),
    Claim(
        "resume",
        ("would_wait", "paused"),
        "Press Resume: {reached} of {of} seeds learned this, the slowest at update {slowest}.",
    ),
)
_EARLY = (
    Claim("early", ("early", "going", "!none_reached"), "Wait: update {update} is too early to tell."),
    Claim(
        "early, paused",
        ("early", "paused", "!none_reached"),
        "Press Resume: update {update} is too early to tell.",
    ),
    Claim(
        "early, ended",
        ("early", "resumable", "!none_reached"),
        "Resume lets it train on: update {update} is too early to tell.",
    ),
)
_RESEED = (
    Claim(
        "a branch",
        ("branch",),
        "Another seed may do better: a branch keeps that of its parent, so start a new run.",
    ),
    Claim("no seed", ("none_reached",), "None of {of} measured seeds learned this: change a setting, not the seed."),
    Claim(
        "turned, seeds",
        ("measured", "turned"),
        "{reached} of {of} seeds learned this with the knobs of the start, to which Reseed goes back.",
    ),
    Claim("one seed", ("one_reached",), "1 of {of} seeds learns this: Reseed."),
    Claim("seeds", ("measured",), "{reached} of {of} seeds learn this: Reseed."),
    Claim("another seed", (), "Another seed may do better: Reseed."),
)
_CUTS = (
    Claim(
        "cuts",
        ("tbptt", "cuts"),
        "No gradient crosses a cut, and there is one every {k_trunc} steps: method sab sends credit over them.",
    ),
    Claim(
        "cut at every step",
        ("tbptt", "cuts_all"),
        "No gradient crosses a cut, and there is one at every step: method sab sends credit over them.",
    ),
)
_ELSE = (
    Claim("mix", ("!measured", "sab", "mixable"), "Mixed delays teach the short ones first: train with T_min {least}."),
    Claim(
        "go on or reseed",
        ("resumable", "!rated", "!branch"),
        "Resume lets it train on, but another seed may do better: Reseed.",
    ),
    *_RESEED,
)
_STUCK = (
    *_WAIT,
    *_ON,
    *_CUTS,
    Claim("no memory", ("sab", "no_memory"), "k_top = 0: no memory is read, so nothing is skipped: raise k_top."),
    Claim(
        "one memory",
        ("one_memory",),
        "k_top = 1: the one memory that is read has weight 1, whatever its score, and the scorer gets hardly any"
        " gradient: raise k_top.",
    ),
    Claim(
        "none written",
        ("sab", "none_written"),
        "k_att = {k_att}: no memory is written that a step could read, so nothing is skipped: lower k_att.",
    ),
)
_PROTECT = (
    Claim("release reads nothing", ("none_by_rule",), "With k_top = 1 the release variant reads nothing: raise k_top."),
    Claim(
        "wild steps",
        ("high_rate", "!clips"),
        "Train anew with learning_rate {rate} and clip_norm {clip}: such steps throw weights out of their range.",
    ),
    Claim(
        "high rate",
        ("high_rate",),
        "Train anew with learning_rate {rate}: such steps throw weights out of their range.",
    ),
    Claim("no clipping", ("!clips",), "Train anew with clip_norm {clip}: such steps throw weights out of their range."),
    Claim(
        "turned wild",
        ("turned_wild",),
        "Knobs were turned so far that steps throw weights out of their range: Reset trains with those of the start.",
    ),
    Claim(
        "floor and rate",
        ("floor_helps", "scorer_as_fast"),
        "Train anew with sum_floor {floor} and scorer_rate {share}, which protect the scorer.",
    ),
    Claim("floor", ("floor_helps",), "Train anew with sum_floor {floor}, which protects the scorer."),
    Claim("scorer rate", ("scorer_as_fast",), "Train anew with scorer_rate {share}, which protects the scorer."),
    *_RESEED,
)

ADVICE: dict[VerdictWord, tuple[Claim, ...]] = {
    "learning": (
        Claim("can go on", ("resumable",), "It ended before its last update: Resume lets it train on."),
        Claim("no more updates", ("ended", "longest"), ""),
        *_CUTS,
        Claim("longer", ("ended",), "Train it longer: raise the number of updates."),
        Claim("paused", ("paused",), "It stands still while it is paused: press Resume."),
        *_WAIT,
        Claim("late, one", ("late", "one_reached"), "It takes longer than the one measured seed that learned this."),
        Claim("late", ("late",), "It takes longer than each of the {reached} measured seeds that learned this."),
        Claim("no figures", (), ""),
    ),
    "learned": (Claim("nothing to do", (), ""),),
    "lost again": (
        Claim(
            "let it fall",
            ("!decays",),
            "A learning rate that falls at the end keeps what was learned: train with rate_decay {decay}.",
        ),
        Claim(
            "it will fall",
            ("falls_later",),
            "Its learning rate falls from update {falls} on, which keeps what is learned by then.",
        ),
        *_RESEED,
    ),
    "attention dead": _PROTECT,
    "scorer saturated": tuple(claim for claim in _PROTECT if claim.name != "release reads nothing"),
    "at chance": (*_STUCK, *_EARLY, *_ELSE),
    "standing still": (*_STUCK, *_ELSE),
    "diverged": (
        Claim(
            "clipping turned off",
            ("clip_turned_off",),
            "Clipping was turned off: Reset trains with clip_norm {own_clip} again.",
        ),
        Claim("clip", ("!clips_now",), "Train with clip_norm {clip}: gradients are not clipped now."),
        Claim("lower rate", (), "Train with a lower learning_rate."),
    ),
}
