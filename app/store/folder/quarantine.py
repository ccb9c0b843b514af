"""Files that are not what they should be: moved out of the way under their name, never deleted."""

from __future__ import annotations

import secrets
from pathlib import Path

FOLDER = "quarantine"
"""In the data folder."""


def put_aside(path: Path, data_dir: Path) -> str | None:
    """Move a file into the quarantine; returns its name there, or None where it was gone already.

    Args:
        path: The file.
        data_dir: The data folder.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = path.name
    if (folder / name).exists():
        name = f"{path.stem}-{secrets.token_hex(4)}{path.suffix}"
    try:
        path.rename(folder / name)  # of a link the link moves, and not what it leads to
    except FileNotFoundError:
        return None
    return name
