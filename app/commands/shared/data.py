"""Data sets by their path: judged, kept for this process, and named by what they hold and never by where they lie."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from sab_visualiser.app.commands.shared.common import CommandError, make_settings
from sab_visualiser.app.sweeps.machines.client import AwayError, Client
from sab_visualiser.app.wire.errors import address_of, field_error
from sab_visualiser.model.contract.data import BUNDLED, DATA_FORM, DataFacts, know
from sab_visualiser.model.contract.files.folder import MEMORY, Held, look

Files = Annotated[
    Path | None,
    typer.Option("--data-files", help="Folder of files of data.", show_default="SAB_DATA_FILES, or the usual one"),
]


def with_data(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a run in which a path at `task.data` is the name of the data set that lies there.

    Raises:
        UserError: Nothing lies there.
        CommandError: What is wrong with it.
    """
    task = values.get("task")
    word = task.get("data") if isinstance(task, dict) else None
    if not isinstance(task, dict) or not isinstance(word, str) or word in BUNDLED:
        return values
    path = Path(word).expanduser()
    if not path.exists():
        if (held := in_folder(word)) is not None:
            return {**values, "task": {**task, "data": bring(held.path).name}}
        if re.fullmatch(DATA_FORM, word):
            return values
        raise field_error("task.data", word, f"{', '.join(BUNDLED)}, or the path of a file or folder", "check the path")
    return {**values, "task": {**task, "data": bring(path).name}}


def know_files(folder: Path | None, server: str | None = None) -> None:
    """Make known what a command, and all that it starts, may name: what lies in the folder, or what a server has.

    Args:
        folder: Of files of data; None for the usual one.
        server: Address of a server that trains; None where the command has one of its own.
    """
    if server is not None:
        if folder is not None:
            raise field_error("--data-files", str(folder), "left out beside --server", "a server knows its files")
        with suppress(AwayError):  # who trains there says that nobody answers
            for facts in Client(address_of(server)).data():
                know(facts)
        return
    if folder is not None:
        if not folder.is_dir():
            raise field_error("--data-files", str(folder), "a folder that is there", "check the path")
        os.environ["SAB_DATA_FILES"] = str(folder.resolve())
    for held in files_here():
        know(held.facts)


def files_here() -> tuple[Held, ...]:
    """The data sets in the folder of files of data, as the settings name it."""
    settings = make_settings("data")
    return look(settings.data_files, settings.data_dir / MEMORY).held


def in_folder(name: str) -> Held | None:
    """The data set in the folder of files of data that is called so, by its word alone or with its sha256."""
    found = [held for held in files_here() if name in (held.facts.name, held.facts.name.partition("@")[0])]
    return found[0] if len({held.facts.sha256 for held in found}) == 1 else None


def bring(path: Path) -> DataFacts:
    """Read a data set, and keep it for every task of this process that names its sha256.

    Raises:
        CommandError: What is wrong with it.
    """
    from sab_visualiser.model.contract.judge import FileError
    from sab_visualiser.model.tasks import data

    try:
        found = data.read(path)
    except FileError as error:
        raise CommandError(f"task.data: {error}", 2) from None
    know(found.facts)
    data.bring(data.made_of(found))
    return found.facts
