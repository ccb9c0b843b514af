"""A sweep as a person writes it: a TOML file with a base, a grid of values by dotted names, and seeds.

    name = "memories"
    seeds = [1, 2, 3]
    [base]
    preset = "copy-10"
    [base.training]
    updates = 4000
    [grid]
    model.k_top = [1, 2, 5]

Parts (`[[parts]]`, each with a base and a grid of its own over those of the file) say what one grid cannot.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from sab_visualiser.app.sweeps.search import Search, Space
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import MOST_IN_A_GROUP, Name, Seed, Strict

MOST_BYTES = 1 << 20
MOST_PARTS = 100


class Seeds(Strict):
    """Seeds in a row."""

    first: Seed = 0
    count: int = Field(1, ge=1, le=MOST_IN_A_GROUP, json_schema_extra={"remedy": "how many seeds, one after another"})

    def listed(self) -> list[int]:
        """The seeds one by one."""
        return list(range(self.first, self.first + self.count))


Listed = Annotated[
    list[Seed],
    Field(min_length=1, max_length=MOST_IN_A_GROUP, json_schema_extra={"remedy": "whole numbers, each once"}),
]
SPACE_WORDS = frozenset(Space.model_fields)
Tables = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


class Part(Strict):
    """One grid over one base."""

    base: Tables = Field({}, json_schema_extra={"remedy": "preset, and the tables task, model, training"})
    grid: Tables = Field({}, json_schema_extra={"remedy": "model.k_top = [1, 2, 5]"})
    seeds: Listed | None = None


class SweepFile(Strict):
    """What is written in the file; `parts` that are left out are one."""

    name: Name | None = None
    base: Tables = Field({}, json_schema_extra={"remedy": "preset, and the tables task, model, training"})
    grid: Tables = Field({}, json_schema_extra={"remedy": "model.k_top = [1, 2, 5]"})
    seeds: Listed | None = None
    search: Search | None = None
    parts: list[Part] = Field([], max_length=MOST_PARTS, json_schema_extra={"remedy": "write another file"})

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.search is not None and (self.parts or self.grid):
            raise ValueError("search: a search draws its values by itself; leave grid and parts out")
        return self


def read_sweep(path: Path) -> SweepFile:
    """The file, its grids flat and its name set.

    Raises:
        UserError: Naming the field, the value, the range and the remedy; what is no TOML by its line.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise field_error("FILE", str(path), f"at most {MOST_BYTES:,} bytes", "split it into several sweeps")
        words = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise field_error("FILE", str(path), f"a TOML file ({why})", "write its path") from None
    except UnicodeDecodeError:
        raise field_error("FILE", str(path), "text in UTF-8", "save it anew as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise field_error("FILE", str(path), f"TOML ({error})", "mend that line") from None
    return sweep_of(words, path.stem)


def sweep_of(words: dict[str, Any], name: str) -> SweepFile:
    """The words of a file, checked; `name` is what it is called when it does not say so.

    Raises:
        UserError: 422.
    """
    given = dict(words)
    for part in (given, *(part for part in given.get("parts", ()) if isinstance(part, dict))):
        if isinstance(part.get("grid"), dict):
            part["grid"] = dict(_flat(part["grid"]))
        search = part.get("search")
        if isinstance(search, dict) and isinstance(search.get("space"), dict):
            part["search"] = {**search, "space": dict(_flat(search["space"], whole=SPACE_WORDS))}
        if isinstance(part.get("seeds"), dict):
            part["seeds"] = _checked(Seeds, part["seeds"]).listed()
    found = _checked(SweepFile, given)
    return found if found.name else found.model_copy(update={"name": name})


def _checked(model: type[M], words: Tables) -> M:
    try:
        return validate(model, words)
    except TypeError as error:  # a date, say, which JSON does not know
        raise UserError(422, "Value not accepted", f"FILE: {error}; write numbers, texts and lists") from None
    except UserError as error:
        told = error.problem.detail.replace("see GET /openapi.json", "see docs/sweeps.md")
        raise UserError(422, error.problem.title, told, error.problem.errors) from None


def _flat(table: Tables, before: str = "", whole: frozenset[str] = frozenset()) -> list[tuple[str, Any]]:
    """`model.k_top = […]` is a table in a table to TOML; here it is one dotted name.

    A table that has one of the words of `whole` is a value.
    """
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        goes_on = isinstance(value, dict) and not whole & value.keys()
        found += _flat(value, f"{before}{name}.", whole) if goes_on else [(before + name, value)]
    return found
