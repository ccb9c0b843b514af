"""What goes into the file of a network: all of it where there is room, evenly less where not, and the file says so."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import numpy as np
import pytest

from sab_visualiser.app.export.explorable import room, tables
from sab_visualiser.app.export.explorable.recording import About, Origin, questions, record
from sab_visualiser.app.export.explorable.room import chosen, coarse, thinned
from sab_visualiser.app.export.explorable.view import asked_by, hash_of, tour_network, tour_questions
from sab_visualiser.app.export.query import RunQuery, parse_network, parse_run
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
    about = About({"panel": "view", "run": "r1", "seed": 7, "config": {"task": {"T": 20}}}, Origin("http://here/#"))
    found = asyncio.run(record(cast(Any, answers), RUN, query, in_view, about))
    frame = decode(found.frame)
    assert {name: found.said[name] for name in ("updates", "left_out")} == {
        name: frame[name] for name in ("updates", "left_out")
    }
    assert (found.said["view"], found.said["origin"]) == (frame["hash"], frame["about"]["origin"])
    return frame


def test_every_stored_picture_and_an_answer_to_each_question_are_in_the_file() -> None:
    answers = Answering([0, 100, 200])
    found = taken(answers)
    steps = made_up()["steps"]
    assert found["updates"] == [0, 100, 200]
    assert len(found["pictures"]) == 3
    assert len(found["answers"]) == len(found["asked"]) == 1 + 1 + 1 + steps + PROBE_EXAMPLES - 1
    assert [one.run for one in answers.asked] == ["r1"] * len(answers.asked)
    assert found["left_out"] == []
    assert found["about"]["of"] == [["run", "r1"], ["seed", "7"], ["config", "task: T=20"]]
    assert (found["about"]["origin"], found["target"]) == ("http://here/#", {"kind": "run", "id": "r1"})
    assert found["curves"]["update"] == [1, 2, 3]


def test_a_picture_that_was_thinned_out_meanwhile_is_not_missed() -> None:
    assert taken(Answering([0, 100, 200], gone=100))["updates"] == [0, 200]


def test_pictures_that_have_no_room_are_left_out_evenly_and_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(sent(made_up()).content)
    monkeypatch.setattr(room, "MOST_PICTURES", 5 * size + 10)
    found = taken(Answering(list(range(0, 1000, 10))))
    assert found["updates"] == [0, 250, 500, 740, 990]
    assert found["left_out"] == ["5 of 100 stored pictures, evenly spaced: more would make the file too large"]


def test_pictures_of_the_beginning_that_are_larger_than_the_newest_make_the_file_no_larger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Shrinking(Answering):
        async def snapshot(self, run_id: str, update: int | None) -> SentTrace:
            at = self.updates[-1] if update is None else update
            return sent(made_up(update=at, steps=400 if at < 500 else 30))

    newest, first = (len(sent(made_up(steps=steps)).content) for steps in (30, 400))
    assert first > 3 * newest, "else this tests nothing"
    monkeypatch.setattr(room, "MOST_PICTURES", 20 * newest)
    found = taken(Shrinking(list(range(0, 1000, 10))))
    assert sum(len(picture) for picture in found["pictures"]) < 20 * newest + 500 * len(found["pictures"])
    assert (found["updates"][0], found["updates"][-1]) == (0, 990)
    assert found["left_out"][0].startswith(f"{len(found['updates'])} of 100 stored pictures")


def test_the_picture_of_the_view_is_in_the_file_however_few_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_PICTURES", 1)
    query = RunQuery(panel="view", format="html", update=130)
    assert taken(Answering(list(range(0, 1000, 10))), query, at=130)["updates"] == [0, 130, 990]


@pytest.mark.parametrize(
    ("text", "held", "said"),
    [
        ("0,100", [0, 100, 300], ["the 3 of 4 stored pictures that were chosen"]),
        ("50-250", [100, 200, 300], ["the 3 of 4 stored pictures that were chosen"]),
        ("300", [300], ["the 1 of 4 stored pictures that were chosen"]),
        ("0-300", [0, 100, 200, 300], []),
    ],
)
def test_pictures_can_be_chosen_and_the_newest_is_always_there(text: str, held: list[int], said: list[str]) -> None:
    found = taken(Answering([0, 100, 200, 300]), parse_run({"panel": "view", "format": "html", "updates": text}))
    assert (found["updates"], found["left_out"]) == (held, said)


def test_chosen_pictures_that_have_no_room_are_thinned_and_the_file_says_of_how_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MOST_PICTURES", 5 * len(sent(made_up()).content) + 10)
    query = parse_run({"panel": "view", "format": "html", "updates": "500-990"})
    found = taken(Answering(list(range(0, 1000, 10))), query)
    assert (len(found["updates"]), found["updates"][0]) == (5, 500)
    assert found["left_out"] == ["5 of 50 chosen pictures, evenly spaced: more would make the file too large"]


def test_an_update_that_is_not_stored_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"update = 150: .* nearest: 0, 100, 200") as caught:
        chosen([(0, 0), (150, 160)], [0, 100, 200, 300], "run r1")
    assert caught.value.problem.status == 404


@pytest.mark.parametrize("text", ["", "a", "1,", "1-", "-1", "1 2", "1;2", "1e3", "1,2,x", "9" * 11, "1," * 3000 + "1"])
def test_what_names_no_updates_is_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match="updates"):
        parse_run({"panel": "view", "format": "html", "updates": text})


def test_only_a_page_holds_several_pictures() -> None:
    with pytest.raises(UserError, match="only html holds several"):
        parse_run({"panel": "paths", "format": "csv", "updates": "1"})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "preset=copy"),
        ({"loss_step": "whole"}, "preset=copy&whole=1"),
        ({"loss_step": "41", "example": "3", "k_top": "0"}, "preset=copy&example=3&loss_step=41&k_top=0"),
        ({"knocked_out": "40-0_41-1", "cell": "true"}, "preset=copy&ko=40-0_41-1&cell=1"),
        ({"cuts": "blocks", "phase": "2", "share": "0.5"}, "preset=copy&share=0.5&phase=2"),
        ({"state": "preset=copy&pins=3_4"}, "preset=copy&pins=3_4"),
    ],
)
def test_a_page_opens_with_the_view_that_was_asked(words: dict[str, str], expected: str) -> None:
    query = parse_network({"preset": "copy", "panel": "view", "format": "html", **words})
    assert hash_of(Named("preset", "copy"), query) == expected


def test_a_page_opens_at_the_update_that_was_asked() -> None:
    query = parse_run({"panel": "view", "format": "html", "update": "100"})
    assert taken(Answering([0, 100, 200]), query, at=100)["hash"] == "run=r1&update=100"
    assert taken(Answering([0, 100, 200]))["hash"] == "run=r1"


def test_answers_that_have_no_room_are_left_out_and_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(sent(made_up()).content)
    monkeypatch.setattr(room, "MOST_ANSWERS", 4 * size)
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


def test_curves_of_a_long_training_keep_every_skipped_update_and_the_file_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = cast(Any, metrics())
    long = {name: np.resize(whole[name], 1000) for name in ("loss", "gradient_norm", "learning_rate")}
    skipped = np.zeros(1000, np.uint8)
    skipped[[7, 501, 502]] = 1
    values = {name: np.resize(column, 1000) for name, column in whole["values"].items()}
    curves = {**whole, **long, "update": np.arange(1, 1001, dtype=np.int32), "skipped": skipped, "values": values}
    assert coarse(cast(Any, curves)) == (curves, "")
    monkeypatch.setattr(room, "MOST_UPDATES", 100)
    found, words = coarse(cast(Any, curves))
    assert found is not None
    assert {8, 502, 503, 1, 1000} <= set(found["update"].tolist())
    assert found["skipped"].sum() == 3
    lengths = {len(found["update"]), len(found["loss"]), *(len(column) for column in found["values"].values())}
    assert len(lengths) == 1
    assert words.startswith(f"curves at {lengths.pop()} of 1,000 updates, evenly spaced")
    assert found["looks"] is curves["looks"]


def test_a_table_that_has_no_room_is_left_out_and_the_file_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace, caption = made_up(), {"panel": "view"}
    whole = tables.tables_of(trace, caption)
    sizes = {panel: 2 * len(text) for panel, text in whole.csv.items()}
    assert (list(sizes), whole.lacks) == (["paths", "gradients", "attention"], [])
    monkeypatch.setattr(tables, "MOST_TABLE", sizes["gradients"] - 1)
    fewer = tables.tables_of(trace, caption)
    assert list(fewer.csv) == list(fewer.json) == [panel for panel in sizes if sizes[panel] < sizes["gradients"]]
    assert "no table of gradients: export that panel as CSV" in fewer.lacks[0]
