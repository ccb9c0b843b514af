"""The numbers of the view that a file opens with, for whoever reads the file with a program instead of a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import as_json, to_csv
from sab_visualiser.app.export.explorable.room import MOST_TABLE

TRACED = ("paths", "gradients", "attention")


class Tables(NamedTuple):
    """By panel: the table as the JSON export holds it, the text of the CSV export; and what has no room, in words."""

    json: Mapping[str, Any]
    csv: Mapping[str, str]
    lacks: Sequence[str] = ()


def tables_of(trace: Mapping[str, Any], caption: Mapping[str, Any]) -> Tables:
    """The tables of a trace.

    Args:
        trace: In JSON shape.
        caption: Of the view.
    """
    found = {panel: (make_table(panel, trace), {**caption, "panel": panel}) for panel in TRACED}
    csv = {panel: to_csv(table, said).decode() for panel, (table, said) in found.items()}
    # The same numbers as JSON take about as many letters.
    large = [panel for panel, text in csv.items() if 2 * len(text) > MOST_TABLE]
    return Tables(
        {panel: as_json(table, said) for panel, (table, said) in found.items() if panel not in large},
        {panel: text for panel, text in csv.items() if panel not in large},
        [f"no table of {panel}: export that panel as CSV, it would make this file too large" for panel in large],
    )
