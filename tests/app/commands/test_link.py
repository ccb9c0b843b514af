from __future__ import annotations

import json
from pathlib import Path

import pytest

from sab_visualiser.app.access.keys import FILE
from tests.app.commands.running import run_sab
from tests.fakes.locked import asker, keys, locked_server
from tests.fakes.server import in_thread


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAB_TOKEN", raising=False)


def test_a_link_lets_a_browser_in_and_the_token_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked_server(tmp_path) as live:
        capsys.readouterr()
        code, out, err = run_sab(capsys, "link", "--data-dir", str(tmp_path))
        assert (code, err) == (0, "")
        with asker(live) as browser:
            assert browser.get(out.strip().removeprefix(live.url)).status_code == 303
            assert browser.get("/").status_code == 200
        code, out, _ = run_sab(
            capsys, "link", "--role", "viewer", "--minutes", "90", "--json", "--data-dir", str(tmp_path)
        )
        made = json.loads(out)
        assert (code, made["role"], made["minutes"]) == (0, "viewer", 90)
        for role in ("controller", "viewer"):
            _, out, _ = run_sab(capsys, "link", "--token", "--role", role, "--data-dir", str(tmp_path))
            assert out.strip() == getattr(keys(live), role)


def test_new_tokens_come_before_the_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked_server(tmp_path) as live:
        before = keys(live)
        capsys.readouterr()
        code, out, _ = run_sab(capsys, "link", "--new-token", "--data-dir", str(tmp_path))
        assert code == 0
        assert keys(live).controller != before.controller
        with asker(live) as browser:
            assert browser.get(out.strip().removeprefix(live.url)).status_code == 303


def test_a_token_that_is_a_setting_is_not_drawn_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked_server(tmp_path, token="a-token-of-my-own-choice"):
        capsys.readouterr()
        code, _, err = run_sab(capsys, "link", "--new-token", "--data-dir", str(tmp_path))
    assert code == 1
    assert "SAB_TOKEN says what the token is" in err


def test_without_a_server_there_is_one_line_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_sab(capsys, "link", "--data-dir", str(tmp_path))
    assert (code, len(err.splitlines())) == (1, 1)
    assert f"{FILE} has no token: start `sab serve`" in err
    with locked_server(tmp_path):
        pass
    capsys.readouterr()
    code, _, err = run_sab(capsys, "link", "--data-dir", str(tmp_path))
    assert (code, len(err.splitlines())) == (1, 1)
    assert "is it running?" in err


def test_a_server_that_asks_nobody_leaves_no_token(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        made = live.http.post("/api/links", json={}).json()
        assert made["url"] == f"{live.url}/"
    assert not (tmp_path / FILE).exists()
