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

from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.verdict import PATIENCE, seen
from sab_visualiser.app.runs.verdict_words import Verdict, verdict
from sab_visualiser.app.runs.words.verdict_facts import percent
from sab_visualiser.app.wire.requests import RunSpec, VerdictWord
from sab_visualiser.model.contract import HELD, LOOK_EVERY
from tests.app.runs.looked import ALIVE, judged, spec_of

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "looks.json").read_text())


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
        assert found is not None or at == 0, "only one look may say nothing"
        if found is not None:
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
        ("recall-5-2001", ["learning", "learned", "lost again", "learned"]),
        ("mixed8-1", ["at chance", "learning", "at chance", "learning", "learned"]),
        ("mixed8-4", ["at chance", "learning", "learned", "lost again", "learned", "lost again", "learned"]),
        ("tbptt-0", ["at chance"]),
        ("bptt-0", ["at chance", "learning", "at chance", "learning"]),
        ("mixed8-0", ["at chance", "learning", "standing still", "learning", "scorer saturated", "learning"]),
        ("fixed-2", ["at chance", "learning", "standing still", "learning", "standing still"]),
        ("fixed-0", ["at chance", "learning", "scorer saturated", "learning"]),
        ("fixed-1", ["at chance", "attention dead", "learning", "scorer saturated", "learning"]),
        ("hot-0", ["attention dead"]),
    ],
)
def test_each_kind_of_recorded_training_is_told_as_what_it_was(name: str, told: list[str]) -> None:
    assert story(name) == told


@pytest.mark.parametrize("name", RECORDED)
def test_what_a_verdict_asserts_is_so_when_it_is_counted_anew(name: str) -> None:
    run = RECORDED[name]
    metric = "mse" if "mse" in run else "accuracy"
    rising = metric == "accuracy"
    for update, found in replay(name):
        place = run["update"].index(update)
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
            asked = {"copy": run["spec"]["task"]["items"] or 10, "recall": 1}[run["spec"]["task"]["name"]]
            for value in later:
                variance = (value * (1 - value) + best * (1 - best)) / (128 * asked)
                assert value - best <= 3 * math.sqrt(variance)
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


def test_what_looks_at_one_network_differ_by_is_no_gain() -> None:
    raw = {"task": {"name": "recall", "T": 5}}
    one_answer: Spec = RunSpec.model_validate(raw).model_dump(mode="json")  # type: ignore[assignment]
    found = judged([64 / 128, *[74 / 128] * 8], one_answer)
    assert found is not None
    assert found["label"] == "standing still since 125", "10 of 128 more; two such looks differ by 8 as it is"
    assert word([64 / 128, *[90 / 128] * 8], spec=one_answer) == "learning"
    assert word([64 / 128, *[74 / 128] * 8]) == "learning", "100 of 1,280 more"


def test_an_error_has_to_fall_by_more_than_errors_scatter() -> None:
    raw = {"task": {"name": "adding", "T": 50}}
    spec: Spec = RunSpec.model_validate(raw).model_dump(mode="json")  # type: ignore[assignment]

    def told(errors: list[float]) -> str | None:
        progress = None
        for at, error in enumerate(errors, 1):
            progress = seen(progress, spec, at * LOOK_EVERY, {"mse": error}, ALIVE)
        found = verdict(progress, spec, "running")
        return found and found["word"]

    assert told([0.13] * 9) == "at chance", "0.8 of what guessing gives, 0.167, and looks scatter by an eighth"
    assert told([0.05, *[0.035] * 8]) == "standing still"
    assert told([0.05, *[0.025] * 8]) == "learning"


def test_a_single_look_that_guessing_may_give_says_nothing_yet() -> None:
    assert judged([0.125]) is None
    assert word([0.125, 0.125]) == "at chance"
    assert word([0.3]) == "learning", "better than guessing it is"


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
