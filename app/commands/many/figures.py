"""The figures about the experiments as files, light and dark, from the reports of a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

from sab_visualiser.app.commands.shared.files import write
from sab_visualiser.app.sweeps.papers.account.figures import METRIC, TASK, Figure, figures_of
from sab_visualiser.app.sweeps.papers.account.shelf import Report

THEMES = ("light", "dark")
WIDTH_IN = 5.0
"""Wide enough for a page, and its letters can be read on a phone."""


def file_name(figure: Figure, theme: str) -> str:
    """Of the file of a figure."""
    return f"{figure.name}-{theme}.svg"


def write_figures(reports: Sequence[Report], folder: Path) -> list[Path]:
    """Draw every figure that there are rows for; one that there are none for any more goes.

    Args:
        reports: Of one folder.
        folder: Where to.
    """
    written = []
    for path in folder.glob("*.svg"):
        path.unlink()
    for figure in figures_of(reports):
        for theme in THEMES:
            path = folder / file_name(figure, theme)
            folder.mkdir(parents=True, exist_ok=True)
            write(path, drawn(figure, theme))
            written.append(path)
    return written


def drawn(figure: Figure, theme: str) -> bytes:
    """The figure as SVG; caption and what is drawn are in its metadata."""
    from sab_visualiser.app.export.content.parquet import columns_of
    from sab_visualiser.app.export.content.tables import Table
    from sab_visualiser.app.export.paper import Paper
    from sab_visualiser.app.export.print.pictures import draw

    table = Table(figure.panel, tuple(columns_of(figure.cells)))
    paper = Paper(width_in=WIDTH_IN, theme="dark" if theme == "dark" else "light")
    return draw(table, {"task": TASK, "metric": METRIC, "axis": figure.axis}, about(figure), "svg", paper)


def about(figure: Figure) -> dict[str, Any]:
    """What stands in the metadata: a figure that is older than its rows differs in it."""
    told = figure._asdict()
    return {**told, "cells": [list(cell.values()) for cell in figure.cells], "columns": list(figure.cells[0])}


def stale(reports: Sequence[Report], folder: Path) -> Iterator[str]:
    """Figures of a folder that its reports would not make, and those that are missing; by the metadata."""
    wanted = {file_name(figure, theme): about(figure) for figure in figures_of(reports) for theme in THEMES}
    for name in wanted.keys() | {path.name for path in folder.glob("*.svg")}:
        path = folder / name
        text = path.read_text("utf-8") if path.is_file() else ""
        found = re.search(r"<dc:description>(.*?)</dc:description>", text, re.S)
        if found is None or json.loads(unescape(found[1])) != wanted.get(name):
            yield name
