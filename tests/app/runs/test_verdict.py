"""The verdict on recorded trainings of each kind, and on looks that resemble a kind and are not of it."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.runs.shapes import Rate, Spec
from sab_visualiser.app.runs.verdict import PATIENCE, Progress, seen
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.runs.words.verdict_facts import percent
from sab_visualiser.app.wire.requests import RunSpec, RunStatus, VerdictWord
from sab_visualiser.model.contract import HELD, LOOK_EVERY, Method

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "looks.json").read_text())
ALIVE = {"dead": 0.0, "saturated": 0.0}


def spec_of(**training: Any) -> Spec:
    spec = RunSpec.model_validate({"task": {"name": "copy", "T": 30}, "training": training})
    return spec.model_dump(mode="json")  # type: ignore[return-value]


def judged(
    figures: list[float | None], spec: Spec | None = None, status: RunStatus = "running", **health: float
) -> Verdict | None:
    """The verdict after looks at these accuracies, one every 125 updates."""
    return verdict(folded(figures, spec or spec_of(), **health), spec or spec_of(), status)


def folded(figures: list[float | None], spec: Spec, **health: float) -> Progress | None:
    progress = None
    for at, figure in enumerate(figures, 1):
        accuracy = math.nan if figure is None else figure
        progress = seen(progress, spec, at * LOOK_EVERY, {"accuracy": accuracy}, {**ALIVE, **health})
    return progress


def word(figures: list[float | None], **more: Any) -> VerdictWord | None:
    found = judged(figures, **more)
    return found and found["word"]


def replay(name: str) -> Iterator[tuple[int, Verdict]]:
    """Update and verdict after each look of a recorded training."""
    run, progress = RECORDED[name], None
    metric = "mse" if "mse" in run else "accuracy"
    for at, update in enumerate(run["update"]):
        health = {key: run[key][at] for key in ("dead", "saturated")}
        progress = seen(progress, run["spec"], update, {metric: run[metric][at]}, health)
        found = verdict(progress, run["spec"], "running")
        assert found is not None
        yield update, found


def story(name: str) -> list[str]:
    """The labels of a recorded training, each once in a row, without updates and shares."""
    labels = [re.sub(r" \(.*| (at|since) [\d,]+", "", found["label"]) for _, found in replay(name)]
    return [label for at, label in enumerate(labels) if at == 0 or label != labels[at - 1]]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("copy-10-2000", ["learning", "learned"]),
        ("adding-50-2000", ["at chance", "learning", "learned"]),
        ("recall-5-2001", ["at chance", "learning", "learned", "lost again", "learned"]),
        ("mixed8-1", ["at chance", "learning", "at chance", "learning", "learned"]),
        ("mixed8-4", ["at chance", "learning", "learned", "lost again", "learned", "lost again", "learned"]),
        ("tbptt-0", ["at chance"]),
        ("bptt-0", ["at chance", "learning", "at chance", "learning"]),
        ("mixed8-0", ["at chance", "learning", "standing still", "learning"]),
        ("fixed-2", ["at chance", "learning", "standing still", "learning"]),
        ("fixed-0", ["at chance", "learning", "scorer saturated", "learning"]),
        ("fixed-1", ["at chance", "attention dead", "learning", "scorer saturated", "learning"]),
        ("hot-0", ["at chance", "attention dead"]),
    ],
)
def test_each_kind_of_recorded_training_is_told_as_what_it_was(name: str, told: list[str]) -> None:
    assert story(name) == told


@pytest.mark.parametrize("name", RECORDED)
def test_what_a_verdict_asserts_is_so_when_it_is_counted_anew(name: str) -> None:
    run = RECORDED[name]
    metric = "mse" if "mse" in run else "accuracy"
    rising = metric == "accuracy"
    for place, (update, found) in enumerate(replay(name)):
        values = run[metric][: place + 1]
        reached = [value >= 0.99 if rising else value <= 0.01 for value in values]
        if found["word"] == "learned":
            assert any(one and two for one, two in itertools.pairwise(reached))
            since = run["update"].index(found["update"])
            assert reached[since]
            assert reached[since - 1]
        elif found["word"] == "lost again":
            assert found["update"] is not None
            since = run["update"].index(found["update"])
            assert not reached[since]
            assert not reached[since - 1]
        elif found["word"] in ("standing still", "scorer saturated"):
            assert found["update"] is not None
            assert update - found["update"] >= PATIENCE
            best = values[run["update"].index(found["update"])]
            later = values[run["update"].index(found["update"]) + 1 :]
            assert all((1 - value) >= 0.98 * (1 - best) for value in later)
        elif found["word"] == "attention dead":
            assert min(run["dead"][place - 1 : place + 1]) >= 0.5
            assert percent(run["dead"][place]) in found["label"]
            assert percent(run["dead"][place]) in found["sentence"]


def test_before_the_first_look_nothing_is_said() -> None:
    assert verdict(None, spec_of(), "running") is None
    found = verdict(None, spec_of(), "diverged")
    assert found is not None
    assert found["word"] == "diverged"


def test_one_good_look_is_not_learned_and_one_bad_look_is_not_lost() -> None:
    assert word([0.5, 0.995]) == "learning"
    assert word([0.5, 0.995, 0.5]) == "learning"
    assert word([0.995, 0.995]) == "learned"
    assert word([0.995, 0.995, 0.2]) == "learned", "a spike"
    assert word([0.995, 0.995, 0.2, 0.2]) == "lost again"


def test_a_network_that_hovers_at_its_bar_does_not_flicker() -> None:
    assert word([0.995, 0.995, *[0.989, 0.985] * 20]) == "learned"
    assert word([0.995, 0.995, 0.979, 0.979]) == "lost again"
    assert word([1.0, 1.0, 0.9992, 0.9992], spec=spec_of(until="accuracy ≥ 1")) == "learned", "one wrong answer"


def test_learned_again_says_since_when_and_that_it_had_been_lost() -> None:
    found = judged([1.0, 1.0, 0.2, 0.2, 1.0, 1.0])
    assert found is not None
    assert (found["label"], found["update"]) == ("learned at 750", 750)
    assert found["sentence"].endswith("It had learned and lost it once before.")


def test_a_slow_climb_is_no_standstill() -> None:
    climb: list[float | None] = [0.3 + 0.004 * at for at in range(60)]
    assert word(climb) == "learning"
    assert word([0.3, *[0.305] * 20]) == "standing still"


def test_a_plateau_counts_from_its_best_look() -> None:
    found = judged([0.3, 0.5, *[0.45] * 8])
    assert found is not None
    assert (found["label"], found["update"]) == ("standing still since 250", 250)
    assert "where accuracy 0.5; accuracy 0.45 at update 1,250" in found["sentence"]
    assert word([0.3, 0.5, *[0.45] * 7]) == "learning", "patience is not over"


def test_an_answer_by_luck_is_still_chance() -> None:
    # 1,280 guesses of 8 symbols: three standard deviations are 0.028.
    assert word([0.0, 0.125, 0.15]) == "at chance"
    assert word([*[0.125] * 12, 0.16, *[0.125] * 9]) == "at chance", "a single look above it, long ago"
    assert word([0.125, 0.16]) == "learning"
    assert word([*[0.125] * 30]) == "at chance"


def test_dead_readers_must_be_many_and_on_two_looks() -> None:
    assert word([0.3, 0.3], dead=0.49) == "learning"
    assert word([0.3], dead=0.7) == "learning"
    assert word([0.3, 0.3], dead=0.5) == "attention dead"
    assert word([1.0, 1.0], dead=0.6) == "learned", "a network that answers right is not called dead"


def test_a_saturated_scorer_is_a_cause_only_where_nothing_gets_better() -> None:
    assert word([0.2 + 0.05 * at for at in range(10)], saturated=0.95) == "learning"
    assert word([0.3] * 10, saturated=0.95) == "scorer saturated"
    assert word([0.3] * 10, saturated=0.89) == "standing still"
    assert word([0.125] * 20, saturated=0.95) == "scorer saturated"
    assert word([1.0, 1.0], saturated=0.95) == "learned"


def test_figures_that_are_not_numbers_are_the_worst_there_are() -> None:
    assert word([None, None]) == "at chance"
    assert word([1.0, 1.0, None, None]) == "lost again"
    found = judged([0.5, 0.5, *[None] * 8])
    assert found is not None
    assert found["word"] == "standing still"
    assert "accuracy is not a number at update 1,250" in found["sentence"]


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


def test_a_label_and_its_update_agree_with_the_sentence() -> None:
    for name in RECORDED:
        for _, found in replay(name):
            told = re.search(r"(?:at|since) ([\d,]+)$", found["label"])
            if told:
                assert found["update"] == int(told[1].replace(",", ""))
                assert told[1] in found["sentence"]


def test_a_share_that_is_not_all_is_not_said_to_be() -> None:
    assert [percent(share) for share in (0.0, 0.5, 0.996, 1.0)] == ["0\u00a0%", "50\u00a0%", "99\u00a0%", "100\u00a0%"]
    assert HELD == 2
