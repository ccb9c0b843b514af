"""A good bundle for the tests of bad ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.bundle.zips import (
    bundle_of,
)
from tests.fakes.server import Live


@pytest.fixture(scope="module")
def bundle(server: Live) -> bytes:
    """That of a run of six updates with two snapshots and one checkpoint."""
    run = server.start(name="good", training={"updates": 6})
    server.reach(run, "finished")
    return bundle_of(server, run)


@pytest.fixture
def nothing_is_kept(server: Live, bundle: bytes) -> Iterator[None]:
    """Runs and files are the same after each of these tests as before."""
    del bundle

    def kept() -> tuple[list[str], set[Path]]:
        folder = server.app.state.store.checkpoints.folder
        return [run["id"] for run in server.http.get("/api/runs?limit=500").json()], set(folder.iterdir())

    before = kept()
    yield
    assert kept() == before
