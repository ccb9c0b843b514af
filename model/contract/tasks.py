"""The table of tasks: lengths, items, metrics, chance level, and what is to be read where (spec section 6).

model/tasks holds what draws them. A task that is added stands here, in a file of its own, and in the list of
model/tasks/__init__.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from sab_visualiser.model.contract.data import DataFacts, ImageFacts, TextFacts, known

TaskName = Literal["copy", "adding", "recall", "denoise", "char", "pixels"]

MAX_STEPS = 1024
"""Longest T that page and store accept, in steps: as many as an image of CIFAR-10 has pixels."""
USUAL_T = 50
"""T where nobody names one, and the task has no other of its own, in steps."""
ITEMS_MOST = 50


class Metric(NamedTuple):
    """A figure of a task: its name, unit, which way is better, and what it is."""

    name: str
    unit: str
    better: Literal["higher", "lower"]
    description: str


class Items(NamedTuple):
    """How many things a task lets one remember."""

    default: int
    most: int
    unit: str
    description: str
    too_many: str = ""


class Length(NamedTuple):
    """Steps of a sequence: `of_T` · T + `of_items` · items + `more`."""

    of_T: int
    of_items: int
    more: int


@dataclass(frozen=True)
class TaskFacts:
    """A task in words and numbers.

    Attributes:
        title: Its name on the page.
        description: What happens in a sequence, for a student.
        inputs: What an own input looks like.
        kind: Whether answers are classes or values.
        about_T: What T counts.
        least_T: Smallest T; `scattered` tasks need one step for each item as well.
        length: Steps of a sequence.
        items: What there is to remember; None where that is fixed.
        metrics: Its figures.
        chance: What guessing gives, by metric; a share, nats, or a squared error.
        true_sources: Where the answer is, in words.
        asks_all: Whether every item is asked for at the end; else one thing is.
        scattered: Whether all items must find room in T steps.
        has_delay: Whether T is a delay that may differ from one batch to the next.
        data: The data set that it reads where nobody names another; empty where it makes its sequences itself.
        asks_always: Whether every step asks for something.
        bar: What its first metric must come to where nobody says; None: 0.99, or an error of 0.01.
        no_items: Why it takes no `items`.
        features: Numbers that a step reads, or answers where those are more; a data set has its own.
    """

    title: str
    description: str
    inputs: str
    kind: Literal["classes", "values"]
    about_T: str
    length: Length
    metrics: tuple[Metric, ...]
    chance: dict[str, float]
    true_sources: str
    items: Items | None = None
    least_T: int = 1
    asks_all: bool = False
    scattered: bool = False
    has_delay: bool = True
    data: str = ""
    asks_always: bool = False
    bar: float | None = None
    no_items: str = "has nothing to count"
    features: int = 10


ACCURACY = Metric("accuracy", "share, 0 … 1", "higher", "share of the asked symbols that are right")
ANSWERS = Metric("accuracy", "share, 0 … 1", "higher", "share of the answers that are right")
CE10 = Metric("ce10", "nats", "lower", "cross-entropy, mean over the repeated symbols")
CE = Metric("ce", "nats", "lower", "cross-entropy, mean over all steps")
ALPHABET = 8
"""Symbols that a sequence to remember is drawn from, and keys of recall."""
GUESSED = {"accuracy": 1 / ALPHABET, "ce10": math.log(ALPHABET)}
SYMBOLS = Items(10, ITEMS_MOST, "symbols", "how many symbols to remember")

TASKS: dict[TaskName, TaskFacts] = {
    "copy": TaskFacts(
        title="Copy",
        description="Symbols come first, then blanks, then a marker: after it the symbols must be repeated.",
        inputs="one number a step: 0 … 7 a symbol, 8 a blank, 9 the marker",
        kind="classes",
        about_T="from the first symbol to the marker; the sequence has T + 2 · items",
        length=Length(1, 2, 0),
        items=SYMBOLS,
        metrics=(ACCURACY, CE10, CE),
        chance=GUESSED,
        true_sources="the step where the same symbol was read",
        asks_all=True,
    ),
    "adding": TaskFacts(
        title="Adding",
        description="Numbers from 0 to 1, two of them marked: at the last step their sum is asked.",
        inputs="two numbers a step: a value from 0 to 1, and 1 where it is marked, else 0",
        kind="values",
        about_T="length of the sequence",
        length=Length(1, 0, 0),
        metrics=(Metric("mse", "squared error", "lower", "mean squared error of the sum"),),
        chance={"mse": 1 / 6},
        true_sources="the two marked steps",
        least_T=2,
        no_items="always marks two numbers",
        features=2,
    ),
    "recall": TaskFacts(
        title="Recall",
        description="Pairs of key and value, then blanks, then one of the keys: its value is asked.",
        inputs="one number a step: 0 … 7 a key, 8 … 15 a value, 16 a blank",
        kind="classes",
        about_T="blanks between the pairs and the question",
        length=Length(1, 2, 1),
        items=Items(3, ALPHABET, "pairs", "how many pairs to remember", f"recall has {ALPHABET} keys"),
        metrics=(ACCURACY, CE),
        chance={"accuracy": 1 / ALPHABET},
        true_sources="the steps of the pair with the asked key",
        features=17,
    ),
    "denoise": TaskFacts(
        title="Denoise",
        description="Symbols scattered over noise, then a marker: after it the symbols must be repeated in order.",
        inputs="one number a step: 0 … 7 a symbol, 8 noise, 9 the marker",
        kind="classes",
        about_T="steps of noise; at least as many as symbols",
        length=Length(1, 1, 1),
        items=SYMBOLS,
        metrics=(ACCURACY, CE10, CE),
        chance=GUESSED,
        true_sources="the step where the same symbol was read",
        asks_all=True,
        scattered=True,
    ),
    "char": TaskFacts(
        title="Next character",
        description="A piece of a text: at every character the next one is asked.",
        inputs="a text, or one number a step: the place of a character in the alphabet of the text",
        kind="classes",
        about_T="characters that are read at once; memories reach no further back",
        length=Length(1, 0, 0),
        metrics=(Metric("bpc", "bits per character", "lower", "cross-entropy, mean over all steps"), ANSWERS),
        chance={},
        true_sources="none: every character before may tell something",
        has_delay=False,
        data="hamlet",
        asks_always=True,
    ),
    "pixels": TaskFacts(
        title="Pixels",
        description="An image, one pixel a step: at the last one it is asked what the image shows.",
        inputs="a list of one number a step, in the order of the steps: how bright a pixel is, 0 … 1",
        kind="classes",
        about_T="pixels of an image; the data set decides",
        length=Length(1, 0, 0),
        metrics=(ANSWERS, Metric("ce", "nats", "lower", "cross-entropy at the last step")),
        chance={},
        true_sources="none: every pixel may tell something",
        has_delay=False,
        data="digits",
        bar=0.9,
    ),
}


class TaskLike(Protocol):
    """Whatever has the fields of Task."""

    @property
    def name(self) -> TaskName: ...  # noqa: D102
    @property
    def T(self) -> int: ...  # noqa: D102
    @property
    def items(self) -> int | None: ...  # noqa: D102
    @property
    def T_min(self) -> int | None: ...  # noqa: D102
    @property
    def data(self) -> str | None: ...  # noqa: D102
    @property
    def permuted(self) -> int | None: ...  # noqa: D102
    @property
    def carry(self) -> bool: ...  # noqa: D102


def items_of(task: TaskLike) -> int:
    """How many things are to be remembered, the task's own number where none was given; 0 where that is fixed."""
    own = TASKS[task.name].items
    return task.items or (own.default if own else 0)


