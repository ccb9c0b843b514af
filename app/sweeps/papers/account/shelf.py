"""Where reports lie: those that come with the program, and a person's own beside their runs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import sab_visualiser
from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.wire.errors import UserError, field_error

Report = dict[str, Any]

SHIPPED = Path(sab_visualiser.__file__).parent / "reproduction"
"""docs/reproduction of a checkout, and in an installed package a copy of it (src/sab_visualiser/reproduction)."""
FIGURES = SHIPPED / "figures"
OWN = "reproduction"
"""The folder of a person's own reports, in that of their runs."""


def shipped() -> list[Report]:
    """The reports that come along, by name."""
    return all_reports(SHIPPED)


def own(data_dir: Path) -> list[Report]:
    """Those of a person; none where there is no such folder, or it is the one that came along."""
    folder = data_dir / OWN
    return [] if not folder.is_dir() or folder.resolve() == SHIPPED.resolve() else all_reports(folder)


def mark_of(key: str) -> str:
    """By what a row is known again as that of a trial: the same for all that train the same.

    Args:
        key: Of the spec (`app.runs.kin.group.key_of`).
    """
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def rows_in(path: Path) -> list[Row]:
    """The rows of a report.

    Raises:
        UserError: The file is none of ours.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))["rows"]
        return [{**row, "trial": str(row["trial"]), "status": str(row["status"])} for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        remedy = "move it away, or write elsewhere with --output"
        raise field_error("--output", str(path), "a report of this experiment", remedy) from None


def all_reports(folder: Path) -> list[Report]:
    """The reports of a folder, by name; a file that is none is left out."""
    found = []
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stem):
        try:
            report = json.loads(path.read_text("utf-8"))
            rows_in(path)
        except (ValueError, UserError):
            continue
        found.append(report)
    return found
