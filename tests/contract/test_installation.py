"""One import name: what a clone without links, an old installation beside a new one, and the bounds of pip come to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sab_visualiser.app.commands import doctor

ROOT = Path(__file__).resolve().parents[2]
LINKS = {
    **{name: f"../../{name}" for name in ("app", "model", "static", "templates")},
    "reproduction": "../../docs/reproduction",
}


def test_the_package_is_links_to_the_folders_at_the_top() -> None:
    package = ROOT / "src" / "sab_visualiser"
    links = {path.name: str(path.readlink()) for path in package.iterdir() if path.is_symlink()}
    assert links == LINKS
    assert {path.name for path in package.iterdir()} - {"__pycache__"} == {"__init__.py", *LINKS}


def test_the_package_loads_no_torch_and_offers_its_names_lazily() -> None:
    code = (
        "import sys, sab_visualiser as us; assert 'torch' not in sys.modules and 'numpy' not in sys.modules;"
        "assert {'SAB', 'Network', 'Trainer'} <= set(dir(us)); from sab_visualiser import SAB, Network, Trainer;"
        "print(SAB.__module__, Network.__module__, Trainer.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert all(word.startswith("sab_visualiser.model.") for word in done.stdout.split())


@pytest.mark.parametrize("words", [("-c", "import sab_visualiser"), ("-m", "sab_visualiser.app.cli", "doctor")])
def test_a_clone_whose_links_were_not_checked_out_says_what_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    """Git without symbolic links writes a small file with the target in the place of each."""
    package = tmp_path / "src" / "sab_visualiser"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "src" / "sab_visualiser" / "__init__.py", package)
    for name, target in LINKS.items():
        (package / name).write_text(target)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    done = subprocess.run(
        [sys.executable, "-P", *words], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    for word in ("ImportError", "app, model, static, templates", str(package), "core.symlinks true", "git checkout"):
        assert word in last
    assert "ModuleNotFoundError" not in done.stderr


def test_make_says_the_same_of_such_a_clone(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    (tmp_path / "src" / "sab_visualiser").mkdir(parents=True)
    (tmp_path / "src" / "sab_visualiser" / "app").write_text("../../app")
    words = ["make", "-f", str(ROOT / "Makefile"), "links"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "core.symlinks true" in done.stdout
    assert subprocess.run([*words, "-C", str(ROOT)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("old", "new"), [("app.cli", "sab_visualiser.app"), ("model.sab", "sab_visualiser.model")])
def test_the_names_of_version_0_1_say_what_they_are_called_now(old: str, new: str) -> None:
    """An editable install of 0.1 has the clone itself on the path, and a `sab` that imports app.cli."""
    words = [sys.executable, "-c", f"import {old}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert new in last


def installed(folder: Path, number: str) -> None:
    """What pip leaves of a distribution of ours in a folder of packages."""
    info = folder / f"sab_visualiser-{number}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: sab-visualiser\nVersion: {number}\n")


def test_a_wheel_beside_an_old_editable_install_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "new")])
    installed(tmp_path / "new", "0.2.0")
    alone = doctor.installation()
    assert alone.fine is True
    assert "0.2.0" in alone.value
    installed(tmp_path / "old", "0.1.0")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "new"), str(tmp_path / "old"), str(tmp_path / "old")])
    both = doctor.installation()
    assert both.fine is False
    for word in ("2 side by side", "0.2.0 in", "0.1.0 in", str(tmp_path / "old"), "pip uninstall sab-visualiser"):
        assert word in both.value


def test_a_program_that_was_never_installed_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert doctor.installation().fine is True


@pytest.mark.parametrize(
    ("line", "fine"), [("from app.cli import main", False), ("from sab_visualiser.x import y", None)]
)
def test_the_script_that_version_0_1_left_is_a_finding(
    line: str, fine: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "sab"
    script.write_text(f"#!/usr/bin/env python3\n{line}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doctor.script()
    assert found.fine is fine
    assert str(script) in found.value


def test_every_requirement_has_a_lower_bound_and_check_lowest_asks_for_it() -> None:
    words = [sys.executable, str(ROOT / ".ci" / "lowest.py")]
    lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(lines) == len({*project["dependencies"], *project["optional-dependencies"]["dev"]})
    assert "sqlalchemy==2.0.40" in lines
    assert next(line for line in (ROOT / "constraints.txt").read_text().splitlines() if "torch==" in line) in lines


def test_every_python_that_the_program_starts_leaves_the_working_folder_alone() -> None:
    """`sab bench` runs in the clone, whose own benchmarks it measures."""
    started = {
        str(path.relative_to(ROOT)): re.findall(r'sys\.executable, ("[^"]*")', path.read_text())
        for folder in ("app", "model")
        for path in (ROOT / folder).rglob("*.py")
    }
    found = {place: words for place, words in started.items() if words and place != "app/commands/bench.py"}
    assert len(found) >= 3
    assert {word for words in found.values() for word in words} == {'"-P"'}
