"""Takes a data set into the folder of files of data: fetched, unpacked, judged, there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sab_visualiser.app.fetch.download import FetchError, Tell, archive_of
from sab_visualiser.app.fetch.sources import Source
from sab_visualiser.app.fetch.unpack import PackedError, unpacked
from sab_visualiser.model.contract.data import DataFacts
from sab_visualiser.model.contract.files.folder import read
from sab_visualiser.model.contract.judge import FileError, judged

PARTS = ".fetching"
"""Folder, inside that of files of data, of what is not whole yet."""


def take(source: Source, place: str | None, folder: Path, tell: Tell) -> tuple[Path, DataFacts, bool]:
    """Have a data set in the folder.

    Args:
        source: Which.
        place: Another address, or a file that one has; None for its own address.
        folder: Of files of data; made where it is not there.
        tell: Told how far the download is.

    Returns:
        Where it lies, what is known of it, and whether it came now; one that was there already is not fetched again.

    Raises:
        FetchError: It did not come, or is not what it should be.
    """
    goal = folder / source.name
    if goal.exists():
        try:
            return goal, read(goal).facts, False
        except FileError as error:
            raise FetchError(f"{goal}: is there, and is no data set ({error}); move it away") from None
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        files = unpacked(source, archive_of(source, place, folder / PARTS, tell))
        facts = judged(files, source.name).facts
        made = Path(tempfile.mkdtemp(dir=folder / PARTS))
        for name, content in files.items():
            (made / name).write_bytes(content)
        made.chmod(0o755)
        made.rename(goal)
        shutil.rmtree(folder / PARTS, ignore_errors=True)
    except (PackedError, FileError) as error:
        raise FetchError(f"{source.name}: {error}") from None
    except OSError as error:
        raise FetchError(f"{folder}: {error.strerror}; choose a folder that can be written, --data-files") from None
    return goal, facts, True
