"""A branch goes on from stored weights: with what was in force there, and what was asked for over it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.runs.curves import Looks, joined_looks
from sab_visualiser.app.runs.kin.branch import Birth, Past, branched
from sab_visualiser.app.runs.moves.commands import accept
from sab_visualiser.app.runs.moves.reports import observe
from sab_visualiser.app.runs.run import Run, new_run, parameters_of
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import BranchRequest, Command, RunSpec
from sab_visualiser.app.wire.views import RunView
from sab_visualiser.model.contract import HEALTH

STORED = Stored("a" * 64, 10, 500)
SPEC = {"preset": "copy-10", "model": {"k_top": 5, "k_trunc": 3}, "training": {"updates": 600, "seed": 2}}
PARENT = replace(new_run("r1", validate(RunSpec, SPEC), "2026"), status="finished", update=600)
IN_FORCE = {**parameters_of(PARENT.spec), "k_top": 4}


NO_LOOKS = joined_looks([])


def branch(parent: Run = PARENT, looks: Looks = NO_LOOKS, **asked: Any) -> Run:
    return branched(parent, STORED, Past(IN_FORCE, looks), validate(BranchRequest, asked), Birth("r2", "2027"))


def looked(**accuracies: float) -> Looks:
    """Looks at fresh examples by update (u125=…); at u130 the page had a picture, and its health alone was measured."""
    parts = [
        {
            "update": np.array([int(name[1:])]),
            "health": dict.fromkeys(HEALTH, np.array([math.nan])),
            "fresh": {} if name == "u130" else {"accuracy": np.array([accuracy])},
        }
        for name, accuracy in accuracies.items()
    ]
    return joined_looks(parts)


def test_a_branch_begins_at_the_stored_update_with_the_knobs_of_then_and_says_whose_it_is() -> None:
    run = branch()
    assert (run.update, run.checkpoint, run.checkpoint_update, run.status) == (500, "a" * 64, 500, "queued")
    assert (run.parameters["k_top"], run.parameters["k_trunc"]) == (4, 3)
    assert run.view()["parent"] == {"run": "r1", "name": None, "update": 500}
    assert run.view(parent="mine")["parent"]["name"] == "mine"
    assert (run.name, run.spec["preset"], run.spec["training"]["seed"]) == ("copy T=50 sab seed 2 from 500", None, 2)
    RunView.model_validate(run.view(), strict=True)


def test_what_is_asked_for_stands_over_what_was_in_force() -> None:
    run = branch(name="shorter", model={"k_top": 1, "k_trunc": None}, training={"learning_rate": 0.5, "updates": 9000})
    assert [run.parameters[name] for name in ("k_top", "k_trunc", "learning_rate")] == [1, 0, 0.5]
    assert (run.name, run.spec["training"]["updates"], run.spec["model"]["k_top"]) == ("shorter", 9000, 1)


def test_a_branch_of_a_run_at_its_end_trains_as_long_again() -> None:
    ended = replace(PARENT, spec={**PARENT.spec, "training": {**PARENT.spec["training"], "updates": 500}})
    assert branch(ended).spec["training"]["updates"] == 1000
    assert branch().spec["training"]["updates"] == 600


def test_what_cannot_go_on_from_there_is_refused_by_name() -> None:
    plain = replace(PARENT, spec={**PARENT.spec, "model": {**PARENT.spec["model"], "method": "bptt"}})
    for asked, parent, words in (
        ({"training": {"updates": 500}}, PARENT, ["training.updates = 500", "more than 500"]),
        ({"model": {"k_top": 3}}, plain, ["model.k_top = 3", "fixed by method bptt"]),
        ({"model": {"hidden_size": 3}}, PARENT, ["model.hidden_size", "known here: k_top, k_trunc, k_att"]),
        ({"training": {"until": "mse<=0.1"}}, PARENT, ["until", "mse"]),
        ({"update": -1}, PARENT, ["update = -1"]),
    ):
        with pytest.raises(UserError) as error:
            branch(parent, **asked)
        assert all(word in str(error.value) for word in words), str(error.value)


def test_a_branch_that_is_reset_goes_back_to_where_it_branched_off_and_is_not_reseeded() -> None:
    run = replace(branch(model={"k_top": 1}), status="finished", update=600, checkpoint="b" * 64, checkpoint_update=600)
    again = accept(run, Command(type="reset"))
    assert (again.run.update, again.run.checkpoint, again.run.parameters["k_top"]) == (500, "a" * 64, 1)
    assert again.begins_with == STORED
    with pytest.raises(UserError, match="the weights and the data of its parent"):
        accept(run, Command(type="reseed"))


def test_what_its_parent_had_learned_by_then_a_branch_has_learned_and_its_best_is_its_own() -> None:
    looks = looked(u125=0.5, u130=0.0, u250=1.0, u375=1.0, u500=1.0, u625=0.2, u750=0.2)
    run = branch(looks=looks)
    verdict = run.verdict
    assert verdict is not None
    assert (verdict["label"], verdict["update"]) == ("learned at 375", 375)
    assert run.view()["best"] is None
    after, _ = observe(run, "look", 625, one_look(625, 0.995))
    told = after.view()
    assert told["verdict"]["label"] == "learned at 375"
    assert told["best"] == {"metric": "accuracy", "value": 0.995, "update": 625}
    again = accept(replace(after, status="stopped"), Command(type="reset")).run
    assert again.verdict == replace(run, status="queued").verdict


def test_a_branch_of_a_branch_has_all_that_was_learned_before_both() -> None:
    first = branch(looks=looked(u125=1.0, u250=1.0))
    second = branch(parent=replace(first, update=600), looks=looked(u625=1.0))
    verdict = second.verdict
    assert verdict is not None
    assert verdict["label"] == "learned at 250"


def test_the_bar_that_a_branch_is_judged_by_is_its_own() -> None:
    looks = looked(u125=0.9, u250=0.9)
    words = [branch(looks=looks, training={"until": until}).verdict for until in (None, "accuracy>=0.85")]
    assert [word and word["word"] for word in words] == ["learning", "learned"]


def test_a_branch_is_not_told_to_reseed_for_it_keeps_the_seed() -> None:
    looks = looked(u125=0.12, u250=0.12, u375=0.12)
    plain = replace(PARENT, spec={**PARENT.spec, "model": {**PARENT.spec["model"], "method": "bptt"}})
    told = replace(branch(plain, looks), status="finished").verdict
    assert told is not None
    assert (told["word"], "Reseed" in told["advice"], "new run" in told["advice"]) == ("at chance", False, True)


def one_look(update: int, accuracy: float) -> dict[str, Any]:
    health = {name: [0.0] for name in HEALTH}
    return {"update": [update], "health": health, "fresh": {"accuracy": [accuracy]}}
