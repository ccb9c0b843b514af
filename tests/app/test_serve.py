from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

from sab_visualiser.app.main import create_app
from sab_visualiser.app.runs.shapes import SILENCE_S
from sab_visualiser.app.serve import (
    MOST_FILES,
    NOT_ALLOWED,
    PORT_IN_USE,
    Server,
    address,
    allow_files,
    bind,
    make_server,
    serve,
)
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.folder.refusals import IN_USE
from sab_visualiser.app.store.store import Store


@pytest.fixture
def taken() -> Iterator[int]:
    with bind("127.0.0.1", 0) as listener:
        yield int(listener.getsockname()[1])


def test_C19_a_taken_port_is_one_clear_line_and_leaves_no_trace(
    taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(Settings(port=taken, data_dir=tmp_path / "data")) == PORT_IN_USE
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert f"port {taken}" in said.err
    assert "--port" in said.err
    assert not (tmp_path / "data").exists()


def test_C19_an_address_that_does_not_exist_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(Settings(host="256.1.1.1", port=0, data_dir=tmp_path / "data")) == PORT_IN_USE
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_C20_a_taken_data_folder_names_the_process_that_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import os

    store = Store(Settings(data_dir=tmp_path))
    store.open()
    try:
        assert serve(Settings(port=0, data_dir=tmp_path)) == IN_USE
    finally:
        store.close()
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert str(os.getpid()) in said
    assert "--data-dir" in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "lab.example"])
def test_B5_nobody_is_let_in_without_a_token_from_other_machines(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(Settings(host=host, port=0, data_dir=tmp_path / "data", no_auth=True)) == NOT_ALLOWED
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert f"--no-auth with --host {host}" in said.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")])
def test_the_address_is_one_that_this_machine_can_open(host: str, expected: str) -> None:
    with bind(host, 0) as listener:
        assert address(listener).startswith(expected)
        port = int(address(listener).rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass


def test_a_second_ctrl_c_does_not_wait_for_workers_any_longer() -> None:
    killed = asyncio.Event()

    async def never() -> None:
        await killed.wait()

    async def scenario() -> None:
        state = SimpleNamespace(supervisor=SimpleNamespace(kill=killed.set))
        server = Server(uvicorn.Config(lambda: None), SimpleNamespace(state=state), "http://here", open_browser=False)
        ending = asyncio.ensure_future(server._until_forced(never()))
        await asyncio.sleep(0.3)
        assert not ending.done(), "the first Ctrl-C lets workers save what they have"
        server.handle_exit(signal.SIGINT, None)
        server.handle_exit(signal.SIGINT, None)
        async with asyncio.timeout(10):
            await ending

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("before", "after"), [((1024, 4096), (4096, 4096)), ((1024, -1), (MOST_FILES, -1)), ((30_000, 50_000), None)]
)
def test_a_server_may_open_as_many_files_as_the_system_lets_it(
    monkeypatch: pytest.MonkeyPatch, before: tuple[int, int], after: tuple[int, int] | None
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: before)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    allow_files()
    assert asked == ([] if after is None else [after])


def test_a_limit_that_the_system_refuses_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int, limits: tuple[int, int]) -> None:
        raise ValueError(limits)

    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    allow_files()


def test_server_and_worker_wait_as_long_for_one_another(tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as listener:
        config = make_server(create_app(Settings(data_dir=tmp_path)), listener).config
    assert config.ws_ping_timeout == SILENCE_S
