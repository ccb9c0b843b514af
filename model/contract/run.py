"""The fields of a run in three parts (task, model, training), the methods, and the knobs.

A field that is added here is validated, documented, offered by form, help and OpenAPI, and stored; what it does is up
to the one place that reads it. Sources: spec sections 1, 2, 5 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from sab_visualiser.model.contract.data import DATA_FORM
from sab_visualiser.model.contract.field import Field, check, choice, fields_of, flag, number, text, whole
from sab_visualiser.model.contract.tasks import MAX_STEPS, USUAL_T, TaskName
from sab_visualiser.model.contract.until import UNTIL_FORM

Method = Literal["sab", "tbptt", "bptt", "attention"]
Normalizer = Literal["shift", "softmax"]
Variant = Literal["paper", "release"]
Cuts = Literal["blocks", "window"]
"""Where a probe cuts the local gradient: every k_trunc steps, or once, k_trunc steps back from the loss step."""
Phase = Literal["fixed", "random"]
Rule = Literal["sab", "truncated", "full", "local"]

PROBE_EXAMPLES = 16
"""Examples of the fixed probe batch."""
DEFAULT_SHARE = 0.95
"""Share of the skip credit that the shown paths of a trace hold."""
LARGEST_UPDATE = 10_000_000
"""Most updates of a run."""
ALL_MEMORIES = 1 << 30
"""A k_top that no sequence reaches: every memory is read. Outside the model it is written as the largest k_top."""
RISKY_RATE = 0.05
"""A learning rate from which on a trained network is lost: one of preset copy-10 (1.00 of its answers right) was below
0.11 after 300 updates with each of 0.05, 0.1, 0.2, 0.5, 1, 5 and 50, and 600 updates with 0.002 did not bring it back;
with 0.01 and 0.02 it stayed at 1.00 (measured on 2026-11-28)."""
NO_CUT, ALL = "∞", "all"
"""How a person reads k_trunc without a cut, and a k_top that reads every memory."""


@dataclass(frozen=True)
class Task:
    """Which task: its length knob T in steps, how many symbols or pairs to remember, or the data set that it reads.

    With T_min, every training update draws its delay from T_min … T; whatever is probed or evaluated has T.
    """

    name: TaskName = choice("copy", get_args(TaskName), help="the task", remedy="see GET /api/tasks")
    T: int = whole(
        USUAL_T,
        1,
        MAX_STEPS,
        help="length of the delay or the sequence",
        unit="steps",
        remedy="20 to 200 is comfortable",
    )
    items: int | None = whole(
        None,
        1,
        50,
        help="how many to remember",
        unit="symbols or pairs",
        null="the task's own",
        remedy="leave it out for the task's own default",
    )
    T_min: int | None = whole(
        None,
        1,
        MAX_STEPS,
        help="shortest delay of a training update, drawn anew for each",
        unit="steps",
        null="one fixed delay, T",
        remedy="1 mixes all delays up to T; leave it out for one fixed delay",
    )
    data: str | None = text(
        help="the data set that is read",
        remedy="GET /api/tasks names those there are",
        null="the task's own",
        form=DATA_FORM,
        form_words="the name of a data set, or name@sha256 of one that was added",
    )
    permuted: int | None = whole(
        None,
        0,
        2**31 - 1,
        help="seed of the one fixed order in which the pixels of every image are read",
        null="row by row",
        remedy="any whole number in the range; leave it out for row by row",
    )
    carry: bool = flag(
        False,
        help="whether a text is read on from update to update, the state (h, c) carried over without its gradient;"
        " memories never are",
        remedy="write false, with which each sequence begins anywhere, with nothing",
    )

    def __post_init__(self) -> None:
        check("task", self)


@dataclass(frozen=True)
class Model:
    """The network: method, sizes and the SAB knobs."""

    method: Method = choice("sab", get_args(Method), help="how the network learns")
    hidden_size: int = whole(128, 1, 1024, help="hidden units", unit="units", remedy="32 to 256 suits the toy tasks")
    attention_size: int = whole(
        32, 1, 512, help="units of the scorer", unit="units", remedy="16 to 128 suits the toy tasks"
    )
    k_top: int = whole(
        5,
        0,
        10_000,
        help="memories read",
        unit="memories",
        remedy="0 reads no memory, 5 is the paper's",
        knob=True,
        slider=(0, 20),
    )
    k_trunc: int | None = whole(
        5,
        0,
        100_000,
        help="steps per block",
        unit="steps",
        null="no cut",
        zero=True,
        remedy="0 means no cut (full backpropagation)",
        knob=True,
        backward=True,
        slider=(0, 60),
    )
    k_att: int = whole(
        2,
        1,
        10_000,
        help="memory spacing",
        unit="steps",
        remedy="1 stores every step as a memory",
        knob=True,
        slider=(1, 20),
    )
    normalizer: Normalizer = choice(
        "shift", get_args(Normalizer), help="how scores become attention weights", told=True
    )
    variant: Variant = choice("paper", get_args(Variant), help="whose formula of attention", told=True)
    initial_memory: bool = flag(True, help="whether an all-zero memory stands first")

    def __post_init__(self) -> None:
        check("model", self)


@dataclass(frozen=True)
class Training:
    """Optimiser and length of a training."""

    batch_size: int = whole(32, 1, 1024, help="examples of an update", unit="examples", remedy="32 suits the toy tasks")
    # So wide that a student can watch a run diverge for real; below 1e23, which is always a slip of the keyboard.
    learning_rate: float = number(
        2e-3,
        0,
        1e22,
        above=True,
        help="step size of Adam",
        remedy="0.002 is a good start",
        knob=True,
        slider=(1e-5, 1),
        log=True,
    )
    clip_norm: float = number(
        0.5,
        0,
        1e6,
        help="largest norm of the gradient",
        unit="of the gradient; 0 is off",
        remedy="0.5 is a good start, 0 switches clipping off",
        knob=True,
        slider=(1e-2, 100),
        log=True,
    )
    updates: int = whole(
        10_000, 1, LARGEST_UPDATE, help="updates at most", unit="updates", remedy="a copy run needs about 10,000"
    )
    seed: int = whole(0, 0, 2**31 - 1, help="seed of weights and data", remedy="any whole number in the range")
    phase: Phase = choice(
        "fixed", get_args(Phase), help="whether the cuts stay where they are or move from update to update", told=True
    )

    scorer_rate: float = number(
        1.0,
        0,
        10,
        above=True,
        help="learning rate of the scorer (W_k, W_q, w_s), as a share of learning_rate",
        remedy="1 is one rate for all weights, 0.3 keeps the scorer from saturating",
    )
    sum_floor: float = number(
        0.0,
        0,
        10,
        help="least sum of r in the gradient on scores (shift)",
        remedy="0 is the exact gradient, 0.1 keeps near ties from amplifying rounding",
    )
    rate_decay: float = number(
        0.0,
        0,
        1,
        help="share of the updates, the last ones, over which the learning rate falls to 2 %",
        remedy="0 keeps the rate, 0.3 lets the last 30 % of the updates settle",
    )

    weight_decay: float = number(
        0.0,
        0,
        1,
        help="how fast weights shrink beside the gradient, a share of learning_rate (decoupled, as in AdamW)",
        remedy="0 is off, 0.03 keeps weights bounded; biases and w_s never shrink",
    )

    until: str | None = text(
        help="what ends the training before its last update, once it holds on two looks at unseen examples",
        remedy="write for example accuracy ≥ 0.99, or mse ≤ 0.01",
        null="never",
        form=UNTIL_FORM,
        form_words="a metric of the task, ≥ or ≤, and a number",
    )

    def __post_init__(self) -> None:
        check("training", self)


PARTS: dict[str, type[Any]] = {"task": Task, "model": Model, "training": Training}


@cache
def fields() -> tuple[Field, ...]:
    """Every field of a run, in the order in which people read them."""
    return tuple(field for part, declared in PARTS.items() for field in fields_of(part, declared))


KNOBS = tuple(field.name for field in fields() if field.facts.knob)
"""What may change between two updates of a run."""
PROBE_KNOBS = tuple(field.name for field in fields() if field.facts.knob and field.part == "model")
"""The knobs of the network itself, which a probe may turn too."""
TOLD = tuple(field.name for field in fields() if field.facts.told)
"""What is told beside the knobs in force."""


@dataclass(frozen=True)
class MethodFacts:
    """A method in words, and the values that make it what it is: they cannot be turned (spec section 2, B).

    Attributes:
        help: What it does.
        fixes: Values by the name of the field.
        called: Its name in pictures and sentences.
    """

    help: str
    fixes: dict[str, Any]
    called: str


METHODS: dict[str, MethodFacts] = {
    "sab": MethodFacts("Sparse Attentive Backtracking", {}, "SAB"),
    "tbptt": MethodFacts("truncated backpropagation, no memory", {"k_top": 0}, "TBPTT"),
    "bptt": MethodFacts("full backpropagation, a plain LSTM", {"k_top": 0, "k_trunc": None}, "BPTT"),
    "attention": MethodFacts(
        "full self-attention, no cut",
        {"k_top": ALL_MEMORIES, "k_trunc": None, "normalizer": "softmax"},
        "attention",
    ),
}


def fixed_knobs(method: str) -> frozenset[str]:
    """The knobs that the method fixes."""
    return frozenset(METHODS[method].fixes) & frozenset(KNOBS)


def fixed_values(method: str) -> dict[str, int]:
    """What the method fixes of the knobs, as it is written outside the model."""
    return dict(_fixed_values(method))


@cache
def _fixed_values(method: str) -> dict[str, int]:
    facts = {field.name: field.facts for field in fields()}
    fixed = {name: METHODS[method].fixes[name] for name in fixed_knobs(method)}
    return {name: 0 if value is None else min(value, int(facts[name].high)) for name, value in fixed.items()}


def knob_words(name: str, value: float | None) -> str:
    """A knob as a person reads it: no cut is ∞, a k_top that reaches every memory is all."""
    if name == "k_trunc" and not value:
        return NO_CUT
    largest = next(field.facts.high for field in fields() if field.name == "k_top")
    return ALL if name == "k_top" and (value or 0) >= largest else str(value)
