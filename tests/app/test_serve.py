from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sab_visualiser.app.serve import FOLDER_IN_USE, PORT_IN_USE, address, bind, serve
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store


@pytest.fixture
def taken() -> Iterator[int]:
    with bind("127.0.0.1", 0) as listener:
        yield int(listener.getsockname()[1])


def test_a_taken_port_is_one_clear_line_and_leaves_no_trace(
    taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(Settings(port=taken, data_dir=tmp_path / "data")) == PORT_IN_USE
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert f"port {taken}" in said.err
    assert "--port" in said.err
    assert not (tmp_path / "data").exists()


def test_an_address_that_does_not_exist_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(Settings(host="256.1.1.1", port=0, data_dir=tmp_path / "data")) == PORT_IN_USE
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_taken_data_folder_names_the_process_that_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import os

    store = Store(Settings(data_dir=tmp_path))
    store.open()
    try:
        assert serve(Settings(port=0, data_dir=tmp_path)) == FOLDER_IN_USE
    finally:
        store.close()
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert str(os.getpid()) in said
    assert "--data-dir" in said


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")])
def test_the_address_is_one_that_this_machine_can_open(host: str, expected: str) -> None:
    with bind(host, 0) as listener:
        assert address(listener).startswith(expected)
        port = int(address(listener).rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass
