"""Files of data beside a server: listed, named by their word, trained on; who lacks them says what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.views.data import DataView, facts_of, view_of
from sab_visualiser.app.worker.translate import bring_data
from sab_visualiser.model.contract.data import DIGITS, HAMLET, known
from sab_visualiser.model.contract.files import folder
from sab_visualiser.model.contract.files.folder import read
from tests.fakes.server import Live, in_process, in_thread
from tests.model.contract.files.test_folder import written
from tests.model.contract.test_judge import IDX, cifar

SMALL = {"hidden_size": 6, "attention_size": 4}
COLOURS = {"data_batch_1.bin": cifar(*range(9), 3, 1), "test_batch.bin": cifar(4, 8, 2)}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shelf = tmp_path_factory.mktemp("shelf")
    written(shelf / "six-pixels", IDX)
    written(shelf / "cifar-10", COLOURS)
    return written(shelf, {"rhyme.txt": b"one, two, buckle my shoe\n" * 30})


def rows(live: Live) -> dict[str, dict[str, Any]]:
    return {row["data"].partition("@")[0]: row for row in live.http.get("/api/data").json()}


def test_files_are_listed_and_a_run_that_names_a_word_keeps_the_sha256(shelf: Path, tmp_path: Path) -> None:
    with in_thread(tmp_path / "runs", data_files=shelf) as live:
        found = rows(live)
        assert {found[word]["origin"] for word in ("six-pixels", "cifar-10", "rhyme-txt")} == {"file"}
        assert (found["hamlet"]["origin"], found["six-pixels"]["shape"]) == ("bundled", [2, 3, 1])
        answer = live.http.post("/api/runs", json={"task": {"name": "pixels", "data": "six-pixels"}})
        assert answer.status_code == 201, answer.text
        assert answer.json()["spec"]["task"]["data"] == found["six-pixels"]["data"]
        assert answer.json()["spec"]["task"]["T"] == 6
        assert answer.json()["chance"]["accuracy"] == pytest.approx(1 / 5)
        refused = live.http.post("/api/runs", json={"task": {"name": "pixels", "data": "six-pixel"}})
        assert refused.status_code == 422
        assert "six-pixels" in refused.json()["detail"], "it says which there are"
        written(shelf / "later", {"later.txt": b"this came while the server ran\n" * 20})
        assert rows(live)["later"]["origin"] == "file"
    assert "six-pixels" in (tmp_path / "runs" / "files.json").read_text()


@pytest.mark.parametrize("facts", [HAMLET, DIGITS])
def test_what_is_told_of_a_data_set_says_all_that_is_known_of_it(facts: Any) -> None:
    assert facts_of(DataView.model_validate(view_of(facts, "bundled"))) == facts


def test_a_worker_without_the_files_says_what_to_put_where(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_WHERE", [])
    facts = read(shelf / "cifar-10").facts

    def fetch(sha256: str) -> bytes:
        raise AssertionError("images do not travel")

    spec = {"task": {"name": "pixels", "data": facts.name}}
    with pytest.raises(UserError) as missing:
        bring_data(spec, fetch)
    told = str(missing.value.problem.detail)
    assert "no folder was named" in told
    assert "start the worker with --data-files FOLDER" in told
    assert facts.sha256 in told
    folder.seek_in(lambda: shelf)
    bring_data(spec, fetch)
    assert known(facts.name) == facts


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> Iterator[Live]:
    with in_process(tmp_path_factory.mktemp("real"), "--real", SAB_DATA_FILES=str(shelf)) as live:
        yield live


@pytest.mark.server
def test_a_real_worker_trains_on_images_of_1024_steps_from_the_folder_and_is_probed(real: Live) -> None:
    run = real.start(task={"name": "pixels", "data": "cifar-10"}, model=SMALL, training={"updates": 2, "batch_size": 2})
    ended = real.reach(run, "finished", seconds=90)
    assert ended["spec"]["task"]["T"] == 1024
    trace = real.http.get(f"/api/runs/{run}/snapshots/latest").json()
    assert (trace["steps"], len(trace["inputs"]), len(trace["inputs"][0])) == (1024, 1024, 3)
    assert max(trace["attention"]["reader"]) == 1023
    assert trace["cuts"][-1] > 1000
    probe = real.http.post("/api/probe", json={"run": run, "k_trunc": 0, "loss_step": 1023}).json()
    assert probe["reach"]["sab"][0][1] == 1023 or probe["reach"]["sab"][-1][1] == 1023
    assert json.loads(json.dumps(probe))["loss_step"] == 1023


@pytest.mark.server
def test_a_real_worker_trains_on_a_text_of_the_folder(real: Live) -> None:
    task = {"name": "char", "data": "rhyme-txt", "T": 12}
    run = real.start(task=task, model=SMALL, training={"updates": 2, "batch_size": 2})
    assert real.reach(run, "finished", seconds=90)["metrics"]["bpc"] > 0
