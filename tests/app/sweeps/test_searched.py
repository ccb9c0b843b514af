"""A search draws its trials, learns from what they came to, gives hopeless ones up, and goes on where it was."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest

from sab_visualiser.app.sweeps.drive import Outcome
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.plan import Plan, Trial, search_plan
from sab_visualiser.app.sweeps.search import Search
from sab_visualiser.app.sweeps.searched import Searched
from sab_visualiser.app.wire.errors import UserError

pytest.importorskip("optuna", reason="the extra [search] is not installed")
TINY: dict[str, Any] = {"task": {"name": "copy", "T": 6, "items": 2}, "training": {"updates": 90}}
SPACE: dict[str, Any] = {
    "model.k_top": {"low": 1, "high": 40, "whole": True},
    "training.learning_rate": {"low": 1e-4, "high": 1e-1, "log": True},
    "model.method": {"choices": ["sab", "attention"]},
}


def search(**words: Any) -> Search:
    return Search.model_validate({"trials": 30, "space": SPACE, **words})


def source(there: tuple[dict[str, Any], ...] = (), **words: Any) -> Searched:
    return Searched(search(**words), TINY, dict, list(there))


def told(trial: Trial, value: float | None, word: str = "learning") -> Outcome:
    best = None if value is None else {"metric": "accuracy", "value": value, "update": 60}
    run = {"id": "r", "update": 90, "status": "finished", "best": best, "verdict": {"word": word}}
    return Outcome(trial, run)


def merit(trial: Trial) -> float:
    """Best at a learning rate of 0.01."""
    return 1 - abs(math.log10(trial.spec.training.learning_rate) + 2) / 2


def drawn(from_: Searched) -> list[Trial]:
    found = []
    while (trial := from_.more()) is not None:
        found.append(trial)
        from_.took(told(trial, merit(trial)))
    return found


def test_every_trial_lies_in_its_space_and_none_is_trained_twice() -> None:
    found = drawn(source())
    assert 20 <= len(found) <= 30
    assert len({trial.key for trial in found}) == len(found)
    for trial in found:
        assert 1 <= trial.spec.model.k_top <= 40
        assert 1e-4 <= trial.spec.training.learning_rate <= 1e-1
        assert trial.spec.training.updates == 90


def test_the_same_seed_draws_the_same_trials() -> None:
    assert [trial.key for trial in drawn(source())] == [trial.key for trial in drawn(source())]
    assert [trial.key for trial in drawn(source(seed=1))] != [trial.key for trial in drawn(source())]


def test_tpe_learns_where_it_is_good() -> None:
    name = "training.learning_rate"
    found = drawn(source(trials=60, space={name: SPACE[name]}))
    first, last = found[:10], found[-20:]
    assert sum(map(merit, last)) / len(last) > sum(map(merit, first)) / len(first)


def test_what_was_begun_before_comes_again_first() -> None:
    before = drawn(source())[:4]
    specs = tuple(trial.spec.model_dump(mode="json") for trial in before)
    again = source(there=specs, seed=5)
    assert [again.more().key for _ in range(4)] == [trial.key for trial in before]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("update", "word", "prune", "given_up"),
    [
        (90, "at chance", True, True),
        (31, "attention dead", True, True),
        (29, "at chance", True, False),
        (90, "learning", True, False),
        (90, "learned", True, False),
        (90, "at chance", False, False),
    ],
)
def test_a_trial_is_given_up_by_its_verdict_after_its_share_of_the_updates(
    update: int, word: str, prune: bool, given_up: bool
) -> None:
    from_ = source(prune=prune)
    trial = from_.more()
    assert trial is not None
    assert from_.give_up(trial, {"update": update, "verdict": {"word": word}}) is given_up
    assert not from_.give_up(trial, {"update": update, "verdict": None})


def test_a_trial_without_any_figure_does_not_stop_the_search() -> None:
    from_ = source(trials=3)
    for _ in range(3):
        trial = from_.more()
        assert trial is not None
        from_.took(told(trial, None, "diverged"))
    assert from_.more() is None


def test_the_plan_of_a_search_says_how_much_it_may_take() -> None:
    sweep = sweep_of({"name": "find", "base": TINY, "search": {"trials": 7, "space": SPACE}}, "x")
    assert sweep.search is not None
    plan: Plan = search_plan(sweep, sweep.search, dict)
    assert (plan.count, plan.updates) == (7, 630)
    assert plan.axes == ("model.method", "model.k_top", "training.learning_rate", "training.seed")


def test_without_optuna_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError) as error:
        source()
    assert error.value.problem.detail == "[search] needs Optuna: pip install 'sab-visualiser[search]'"


@pytest.mark.parametrize(
    ("space", "field"),
    [
        ({"model.k_tap": {"choices": [1]}}, "model.k_tap"),
        ({"model.k_top": {"low": -3, "high": 3, "whole": True}}, "model.k_top = -3"),
        ({"model.k_top": {"low": 1, "high": 10_000_000, "whole": True}}, "model.k_top = 10000000"),
    ],
)
def test_a_space_that_no_run_may_have_is_refused_before_anything_is_trained(space: dict[str, Any], field: str) -> None:
    sweep = sweep_of({"base": TINY, "search": {"space": space}}, "x")
    assert sweep.search is not None
    with pytest.raises(UserError) as error:
        search_plan(sweep, sweep.search, dict)
    assert field in error.value.problem.detail
