"""`sab backup`: all of a data folder as one file, also while a server has it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .zip file to write; there must be none yet.")],
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of runs; a server may have it.", show_default="as for sab serve")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: what the file holds as JSON.")] = False,
) -> None:
    """Write all runs, curves, pictures and checkpoints into one file; unpacked, it is a data folder again."""
    from sab_visualiser.app.store.backup import back_up

    folder = make_settings("backup", **({} if data_dir is None else {"data_dir": data_dir})).data_dir
    shown = Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
    try:
        with shown:
            task = shown.add_task("checkpoints", total=None)
            made = back_up(folder, file, lambda done, of: shown.update(task, completed=done, total=of))
    except OSError as error:
        raise CommandError(f"FILE = {file}: {error.strerror or error}; name a file that can be written") from None
    if made.missing:
        lost = "1 checkpoint" if made.missing == 1 else f"{made.missing} checkpoints"
        typer.echo(f"sab: {lost} that the database names is not in {folder}; all else is in the file", err=True)
    if as_json:
        print_json({"file": str(file), **made._asdict()})
    else:
        typer.echo(f"{file}: {made.runs} runs, {made.checkpoints} checkpoints, {made.size_bytes / 1e6:.1f} MB")
