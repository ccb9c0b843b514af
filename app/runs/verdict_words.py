"""A verdict in words: what is said of a run, and what helps; each sentence is chosen by the numbers it names. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypedDict

from sab_visualiser.app.runs.shapes import ENDED, Rate, Spec
from sab_visualiser.app.runs.verdict import NOTHING, Progress, bar_of, task_of, word_of
from sab_visualiser.app.wire.requests import RunStatus, VerdictWord
from sab_visualiser.model.contract import HELD, LOOK_EXAMPLES, TASKS, Until, chance_of

FLOOR, SHARE, DECAY, CLIP, RATE = 0.1, 0.3, 0.3, 0.5, 0.003
"""Values of sum_floor, scorer_rate, rate_decay, clip_norm and learning_rate with which the presets learn."""
HIGH_RATE = 0.01
"""The highest learning rate of a preset."""


class Verdict(TypedDict):
    """What became of a run; `update` is that which the label speaks of, `advice` is empty where nothing is to do."""

    word: VerdictWord
    label: str
    sentence: str
    advice: str
    update: int | None


class Case(NamedTuple):
    """All that a sentence may look at."""

    progress: Progress
    spec: Spec
    status: RunStatus
    rate: Rate | None
    bar: Until

    @property
    def ended(self) -> bool:
        """Whether the run trains no more."""
        return self.status in ENDED

    def figure(self, value: float | None) -> str:
        """A value of the metric that counts, in words."""
        return f"{self.bar.metric} {'is not a number' if value is None else number(value)}"


def verdict(progress: Progress | None, spec: Spec, status: RunStatus, rate: Rate | None = None) -> Verdict | None:
    """VerdictWord, sentence and advice for a run; None before its first look at fresh examples.

    Args:
        progress: What its looks came to.
        spec: Of the run.
        status: Of the run.
        rate: How surely its preset learns, where it trains exactly that.
    """
    word = word_of(progress, status)
    if word is None:
        return None
    case = Case(progress or NOTHING, spec, status, rate, bar_of(spec))
    label, sentence, advice, update = _SAID[word](case)
    return Verdict(word=word, label=label, sentence=sentence, advice=advice, update=update)


Said = tuple[str, str, str, int | None]


def _learning(case: Case) -> Said:
    progress = case.progress
    best, since = case.figure(progress["best"]), progress["improved"]
    if case.ended:
        sentence = f"It was still getting better when it ended: {best} at update {since:,}, and {case.bar} is the bar."
        return "learning", sentence, "Train it longer: raise the number of updates.", since
    sentence = f"It still gets better: {best} at update {since:,} is the best so far, and {case.bar} is the bar."
    return "learning", sentence, _wait(case), since


def _is_learned(case: Case) -> Said:
    at = case.progress["learned"]
    sentence = f"The bar {case.bar} held on {HELD} looks in a row at {LOOK_EXAMPLES} fresh examples, at update {at:,}."
    times = case.progress["losses"]
    before = f" It had learned and lost it {'once' if times == 1 else f'{times} times'} before." if times else ""
    return f"learned at {at:,}", sentence + before, "", at


def _lost_again(case: Case) -> Said:
    learned, lost = case.progress["learned"], case.progress["lost"]
    now = case.figure(case.progress["value"])
    sentence = f"It had learned the task at update {learned:,} and lost it again at {lost:,}: {now} at the last look."
    if case.spec["training"].get("rate_decay", 0) == 0:
        advice = f"A learning rate that falls at the end keeps what was learned: train with rate_decay {DECAY}."
    else:
        advice = _reseed(case)
    return f"lost again at {lost:,}", sentence, advice, lost


def _dead(case: Case) -> Said:
    share = f"{percent(case.progress['dead'])} of the readers"
    sentence = (
        f"Attention is dead: {share} have only weights of exactly 0. No gradient comes through these;"
        " only what happens to other weights can wake them."
    )
    return f"attention dead ({percent(case.progress['dead'])})", sentence, _protect(case), case.progress["update"]


def _saturated(case: Case) -> Said:
    share, since = percent(case.progress["saturated"]), case.progress["improved"]
    sentence = (
        f"{share} of the scorer's units are beyond ±0.99, where tanh passes on less than 2 % of a gradient,"
        f" and nothing was better since update {since:,}."
    )
    return "scorer saturated", sentence, _protect(case), since


def _at_chance(case: Case) -> Said:
    task = task_of(case.spec)
    first = TASKS[task.name].metrics[0].name
    level = number(chance_of(task)[first])
    sentence = (
        f"No two looks in a row were clearly better than guessing, which gives {first} {level};"
        f" {case.figure(case.progress['value'])} at update {case.progress['update']:,}."
    )
    return "at chance", sentence, _stuck(case), case.progress["update"]


def _still(case: Case) -> Said:
    progress = case.progress
    since = progress["improved"]
    sentence = (
        f"Nothing was clearly better since update {since:,}, where {case.figure(progress['best'])};"
        f" {case.figure(progress['value'])} at update {progress['update']:,}."
    )
    return f"standing still since {since:,}", sentence, _stuck(case), since


def _diverged(case: Case) -> Said:
    if case.spec["training"].get("clip_norm", 0) == 0:
        advice = f"Train with clip_norm {CLIP}: gradients are not clipped now."
    else:
        advice = "Train with a lower learning_rate."
    return "diverged", "The loss is not a number any more, so nothing can be learned from it.", advice, None


_SAID: dict[VerdictWord, Callable[[Case], Said]] = {
    "learning": _learning,
    "learned": _is_learned,
    "lost again": _lost_again,
    "attention dead": _dead,
    "scorer saturated": _saturated,
    "at chance": _at_chance,
    "standing still": _still,
    "diverged": _diverged,
}


def _stuck(case: Case) -> str:
    """What helps a run that does not get better."""
    model, training, task = case.spec["model"], case.spec["training"], task_of(case.spec)
    if not case.ended and case.rate and case.rate["slowest"] and case.progress["update"] < case.rate["slowest"]:
        return _wait(case)
    if model["method"] == "tbptt":
        return (
            f"No gradient crosses a cut, and there is one every {model['k_trunc']} steps: method sab sends credit"
            " over them."
        )
    if case.rate:
        return _reseed(case)
    if model["method"] == "sab" and TASKS[task.name].has_delay and task.T_min in (None, task.T) and task.T > 1:
        return "Mixed delays teach the short ones first: train with T_min 1, or the smallest that the task allows."
    if training.get("rate_decay", 0) == 0 and case.ended:
        return "Another seed may learn it: Reseed."
    return _reseed(case)


def _protect(case: Case) -> str:
    """What keeps a scorer alive; options that are on are not advised."""
    training = case.spec["training"]
    wild = [
        *([f"learning_rate {RATE}"] if training["learning_rate"] > HIGH_RATE else []),
        *([f"clip_norm {CLIP}"] if training["clip_norm"] == 0 else []),
    ]
    if wild:
        return f"Train anew with {' and '.join(wild)}: such steps throw weights out of their range."
    wanted = []
    if training.get("sum_floor", 0) == 0 and case.spec["model"]["normalizer"] == "shift":
        wanted.append(f"sum_floor {FLOOR}")
    if training.get("scorer_rate", 1) >= 1:
        wanted.append(f"scorer_rate {SHARE}")
    return f"Train anew with {' and '.join(wanted)}, which protect the scorer." if wanted else _reseed(case)


def _wait(case: Case) -> str:
    rate = case.rate
    if rate is None or rate["median"] is None or rate["slowest"] is None:
        return ""
    if case.progress["update"] >= rate["slowest"]:
        return f"It takes longer than each of the {rate['reached']} measured seeds that learned this."
    return (
        f"Wait: {rate['reached']} of {rate['of']} seeds learned this, half of them by update {rate['median']:,},"
        f" the slowest at {rate['slowest']:,}."
    )


def _reseed(case: Case) -> str:
    if case.rate is None:
        return "Another seed may do better: Reseed."
    return f"{case.rate['reached']} of {case.rate['of']} seeds learn this: Reseed."


def number(value: float) -> str:
    """Three digits that count, without an exponent for what people read every day."""
    return f"{value:.3g}" if abs(value) < 1e-4 and value != 0 else f"{float(f'{value:.3g}'):.6g}"


def percent(share: float | None) -> str:
    """A share in whole percent; what is not all is not said to be."""
    value = 100 * (share or 0)
    return f"{min(round(value), 99) if value < 100 else 100}\u00a0%"
