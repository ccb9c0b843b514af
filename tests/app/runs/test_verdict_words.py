"""What a verdict says and advises: with its age, after what was done already, and what fits the method."""

from __future__ import annotations

from typing import Any

import pytest

from sab_visualiser.app.runs.shapes import Rate, Spec
from sab_visualiser.app.runs.verdict_words import verdict
from sab_visualiser.app.wire.requests import RunSpec, RunStatus
from sab_visualiser.model.contract import Method
from tests.app.runs.looked import folded, judged, spec_of


def test_a_gain_is_told_with_its_age_and_only_the_last_look_gets_better() -> None:
    for figures, status, words in (
        ([0.3, 0.5], "running", "It gets better: accuracy 0.5 at update 250, a clear gain"),
        ([0.3, 0.5], "finished", "It got better up to its last look: accuracy 0.5 at update 250"),
        ([0.3, 0.5], "paused", "It was getting better when it was paused"),
        ([0.3, 0.5, 0.5, 0.51], "running", "Its last clear gain is 250 updates old, accuracy 0.5 at update 250;"),
        ([0.3, 0.5, 0.4], "finished", "Its last clear gain is 125 updates old"),
        ([*[0.98] * 12, 0.99], "running", "accuracy 0.99 at update 1,625, where accuracy ≥ 0.99 is the bar"),
    ):
        found = judged(list(figures), status=status)  # type: ignore[arg-type]
        assert found is not None
        assert found["word"] == "learning"
        assert found["sentence"].startswith(words)


def test_a_run_that_somebody_stopped_is_told_to_resume_before_it_is_told_to_reseed() -> None:
    rate = Rate(reached=9, of=10, median=3000, slowest=6000)
    for figures, measured, advice in (
        ([0.12] * 4, rate, "Resume lets it train on: 9 of 10 seeds learned this, the slowest at update 6,000."),
        ([0.12] * 4, None, "Resume lets it train on: update 500 is too early to tell."),
        ([0.3] * 12, rate, "Resume lets it train on: 9 of 10 seeds learned this, the slowest at update 6,000."),
        ([0.3] * 60, rate, "9 of 10 seeds learn this: Reseed."),
    ):
        found = verdict(folded(list(figures), spec_of()), spec_of(), "stopped", measured)
        assert found is not None
        assert found["advice"] == advice


def test_a_run_that_ended_is_not_told_to_wait() -> None:
    rate = Rate(reached=9, of=10, median=3000, slowest=6000)
    still = folded([0.3] * 12, spec_of())
    live = verdict(still, spec_of(), "running", rate)
    ended = verdict(still, spec_of(), "finished", rate)
    assert live is not None
    assert ended is not None
    assert live["advice"] == ("Wait: 9 of 10 seeds learned this, half of them by update 3,000, the slowest at 6,000.")
    assert ended["advice"] == "9 of 10 seeds learn this: Reseed."
    later = verdict(folded([0.3] * 60, spec_of()), spec_of(), "running", rate)
    assert later is not None
    assert later["advice"] == "9 of 10 seeds learn this: Reseed.", "later than the slowest"
    rising = verdict(folded([0.3, 0.5], spec_of()), spec_of(), "finished", rate)
    assert rising is not None
    assert rising["advice"] == "Train it longer: raise the number of updates."


@pytest.mark.parametrize(
    ("training", "health", "figures", "field"),
    [
        ({"rate_decay": 0.3}, {}, [1.0, 1.0, 0.2, 0.2], "rate_decay"),
        ({"sum_floor": 0.1}, {"dead": 0.9}, [0.3, 0.3], "sum_floor"),
        ({"scorer_rate": 0.3}, {"dead": 0.9}, [0.3, 0.3], "scorer_rate"),
        ({"sum_floor": 0.1}, {"saturated": 0.95}, [0.3] * 10, "sum_floor"),
        ({"clip_norm": 0.5}, {}, [], "clip_norm"),
    ],
)
def test_no_advice_is_given_that_is_already_followed(
    training: dict[str, Any], health: dict[str, float], figures: list[float | None], field: str
) -> None:
    status: RunStatus = "running" if figures else "diverged"
    off = {"clip_norm": 0.0} if field == "clip_norm" else {}
    without = judged(figures, spec_of(**off), status, **health)
    followed = judged(figures, spec_of(**training), status, **health)
    assert without is not None
    assert followed is not None
    assert field in without["advice"]
    assert field not in followed["advice"]
    assert followed["advice"], "something else may help"


def test_a_rate_or_a_missing_bound_that_throws_weights_about_is_named_before_the_scorer() -> None:
    found = judged([0.1, 0.1], spec_of(learning_rate=1.0, clip_norm=0.0), dead=0.7)
    assert found is not None
    assert found["advice"].startswith("Train anew with learning_rate 0.003 and clip_norm 0.5")
    tamer = judged([0.1, 0.1], spec_of(learning_rate=0.01, clip_norm=0.5), dead=0.7)
    assert tamer is not None
    assert "learning_rate" not in tamer["advice"]


@pytest.mark.parametrize("method", ["tbptt", "sab", "bptt", "attention"])
def test_advice_fits_the_method(method: Method) -> None:
    raw = {"task": {"name": "copy", "T": 30}, "model": {"method": method}}
    spec: Spec = RunSpec.model_validate(raw).model_dump(mode="json")  # type: ignore[assignment]
    found = verdict(folded([0.125] * 10, spec), spec, "running")
    assert found is not None
    assert ("No gradient crosses a cut" in found["advice"]) is (method == "tbptt")
    assert ("Mixed delays" in found["advice"]) is (method == "sab")
