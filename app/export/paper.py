"""How a figure is drawn for paper: its size, letters, colours, and what of the panel is in it."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from sab_visualiser.app.export.texts import flag, last, whole, word
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import Rule, Strict

SPAN = re.compile(r"(\d{1,6})-(\d{1,6})")
DECIMAL = re.compile(r"\d{0,9}[.,]?\d{1,9}")
RULE_NAMES: tuple[Rule, ...] = ("sab", "truncated", "full")


class Paper(NamedTuple):
    """What a figure looks like.

    Attributes:
        width_in: Inches; a column is often 3.25, a page 6.75.
        height_in: Inches; None for that of the panel.
        font: sans, or serif for letters like those of LaTeX.
        font_size: Points, of everything but ticks and legends, which are a little smaller.
        title: Whether the panel says what it is; papers say so below their figures.
        caption: Whether the configuration is printed too; it is in the file's metadata either way.
        legend: Whether lines and marks are named.
        colormap: perceptual as on the page, safe for all eyes (cividis), or grey.
        theme: light or dark.
        transparent: Whether the ground is left out.
        dpi: Of a PNG.
        steps: First and last step shown; None for all.
        rules: Gradients that are shown.
        marks: Whether true sources, cuts and the numbers of the strongest arc are drawn.
    """

    width_in: float = 6.75
    height_in: float | None = None
    font: Literal["sans", "serif"] = "sans"
    font_size: float = 8
    title: bool = False
    caption: bool = False
    legend: bool = True
    colormap: Literal["perceptual", "safe", "grey"] = "perceptual"
    theme: Literal["light", "dark"] = "light"
    transparent: bool = False
    dpi: int = 300
    steps: tuple[int, int] | None = None
    rules: tuple[Rule, ...] = RULE_NAMES
    marks: bool = True


USUAL = Paper()


def _number(given: object) -> object:
    """The text of a number, with a point or a comma."""
    if isinstance(given, str) and DECIMAL.fullmatch(given):
        return float(given.replace(",", "."))
    return given


def _span(given: object) -> object:
    text = last(given)
    if not isinstance(text, str):
        return text
    found = SPAN.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise field_error("steps", text, "first-last, both steps of the sequence", "as 10-40")
    return int(found[1]), int(found[2])


def _rules(given: object) -> object:
    text = last(given)
    return tuple(text.split(",")) if isinstance(text, str) else text


_help = partial(word, default=None)


class PaperWords(Strict):
    """The words of a query that say how a figure is drawn: they change pictures (png, svg, pdf, pgf) alone."""

    width_in: Annotated[float | None, BeforeValidator(_number)] = _help(
        "width of a picture in inches, 6.75 when left out", "3.25 for a column, 6.75 for a page", ge=1, le=20
    )
    height_in: Annotated[float | None, BeforeValidator(_number)] = _help(
        "height of a picture in inches, that of the panel when left out", "leave it out, or name 1 … 20", ge=1, le=20
    )
    font: Literal["sans", "serif"] | None = _help(
        "letters: sans, or serif as in LaTeX; sans when left out", "sans or serif"
    )
    font_size: Annotated[float | None, BeforeValidator(_number)] = _help(
        "size of letters in points, 8 when left out", "that of the captions of your paper", ge=4, le=24
    )
    title: Annotated[bool | None, BeforeValidator(flag)] = _help(
        "whether the picture says what it is; no when left out", "true or false"
    )
    caption: Annotated[bool | None, BeforeValidator(flag)] = _help(
        "whether the configuration is printed in the picture; no when left out", "true or false"
    )
    legend: Annotated[bool | None, BeforeValidator(flag)] = _help(
        "whether lines and marks are named; yes when left out", "true or false"
    )
    colormap: Literal["perceptual", "safe", "grey"] | None = _help(
        "colours: perceptual as on the page, safe for all eyes, grey; perceptual when left out",
        "perceptual, safe or grey",
    )
    theme: Literal["light", "dark"] | None = _help("light or dark; light when left out", "light or dark")
    transparent: Annotated[bool | None, BeforeValidator(flag)] = _help(
        "whether the ground is left out; no when left out", "true or false"
    )
    dpi: Annotated[int | None, BeforeValidator(whole)] = _help(
        "dots per inch of a PNG, 300 when left out", "150 for a screen, 300 or 600 for print", ge=50, le=1200
    )
    steps: Annotated[
        tuple[int, int] | None,
        BeforeValidator(_span),
        WithJsonSchema({"type": "string", "pattern": SPAN.pattern, "remedy": "first and last step, as 10-40"}),
    ] = Field(None, description="first and last step that is shown, as 10-40; all when left out")
    rules: Annotated[
        tuple[Rule, ...] | None,
        BeforeValidator(_rules),
        WithJsonSchema({"type": "string", "pattern": "^(sab|truncated|full)(,(sab|truncated|full))*$"}),
    ] = Field(None, min_length=1, description="gradients that are shown, as sab,full; all three when left out")
    marks: Annotated[bool | None, BeforeValidator(flag)] = _help(
        "whether true sources, cuts and the strongest arc's numbers are drawn; yes when left out", "true or false"
    )

    def paper(self) -> Paper:
        """What the words come to."""
        given = {name: getattr(self, name) for name in PaperWords.model_fields}
        return Paper(**{name: value for name, value in given.items() if value is not None})
