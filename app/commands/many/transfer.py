"""`sab transfer`: networks at lengths that they were never trained at, as rows and as one figure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.files import is_stdout, told, write
from sab_visualiser.app.commands.train import presets
from sab_visualiser.app.wire.errors import field_error, validate

LENGTHS = "100,200,300,400,2000,5000"
MOST_LENGTH = 100_000
PICTURES = ("png", "svg", "pdf", "pgf")
NUMBERS = ("json", "csv", "parquet")


def transfer(
    networks: Annotated[
        list[str], typer.Argument(metavar="RUN|CHECKPOINT|PRESET …", help="Networks of one task, trained in any way.")
    ],
    lengths: Annotated[
        str, typer.Option(metavar="T,T,…", help=f"Lengths T of the task, in steps, 1 to {MOST_LENGTH}.")
    ] = LENGTHS,
    examples: Annotated[int, typer.Option(min=1, max=4096, help="Unseen examples at each length.")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the examples, which are the same for all networks.")] = 0,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output", "-o", help=f"File to write, again for more: {', '.join((*PICTURES, *NUMBERS))} by its ending."
        ),
    ] = None,
    width_in: Annotated[float | None, typer.Option(help="Width of a picture, inches.", show_default="6.75")] = None,
    height_in: Annotated[
        float | None, typer.Option(help="Height of a picture, inches.", show_default="by width")
    ] = None,
    font: Annotated[Literal["sans", "serif"] | None, typer.Option(help="Letters.", show_default="sans")] = None,
    font_size: Annotated[float | None, typer.Option(help="Size of letters, points.", show_default="8")] = None,
    colormap: Annotated[
        Literal["perceptual", "safe", "grey"] | None, typer.Option(help="Colours.", show_default="perceptual")
    ] = None,
    theme: Annotated[Literal["light", "dark"] | None, typer.Option(help="Ground.", show_default="light")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of runs.", show_default="as for sab serve")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: the rows as JSON.")] = False,
) -> None:
    """Measure trained networks on longer, and shorter, tasks than they were trained on."""
    steps, files = steps_of(lengths), output or []
    for file in files:
        if _kind(file) not in (*PICTURES, *NUMBERS):
            raise field_error(
                "--output", str(file), f"a file that ends in {', '.join((*PICTURES, *NUMBERS))}", "rename it"
            )
    given = {"width_in": width_in, "height_in": height_in, "font": font, "font_size": font_size}
    words = {**given, "colormap": colormap, "theme": theme}
    paper = {name: str(value) for name, value in words.items() if value is not None}
    rows = _measured(networks, steps, {"examples": examples, "seed": seed}, data_dir)
    about = {"panel": "transfer", "task": rows[0]["task"], "examples": examples, "seed of examples": seed}
    for file in files:
        write(file, file_of(_kind(file), rows, {**about, "networks": networks}, paper))
    printed = next(filter(is_stdout, files), None)
    if as_json and printed is None:
        return print_json({"rows": rows})
    for row in rows:
        told(printed, "  ".join(f"{name} {_word(value)}" for name, value in row.items() if value is not None))
    for file in files:
        if file.is_file():
            told(printed, f"{file} ({file.stat().st_size} bytes)")
    return None


def steps_of(words: str) -> tuple[int, ...]:
    """The lengths, rising, each once.

    Raises:
        UserError: They are no list of whole numbers in range.
    """
    parts = [part.strip() for part in words.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part[:9]) <= MOST_LENGTH for part in parts):
        raise field_error("--lengths", words, f"whole numbers from 1 to {MOST_LENGTH}, with commas", f"as {LENGTHS}")
    return tuple(sorted({int(part) for part in parts}))


def file_of(
    kind: str, rows: list[dict[str, Any]], about: Mapping[str, Any], paper: Mapping[str, str] | None = None
) -> bytes:
    """The rows as a picture, or as numbers.

    Args:
        kind: png, svg, pdf, pgf, json, csv or parquet.
        rows: Of app/offline/measure/transfer.py.
        about: What they are of, for the metadata.
        paper: How a picture is drawn, by the words of an export.

    Raises:
        UserError: A word of `paper` is not accepted, or what writes Parquet is not installed.
    """
    from sab_visualiser.app.export.content.parquet import columns_of, to_parquet
    from sab_visualiser.app.export.content.tables import Table
    from sab_visualiser.app.export.content.text import to_csv
    from sab_visualiser.app.export.paper import PaperWords

    drawn = validate(PaperWords, dict(paper or {})).paper()
    if kind == "json":
        return (
            json.dumps({"about": about, "rows": rows}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        ).encode()
    table = Table("transfer", tuple(columns_of(rows)))
    if kind in NUMBERS:
        return (to_csv if kind == "csv" else to_parquet)(table, about)
    from sab_visualiser.app.export.print.pictures import draw

    return draw(table, about, about, kind, drawn)


def _measured(
    networks: list[str], lengths: tuple[int, ...], asked: dict[str, int], data_dir: Path | None
) -> list[dict[str, Any]]:
    from sab_visualiser.app.export.sources import weights_file
    from sab_visualiser.app.offline.measure.transfer import Asked, Source
    from sab_visualiser.app.offline.measure.transfer import transfer as measure
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder
    from sab_visualiser.model.training.checkpoint_format import CheckpointError

    folder, bundled = DataFolder(data_dir or Settings().data_dir), presets()
    sources = [Source(name, weights_file(name, bundled, folder)) for name in networks]
    try:
        with _bar(len(sources) * len(lengths)) as tell:
            return measure(sources, Asked(lengths, **asked), tell)
    except (CheckpointError, ValueError) as error:
        raise CommandError(str(error), 2) from None


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    """Progress on a terminal, nothing elsewhere."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("lengths"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal)
    # A bar that is switched off still ends its line, in earlier versions of rich.
    with progress if console.is_terminal else nullcontext():
        task = progress.add_task("lengths", total=total)
        yield lambda: progress.advance(task)


def _kind(file: Path) -> str:
    return "csv" if is_stdout(file) else file.suffix.lstrip(".").lower()


def _word(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
