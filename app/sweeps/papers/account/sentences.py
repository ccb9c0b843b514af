"""What is said of one experiment: claims with the facts that they need, and the facts, counted from its rows. Pure.

A test recounts every sentence from the rows (tests/oracles/reproduction_checker.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sab_visualiser.app.runs.kin.results import Row
from sab_visualiser.app.runs.words.say import Claim, Facts, say
from sab_visualiser.app.sweeps.papers.account.knobs import knob_answers
from sab_visualiser.app.sweeps.papers.account.lengths import length_answers, of_lengths
from sab_visualiser.app.sweeps.papers.account.places import Place, by_method, called, listed, places_of, tally_words
from sab_visualiser.app.sweeps.papers.account.settings import (
    Group,
    Setting,
    figures_of,
    groups_of,
    is_tuning,
    metric_of,
    published_of,
    spread_of,
)
from sab_visualiser.app.sweeps.papers.account.shelf import Report

SHOWN = 3
"""So many seeds that failed are named, the others counted."""
TALLY = (
    Claim("nobody", ("nobody",), "{where}, no seed of any method learned: {tally}."),
    Claim("alone", ("ahead", "rivals"), "{where}, SAB learned most often: {tally}."),
    Claim("as often", ("level",), "{where}, {level_with} learned as often as SAB: {tally}."),
    Claim("behind", ("rivals",), "{where}, {more_often} learned more often than SAB: {tally}."),
    Claim("by itself", (), "{where}, seeds that learned: {tally}."),
)
CROSSING = (
    Claim(
        "neither", ("neither",), "{where} and k_trunc = {k_trunc}, neither SAB nor truncated backpropagation learned."
    ),
    Claim(
        "crosses",
        ("rival_none",),
        "{where} and k_trunc = {k_trunc}, {sab} seeds of SAB learned and none of {rivals} of truncated "
        "backpropagation: cut alike, only SAB's gradient has a way past the cuts.",
    ),
    Claim(
        "both",
        (),
        "{where} and k_trunc = {k_trunc}, {sab} seeds of SAB learned and {rival} of truncated backpropagation.",
    ),
)
MIXED = (
    Claim("equal", ("equal",), "At T = {T}, mixed delays changed no count of seeds that learned: {changes}."),
    Claim("helped", ("no_fewer",), "At T = {T}, mixed delays helped; seeds that learned: {changes}."),
    Claim("hurt", ("no_more",), "At T = {T}, mixed delays hurt; seeds that learned: {changes}."),
    Claim("both", (), "At T = {T}, mixed delays helped some methods and hurt others; seeds that learned: {changes}."),
)
FAILED = (
    Claim("none", ("none",), "Every seed of SAB learned."),
    Claim("few", ("!hidden",), "{failed} seeds of SAB did not learn: {seeds}."),
    Claim("many", (), "{failed} seeds of SAB did not learn: {seeds}, and {hidden} more."),
)
PUBLISHED = (
    Claim(
        "within",
        ("within",),
        "Published for {setting}: {published} ({source}). That lies within the range of our seeds, {range}.",
    ),
    Claim("below", ("below",), "Published for {setting}: {published} ({source}). All our seeds are below, {range}."),
    Claim("above", (), "Published for {setting}: {published} ({source}). All our seeds are above, {range}."),
)
RANKED = (
    Claim("best", ("best",), "{where}, every seed of SAB was better than any of another method: {means}."),
    Claim("worse", ("worse",), "{where}, every seed of {worse} was better than any of SAB: {means}."),
    Claim("overlap", (), "{where}, no other method was better or worse than SAB on every seed: {means}."),
)
RATES = (Claim("rates", (), "{where}, best mean {metric}: {best}."),)


def answers(report: Report) -> list[str]:
    """What the rows of an experiment answer, a sentence each; none before the first row."""
    rows: list[Row] = report["rows"]
    groups = groups_of(rows)
    if not rows:
        return []
    if of_lengths(rows):
        return length_answers(rows)
    if is_tuning(groups):
        return [say(RATES, _rates(place, own)) for place, own in places_of(groups).items()]
    found = [said for place, own in places_of(groups).items() for said in _of_place(place, own)]
    found += [*mixed_answers(groups), *knob_answers(groups)]
    found += [say(FAILED, facts) for facts in _failed(groups)]
    return found + [say(PUBLISHED, facts) for facts in _published(report, groups)]


def mixed_answers(groups: Sequence[Group]) -> list[str]:
    """What mixed delays change, a sentence a length that was trained both ways."""
    return [say(MIXED, facts) for facts in _mixed(groups)]


def _of_place(place: Place, groups: list[Group]) -> Iterator[str]:
    yield say(TALLY, _tally(place, groups))
    for facts in _crossing(place, groups):
        yield say(CROSSING, facts)
    if (ranks := ranks_of(place, groups)) is not None:
        yield say(RANKED, ranks)


def _tally(place: Place, groups: Sequence[Group]) -> Facts:
    counts = by_method(groups)
    shares = {method: learned / of for method, (learned, of) in counts.items()}
    own = shares.get("sab", -1.0)
    others = {method: share for method, share in shares.items() if method != "sab"}
    best = max(others.values(), default=-1.0)
    return {
        "where": place.words,
        "tally": tally_words(counts),
        "nobody": not any(shares.values()),
        "rivals": bool(others) and "sab" in shares,
        "ahead": own > best,
        "level": own == best,
        "level_with": listed(called(method) for method, share in others.items() if share == own),
        "more_often": listed(called(method) for method, share in others.items() if share > own),
    }


def _crossing(place: Place, groups: Sequence[Group]) -> Iterator[Facts]:
    """SAB beside truncated backpropagation with the same cuts, for each k_trunc that both have."""
    cuts = {s.k_trunc for s, _ in groups if s.method == "sab"} & {s.k_trunc for s, _ in groups if s.method == "tbptt"}
    for k_trunc in sorted(cuts):
        counts = by_method([group for group in groups if group.setting.k_trunc == k_trunc])
        (learned, of), (rival, rivals) = counts["sab"], counts["tbptt"]
        yield {
            "where": place.words,
            "k_trunc": str(k_trunc),
            "sab": f"{learned} of {of}",
            "rival": f"{rival} of {rivals}",
            "rivals": str(rivals),
            "neither": not learned and not rival,
            "rival_none": not rival,
        }


def _mixed(groups: Sequence[Group]) -> Iterator[Facts]:
    """Settings that were trained with both kinds of delays, for each length."""
    for T in dict.fromkeys(group.setting.T for group in groups):
        fixed, mixed = (
            [group for group in groups if group.setting.T == T and group.setting.mixed is kind]
            for kind in (False, True)
        )
        both = {_but_delays(group.setting) for group in fixed} & {_but_delays(group.setting) for group in mixed}
        counts = [by_method([group for group in side if _but_delays(group.setting) in both]) for side in (fixed, mixed)]
        changes = {method: (counts[0][method], counts[1][method]) for method in counts[0]}
        gains = [after[0] / after[1] - before[0] / before[1] for before, after in changes.values()]
        if gains:
            told = ", ".join(f"{called(m)} {a[0]} of {a[1]} → {b[0]} of {b[1]}" for m, (a, b) in changes.items())
            yield {
                "T": str(T),
                "changes": told,
                "equal": not any(gains),
                "no_fewer": min(gains) >= 0,
                "no_more": max(gains) <= 0,
            }


def _but_delays(setting: Setting) -> Setting:
    return setting._replace(T_min=None)


def _failed(groups: Sequence[Group]) -> Iterator[Facts]:
    own = [group for group in groups if group.setting.method == "sab"]
    failed = [(group.setting, row) for group in own for row in group.rows if row not in group.learned]
    shown = "; ".join(
        f"seed {row['seed']}{setting.trained}: {row['label'] or row['status']}" for setting, row in failed[:SHOWN]
    )
    if own:
        yield {
            "none": not failed,
            "failed": f"{len(failed)} of {sum(len(group.rows) for group in own)}",
            "seeds": shown,
            "hidden": str(len(failed) - SHOWN) if len(failed) > SHOWN else "",
        }


def _published(report: Report, groups: Sequence[Group]) -> Iterator[Facts]:
    metric = metric_of(report["rows"]).name
    for setting, rows in groups:
        said, spread = published_of(report, setting, metric), spread_of(rows, metric)
        if said is not None and spread is not None:
            # As finely as figures are published.
            least, most = round(spread.least, 2), round(spread.most, 2)
            yield {
                "setting": f"{setting.called}, {setting.knobs}, T = {setting.T}"
                + (f", read {setting.order}" if setting.order else ""),
                "published": f"{metric} {said[metric]:g}",
                "source": said["source"],
                "range": f"{least:.2f} … {most:.2f}",
                "within": least <= said[metric] <= most,
                "below": most < said[metric],
            }


def ranks_of(place: Place, groups: Sequence[Group]) -> Facts | None:
    """The last figures of all seeds, where counts tell no method from another; None elsewhere."""
    counts = by_method(groups)
    metric = metric_of(groups[0].rows)
    values: dict[str, list[float]] = {}
    for setting, rows in groups:
        values.setdefault(setting.method, []).extend(figures_of(rows, metric.name))
    told_apart = len({learned / of for learned, of in counts.values()}) > 1
    if told_apart or "sab" not in counts or len(counts) == 1 or not all(values.values()):
        return None
    means = {method: sum(own) / len(own) for method, own in values.items()}
    better = max if metric.better == "higher" else min
    worst = min if metric.better == "higher" else max
    order = sorted(means, key=means.__getitem__, reverse=better is max)
    own = values.pop("sab")

    def above(figures: list[float], others: list[float]) -> bool:
        least, most = worst(figures), better(others)
        return better(least, most) == least != most

    return {
        "where": place.words,
        "means": f"mean {metric.name} " + ", ".join(f"{called(method)} {means[method]:.3f}" for method in order),
        "best": all(above(own, figures) for figures in values.values()),
        "worse": listed(called(method) for method, figures in values.items() if above(figures, own)),
    }


def _rates(place: Place, groups: Sequence[Group]) -> Facts:
    """For each kind of setting the rate with the best mean."""
    metric = metric_of(groups[0].rows)
    kinds: dict[Setting, list[tuple[float, float]]] = {}
    for setting, rows in groups:
        spread = spread_of(rows, metric.name)
        if spread is not None:
            kinds.setdefault(setting._replace(learning_rate=0.0), []).append((spread.mean, setting.learning_rate))
    pick = max if metric.better == "higher" else min
    told = []
    for setting, means in kinds.items():
        value, rate = pick(means)
        knobs = f" ({setting.knobs})" if setting.knobs else ""
        told.append(f"{setting.called}{knobs} at rate {rate:g}, {value:.3f}")
    return {"where": place.words, "metric": metric.name, "best": "; ".join(told) or "no figure"}
