"""The curves of a run, put together from its `metrics` events: there is no second copy of them.

For the API, the bundle and `sab export` alike; which updates are void is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NotRequired, TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from sab_visualiser.app.wire.codec import decode
from sab_visualiser.model.contract import HEALTH

KINDS = ("metrics", "look", "parameters", "status")
"""Kinds of event that the curves need."""
COLUMNS = {"update": "i4", "loss": "f4", "gradient_norm": "f4", "learning_rate": "f4", "skipped": "u1"}


class KnobChange(TypedDict):
    """The knobs in force from `update` + 1 on."""

    update: int
    parameters: dict[str, Any]
    params_version: int
    command_id: str | None


class Looks(TypedDict):
    """Columns with one entry a look; `fresh` by metric, NaN where no fresh examples were due."""

    update: NDArray[Any]
    health: dict[str, NDArray[Any]]
    fresh: dict[str, NDArray[Any]]


class Curves(TypedDict):
    """Columns with one entry an update; `values` by metric, NaN where it was not measured."""

    update: NDArray[Any]
    loss: NDArray[Any]
    gradient_norm: NDArray[Any]
    learning_rate: NDArray[Any]
    skipped: NDArray[Any]
    values: dict[str, NDArray[Any]]
    looks: Looks
    changes: NotRequired[list[KnobChange]]
    """Of runs: updates at which knobs changed."""
    seq: NotRequired[int]
    """Of runs: the last event that is in."""


def concatenate(frames: Iterable[bytes], after: int = -1) -> Curves:
    """Columns of all updates above `after`, and the updates at which knobs changed.

    A run that resumed from a checkpoint makes some updates again: those it made before are void. Where figures of
    updates are missing between others, since a server was killed before it had kept them, one row without any figure
    stands for all of them, at the first, so that no line is drawn across.

    Args:
        frames: Events of one attempt in order of seq, kinds as in KINDS.
        after: Leave out updates up to this one; −1 for none.

    Returns:
        The curves, with `changes` and `seq`.
    """
    parts: list[dict[str, Any]] = []
    looked: list[dict[str, Any]] = []
    changes: list[KnobChange] = []
    seq = 0
    for frame in frames:
        message = decode(frame)
        seq, update, data = message["seq"], message["update"], message["data"]
        if message["kind"] == "metrics":
            parts.append(data)
        elif message["kind"] == "look":
            looked.append({name: data[name] for name in ("update", "health", "fresh")})
        elif message["kind"] == "parameters":
            known = {name: data.get(name) for name in ("parameters", "params_version", "command_id")}
            changes.append(cast(KnobChange, {"update": update, **known}))
        elif data["status"] == "queued":
            parts = [_select(part, np.asarray(part["update"]) <= update) for part in parts]
            looked = [_select(look, np.asarray(look["update"]) <= update) for look in looked]
            changes = [change for change in changes if change["update"] <= update]
    parts = [_select(part, np.asarray(part["update"]) > after) for part in parts]
    looked = [_select(look, np.asarray(look["update"]) > after) for look in looked]
    changes = [change for change in changes if change["update"] > after]
    parts = list(_with_holes(parts))
    columns = {name: _join([part.get(name) for part in parts], parts, kind) for name, kind in COLUMNS.items()}
    more = {"values": _joined("values", parts), "looks": joined_looks(looked), "changes": changes, "seq": seq}
    return cast(Curves, {**columns, **more})


def binned(curves: Curves, points: int) -> Curves:
    """The curves with at most `points` rows: means over bins of updates; looks and changes of knobs as they are.

    Bins are as wide as 1, 2 or 5 times a power of ten says, whichever is the least that suffices, and begin at update
    1, so that runs of similar length share their bins. A row is called by the last update of its bin.

    Args:
        curves: As `concatenate` gives them.
        points: Rows at most, ≥ 1.
    """
    update = curves["update"]
    return curves if len(update) <= points else in_bins(curves, bin_width(int(update[-1]), points))


def in_bins(curves: Curves, width: int) -> Curves:
    """The curves as means over bins of so many updates, which begin at update 1; as they are where there are none."""
    update = curves["update"]
    if not len(update):
        return curves
    starts = np.flatnonzero(np.diff((update - 1) // width, prepend=-1))
    ends = np.append(starts[1:], len(update)) - 1

    def mean(column: NDArray[Any]) -> NDArray[Any]:
        known = np.isfinite(column)
        count = np.add.reduceat(known.astype("i8"), starts)
        total = np.add.reduceat(np.where(known, column, 0).astype("f8"), starts)
        means: NDArray[Any] = np.divide(total, count, out=np.full(len(starts), np.nan), where=count > 0)
        return means.astype("f4")

    columns: dict[str, Any] = {"loss": mean(curves["loss"]), "gradient_norm": mean(curves["gradient_norm"])}
    columns["learning_rate"] = mean(curves["learning_rate"])
    columns["skipped"] = np.maximum.reduceat(curves["skipped"], starts)
    columns["values"] = {name: mean(column) for name, column in curves["values"].items()}
    closed = np.minimum(((update[ends] - 1) // width + 1) * width, update[-1])
    return cast(Curves, {**curves, **columns, "update": closed.astype("i4")})


def bin_width(last: int, points: int) -> int:
    """The least of 1, 2 and 5 times a power of ten that puts so many updates into at most so many bins."""
    width = 1
    while -(-last // width) > points:
        width = width * 5 // 2 if str(width)[0] == "2" else width * 2
    return width


def rows_above(data: dict[str, Any], update: int) -> dict[str, Any]:
    """The rows of a `metrics` event that are of later updates."""
    return _select(data, np.asarray(data["update"]) > update)


def _with_holes(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of events, with a row of nothing but its update between two that do not follow each other."""
    last: int | None = None
    for part in parts:
        for update in np.asarray(part["update"])[:1]:
            if last is not None and update > last + 1:
                yield {"update": np.array([last + 1], "i4")}
        yield part
        last = int(part["update"][-1]) if len(part["update"]) else last


def joined_looks(parts: list[dict[str, Any]]) -> Looks:
    """Columns of looks from the data of their events."""
    update = _join([part["update"] for part in parts], parts, "i4")
    none = np.empty(0, "f4")
    return Looks(
        update=update,
        health=dict.fromkeys(HEALTH, none) | _joined("health", parts),
        fresh=_joined("fresh", parts),
    )


def _joined(group: str, parts: list[dict[str, Any]]) -> dict[str, NDArray[Any]]:
    names = sorted({name for part in parts for name in part.get(group, {})})
    return {name: _join([part.get(group, {}).get(name) for part in parts], parts, "f4") for name in names}


def _select(part: dict[str, Any], keep: NDArray[np.bool_]) -> dict[str, Any]:
    """The rows of one event where `keep` is true."""
    picked: dict[str, Any] = {}
    for name, column in part.items():
        if isinstance(column, dict):
            picked[name] = _select(column, keep)
        elif isinstance(column, np.ndarray | list) and len(column) == len(keep):
            picked[name] = np.asarray(column)[keep]
    return picked


def _join(columns: list[Any], parts: list[dict[str, Any]], kind: str) -> NDArray[Any]:
    filled = [
        np.full(len(part["update"]), np.nan if kind == "f4" else 0, kind)
        if column is None
        else np.asarray(column, kind)
        for column, part in zip(columns, parts, strict=True)
    ]
    return np.concatenate(filled) if filled else np.empty(0, kind)
