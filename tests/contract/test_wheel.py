"""A wheel carries the page, and serves it from any folder without the source and without a network."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("src", "app", "model", "static", "templates", "pyproject.toml", "README.md", "LICENSE")
READY_S = 30

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the source, so that the checkout stays as it is."""
    if shutil.which("hatchling", path=sysconfig.get_path("scripts")) is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "hatchling is missing; `make install` installs it"
        pytest.skip("hatchling is not installed: run `make install`")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, borrowing the packages of this one; returns its bin folder."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    # A path in a .pth file is only searched: the .pth files over there, the editable install among them, are not run.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    binary = folder / "bin" / "sab"
    binary.write_text(f"#!{folder / 'bin' / 'python'}\nfrom sab_visualiser.app.cli import main\nmain()\n")
    binary.chmod(0o755)
    return folder / "bin"


def test_the_wheel_holds_the_page_and_the_presets(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("static", "templates"):
        sources = [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert {f"sab_visualiser/{p.relative_to(ROOT)}" for p in sources} <= names
    assert "sab_visualiser/static/presets/live.json" in names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sab_visualiser"}


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server started from the wheel in an empty folder."""
    words = [str(installed / "sab"), "serve", "--port", "0", "--no-open", "--data-dir", str(tmp_path / "data")]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SAB_", "PYTHON"))}
    server = subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, f"the server said {line!r} and ended with {server.poll()}"
        yield found[0]
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=READY_S)


def test_a_server_from_the_wheel_serves_page_scripts_and_presets(address: str, installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [str(installed / "python"), "-c", "import sab_visualiser; print(sab_visualiser.__file__)"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert where.startswith(str(installed.parent)), "the test must not look at the checkout"
    for path, holds in (
        ("/", "<!doctype html>"),
        ("/static/js/main.js", "import"),
        ("/static/vendor/plotly.min.js", "plotly.js"),
        ("/api/presets", '"name"'),
    ):
        with urlopen(address + path, timeout=READY_S) as answer:
            assert answer.status == 200
            assert holds in answer.read(3000).decode().lower()
