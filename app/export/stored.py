"""What a stored snapshot can answer, and what is said when only weights could.

One place for the server's routes and the command line. Not here: reading snapshots (app/presets/history.py,
app/store/store.py), and probing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sab_visualiser.app.export.query import DEFAULT_SHARE
from sab_visualiser.app.wire.errors import field_error


def answers(columns: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a stored trace already is what `asked` (example, loss step, knobs, own input) wants to see."""
    return not _unlike(columns, asked)


def _unlike(columns: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """The words of `asked` that the stored trace does not show."""
    shown = {
        "share": DEFAULT_SHARE,
        "knocked_out": [],
        "inputs": None,
        **columns["parameters"],
        **{name: columns[name] for name in ("example", "loss_step", "share", "knocked_out") if name in columns},
    }
    return [name for name, value in asked.items() if shown.get(name) != value]


def check_answered(columns: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Refuse what the snapshot at an earlier update of a preset does not show.

    Raises:
        UserError: Status 422; the weights of that update are not stored.
    """
    if unlike := _unlike(columns, asked):
        at = columns["loss_step"]
        step = "the whole loss" if at is None else f"loss step {at}"
        raise field_error(
            "update",
            columns["update"],
            f"its picture is of {step}, example {columns['example']}, with the knobs of the training; "
            "the weights of that update are not stored",
            f"leave out {', '.join(unlike)}, or leave out update",
        )
