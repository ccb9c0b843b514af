"""`sab data`: which data sets there are, what a file is, and the one command that downloads, when it is called."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.commands.shared.data import Files
from sab_visualiser.app.fetch.download import FetchError
from sab_visualiser.app.fetch.sources import SOURCES
from sab_visualiser.app.fetch.take import take
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.model.contract.data import BUNDLED, DataFacts, short_name
from sab_visualiser.model.contract.judge import FileError, file_of, told

data = typer.Typer(
    name="data", help="Data sets: those that are bundled, what a file of data is, and some that can be fetched."
)
COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
Json = Annotated[bool, typer.Option("--json", help="Last line: the result as JSON.")]


@data.command("list")
def listing(
    folder: Annotated[
        Path | None, typer.Option("--data-dir", help="A folder whose files and folders are judged as well.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the bundled data sets, and those of a folder: name, what it is, size in bytes, licence."""
    found: list[tuple[str, DataFacts]] = [(name, facts) for name, facts in BUNDLED.items()]
    refused = []
    for path in _inside(folder):
        try:
            found.append((str(path), _judged(path)))
        except FileError as error:
            refused.append(f"{path}: {error}")
    if as_json:
        print_json({"data": [_row(where, facts) for where, facts in found], "refused": refused})
        return
    table = Table("task.data", "what", "bytes", "licence", box=None)
    for where, facts in found:
        table.add_row(where, told(facts), f"{facts.size_bytes:,}", facts.licence or "–")
    console = Console()
    console.print(table)
    for line in refused:
        console.print(f"no data set: {line}", markup=False, highlight=False)


@data.command("check")
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file, or the folder of a data set.")],
    sha256: Annotated[str | None, typer.Option(help="What its sha256 must be, in hex; unpacked where gzipped.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a file or folder is, its sha256, size in bytes and classes, or what is wrong with it."""
    try:
        row = _row(str(path), _judged(path)) if path.is_dir() else _one(path)
    except (FileError, OSError) as error:
        why = f"{path}: {error.strerror}; name a file that can be read" if isinstance(error, OSError) else str(error)
        raise CommandError(why, 2) from None
    if sha256 is not None and row["sha256"] != sha256.lower():
        raise CommandError(f"{path}: its sha256 is {row['sha256']}, not {sha256.lower()}; get the file again", 2)
    if as_json:
        print_json(row)
    else:
        typer.echo(f"{path}: {row['what']}; {row['size_bytes']:,} bytes, sha256 {row['sha256']}")


@data.command("fetch")
def fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"Which: {', '.join(SOURCES)}.")],
    place: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL|FILE",
            help="Another address of the same archive, or the archive itself where you have it.",
            show_default="its own address",
        ),
    ] = None,
    data_files: Files = None,
    as_json: Json = False,
) -> None:
    """Download a data set, hold it to its sha256, and put it into the folder of files of data."""
    source = SOURCES.get(name)
    if source is None:
        raise field_error("NAME", name, f"one of {', '.join(SOURCES)}", "get others yourself, and see sab data check")
    folder = data_files or make_settings("data").data_files
    if not as_json:
        typer.echo(f"{source.title}; licence: {source.licence}", err=True)
    with Progress(*COLUMNS, console=Console(stderr=True), disable=as_json, transient=True) as bar:
        task = bar.add_task(place or source.url, total=source.size_bytes)
        try:
            path, facts, came = take(source, place, folder, lambda have, _: bar.update(task, completed=have))
        except FetchError as error:
            raise CommandError(str(error), 2) from None
    row = {**_row(str(path), facts), "licence": facts.licence or source.licence, "fetched": came}
    if as_json:
        print_json(row)
    else:
        typer.echo(f"{path}: {row['what']}{'' if came else '; it was there already'}; task.data={source.name}")


def _inside(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() or each.suffix == ".txt")
    except OSError as error:
        raise CommandError(f"--data-dir {folder}: {error.strerror}; choose a folder that can be read", 2) from None


def _judged(path: Path) -> DataFacts:
    from sab_visualiser.model.tasks.data import read

    return read(path).facts


def _one(path: Path) -> dict[str, Any]:
    """A single file: a text is a data set by itself, images and labels are a part of one."""
    import hashlib

    content = path.read_bytes()
    found = file_of(path.name, content)
    if found.kind == "text":
        return _row(str(path), _judged(path))
    size = f" of {found.rows} × {found.columns}" if found.rows else ""
    what = f"{found.number:,} {'images and labels' if found.rows and found.kind != 'images' else found.kind}{size}"
    kind = "a batch of CIFAR-10" if found.kind == "CIFAR-10 batch" else "an IDX file"
    return {
        "path": str(path),
        "what": f"{kind}: {what}, a part of a data set",
        "sha256": hashlib.sha256(found.content).hexdigest(),
        "size_bytes": len(found.content),
    }


def _row(where: str, facts: DataFacts) -> dict[str, Any]:
    return {"path": where, "what": told(facts), **asdict(facts), "name": short_name(facts.name)}
