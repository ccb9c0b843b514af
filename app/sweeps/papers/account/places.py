"""Settings that can be compared, and how methods are told: places, counts by method, lists of words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sab_visualiser.app.sweeps.papers.account.settings import Group
from sab_visualiser.model.contract import METHODS, TASKS
from sab_visualiser.model.contract.tasks import TaskName


class Place(NamedTuple):
    """Settings of one length that can be compared.

    Attributes:
        task: Its name.
        T: Of the task, steps.
        kind: What they are pooled by over experiments, at the beginning of a sentence.
        order: How images are read; empty where none are.
    """

    task: TaskName
    T: int
    kind: str
    order: str

    @property
    def words(self) -> str:
        """At the beginning of a sentence."""
        how = f", read {self.order}" if self.order else ""
        return f"At T = {self.T}{how}" if TASKS[self.task].data else f"At T = {self.T} w{self.kind[1:]}"


def places_of(groups: Sequence[Group]) -> dict[Place, list[Group]]:
    """Settings that can be compared: of one task, one length, delays of one kind, images in one order."""
    found: dict[Place, list[Group]] = {}
    for group in groups:
        setting = group.setting
        found.setdefault(Place(setting.task, setting.T, setting.kind, setting.order), []).append(group)
    return found


def by_method(groups: Sequence[Group]) -> dict[str, tuple[int, int]]:
    """Seeds that learned, and seeds, of each method over all of its settings."""
    found: dict[str, tuple[int, int]] = {}
    for group in groups:
        learned, of = found.get(group.setting.method, (0, 0))
        found[group.setting.method] = (learned + len(group.learned), of + len(group.rows))
    return found


def called(method: str) -> str:
    """A method in sentences."""
    return METHODS[method].called


def tally_words(counts: dict[str, tuple[int, int]]) -> str:
    """Seeds that learned, by method."""
    return ", ".join(f"{called(method)} {learned} of {of}" for method, (learned, of) in counts.items())


def listed(words: Any) -> str:
    """As a person lists things."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else str(last)
