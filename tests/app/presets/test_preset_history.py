"""The history of a pretrained preset: made by the preset maker, read by the server, in the shapes that runs have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sab_visualiser.app.offline import make_presets as maker
from sab_visualiser.app.offline import promise
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from tests.fakes.server import in_thread

TINY = maker.Pretrained(
    name="tiny",
    title="Tiny",
    description="Two symbols, three steps.",
    config=RunConfig(
        TaskConfig("copy", 3, 2),
        ModelConfig(hidden_size=4, attention_size=2, k_att=1),
        TrainingConfig(batch_size=2, updates=5, seed=5),
    ),
    history=2,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one preset whose training was kept."""
    place = tmp_path_factory.mktemp("presets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(promise, "LEAST_ACCURACY", 0.0)
        patch.setattr(maker, "reading", lambda state: {"hit_rate": 1.0, "least_weight": 0.9})
        maker.make(TINY, place, place / "work")
    return place


def test_the_maker_keeps_the_first_every_second_and_the_last_update(tmp_path: Path, folder: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        live.app.state.presets._all = Presets(folder)._all
        assert live.http.get("/api/presets").json()[0]["history"] is True
        assert live.http.get("/api/presets/tiny/snapshots").json() == {"preset": "tiny", "updates": [0, 2, 4, 5]}
        last = live.http.get("/api/presets/tiny/snapshots/latest").json()
        assert (last["update"], last["preset"], last["run"]) == (5, "tiny", None)
        bundled = trace_json(from_bytes((folder / "tiny.trace").read_bytes()))
        assert last["attention"] == bundled["attention"], "the last snapshot is the opening picture"
        assert live.http.get("/api/presets/tiny/snapshots/2").json()["update"] == 2
        curves = live.http.get("/api/presets/tiny/metrics").json()
        assert curves["update"] == [1, 2, 3, 4, 5]
        assert len(curves["loss"]) == len(curves["values"]["accuracy"]) == 5


def test_what_is_not_there_is_named_with_a_remedy(tmp_path: Path, folder: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        live.app.state.presets._all = Presets(folder)._all
        gone = live.http.get("/api/presets/tiny/snapshots/3")
        assert gone.status_code == 404
        assert "nearest: 2, 4, 5" in gone.json()["detail"]
        assert live.http.get("/api/presets/none/snapshots").status_code == 404
        assert live.http.get("/api/presets/tiny/snapshots/x").status_code == 422


def test_a_preset_that_came_without_a_history_says_so(tmp_path: Path) -> None:
    with in_thread(tmp_path / "data") as live:
        answer = live.http.get("/api/presets/copy-50/snapshots")
        assert answer.status_code == 404
        assert "train a run" in answer.json()["detail"]


def test_a_history_is_made_anew_when_the_training_was_broken_off(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "work"
    first = maker._trained(replace(TINY.config), TINY, run)
    (run / maker.HISTORY_NAME).unlink()
    assert maker._trained(replace(TINY.config), TINY, run)["updates"] == first["updates"]
    assert (run / maker.HISTORY_NAME).exists()