def sequence_steps(task: TaskLike) -> int:
    """Length of the task's sequences, in steps."""
    length = TASKS[task.name].length
    return length.of_T * task.T + length.of_items * items_of(task) + length.more


def least_T(task: TaskLike) -> int:
    """The smallest T, and T_min, that leaves room for what is to be remembered, in steps."""
    return max(TASKS[task.name].least_T, items_of(task) if TASKS[task.name].scattered else 0)


def answers_of(task: TaskLike) -> int:
    """How many answers a sequence asks for."""
    if TASKS[task.name].asks_always:
        return sequence_steps(task)
    return items_of(task) if TASKS[task.name].asks_all else 1


def chance_of(task: TaskLike) -> dict[str, float]:
    """What guessing gives, by metric, and `loss`: everything that needs no memory is right, all answers are guessed.

    Of a text, how often each character stands in it is known, and nothing else. Empty where the data set is not known.

    Source: spec section 6; the loss of a task of symbols is the mean over all steps, most of which are blank.
    """
    facts = TASKS[task.name]
    if facts.data:
        return chance_of_data(data_of(task))
    if facts.kind == "values":
        return {**facts.chance, "loss": facts.chance["mse"]}
    nats = answers_of(task) * math.log(ALPHABET) / sequence_steps(task)
    return {**facts.chance, "ce": nats, "loss": nats}


def chance_of_data(data: DataFacts | None) -> dict[str, float]:
    """What guessing gives of a data set, by metric; empty where nobody here has seen it."""
    if data is None:
        return {}
    if isinstance(data, TextFacts):
        return {
            "bpc": data.entropy_bits,
            "accuracy": data.commonest,
            "loss": data.entropy_bits * math.log(2),
        }
    nats = math.log(len(data.classes))
    return {"accuracy": 1 / len(data.classes), "ce": nats, "loss": nats}


def data_name(task: TaskLike) -> str:
    """The name of the data set that a task reads, its own where none was given; empty where it reads none."""
    return task.data or TASKS[task.name].data


def data_of(task: TaskLike) -> DataFacts | None:
    """What is known of the data set that a task reads; None without one, or where nobody here has seen it."""
    return known(data_name(task))


def features_of(task: TaskLike) -> int:
    """Numbers that a step reads, or answers where those are more."""
    found = data_of(task)
    return TASKS[task.name].features if found is None else found.features


def usual_T(name: str, data: str | None) -> int:
    """The T of a task where nobody names one: 50, or what its images have, in steps."""
    facts = TASKS.get(name)  # type: ignore[call-overload]  # any word may come from outside
    found = known(data or facts.data) if facts else None
    return found.pixels if isinstance(found, ImageFacts) else USUAL_T


def delays(task: TaskLike) -> range:
    """The values of T that training updates have; one of them unless they are mixed."""
    return range(task.T_min or task.T, task.T + 1)


def delay_words(T: int, T_min: int | None) -> str:
    """How the delays of a training are told in a caption: `delays 1–30 mixed`; nothing where there is one."""
    return "" if T_min in (None, T) else f"delays {T_min}–{T} mixed"
