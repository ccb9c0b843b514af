"""How the fused loops are compiled, and where their machine code is kept between starts.

Numba notices a change of the file that a function stands in, not of the files that it calls into. So the folder of
the code carries a digest of all files beside this one: what is found there was always made from what stands here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import config as numba_config
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

FAST = {"reassoc", "contract", "arcp", "nsz"}
"""Freedom to reorder sums and to fuse; NaN and infinity keep their meaning."""
OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "fastmath": FAST}
INLINED: dict[str, Any] = {**OPTIONS, "forceinline": True}
"""For pieces that add up: what calls them holds their only code. A copy of their own, compiled for itself, would order
sums in another way, and the process that compiled the loops would run that copy, later ones the caller's."""

KEPT_FOLDERS = 4
"""So many versions of the loops stay on disk; a version is a few hundred kB."""


def sources() -> list[Path]:
    """All files of this folder: those that are compiled, and those whose types and constants the compiler reads."""
    return sorted(Path(__file__).parent.glob("*.py"))


def digest() -> str:
    """A short name for the present text of the loops and the version of their compiler."""
    text = b"".join(path.read_bytes() for path in sources())
    return hashlib.sha256(text + numba.__version__.encode()).hexdigest()[:16]


def cache_folder() -> Path:
    """Where the machine code of this version is kept: below XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sab-visualiser" / f"loops-{digest()}"


def passing_folder() -> Path:
    """The same below the folder of temporary files, which nobody else may write or have made.

    Raises:
        OSError: There is one that is not ours alone.
    """
    base = Path(tempfile.gettempdir()) / f"sab-visualiser-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    state = base.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise PermissionError(f"{base} is not ours alone")
    return base / f"loops-{digest()}"


@contextmanager
def kept_code() -> Iterator[None]:
    """While this is open, functions that get defined keep their machine code in `cache_folder`.

    A NUMBA_CACHE_DIR that a person has set wins. Where the folder cannot be made one below that of temporary files is
    taken, if it is ours alone: who writes there decides what is executed here. Else Numba chooses.
    """
    before = getattr(numba_config, "CACHE_DIR", "")
    if before:
        yield
        return
    for choose in (cache_folder, passing_folder):
        with suppress(OSError, RuntimeError):
            folder = choose()
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            _forget_old(folder.parent)
            setattr(numba_config, "CACHE_DIR", str(folder))  # noqa: B010  (Numba makes its settings at run time)
            break
    try:
        yield
    finally:
        setattr(numba_config, "CACHE_DIR", before)  # noqa: B010


def _forget_old(base: Path) -> None:
    """Remove all but the last used versions; another process may be removing them at this moment."""
    versions = sorted(base.glob("loops-*"), key=_last_used, reverse=True)
    for folder in versions[KEPT_FOLDERS:]:
        shutil.rmtree(folder, ignore_errors=True)


def _last_used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0
