"""Fixtures for everybody: a live server with fake workers, and one with real ones."""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from benchmarks.chromium import chromium, find
from tests.fakes.launcher import TaskLauncher
from tests.fakes.server import WORKER_TOKEN, Live, in_process, in_thread

# No test asserts a duration, and Hypothesis does unless told otherwise: an example in which the machine looked away for
# a quarter of a second made a property "flaky", and a slow draw a failure.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


# Kernels for a GPU run here too, statement by statement, in numpy; Triton reads this when it is imported.
os.environ.setdefault("TRITON_INTERPRET", "1")
NEEDS_TRITON = "sab_visualiser.model.passes.triton."
# What lies in the folder of files of data of whoever runs the tests is no business of theirs.
os.environ["SAB_DATA_FILES"] = str(Path(__file__).parent / "no-files-of-data")

SOCKETS = ("websockets", "uvicorn", "starlette", "anyio")


def pytest_collection_finish() -> None:
    """Keep the threads of servers out of the properties that are tested beside them.

    Hypothesis draws numbers that it finds in loaded modules of the project. A module that a server's thread loads in
    the middle of a property would change what is drawn, and the property would be called flaky. So all are loaded now.
    It also watches Python's one generator of random numbers, from which sockets draw the payload of a ping every 20 s:
    a ping while something is drawn would fail the property. So sockets get a generator of their own.
    """
    for package in ("sab_visualiser.app", "sab_visualiser.model"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if module.name.startswith(NEEDS_TRITON) and importlib.util.find_spec("triton") is None:
                continue
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name in ("websockets.asyncio.client", "websockets.sync.client"):
        importlib.import_module(name)
    for name, loaded in list(sys.modules.items()):
        if name.partition(".")[0] in SOCKETS and vars(loaded).get("random") is random:
            setattr(loaded, "random", random.Random())  # noqa: B010


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One server for many tests, in a thread, with fake workers and room for many runs."""
    with in_thread(tmp_path_factory.mktemp("server"), max_runs=64, queue=200, worker_token=WORKER_TOKEN) as live:
        yield live


@pytest.fixture
def fake_worker() -> TaskLauncher:
    """A launcher whose workers are scripted tasks."""
    return TaskLauncher()


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[Live]:
    """The server in a process of its own with real workers (torch), as a person starts it."""
    with in_process(tmp_path / "data", "--real") as live:
        yield live


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, its shell where that is there; one for all, since Playwright allows one in a process."""
    if find(shell=True) is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "chromium is missing"
        pytest.skip("no Chromium found: apt-get install chromium, or set CHROMIUM to its path")
    with chromium(shell=True) as launched:
        yield launched
