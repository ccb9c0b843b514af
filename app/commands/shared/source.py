"""Which commit of the source did something: reports and measurements name it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def commit(*parts: str) -> str | None:
    """The commit of the source, with `+` where files differ from it; None where there is no repository.

    Args:
        *parts: Folders whose files count; all of them when none is named.
    """
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--", *parts) else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 (words of our own)
        ["git", *words],  # noqa: S607 (whichever git a person has)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
