"""Wheel, sdist and editable install carry one package with the page inside, and serve it without source or network."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.contract.conftest import READY_S, ROOT, Environment

US = "sab_visualiser"
FOLDERS = ("app", "model", "static", "templates")
REPORTS = "docs/reproduction"

pytestmark = pytest.mark.server


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_page_and_the_presets(wheel: Path) -> None:
    for folder in FOLDERS:
        sources = [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert {f"{US}/{p.relative_to(ROOT)}" for p in sources} <= names(wheel)
    assert f"{US}/static/presets/live.json" in names(wheel)
    reports = [path for path in (ROOT / REPORTS).rglob("*") if path.is_file()]
    assert {f"{US}/reproduction/{path.relative_to(ROOT / REPORTS)}" for path in reports} <= names(wheel)


def test_the_wheel_has_one_top_level_name(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {US}


def test_the_sdist_holds_files_instead_of_links_and_one_package(through_sdist: tuple[Path, Path]) -> None:
    with tarfile.open(through_sdist[0]) as archive:
        members = archive.getmembers()
    assert not [member.name for member in members if member.issym() or member.islnk()]
    inside = [Path(*Path(member.name).parts[1:]) for member in members]
    assert {path.parts[0] for path in inside if len(path.parts) > 1} == {"src", "tests"}
    assert {path.parts[1] for path in inside if path.parts[0] == "src"} == {US}


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_clone(wheel: Path, through_sdist: tuple[Path, Path]) -> None:
    assert names(through_sdist[1]) == names(wheel)


def test_nothing_called_app_or_model_reaches_an_environment(installed: Environment, tmp_path: Path) -> None:
    assert not [path for path in installed.site.iterdir() if path.name in FOLDERS]
    code = "import importlib.util as u; print([n for n in ('app', 'model', 'static', 'templates') if u.find_spec(n)])"
    assert installed.run("python", "-c", code, cwd=tmp_path).stdout.strip() == "[]"


def test_an_editable_install_gives_one_name_from_everywhere(
    source: Path, make_environment: Callable[..., Environment], tmp_path: Path
) -> None:
    editable = make_environment("--no-build-isolation", "--editable", str(source))
    code = (
        "import importlib.util as u, sab_visualiser.app.cli as c;"
        "print(c.__file__, [n for n in ('app', 'model', 'tests') if u.find_spec(n)])"
    )
    where, found = editable.run("python", "-c", code, cwd=tmp_path).stdout.split(maxsplit=1)
    assert where == str(source / "src" / US / "app" / "cli.py")
    assert found.strip() == "[]"
    assert "serve" in editable.run("sab", "--help", cwd=tmp_path).stdout


def test_a_server_from_the_wheel_serves_page_scripts_and_presets(installed: Environment, tmp_path: Path) -> None:
    where = installed.run("python", "-c", f"import {US}; print({US}.__file__)", cwd=tmp_path).stdout
    assert where.startswith(str(installed.site)), "the test must not look at the checkout"
    with installed.serving(tmp_path, tmp_path / "data") as address:
        for path, holds in (
            ("/", "<!doctype html>"),
            ("/static/js/main.js", "import"),
            ("/static/vendor/plotly.min.js", "plotly.js"),
            ("/api/presets", '"name"'),
            ("/reproduction", "<title>reproduction"),
            ("/reproduction/files/copy.json", '"name": "copy"'),
        ):
            with urlopen(address + path, timeout=READY_S) as answer:
                assert answer.status == 200
                assert holds in answer.read(3000).decode().lower()
