"""The preset maker, and the bundled networks it made: do they still do what the page says of them?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.offline import make_presets as presets
from sab_visualiser.app.offline import promise
from sab_visualiser.app.offline.make_presets import PRETRAINED, Pretrained, make
from sab_visualiser.app.offline.promise import is_clear, opening_trace, reading
from sab_visualiser.app.wire.errors import validate
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.reading import evaluate
from sab_visualiser.model.training.trainer import Trainer

BUNDLED = Path(__file__).parents[3] / "static" / "presets"
TINY = Pretrained(
    name="tiny",
    title="Tiny",
    description="One symbol, one step.",
    config=RunConfig(
        TaskConfig("copy", 1, 1),
        ModelConfig(hidden_size=4, attention_size=2, k_att=1),
        TrainingConfig(batch_size=2, updates=3, seed=5),
    ),
)
every_preset = pytest.mark.parametrize("preset", PRETRAINED, ids=lambda preset: preset.name)
every_solver = pytest.mark.parametrize("preset", [p for p in PRETRAINED if p.solves], ids=lambda preset: preset.name)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The hit rates that successive seeds are taken to have; accuracy is not asked for."""
    rates = [0.2, 1.0]
    left = iter(rates)
    monkeypatch.setattr(promise, "LEAST_ACCURACY", 0.0)
    monkeypatch.setattr(presets, "reading", lambda state: {"hit_rate": next(left), "least_weight": 0.9})
    return rates


def facts_of(path: Path) -> dict[str, Any]:
    facts = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(facts, dict)
    return facts


@pytest.mark.usefixtures("readings")
def test_a_seed_that_reads_elsewhere_is_written_down_and_the_next_one_kept(tmp_path: Path) -> None:
    facts = facts_of(make(TINY, tmp_path / "presets", tmp_path / "work"))
    assert [(entry["seed"], entry["hit_rate"]) for entry in facts["tried"]] == [(5, 0.2), (6, 1.0)]
    assert facts["seed"] == 6
    kept = checkpoint.load(tmp_path / "presets" / "tiny.safetensors")
    assert kept.config.training.seed == 6
    assert not kept.resumable
    assert facts["update"] == kept.update == 3
    assert facts["metrics"] == kept.metrics
    assert run_config(validate(RunSpec, facts["spec"])) == kept.config == RunConfig.from_dict(facts["config"])


def test_when_no_seed_reads_as_promised_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets, "SEEDS", 2)
    with pytest.raises(RuntimeError, match=r"tiny: no seed reads the true sources.*'seed': 5.*'seed': 6"):
        make(TINY, tmp_path / "presets", tmp_path / "work")
    assert not (tmp_path / "presets").exists()


@pytest.mark.usefixtures("readings")
def test_what_a_broken_off_training_left_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = facts_of(make(TINY, tmp_path / "one", tmp_path / "work"))
    left = iter([0.2, 1.0])
    monkeypatch.setattr(presets, "reading", lambda state: {"hit_rate": next(left), "least_weight": 0.9})
    monkeypatch.setattr(Trainer, "step", lambda self: pytest.fail("trained again what was there"))
    assert facts_of(make(TINY, tmp_path / "two", tmp_path / "work")) == first


def test_a_network_that_reads_nothing_hits_nothing() -> None:
    trainer = Trainer(replace(TINY.config, model=replace(TINY.config.model, k_top=0)))
    assert reading(Checkpoint.of(trainer)) == {"hit_rate": 0.0, "least_weight": 0.0}


def test_the_reading_of_an_untrained_network_is_a_share_of_one() -> None:
    found = reading(Checkpoint.of(Trainer(replace(TINY.config, task=TaskConfig("copy", 5, 3)))))
    assert 0 <= found["hit_rate"] < 1
    assert 0 <= found["least_weight"] < 1


