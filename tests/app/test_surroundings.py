"""What a shell, a notebook or a container hands on: obeyed or not, said by `sab doctor`, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sab_visualiser.app.surroundings import ELSEWHERE_ONLY, NOT_OBEYED, OBEYED, told
from tests.app.commands.running import run_sab

NOWHERE = "/dev/null/nowhere"
TINY = ("--task", "copy", "--set", "task.T=5", "--set", "model.hidden_size=8", "--updates", "2", "--json")


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", code]
    return subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a container has it that was started under a number."""

    def lost() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", lost)
    for name in ("XDG_DATA_HOME", "SAB_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_home")
@pytest.mark.parametrize("command", ["serve", "link", "backup"])
def test_without_a_home_one_line_asks_for_a_folder(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [command, "file.zip"] if command == "backup" else [command]
    code, out, err = run_sab(capsys, *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "no home folder is known" in err
    assert "--data-dir" in err


@pytest.mark.usefixtures("no_home")
def test_without_a_home_doctor_says_so_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_sab(capsys, "doctor", "--json")
    findings = {each["name"]: each for each in json.loads(out)["findings"]}
    assert code == 1
    assert "no home folder is known" in findings["data folder"]["value"]
    assert findings["python"]["fine"]
    assert len(err.splitlines()) == 1


def test_doctor_names_what_is_set_and_what_becomes_of_it_but_not_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("http_proxy", "http://me:secret@proxy.example")
    _, out, _ = run_sab(capsys, "doctor", "--json", "--data-dir", str(tmp_path))
    findings = {each["name"]: each["value"] for each in json.loads(out)["findings"]}
    assert findings["MPLBACKEND"].startswith("not obeyed: ")
    assert findings["http_proxy"] == "not asked for this machine, only for others"
    assert "secret" not in out


def test_each_variable_is_told_once_and_only_when_it_is_set() -> None:
    names = [*NOT_OBEYED, *ELSEWHERE_ONLY, *OBEYED]
    assert len(names) == len(set(names))
    assert told({}) == []
    assert [name for name, _ in told(dict.fromkeys(names, "x"))] == names
    assert told(dict.fromkeys(names, "")) == []


def test_numba_that_may_compile_nothing_is_a_reason_and_not_a_failure() -> None:
    code = "from sab_visualiser.model.passes.fused.backend import why_no_numba; print(why_no_numba())"
    done = python(code, NUMBA_DISABLE_JIT="1", SAB_BACKEND="")
    assert (done.returncode, done.stdout.strip()) == (0, "NUMBA_DISABLE_JIT is set: unset it"), done.stderr


@pytest.mark.server
def test_a_training_goes_on_without_compiled_loops() -> None:
    words = [sys.executable, "-m", "sab_visualiser.app.cli", "train", *TINY]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["updates"] == 2


CACHE = """
from sab_visualiser.model.passes.fused.kernels.compiled import kept_code, numba_config
with kept_code():
    print(numba_config.CACHE_DIR)
"""


def test_loops_are_kept_below_temporary_files_where_the_cache_cannot_be_written(tmp_path: Path) -> None:
    done = python(CACHE, XDG_CACHE_HOME=NOWHERE, TMPDIR=str(tmp_path), NUMBA_CACHE_DIR="")
    folder = Path(done.stdout.strip())
    assert tmp_path in folder.parents, done.stderr
    assert (tmp_path / f"sab-visualiser-{os.getuid()}").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_write_is_not_taken_for_loops(tmp_path: Path) -> None:
    planted = tmp_path / f"sab-visualiser-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    done = python(CACHE, XDG_CACHE_HOME=NOWHERE, TMPDIR=str(tmp_path), NUMBA_CACHE_DIR="")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout
    assert list(planted.iterdir()) == []


def test_a_data_folder_that_cannot_be_made_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", NOWHERE)
    monkeypatch.delenv("SAB_DATA_DIR", raising=False)
    code, out, err = run_sab(capsys, "serve", "--port", "0")
    assert code not in (0, 2)
    assert (out, len(err.splitlines())) == ("", 1)
    assert NOWHERE in err
