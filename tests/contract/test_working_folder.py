"""Started in a folder full of somebody's modules, the program runs none of them, and they find their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.contract.conftest import Environment
from tests.fakes.server import eventually

pytestmark = pytest.mark.server

PACKAGES = ("model", "tests", "benchmarks", "static", "templates")
OURS = ("app", "sab_visualiser", "worker", "cli", "sitecustomize", "usercustomize", "torch", "numpy", "numba", "yaml")
SIZES = ("task.T=5", "model.hidden_size=8", "model.attention_size=4", "training.batch_size=4")
TINY = {
    "task": {"name": "copy", "T": 5},
    "model": {"hidden_size": 8, "attention_size": 4},
    "training": {"batch_size": 4, "updates": 20},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder whose modules leave a mark when they are executed, those named as the standard library's too."""
    made = tmp_path / "mine"
    made.mkdir()
    for name in (*OURS, *sorted(sys.stdlib_module_names)):
        (made / f"{name}.py").write_text(f"open({str(made / name)!r} + '.executed', 'w').close()\n")
    for name in PACKAGES:
        (made / name).mkdir()
        (made / name / "__init__.py").write_text(f"open({str(made / name)!r} + '.executed', 'w').close()\n")
    (made / "matplotlibrc").write_text("backend: module://mine\n")
    return made


def executed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.executed"))


@pytest.fixture
def served(installed: Environment, folder: Path, tmp_path: Path) -> Iterator[httpx2.Client]:
    """A server that was started there."""
    with (
        installed.serving(folder, tmp_path / "data") as address,
        httpx2.Client(base_url=address, timeout=60, trust_env=False) as http,
    ):
        yield http


def test_a_server_trains_and_probes_there_and_executes_nothing(served: httpx2.Client, folder: Path) -> None:
    run = served.post("/api/runs", json=TINY).json()["id"]

    def ended() -> dict[str, Any] | None:
        view = dict(served.get(f"/api/runs/{run}").json())
        return view if view["status"] not in ("queued", "running") else None

    view = eventually(ended, 120)
    assert (view["status"], view["update"]) == ("finished", 20), view["reason"]
    assert served.post("/api/probe", json={"run": run}).status_code == 200
    for panel, ending in (("attention", "png"), ("curves", "csv")):
        answer = served.get(f"/api/runs/{run}/export", params={"panel": panel, "format": ending})
        assert answer.status_code == 200, answer.text
    assert executed(folder) == []


def test_the_commands_work_there_and_execute_nothing(installed: Environment, folder: Path, tmp_path: Path) -> None:
    out, data = tmp_path / "out", ("--data-dir", str(tmp_path / "none"))
    sizes = [word for size in SIZES for word in ("--set", size)]
    done = installed.run("sab", "train", *sizes, "--updates", "2", "--output", str(out), "--json", cwd=folder)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["updates"] == 2
    assert "fused loops" in result["engine"]
    for words in (
        ("evaluate", result["checkpoint"], "--examples", "8"),
        ("export", result["checkpoint"], "--panel", "paths", "-o", str(tmp_path / "paths.csv"), *data),
        ("export", result["checkpoint"], "--panel", "attention", "-o", str(tmp_path / "attention.png"), *data),
        ("doctor", "--json", *data),
    ):
        installed.run("sab", *words, cwd=folder)
    assert executed(folder) == []
    token = installed.run("sab", "worker", "--server", "http://127.0.0.1:9", cwd=folder, check=False)
    assert token.returncode == 2
    assert "SAB_WORKER_TOKEN" in token.stderr
    assert executed(folder) == []


def test_the_marks_are_seen(installed: Environment, folder: Path) -> None:
    installed.run("python", "-c", "import app, model", cwd=folder)
    assert executed(folder) == ["app.executed", "model.executed"]


def test_app_and_model_are_the_users_own_there(installed: Environment, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("MINE = True\n")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "__init__.py").write_text("MINE = True\n")
    code = (
        "import app, model, sab_visualiser.app as theirs; from sab_visualiser import SAB;"
        "assert app.MINE and model.MINE and theirs is not app; print(app.__file__, model.__file__)"
    )
    found = installed.run("python", "-c", code, cwd=tmp_path).stdout.split()
    assert found == [str(tmp_path / "app.py"), str(tmp_path / "model" / "__init__.py")]
