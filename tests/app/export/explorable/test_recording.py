"""What goes into the file of a network: all of it where there is room, evenly less where not, and the file says so."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from sab_visualiser.app.export.explorable import recording
from sab_visualiser.app.export.explorable.recording import (
    asked_by,
    questions,
    record,
    thinned,
    tour_network,
    tour_questions,
)
from sab_visualiser.app.export.query import RunQuery
from sab_visualiser.app.runs.named import Named, Shown
from sab_visualiser.app.wire.codec import decode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import SentTrace
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.model.contract import PROBE_EXAMPLES
from tests.app.export.traces import made_up, metrics, sent

RUN = Named("run", "r1")
VIEW = RunQuery(panel="view", format="html")


class Answering:
    """A run with snapshots at some updates, whose weights are those of `weights`."""

    def __init__(self, updates: list[int], weights: int | None = None, gone: int | None = None) -> None:
        self.updates, self.weights, self.gone = updates, updates[-1] if weights is None else weights, gone
        self.asked: list[ProbeRequest] = []

    async def shown(self, network: Named) -> Shown:
        return Shown({"id": network.name}, self.updates)

    async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
        if update == self.gone:
            raise UserError(404, "Not found", f"update = {update}")
        return sent(made_up(update=update))

    async def metrics(self, run_id: str, after: int = -1) -> Any:
        return metrics()

    async def probe(self, request: ProbeRequest) -> SentTrace:
        self.asked.append(request)
        return sent(made_up(update=self.weights, example=request.example))


def taken(answers: Answering, query: RunQuery = VIEW, at: int | None = None) -> dict[str, Any]:
    in_view = sent(made_up(update=answers.updates[-1] if at is None else at))
    frame = asyncio.run(record(cast(Any, answers), RUN, query, in_view, "http://here/#"))
    return decode(frame)


def test_every_stored_picture_and_an_answer_to_each_question_are_in_the_file() -> None:
    answers = Answering([0, 100, 200])
    found = taken(answers)
    steps = made_up()["steps"]
    assert found["updates"] == [0, 100, 200]
    assert len(found["pictures"]) == 3
    assert len(found["answers"]) == len(found["asked"]) == 1 + 1 + 1 + steps + PROBE_EXAMPLES - 1
    assert [one.run for one in answers.asked] == ["r1"] * len(answers.asked)
    assert found["left_out"] == []
    assert (found["about"]["origin"], found["target"]) == ("http://here/#", {"kind": "run", "id": "r1"})
    assert found["curves"]["update"] == [1, 2, 3]


def test_a_picture_that_was_thinned_out_meanwhile_is_not_missed() -> None:
    assert taken(Answering([0, 100, 200], gone=100))["updates"] == [0, 200]


def test_pictures_that_have_no_room_are_left_out_evenly_and_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(sent(made_up()).content)
    monkeypatch.setattr(recording, "MOST_PICTURES", 5 * size + 10)
    found = taken(Answering(list(range(0, 1000, 10))))
    assert found["updates"] == [0, 250, 500, 740, 990]
    assert found["left_out"] == ["5 of 100 stored pictures, evenly spaced: more would make the file too large"]


def test_answers_that_have_no_room_are_left_out_and_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(sent(made_up()).content)
    monkeypatch.setattr(recording, "MOST_ANSWERS", 4 * size)
    found = taken(Answering([0, 100]))
    assert len(found["answers"]) == 1 + 4
    assert found["left_out"] == ["answers to 4 questions only: more would make the file too large"]


def test_weights_that_moved_on_answer_nothing_about_the_newest_picture() -> None:
    found = taken(Answering([0, 100], weights=160))
    assert len(found["answers"]) == 1
    assert "not those of the newest picture" in found["left_out"][0]


def test_the_view_is_named_by_its_update_where_that_is_not_the_newest() -> None:
    query = RunQuery(panel="view", format="html", loss_step=2, update=100)
    assert taken(Answering([100, 200]), query, at=100)["asked"][0] == {"loss_step": 2, "update": 100}
    assert taken(Answering([100, 200]), query)["asked"][0] == {"loss_step": 2}


@pytest.mark.parametrize("most", [2, 3, 7, 400])
def test_thinning_keeps_the_first_and_the_last_in_their_order(most: int) -> None:
    updates = list(range(0, 4000, 10))
    kept = thinned(updates, most)
    assert (kept[0], kept[-1], len(kept)) == (0, 3990, most)
    assert kept == sorted(set(kept))


def test_of_a_long_sequence_the_steps_that_answer_are_asked_about() -> None:
    long = sent({**made_up(), "steps": 1000, "true_sources": {"990": [1], "998": [9]}})
    asked = [words["loss_step"] for words in questions(RUN, long) if words.get("loss_step") is not None]
    assert asked == [990, 998]


def test_all_that_the_tour_shows_of_its_network_is_asked() -> None:
    assert tour_network() == Named("preset", "copy")
    asked = tour_questions()
    assert {"k_top": 0} in asked
    assert {"knocked_out": [(40, 0)]} in asked
    assert {"example": 3} in asked
    assert {"loss_step": 41} in asked
    assert all("update" not in words for words in asked)
    of_copy = questions(tour_network(), sent(made_up()))
    assert all(words in of_copy for words in asked)


def test_a_view_of_a_link_becomes_the_words_of_a_probe() -> None:
    assert asked_by({"ko": "40-0_41-1", "k_att": "5", "memory": "0"}) == {"k_att": 5, "knocked_out": [(40, 0), (41, 1)]}
