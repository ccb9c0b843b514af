"""How a network is looked at while it trains: how often, at how many examples, and what of its health is measured."""

from __future__ import annotations

from typing import Literal

from sab_visualiser.model.contract.data import DataFacts, ImageFacts, TextFacts, known
from sab_visualiser.model.contract.tasks import TASKS, TaskLike, data_of

LOOK_EVERY = 125
"""Updates between two looks at examples that no update trains on."""
LOOK_EXAMPLES = 128
"""Examples of a look; at the longest delay, as everything that is compared."""
HELD = 2
"""Looks in a row at which a bound must hold: a single one may be luck."""
CARRIED, EACH_ALONE = "state carried from one window to the next", "each window begins with nothing"
"""How a long text is read, in training and in measuring; a picture shows one window, which begins with nothing."""
HEALTH = (
    "saturated",
    "dead",
    "near_tied",
    "largest_state",
    "moved_recurrent",
    "moved_scorer",
    "moved_readout",
    "norm_median",
    "norm_p99",
)
"""Figures of a network's health, in the order of tables (docs/verdict.md says what each one is)."""


def look_examples(task: TaskLike) -> int:
    """Examples of a look: of a held-out part that has fewer, all of them."""
    data = data_of(task)
    return LOOK_EXAMPLES if data is None else min(LOOK_EXAMPLES, data.held_out(task.T))


def unseen(task: str) -> Literal["fresh", "held-out"]:
    """What the examples of a look are called: made for it, or of the held-out part of a data set."""
    facts = TASKS.get(task)  # type: ignore[call-overload]  # a run of a later version may have another
    return "held-out" if facts is not None and facts.data else "fresh"


EXAMPLES: dict[type[DataFacts] | None, str] = {
    None: "fresh examples",
    TextFacts: "held-out pieces of the text",
    ImageFacts: "held-out images",
}
"""What a look is at, by what a task reads; None: a task that makes its sequences itself."""


def examples_words(task: str) -> str:
    """What the looks of a task are at, as a plural: `fresh examples`, `held-out images`."""
    facts = TASKS.get(task)  # type: ignore[call-overload]  # a run of a later version may have another
    own = known(facts.data) if facts is not None else None
    return EXAMPLES[None if own is None else type(own)]


def carry_words(task: TaskLike) -> str:
    """How a long text is read, for a caption: with the state carried over, or not; nothing where no text is read."""
    if not isinstance(known(TASKS[task.name].data), TextFacts):
        return ""
    return CARRIED if task.carry else EACH_ALONE