@every_preset
def test_a_bundled_network_is_small_and_of_the_config_its_maker_would_train(preset: Pretrained) -> None:
    path = BUNDLED / f"{preset.name}.safetensors"
    facts, kept = facts_of(path.with_suffix(".json")), checkpoint.load(path)
    assert path.stat().st_size == facts["size_bytes"] < 1_000_000
    training = replace(preset.config.training, seed=facts["seed"])
    assert kept.config == RunConfig.from_dict(facts["config"]) == replace(preset.config, training=training)
    assert run_config(validate(RunSpec, facts["spec"])) == kept.config
    assert kept.update == facts["update"]
    assert (facts["title"], facts["description"]) == (preset.title, preset.description)
    assert facts["tried"][-1]["seed"] == facts["seed"]


@every_preset
def test_a_bundled_network_is_as_good_as_it_says(preset: Pretrained) -> None:
    path = BUNDLED / f"{preset.name}.safetensors"
    facts, kept = facts_of(path.with_suffix(".json")), checkpoint.load(path)
    task = make_task(kept.config.task)
    metrics = evaluate(kept.network(), task, task.probe_batch(facts["metrics_examples"]))
    assert not preset.solves or metrics["accuracy"] >= 0.99
    assert metrics["accuracy"] == pytest.approx(facts["metrics"]["accuracy"], abs=0.002)
    assert metrics["ce"] == pytest.approx(facts["metrics"]["ce"], rel=0.05, abs=1e-4)


@every_solver
def test_a_bundled_network_reads_the_true_sources(preset: Pretrained) -> None:
    facts = facts_of(BUNDLED / f"{preset.name}.json")
    found = reading(checkpoint.load(BUNDLED / f"{preset.name}.safetensors"))
    assert found["hit_rate"] >= 0.95
    assert found["least_weight"] > 0.5
    assert found == pytest.approx(facts["reading"], abs=0.01)


def test_an_opening_picture_is_clear_when_one_arc_to_the_source_stands_out_and_leaves_a_gap() -> None:
    direct, detour = {"steps": [40, 0], "strength": 0.3}, {"steps": [40, 9, 0], "strength": 0.03}
    opening: Any = {
        "loss_step": 40,
        "true_sources": {"40": [0]},
        "paths": [direct, detour],
        "reach": {"sab": [[39, 40], [0, 20]]},
    }

    def clear(**changes: Any) -> bool:
        changed: Any = {**opening, **changes}
        return is_clear(changed)

    assert clear()
    assert not clear(paths=[detour, direct]), "another path is stronger"
    assert not clear(paths=[direct, {**detour, "strength": 0.04}]), "another is too strong beside it"
    assert not clear(paths=[direct] * 11), "too many paths"
    assert not clear(reach={"sab": [[0, 40]]}), "nothing is jumped over"
    assert not clear(reach={"sab": [[39, 40], [0, 21]]}), "too little is jumped over"
    assert not clear(paths=[])
    assert not clear(loss_step=None), "the whole loss has no source"


@pytest.mark.parametrize("preset", [p for p in PRETRAINED if p.clear], ids=lambda preset: preset.name)
def test_the_picture_of_the_first_visit_is_clear(preset: Pretrained) -> None:
    assert is_clear(from_bytes((BUNDLED / f"{preset.name}.trace").read_bytes()))


@every_preset
def test_the_bundled_opening_trace_is_what_the_network_shows_today(preset: Pretrained) -> None:
    stored = trace_json(from_bytes((BUNDLED / f"{preset.name}.trace").read_bytes()))
    fresh = trace_json(opening_trace(checkpoint.load(BUNDLED / f"{preset.name}.safetensors")))
    assert stored.keys() == fresh.keys()
    exact = ("update", "example", "loss_step", "steps", "inputs", "targets", "predictions", "memories", "cuts")
    for name in (*exact, "true_sources", "parameters", "task"):
        assert stored[name] == fresh[name], name
    for rule, norms in fresh["gradient_norm"].items():
        np.testing.assert_allclose(stored["gradient_norm"][rule], norms, rtol=0.02, atol=1e-4 * max(norms))
    strongest = max(edge["credit"] for edge in fresh["edges"] if edge["kind"] == "skip")
    pairs = [
        {(e["reader"], e["source"]) for e in each["edges"] if e["credit"] > 0.02 * strongest}
        for each in (stored, fresh)
    ]
    assert pairs[0] == pairs[1]
