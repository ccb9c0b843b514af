"""One server with a door that is shut, for all tests of who gets in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.locked import locked_server
from tests.fakes.server import WORKER_TOKEN, Live


@pytest.fixture(scope="package")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that asks for a token."""
    with locked_server(tmp_path_factory.mktemp("locked"), max_runs=64, worker_token=WORKER_TOKEN) as live:
        yield live
