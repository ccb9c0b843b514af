"""The wheel and the sdist of a copy of the source, and an environment into which pip has put the wheel."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "src",
    "app",
    "model",
    "static",
    "templates",
    "docs/reproduction",
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
READY_S = 30
OLD = ("app", "model")
"""What an editable install of version 0.1 may have left among the packages of this environment."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel in it, which borrows the packages of this one but not our own."""

    folder: Path

    @property
    def site(self) -> Path:
        (site,) = self.folder.glob("lib/python3*/site-packages")
        return site

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def run(self, *words: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A program of this environment, in a folder of somebody's."""
        program = [str(self.folder / "bin" / words[0]), *words[1:]]
        done = subprocess.run(program, cwd=cwd, env=self.variables(), capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
        return done

    def variables(self) -> dict[str, str]:
        """What a shell of a stranger has: nothing of ours, and machine code of loops in a folder of its own."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SAB_", "PYTHON"))}
        return {**inherited, "XDG_CACHE_HOME": str(self.folder / "cache")}

    @contextmanager
    def serving(self, cwd: Path, data_dir: Path) -> Iterator[str]:
        """The address of `sab serve` started in a folder of somebody's."""
        words = [
            str(self.folder / "bin" / "sab"),
            "serve",
            "--port",
            "0",
            "--no-open",
            "--no-auth",
            "--data-dir",
            str(data_dir),
        ]
        server = subprocess.Popen(words, cwd=cwd, env=self.variables(), stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"http://[\d.:]+", line)
            assert found, f"the server said {line!r} and ended with {server.poll()}"
            yield found[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=READY_S)


def build(source: Path, out: Path, *kinds: str) -> None:
    words = [sys.executable, "-m", "build", *kinds, "--no-isolation", "--outdir", str(out), str(source)]
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source, so that the checkout stays as it is."""
    if shutil.which("hatchling", path=sysconfig.get_path("scripts")) is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "hatchling is missing; `make install` installs it"
        pytest.skip("hatchling is not installed: run `make install`")
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from the clone."""
    out = tmp_path_factory.mktemp("dist")
    build(source, out, "--wheel")
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def through_sdist(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made from the sdist alone."""
    out = tmp_path_factory.mktemp("through")
    build(source, out)
    (sdist,), (built,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, built


@pytest.fixture(scope="session")
def make_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Environment]:
    """Makes an environment and lets pip install something of ours into it."""

    def make(*words: str) -> Environment:
        made = Environment(tmp_path_factory.mktemp("environment"))
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made.folder)], check=True)
        # A path in a .pth file is only searched: the .pth files over there, an editable install among them, do nothing.
        borrowed = made.folder / "borrowed"
        borrowed.mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if not path.name.startswith(("sab_visualiser", "_sab_")) and path.suffix != ".pth" and path.name not in OLD:
                (borrowed / path.name).symlink_to(path)
        (made.site / "borrowed.pth").write_text(f"{borrowed}\n")
        pip = [sys.executable, "-m", "pip", "--python", made.python, "install", "--quiet", "--no-deps", "--no-index"]
        subprocess.run([*pip, *words], check=True, capture_output=True)
        return made

    return make


@pytest.fixture(scope="session")
def installed(wheel: Path, make_environment: Callable[..., Environment]) -> Environment:
    """An environment with the wheel."""
    return make_environment(str(wheel))
