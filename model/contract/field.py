"""What is known of one field of a run, written beside the field itself as the metadata of a dataclass.

`whole`, `number`, `choice` and `flag` declare a field; `fields_of` reads them back; `check` holds values to them.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["whole", "number", "choice", "flag", "text"]
FACTS = "facts"


@dataclass(frozen=True)
class Facts:
    """What a field accepts and what it means.

    Attributes:
        kind: A whole number, a number, one of `choices`, or true and false.
        help: What it is, in a few words without a full stop.
        remedy: What to do after a value that was not accepted.
        unit: Of the number; empty for a bare one.
        low: Smallest value, or the bound that a value must exceed where `above`.
        high: Largest value that server and command line accept; a network built in Python may go beyond it.
        above: Whether `low` itself is too small.
        choices: All values of a choice.
        null: What null means; empty where null is not accepted.
        zero: Whether 0 says the same as null, and is how it is written outside the model.
        knob: Whether it may change while a run trains.
        backward: A knob that changes the backward pass alone, never the prediction.
        told: Whether it is told with the knobs in force, since a caption needs it.
        slider: The comfortable part of the range, for a slider.
        log: Whether the slider moves through powers.
        form: How a text is written, as a regular expression that Python and JavaScript read alike.
        form_words: The same for people.
    """

    kind: Kind
    help: str
    remedy: str
    unit: str = ""
    low: float = 0
    high: float = 0
    above: bool = False
    choices: tuple[str, ...] = ()
    null: str = ""
    zero: bool = False
    knob: bool = False
    backward: bool = False
    told: bool = False
    slider: tuple[float, float] | None = None
    log: bool = False
    form: str = ""
    form_words: str = ""


@dataclass(frozen=True)
class Field:
    """A field of a run: `part.name`, its default, and what is known of it."""

    part: str
    name: str
    default: Any
    facts: Facts

    @property
    def path(self) -> str:
        """The name that `sab train --set` and an error use."""
        return f"{self.part}.{self.name}"

    @property
    def range(self) -> str:
        """What is accepted, in words: `1 … 1000`."""
        facts = self.facts
        if facts.kind == "flag":
            return "true, false"
        if facts.choices:
            return ", ".join(facts.choices)
        if facts.form:
            return facts.form_words
        return f"{'more than ' * facts.above}{facts.low:.12g} … {facts.high:.12g}"

    @property
    def default_words(self) -> str:
        """The default as text: `5`, `true`, or what null means."""
        if self.default is None:
            return self.facts.null
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    @property
    def unit_words(self) -> str:
        """The unit, and what 0 means where that is special."""
        facts = self.facts
        return "; ".join(part for part in (facts.unit, f"0 is {facts.null}" if facts.zero else "") if part)


def whole(default: int | None, low: int, high: int, *, help: str, remedy: str, **more: Any) -> Any:  # noqa: A002
    """Declare a whole number from `low` to `high`."""
    return _declare(default, Facts("whole", help, remedy, low=low, high=high, **more))


def number(default: float, low: float, high: float, *, help: str, remedy: str, **more: Any) -> Any:  # noqa: A002
    """Declare a finite number from `low` to `high`."""
    return _declare(default, Facts("number", help, remedy, low=low, high=high, **more))


def choice(default: str, choices: tuple[str, ...], *, help: str, remedy: str = "", **more: Any) -> Any:  # noqa: A002
    """Declare one of `choices`."""
    return _declare(default, Facts("choice", help, remedy or "choose one of them", choices=choices, **more))


def flag(default: bool, *, help: str, remedy: str = "write true or false", **more: Any) -> Any:  # noqa: A002
    """Declare true or false."""
    return _declare(default, Facts("flag", help, remedy, **more))


def text(*, help: str, remedy: str, null: str, form: str, form_words: str) -> Any:  # noqa: A002
    """Declare a text of a given form; null, the default, means that there is none."""
    return _declare(None, Facts("text", help, remedy, null=null, form=form, form_words=form_words))


def _declare(default: Any, facts: Facts) -> Any:
    return dataclasses.field(default=default, metadata={FACTS: facts})


def fields_of(part: str, declared: type[Any]) -> tuple[Field, ...]:
    """The fields of a dataclass whose fields were declared here, in their order."""
    return tuple(Field(part, one.name, one.default, one.metadata[FACTS]) for one in dataclasses.fields(declared))


def check(part: str, values: Any) -> None:
    """Hold the values of a dataclass to what was declared; only the upper ends are left to the server's limits.

    Raises:
        ValueError: Naming field, value, range and remedy.
    """
    for field in fields_of(part, type(values)):
        _check_one(field, getattr(values, field.name))


def _check_one(field: Field, value: Any) -> None:
    facts, name = field.facts, field.path if field.part == "task" else field.name
    if value is None and facts.null:
        return
    if facts.kind == "choice":
        if value not in facts.choices:
            raise ValueError(f"{name} = {value!r}: must be one of {', '.join(facts.choices)}")
    elif facts.kind == "flag":
        if not isinstance(value, bool):
            raise ValueError(f"{name} = {value!r}: must be true or false; {facts.remedy}")
    elif facts.kind == "text":
        if not isinstance(value, str) or not re.fullmatch(facts.form, value):
            raise ValueError(f"{name} = {value!r}: must be {facts.form_words}; {facts.remedy}")
    elif facts.kind == "whole":
        low = 1 if facts.zero else int(facts.low)
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            remedy = f"use None for {facts.null}" if facts.zero else facts.remedy
            raise ValueError(f"{name} = {value!r}: must be an integer ≥ {low}; {remedy}")
    elif not (math.isfinite(value) and (value > facts.low if facts.above else value >= facts.low)):
        sign = ">" if facts.above else "≥"
        raise ValueError(f"{name} = {value!r}: must be finite and {sign} {facts.low:g}; {facts.remedy}")
