"""`sab site`: the recorded networks as files that any static host serves, or none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sab_visualiser.app.commands.export import without_server
from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.files import write
from sab_visualiser.app.wire.errors import field_error


def site(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to write into; made where it is missing.")],
    preset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only these; again or with commas for more.", show_default="all presets"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: files and bytes as JSON.")] = False,
) -> None:
    """Write a static site: a first page, and the explorable page of each preset; no server, no network."""
    from rich.console import Console
    from rich.progress import track

    from sab_visualiser.app.export.explorable.site import EXPERIMENTS, INDEX, entry_of, experiments_page, index_page
    from sab_visualiser.app.page.files import page_folder
    from sab_visualiser.app.presets.bundled import Presets

    known = {one.name: one for one in Presets(page_folder() / "static" / "presets")}
    wanted = [name for given in preset or [] for name in given.split(",") if name] or list(known)
    for name in wanted:
        if name not in known:
            raise field_error("--preset", name, ", ".join(known), "leave it out for all of them")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"FOLDER {folder}: {error.strerror}; choose a folder that can be written") from None
    entries, sizes = [], {}
    # A bar that is switched off still ends its line, in earlier versions of rich.
    bar = track(wanted, "recording", console=Console(stderr=True)) if sys.stderr.isatty() else wanted
    for name in bar:
        body, _ = without_server(name, {"panel": "view", "format": "html"}, None, INDEX)
        entry = entry_of(known[name].view(), len(body))
        write(folder / entry.file, body)
        entries.append(entry)
        sizes[entry.file] = len(body)
    for file, page in ((EXPERIMENTS, experiments_page()), (INDEX, index_page(entries))):
        write(folder / file, page)
        sizes[file] = len(page)
    if as_json:
        print_json({"folder": str(folder), "files": sizes})
    else:
        typer.echo(f"{folder / INDEX}: {len(entries)} networks, {sum(sizes.values()) / 1e6:.1f} MB in all")
