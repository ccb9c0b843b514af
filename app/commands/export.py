"""`sab export`: a panel of a run, a checkpoint or a preset as a file, with or without a server.

Numbers come from a stored snapshot where there is one, otherwise from a probe in this process, or from a server
when `--server` names one. The file is made by app/export, the same as for the page.
Where the numbers come from without a server: app/export/sources.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from sab_visualiser.app.commands.shared.common import print_json
from sab_visualiser.app.commands.shared.files import is_stdout, told, write
from sab_visualiser.app.commands.shared.whole import WHOLE, Place, whole
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.model.contract import DEFAULT_SHARE, Cuts

PanelName = Literal["attention", "gradients", "paths", "curves", "health", "view"]
FormatName = Literal["png", "svg", "pdf", "pgf", "html", "csv", "json", "npz", "parquet", "onnx", "tensorboard"]


def export(
    network: Annotated[
        str, typer.Argument(metavar="RUN|CHECKPOINT|PRESET", help="Id of a run, a .safetensors file, or a preset.")
    ],
    panel: Annotated[
        PanelName | None,
        typer.Option(help="Which numbers; view is all of them in one page. Needed but for onnx and tensorboard."),
    ] = None,
    file_format: Annotated[
        FormatName | None,
        typer.Option("--format", help="Which kind of file.", show_default="ending of --output, else png"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write, - for standard output, or folder for tensorboard.",
            show_default="a name in this folder",
        ),
    ] = None,
    update: Annotated[
        int | None, typer.Option(help="Update of a run, or of a preset with a history.", show_default="latest")
    ] = None,
    example: Annotated[int | None, typer.Option(help="Example of the probe batch, 0 to 15.")] = None,
    loss_step: Annotated[
        str | None, typer.Option(help="Step whose loss is followed, or 'whole'.", show_default="the task's own")
    ] = None,
    k_top: Annotated[int | None, typer.Option(help="Memories read a step.")] = None,
    k_trunc: Annotated[int | None, typer.Option(help="Steps between cuts, 0 for none.")] = None,
    k_att: Annotated[int | None, typer.Option(help="Steps between memories.")] = None,
    phase: Annotated[int | None, typer.Option(help="Shifts the cuts of blocks, in steps.", show_default="0")] = None,
    cuts: Annotated[
        Cuts | None,
        typer.Option(help="Blocks of k_trunc steps, or one cut k_trunc steps back.", show_default="blocks"),
    ] = None,
    knocked_out: Annotated[
        list[str] | None,
        typer.Option(metavar="READER-SOURCE", help="Skip edge to take away, as 40-0; again or with commas for more."),
    ] = None,
    inputs: Annotated[
        str | None, typer.Option(metavar="JSON", help="A sequence of your own, as [2,0,7]; one entry a step.")
    ] = None,
    share: Annotated[
        float | None, typer.Option(help="Share of the skip credit in the shown paths.", show_default=str(DEFAULT_SHARE))
    ] = None,
    cell: Annotated[bool, typer.Option("--cell", help="Gradients of the cell state c instead of h.")] = False,
    width_in: Annotated[float | None, typer.Option(help="Width of a picture, inches.", show_default="6.75")] = None,
    height_in: Annotated[
        float | None, typer.Option(help="Height of a picture, inches.", show_default="by panel")
    ] = None,
    font: Annotated[Literal["sans", "serif"] | None, typer.Option(help="Letters.", show_default="sans")] = None,
    font_size: Annotated[float | None, typer.Option(help="Size of letters, points.", show_default="8")] = None,
    title: Annotated[bool | None, typer.Option(help="Say what the picture is.", show_default="no")] = None,
    caption: Annotated[bool | None, typer.Option(help="Print the configuration.", show_default="no")] = None,
    legend: Annotated[bool | None, typer.Option(help="Name lines and marks.", show_default="yes")] = None,
    colormap: Annotated[
        Literal["perceptual", "safe", "grey"] | None, typer.Option(help="Colours.", show_default="perceptual")
    ] = None,
    theme: Annotated[Literal["light", "dark"] | None, typer.Option(help="Ground.", show_default="light")] = None,
    transparent: Annotated[bool | None, typer.Option(help="Leave the ground out.", show_default="no")] = None,
    dpi: Annotated[int | None, typer.Option(help="Dots per inch of a PNG.", show_default="300")] = None,
    steps: Annotated[
        str | None, typer.Option(metavar="A-B", help="First and last step shown.", show_default="all")
    ] = None,
    rules: Annotated[
        str | None, typer.Option(metavar="RULES", help="Gradients shown, as sab,full.", show_default="all three")
    ] = None,
    updates: Annotated[
        str | None,
        typer.Option(
            metavar="UPDATES",
            help="Stored pictures in a page beside the newest, as 0,400,1000-2000.",
            show_default="all that have room",
        ),
    ] = None,
    marks: Annotated[
        bool | None, typer.Option(help="Draw true sources, cuts, numbers of the strongest arc.", show_default="yes")
    ] = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Run, preset or group drawn beside curves; again or with commas for more."),
    ] = None,
    seeds: Annotated[
        bool | None,
        typer.Option(help="Draw runs that differ in the seed alone as mean and band.", show_default="no"),
    ] = None,
    config: Annotated[bool, typer.Option(help="Write the configuration beside a picture, as FILE.config.json.")] = True,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of runs.", show_default="as for sab serve")] = None,
    server: Annotated[str | None, typer.Option(metavar="URL", help="Ask a running server instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: file and size as JSON.")] = False,
) -> None:
    """Write a panel as a picture, a page or numbers; or a network as ONNX, a training for TensorBoard."""
    kind = (
        file_format or (output.suffix.lstrip(".").lower() if output else "") or ("html" if panel == "view" else "png")
    )
    words: dict[str, str | float | None] = {"panel": panel, "format": kind, "update": update, "example": example}
    words |= {"loss_step": loss_step, "k_top": k_top, "k_trunc": k_trunc, "k_att": k_att}
    words |= {"inputs": inputs, "share": share, "phase": phase, "cuts": cuts}
    words |= {"width_in": width_in, "height_in": height_in, "font": font, "font_size": font_size, "dpi": dpi}
    words |= {"colormap": colormap, "theme": theme, "steps": steps, "rules": rules, "updates": updates}
    flags = {"title": title, "caption": caption, "legend": legend, "transparent": transparent, "marks": marks}
    flags |= {"seeds": seeds}
    words |= {name: str(flag).lower() for name, flag in flags.items() if flag is not None}
    words |= {"knocked_out": "_".join(knocked_out).replace(",", "_").replace(" ", "") if knocked_out else None}
    words |= {"baseline": ",".join(baseline) if baseline else None}
    words |= {"cell": "true" if cell else None}
    query = {name: str(value) for name, value in words.items() if value is not None}
    if kind in WHOLE:
        return whole(kind, network, query, Place(output, data_dir, server), as_json=as_json)
    if panel is None:
        raise field_error("--panel", None, f"one of {', '.join(get_args(PanelName))}", "say which numbers you want")

    def made(asked: dict[str, str]) -> tuple[bytes, str]:
        return with_server(server, network, asked) if server else without_server(network, asked, data_dir)

    body, name = made(query)
    path = output or Path(name)
    write(path, body)
    if config and not is_stdout(path) and path.is_file() and (numbers := _numbers_of(query)):
        _write_config(path, json.loads(made(numbers)[0])["caption"], query)
    lacks = left_out(body) if kind == "html" else []
    if as_json and not is_stdout(path):
        print_json({"file": str(path), "size_bytes": len(body), **({"left_out": lacks} if kind == "html" else {})})
    else:
        told(path, "".join([f"{path} ({len(body)} bytes)", *(f"; it has {words}" for words in lacks)]))
    return None


def _numbers_of(query: dict[str, str]) -> dict[str, str]:
    """The question for the numbers of a picture, whose caption stands beside it; none where it is no picture."""
    from sab_visualiser.app.export.many.words import BesideWords
    from sab_visualiser.app.export.query import PICTURES

    own = {name: value for name, value in query.items() if name not in BesideWords.model_fields}
    return {**own, "format": "json"} if query["format"] in PICTURES else {}


def _write_config(path: Path, caption: dict[str, Any], query: dict[str, str]) -> None:
    """What the picture shows, and how it was asked for, beside it: a figure of a paper can be made again from that."""
    beside = {"caption": caption, "export": query}
    write(path.with_suffix(".config.json"), (json.dumps(beside, ensure_ascii=False, indent=1) + "\n").encode())


def left_out(body: bytes) -> list[str]:
    """What a page says that it has not, in its own words."""
    from sab_visualiser.app.export.explorable.page import said_by

    words: list[str] = said_by(body).get("left_out", [])
    return words


def without_server(
    network: str, query: dict[str, str], data_dir: Path | None, index: str | None = None
) -> tuple[bytes, str]:
    """The file as this process makes it, and a name for it; `index` is the first page of the site that it is in."""
    from sab_visualiser.app.export.explorable.recording import Origin
    from sab_visualiser.app.export.sources import from_here
    from sab_visualiser.app.page.files import page_folder
    from sab_visualiser.app.presets.bundled import Presets
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder

    presets = Presets(page_folder() / "static" / "presets")
    file = from_here(network, query, presets, DataFolder(data_dir or Settings().data_dir), Origin(first=index))
    return file.body, file.name


def with_server(server: str, network: str, query: dict[str, str]) -> tuple[bytes, str]:
    """The file as a running server makes it, and a name for it."""
    from sab_visualiser.app.export.remote import from_there

    file = from_there(server, network, query)
    return file.body, file.name
