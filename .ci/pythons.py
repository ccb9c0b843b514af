"""Does the program hold under other Pythons? Give their names; one that is absent is named, and no failure.

Each gets an environment with everything but torch, whose wheel is half a gigabyte for every Python. So it is checked
that all files compile, that what needs no torch can be imported, and that the server describes its routes; no training.
"""

from __future__ import annotations

import compileall
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = str(Path(__file__))


def look() -> None:
    """Check the Python that runs this."""
    if not all(compileall.compile_dir(ROOT / name, quiet=1, force=True) for name in ("app", "model", "tests")):
        raise SystemExit("a file does not compile")
    sys.path.insert(0, str(ROOT / "src"))
    app, left = importlib.import_module("sab_visualiser.app"), 0
    for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
        try:
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            left += 1
    settings = importlib.import_module("sab_visualiser.app.settings").Settings()
    routes = importlib.import_module("sab_visualiser.app.main").create_app(settings).openapi()["paths"]
    print(f"{sys.version.split()[0]}: compiles, {len(routes)} routes, {left} modules wait for torch", flush=True)


def check(python: str) -> bool:
    """Make the environment of one interpreter and look there; False when something does not hold."""
    try:
        subprocess.run([python, "-V"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print(f"{python}: absent, not checked", flush=True)
        return True
    place = ROOT / "build" / Path(python).name
    inside, pins, wanted = str(place / "bin" / "python"), place / "pins.txt", place / "wanted.txt"
    try:
        subprocess.run([python, "-m", "venv", str(place)], check=True)
        lines = (ROOT / "constraints.txt").read_text().splitlines()
        pins.write_text("\n".join(line for line in lines if not line.startswith("torch==")))
        light = [sys.executable, str(ROOT / ".ci" / "lowest.py"), "--light"]
        wanted.write_bytes(subprocess.run(light, check=True, capture_output=True).stdout)
        install = ["-m", "pip", "install", "--quiet", "-c", str(pins), "-r", str(wanted)]
        subprocess.run([inside, *install], check=True)
        subprocess.run([inside, HERE, "--look"], check=True)
    except subprocess.CalledProcessError as error:
        print(f"{python}: does not hold ({' '.join(error.cmd[:4])} ended with {error.returncode})", flush=True)
        return False
    return True


if __name__ == "__main__":
    if sys.argv[1:] == ["--look"]:
        look()
    else:
        held = [check(python) for python in sys.argv[1:]]
        sys.exit(0 if all(held) else 1)
