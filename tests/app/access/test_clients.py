"""Which token a command shows to which server, and by which way it goes there."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request

import pytest

from sab_visualiser.app.access.clients import bearer, is_loopback, reach
from sab_visualiser.app.access.keys import Keys, write_keys
from tests.fakes.locked import keys, locked_server

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SAB_TOKEN", raising=False)
    assert write_keys(tmp_path, Keys("token-of-controllers", "token-of-viewers", HERE))
    return tmp_path


@pytest.mark.parametrize("server", [HERE, f"{HERE}/", "http://localhost:8000", f"{HERE}/api/runs", "http://[::1]:8000"])
def test_the_token_of_a_folder_is_shown_to_the_server_that_wrote_it(folder: Path, server: str) -> None:
    assert bearer(server, folder) == {"Authorization": "Bearer token-of-controllers"}


@pytest.mark.parametrize(
    "server",
    [
        *("http://127.0.0.1:8001", "http://evil.example:8000", "http://127.0.0.1.evil.example:8000"),
        *("http://127.0.0.1:8000@evil.example/", "http://evil.example", "http://127.0.0.1", "http://[broken"),
    ],
)
def test_no_other_server_learns_the_token_of_a_folder(folder: Path, server: str) -> None:
    assert bearer(server, folder) == {}


def test_a_token_that_was_named_is_shown_to_the_server_that_was_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAB_TOKEN", "token-of-the-lab-s-server")
    assert bearer("https://lab.example", folder) == {"Authorization": "Bearer token-of-the-lab-s-server"}


def test_a_proxy_of_the_surroundings_is_not_asked_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("SAB_TOKEN", raising=False)
    with locked_server(tmp_path) as live:
        assert keys(live).address == live.url
        with reach(Request(f"{live.url}/api/runs"), tmp_path, 30) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("host", "near"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True)),
        *(("0.0.0.0", False), ("::", False), ("", False), ("10.0.0.1", False), ("lab.example", False)),
        ("localhost.evil.example", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, near: bool) -> None:
    assert is_loopback(host) is near
