"""Trials of a sweep leave event files, each once."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.commands.many.events import Written
from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.runs.run import new_run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.sweeps.drive import Listed, Outcome
from sab_visualiser.app.sweeps.file import sweep_of
from sab_visualiser.app.sweeps.plan import Plan, plan_of
from tests.app.commands.running import run_sab
from tests.app.commands.test_sweep import rows, sweep, written

needs_tensorboard = pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is None, reason="tensorboard is not installed: the extra [tensorboard]"
)


async def stored(folder: Path, plan: Plan) -> None:
    """A run of each trial of a plan, which made no update."""
    store = Store(Settings(data_dir=folder))
    store.open()
    for trial in plan.trials:
        run = new_run(f"r{trial.number}", trial.spec, "2026-01-01T00:00:00.000+00:00")
        await store.commit(replace(run, status="stopped", group=plan.group, group_name=plan.name))
    store.close()


@needs_tensorboard
def test_a_trial_has_a_folder_called_after_what_it_has_of_its_own_and_is_written_once(tmp_path: Path) -> None:
    plan = plan_of(sweep_of({"grid": {"model": {"k_top": [1, 2]}}, "seeds": [7]}, "pair & more"), presets().fill)
    asyncio.run(stored(tmp_path / "data", plan))
    events = tmp_path / "events"
    source = Written(Listed(plan), plan.name, events, tmp_path / "data")
    while (trial := source.more()) is not None:
        assert not source.give_up(trial, {})
        source.took(Outcome(trial, {"id": f"r{trial.number}"}))
    names = {path.name for path in events.iterdir()}
    assert names == {"pair-more-k_top=1-seed=7", "pair-more-k_top=2-seed=7"}
    for trial in plan.trials:
        source.took(Outcome(trial, {"id": f"r{trial.number}"}))
        source.took(Outcome(trial, {"id": "deleted"}))
    assert {path.name for path in events.iterdir()} == names


@pytest.mark.server
@needs_tensorboard
def test_what_a_trial_came_to_stands_in_its_files(tmp_path: Path) -> None:
    from tests.app.offline.elsewhere.test_tensorboard import scalars

    events = tmp_path / "events"
    words = (str(written(tmp_path, 130)), "--workers", "2", "--data-dir", str(tmp_path / "data"))
    found = rows(sweep(*words, "--tensorboard", str(events), "--json"))
    names: dict[str, Any] = {f"pair-k_top={row['model.k_top']}-seed={row['training.seed']}": row for row in found}
    assert {path.name for path in events.iterdir()} == set(names)
    for name, row in names.items():
        figures = scalars(events / name)
        assert len(figures["training/loss"]) == 130
        assert figures["fresh/accuracy"][-1][1] == pytest.approx(row["accuracy"], abs=1e-6)


def test_runs_of_another_server_are_not_read_here(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("--tensorboard", str(tmp_path), "--server", "http://127.0.0.1:1")
    code, _, err = run_sab(capsys, "sweep", str(written(tmp_path, 20)), *words)
    assert code != 0
    assert "--tensorboard" in err
    assert "beside --server" in err
