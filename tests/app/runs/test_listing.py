"""Pages, order and filter of the list of runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sab_visualiser.app.runs.listing import CHOICES, KEYS, ORDERS, RANGES, matching, page_of
from sab_visualiser.app.runs.run import Run, new_run
from sab_visualiser.app.runs.verdict import NOTHING, Progress
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import ModelSpec, RunSpec, TaskSpec, TrainingSpec
from sab_visualiser.model.contract import TaskName


def run(number: int, *, task: str = "copy", method: str = "sab", seed: int = 0, **more: Any) -> Run:
    spec = RunSpec(task=TaskSpec(name=task), model=ModelSpec(method=method), training=TrainingSpec(seed=seed))
    return replace(new_run(f"r{number:04}", spec, f"2026-01-01T00:00:{number:06}"), **more)


def seen(best: float) -> Progress:
    return Progress(**{**NOTHING, "best": best, "improved": 5})


MANY = [run(number, seed=number % 3, update=number % 4, starred=number % 2 == 0) for number in range(40)][::-1]


@pytest.mark.parametrize("sort", ["", *ORDERS, *(f"-{name}" for name in ORDERS)])
@given(limit=st.integers(1, 50))
def test_pages_one_after_another_are_the_whole_list_once(sort: str, limit: int) -> None:
    pages, after = list[str](), None
    while (page := page_of(MANY, after, limit, sort)).runs:
        pages += [one.id for one in page.runs]
        assert page.total == 40
        after = pages[-1]
    assert pages == [one.id for one in page_of(MANY, None, 50, sort).runs]
    assert len(set(pages)) == 40


def test_the_newest_comes_first_unless_the_order_says_otherwise() -> None:
    assert [one.id for one in page_of(MANY, None, 2).runs] == ["r0039", "r0038"]
    assert [one.id for one in page_of(MANY, None, 2, "created").runs] == ["r0000", "r0001"]


def test_equal_runs_stay_newest_first_whichever_way_the_others_go() -> None:
    for sort in ("seed", "-seed"):
        found = page_of(MANY, None, 50, sort).runs
        for seed in range(3):
            same = [one.id for one in found if one.spec["training"]["seed"] == seed]
            assert same == sorted(same, reverse=True)


def test_better_is_better_also_where_an_error_is_counted_and_what_nobody_saw_stands_last() -> None:
    good, bad = run(1, task="adding", progress=seen(0.01)), run(2, task="adding", progress=seen(0.5))
    sharp, dull, new = run(3, progress=seen(0.9)), run(4, progress=seen(0.2)), run(5)
    falling = page_of([new, dull, sharp, bad, good], None, 9, "-best").runs
    assert [one.id for one in falling] == ["r0003", "r0004", "r0001", "r0002", "r0005"]
    assert page_of([new, bad, good], None, 9, "best").runs == [bad, good, new]
    losing = page_of(
        [run(6, task="adding", metrics={"mse": 0.4}), run(7, task="adding", metrics={"mse": 0.1})], None, 9, "-last"
    )
    assert [one.id for one in losing.runs] == ["r0007", "r0006"]


KNOWN = run(
    1, task="adding", method="tbptt", seed=3, note="Figure 3", tags=("for paper", "x"), status="stopped", group="g1"
)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("", True),
        ("ADDING", True),
        ("figure", True),
        ("paper tbptt", True),
        ("paper bptt sab", False),
        ("task:adding method:tbptt seed:3 status:stopped group:g1", True),
        ("seed:33", False),
        ("tag:for_paper", True),
        ("tag:paper", False),
        ("starred:no", True),
        ("starred:yes", False),
        ("T:50", True),
        ("k_top:0", False),
        ("verdict:None", True),
        ("verdict:learned", False),
    ],
)  # fmt: skip
def test_all_words_of_a_filter_must_hold(words: str, holds: bool) -> None:
    assert list(matching([KNOWN], words)) == ([KNOWN] if holds else [])


def test_a_verdict_of_two_words_is_asked_with_a_line_between() -> None:
    failed = run(1, status="diverged")
    assert list(matching([failed], "verdict:diverged")) == [failed]
    still = run(2, progress=Progress(**{**NOTHING, "update": 5000}))
    assert list(matching([still, failed], "verdict:at_chance")) == [still]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"words": "colour:red"}, ["filter", "colour:red", *KEYS]),
        ({"words": "starred:maybe"}, ["starred:yes"]),
        ({"sort": "loudness"}, ["sort", "loudness", *ORDERS]),
        ({"after": "r9999"}, ["after", "r9999"]),
        ({"after": MANY[0].id, "words": "tag:none"}, ["after"]),
    ],
)
def test_an_unknown_key_order_or_start_is_refused_by_name(asked: dict[str, str], words: list[str]) -> None:
    with pytest.raises(UserError) as error:
        page_of(MANY, asked.get("after"), 5, asked.get("sort", ""), asked.get("words", ""))
    assert all(word in str(error.value) for word in words)


def test_a_filter_that_matches_nothing_gives_an_empty_page() -> None:
    assert page_of(MANY, None, 5, words="nothing-like-that") == ([], 0)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("method:foo", ["sab, tbptt, bptt, attention", "method:sab"]),
        ("task:", [", ".join(get_args(TaskName))]),
        ("status:ended", ["running, paused, finished, stopped"]),
        ("verdict:chance", ["at_chance", "standing_still", "none"]),
        ("starred:", ["starred is one of yes, no"]),
        ("seed:abc", ["seed is a whole number, 0 …"]),
        ("seed:-1", ["seed is a whole number"]),
        ("seed:²", ["seed is a whole number"]),
        ("k_top:", ["k_top is a whole number"]),
        ("T:1.5", ["T is a whole number, 1 … 1024"]),
        ("hidden_size:" + "9" * 5000, ["hidden_size is a whole number, 1 … 1024"]),
        ("tag:", ["a tag", "_ for each space"]),
        ('tag:"for', ["without quotes", "_ for each space"]),
        ("group:", ["the id of a group"]),
        ("preset:", ["the name of a preset"]),
    ],
)  # fmt: skip
def test_a_value_that_no_run_can_have_is_refused_with_those_it_can(word: str, told: list[str]) -> None:
    with pytest.raises(UserError) as error:
        page_of(MANY, None, 5, words=f"copy {word}")
    problem = error.value.problem
    assert problem.status == 422
    assert problem.errors[0].field == "filter"
    assert str(problem.errors[0].value)[:20] == word[:20]
    assert all(part in problem.detail for part in told)


def test_every_key_refuses_an_empty_value_and_every_value_that_is_offered_is_taken() -> None:
    for key in KEYS:
        with pytest.raises(UserError, match="filter = "):
            list(matching(MANY, f"{key}:"))
    for key, values in CHOICES.items():
        for value in values:
            list(matching(MANY, f"{key}:{value}"))
    for key, (low, high) in RANGES.items():
        list(matching(MANY, f"{key}:{low} {key}:{high}"))


def test_what_people_make_up_is_free() -> None:
    quoted = run(1, note='he said "so', tags=("seed",))
    assert list(matching([quoted], '"so tag:seed')) == [quoted]
    assert list(matching([quoted], "tag:foo group:nobody preset:nothing")) == []
