"""The numbers of the view that a file opens with, for whoever reads the file with a program instead of a browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.content.text import as_json, to_csv

TRACED = ("paths", "gradients", "attention")


class Tables(NamedTuple):
    """By panel: the table as the JSON export holds it, and the text of the CSV export."""

    json: Mapping[str, Any]
    csv: Mapping[str, str]


def tables_of(trace: Mapping[str, Any], caption: Mapping[str, Any]) -> Tables:
    """The tables of a trace.

    Args:
        trace: In JSON shape.
        caption: Of the view.
    """
    found = {panel: (make_table(panel, trace), {**caption, "panel": panel}) for panel in TRACED}
    return Tables(
        {panel: as_json(table, said) for panel, (table, said) in found.items()},
        {panel: to_csv(table, said).decode() for panel, (table, said) in found.items()},
    )
