"""A branch goes on from stored weights: with what was in force there, and what was asked for over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sab_visualiser.app.runs.kin.branch import Birth, branched
from sab_visualiser.app.runs.run import Run, accept, new_run, parameters_of
from sab_visualiser.app.runs.shapes import Stored
from sab_visualiser.app.wire.errors import UserError, validate
from sab_visualiser.app.wire.requests import BranchRequest, Command, RunSpec
from sab_visualiser.app.wire.views import RunView

STORED = Stored("a" * 64, 10, 500)
SPEC = {"preset": "copy-10", "model": {"k_top": 5, "k_trunc": 3}, "training": {"updates": 600, "seed": 2}}
PARENT = replace(new_run("r1", validate(RunSpec, SPEC), "2026"), status="finished", update=600)
IN_FORCE = {**parameters_of(PARENT.spec), "k_top": 4}


def branch(parent: Run = PARENT, **asked: Any) -> Run:
    return branched(parent, STORED, IN_FORCE, validate(BranchRequest, asked), Birth("r2", "2027"))


def test_a_branch_begins_at_the_stored_update_with_the_knobs_of_then_and_says_whose_it_is() -> None:
    run = branch()
    assert (run.update, run.checkpoint, run.checkpoint_update, run.status) == (500, "a" * 64, 500, "queued")
    assert (run.parameters["k_top"], run.parameters["k_trunc"]) == (4, 3)
    assert run.view()["parent"] == {"run": "r1", "update": 500}
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
