"""What networks come to at lengths that they were not trained at: claims, and the table of their means. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.runs.words.say import Claim, Facts, say
from sab_visualiser.app.sweeps.papers.account.settings import Group, groups_of, spread_of

BAR = 0.9
"""A mean accuracy that counts as kept."""
METRIC = "accuracy"
NOWHERE = 0
FAR = (
    Claim("nowhere", ("nowhere",), "{trained}, no setting keeps a mean accuracy of {bar} at any length: {far}."),
    Claim("alone", ("alone",), "{trained}, a mean accuracy of {bar} is kept {far}."),
    Claim("ahead", ("ahead",), "{trained}, SAB keeps a mean accuracy of {bar} further than attention: {far}."),
    Claim("level", ("level",), "{trained}, SAB keeps a mean accuracy of {bar} no further than attention: {far}."),
    Claim("behind", (), "{trained}, attention keeps a mean accuracy of {bar} further than SAB: {far}."),
)


class Means(NamedTuple):
    """A setting at all lengths: its words, how many networks, and a cell a length."""

    method: str
    called: str
    knobs: str
    delays: str
    networks: int
    cells: list[str]


def of_lengths(rows: Sequence[Row]) -> bool:
    """Whether the rows are of networks at other lengths."""
    return bool(rows) and "T_test" in rows[0]


def lengths_in(rows: Sequence[Row]) -> list[int]:
    """At which they were measured, rising."""
    return sorted({row["T_test"] for row in rows})


def means_of(rows: Sequence[Row]) -> list[Means]:
    """The table."""
    lengths = lengths_in(rows)
    return [
        Means(
            group.setting.method,
            group.setting.called,
            group.setting.knobs,
            f"T {group.setting.T}, {group.setting.delays}",
            len({row["seed"] for row in group.rows}),
            [_cell(group, T) for T in lengths],
        )
        for group in groups_of(rows)
    ]


def _cell(group: Group, T: int) -> str:
    spread = spread_of([row for row in group.rows if row["T_test"] == T], METRIC)
    return f"{spread.mean:.3f} ({spread.least:.3f} … {spread.most:.3f})" if spread else "–"


def reach_of(group: Group) -> int:
    """The longest T up to which the mean over its networks stays at the bar; 0 where it is nowhere there."""
    reach = NOWHERE
    for T in lengths_in(group.rows):
        spread = spread_of([row for row in group.rows if row["T_test"] == T], METRIC)
        if spread is None or spread.mean < BAR:
            break
        reach = T
    return reach


def length_answers(rows: Sequence[Row]) -> list[str]:
    """How far each setting keeps what it learned, a sentence for each way of training."""
    kinds: dict[tuple[int, bool], list[Group]] = {}
    for group in groups_of(rows):
        kinds.setdefault((group.setting.T, group.setting.mixed), []).append(group)
    return [say(FAR, _facts(T, mixed, groups)) for (T, mixed), groups in kinds.items()]


def _facts(T: int, mixed: bool, groups: Sequence[Group]) -> Facts:
    reaches: dict[str, int] = {}
    for group in groups:
        method = group.setting.method
        reaches[method] = max(reaches.get(method, NOWHERE), reach_of(group))
    own, other = reaches.get("sab", NOWHERE), reaches.get("attention", NOWHERE)
    return {
        "trained": f"Trained at T = {T} with {'mixed delays' if mixed else 'one fixed delay'}",
        "bar": f"{BAR:g}",
        "far": "; ".join(_far(group) for group in groups),
        "nowhere": not any(reaches.values()),
        "alone": not {"sab", "attention"} <= set(reaches),
        "ahead": own > other,
        "level": own == other,
    }


def _far(group: Group) -> str:
    reach, setting = reach_of(group), group.setting
    how = f"by {setting.called} ({setting.knobs})" if setting.knobs else f"by {setting.called}"
    return f"{how} {f'up to T = {reach:,}' if reach else 'nowhere'}"
