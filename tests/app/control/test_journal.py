"""A row of the list of runs is told at once when what became of its run changes, and else once a second."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sab_visualiser.app.control.journal import ANNOUNCE_S, Journal
from sab_visualiser.app.runs.moves.reports import observe
from sab_visualiser.app.runs.run import Draft, new_run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract import HEALTH


def look(update: int, accuracy: float) -> dict[str, Any]:
    def column(value: float) -> Any:
        return np.array([value], np.float32)

    health = {name: column(0.0) for name in HEALTH}
    return {"update": np.array([update], np.int32), "health": health, "fresh": {"accuracy": column(accuracy)}}


def test_the_list_is_told_anew_when_a_verdict_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path)
    store = Store(settings)
    store.open()
    told: list[str | None] = []

    async def scenario() -> None:
        journal = Journal(settings, store)
        run = replace(new_run("r1", RunSpec(), "2026"), status="running", assigned=True)
        journal.add(run)
        await journal.record(run, [Draft("status", run.news())])

        def announced(run_id: str, within_s: float) -> None:
            if within_s == ANNOUNCE_S:
                told.append(journal.view(journal.find(run_id))["verdict"]["label"])

        monkeypatch.setattr(journal, "announce", announced)
        for update, accuracy in ((125, 0.5), (250, 0.6), (375, 1.0), (500, 1.0), (625, 1.0)):
            after, draft = observe(journal.find("r1"), "look", update, look(update, accuracy))
            await journal.record(after, [draft])

    try:
        asyncio.run(scenario())
    finally:
        store.close()
    assert told == ["learning", "learned at 500"]
