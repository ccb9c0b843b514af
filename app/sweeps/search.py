"""What a search draws from: a range or a list of choices by dotted name, and how many trials it may take."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from sab_visualiser.app.wire.requests import Strict

MOST_TRIALS = 10_000


class Space(Strict):
    """The values of one field: `choices`, or from `low` to `high`."""

    choices: list[Any] | None = Field(None, min_length=1, json_schema_extra={"remedy": "name the values"})
    low: float | None = None
    high: float | None = None
    log: bool = False
    whole: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        ranged = self.low is not None and self.high is not None
        if (self.choices is None) == (not ranged) and not ranged:
            raise ValueError("space: choices, or low and high; write for example {low = 1e-4, high = 1e-2, log = true}")
        if self.choices is not None and (self.low is not None or self.high is not None):
            raise ValueError("space: choices and a range at once; leave one of them out")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"space: low = {self.low:g} must be below high = {self.high:g}; exchange them")
        if self.log and (self.low or 0) <= 0:
            raise ValueError("space: log needs low above 0; raise low, or leave log out")
        return self

    def ends(self) -> list[Any]:
        """The first and the last value, or all choices."""
        if self.choices is not None:
            return self.choices
        assert self.low is not None
        assert self.high is not None
        return [int(self.low), int(self.high)] if self.whole else [self.low, self.high]


class Search(Strict):
    """How values are drawn, and when a trial is given up."""

    sampler: Literal["tpe", "random"] = "tpe"
    trials: int = Field(20, ge=1, le=MOST_TRIALS, json_schema_extra={"remedy": "20 is a good start"})
    prune: bool = Field(True, json_schema_extra={"remedy": "false trains every trial to its end"})
    prune_after: float = Field(0.34, ge=0, le=1, json_schema_extra={"remedy": "a share of the updates"})
    seed: int = Field(0, ge=0, le=2**31 - 1, json_schema_extra={"remedy": "any whole number in the range"})
    space: dict[str, Space] = Field(min_length=1, json_schema_extra={"remedy": "[search.space] with dotted names"})
