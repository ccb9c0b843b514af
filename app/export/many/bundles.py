"""Which trainings make one line, and what it is called: those that differ in nothing but the seed. Pure.

The same as static/js/table/overlay/curves/bundles.js decides for the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.export.many.series import Mean, mean_of, points_of
from sab_visualiser.app.runs.curves import Curves, bin_width, in_bins
from sab_visualiser.app.runs.kin.group import trained
from sab_visualiser.app.runs.named import Described
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.model.contract import METHODS, joined, spoken

POINTS = 300
"""Bins of the longest training, where several are one line; as static/js/table/overlay/curves/chart.js."""
MOST_SEEDS = 4
"""Seeds that a label lists; more are counted."""


class Training(NamedTuple):
    """One training: its id or name, what it is called, what it was made from, where it branched off, its curves."""

    id: str
    name: str
    described: Described
    parent: Any
    curves: Curves


class Line(NamedTuple):
    """One line of a figure of curves, and the dots of fresh examples on it.

    Attributes:
        label: What it is called.
        ids: Of its trainings.
        batch: By metric, of training batches; `loss` among them.
        fresh: By metric, of fresh examples.
    """

    label: str
    ids: tuple[str, ...]
    batch: Mapping[str, Mean]
    fresh: Mapping[str, Mean]


def lines_of(trainings: Sequence[Training], *, seeds: bool) -> list[Line]:
    """The lines in the order of their first trainings.

    Args:
        trainings: The network in view first.
        seeds: Whether those that differ in nothing but the seed are one line.

    Raises:
        UserError: They should be one, and no two of them are.
    """
    if not seeds:
        labels = _distinct([(one.name, one.id) for one in trainings])
        return [_line(label, [one], 0) for label, one in zip(labels, trainings, strict=True)]
    bundles = _bundles(trainings)
    if len(bundles) == len(trainings):
        raise field_error(
            "seeds", True, "no two of these trainings differ in nothing but the seed", "name others as baseline"
        )
    width = bin_width(max(int(update) for one in trainings for update in [0, *one.curves["update"][-1:]]), POINTS)
    labels = _distinct([(_name_of(bundle), bundle[0].id) for bundle in bundles])
    return [_line(label, bundle, width) for label, bundle in zip(labels, bundles, strict=True)]


def only(curves: Curves, label: str = "") -> Line:
    """The line of a training that stands alone."""
    return _line(label, [Training("", "", Described(None), None, curves)], 0)


def _bundles(trainings: Sequence[Training]) -> list[list[Training]]:
    """A seed counts once in a mean: what trained it again is a line of its own."""
    found: dict[str, list[Training]] = {}
    times: Counter[str] = Counter()
    for one in trainings:
        spec = one.described.spec
        settings: Any = one.id if spec is None else trained(spec)
        seed = None if spec is None else settings["training"].pop("seed")
        key = repr((settings, one.described.knobs, one.parent))
        again = f"{key} {seed}"
        found.setdefault(f"{key} {times[again]}", []).append(one)
        times[again] += 1
    return list(found.values())


def _name_of(bundle: Sequence[Training]) -> str:
    if len(bundle) == 1:
        return bundle[0].name
    specs = [one.described.spec for one in bundle]
    seeds = sorted(int(spec["training"]["seed"]) for spec in specs if spec is not None)
    names = {re.sub(r" seed \d+$", "", one.name) for one in bundle}
    spec = specs[0]
    assert spec is not None, "what has no spec is alone"
    task, method = spec["task"], METHODS[spec["model"]["method"]].called
    name = names.pop() if len(names) == 1 else joined(spoken(task), method)
    return f"{name}, {mean_words(seeds)}"


def mean_words(seeds: Sequence[int]) -> str:
    """Over which seeds a mean is."""
    if len(seeds) > MOST_SEEDS:
        return f"mean of {len(seeds)} seeds"
    return f"mean of seeds {', '.join(map(str, seeds[:-1]))} and {seeds[-1]}"


def _distinct(named: Sequence[tuple[str, str]]) -> list[str]:
    """Names, no two alike: those that are shared say their id too."""
    times = Counter(name for name, _ in named)
    return [name if times[name] == 1 else f"{name} ({own})" for name, own in named]


def _line(label: str, bundle: Sequence[Training], width: int) -> Line:
    """The line of trainings, in bins of so many updates; 0 for none."""
    curves = [in_bins(one.curves, width) if width > 1 else one.curves for one in bundle]
    metrics = sorted({name for one in curves for name in one["values"]})
    columns = [{"loss": one["loss"], **one["values"]} for one in curves]
    batch = {
        name: mean_of(
            [points_of(one["update"], own[name]) for one, own in zip(curves, columns, strict=True) if name in own]
        )
        for name in ("loss", *metrics)
    }
    looks = [one["looks"] for one in curves if "looks" in one]
    told = sorted({name for one in looks for name in one["fresh"]})
    fresh = {
        name: mean_of([points_of(one["update"], one["fresh"][name]) for one in looks if name in one["fresh"]])
        for name in told
    }
    return Line(label, tuple(one.id for one in bundle), batch, fresh)
