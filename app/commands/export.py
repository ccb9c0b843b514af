"""`sab export`: a panel of a run, a checkpoint or a preset as a file, with or without a server.

Numbers come from a stored snapshot where there is one, otherwise from a probe in this process, or from a server
when `--server` names one. The file is made by app/export, the same as for the page.
Where the numbers come from without a server: app/export/sources.py.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import typer

from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.remote import address_of, reason_of, unreachable
from sab_visualiser.model.contract import DEFAULT_SHARE, Cuts

PanelName = Literal["attention", "gradients", "paths", "curves", "health", "view"]
FormatName = Literal["png", "svg", "pdf", "pgf", "html", "csv", "json", "npz"]
PICTURES = ("png", "svg", "pdf", "pgf")
SERVER_TIMEOUT_S = 60


def export(
    network: Annotated[
        str, typer.Argument(metavar="RUN|CHECKPOINT|PRESET", help="Id of a run, a .safetensors file, or a preset.")
    ],
    panel: Annotated[PanelName, typer.Option(help="Which numbers; view is all of them in one page.")],
    file_format: Annotated[
        FormatName | None,
        typer.Option("--format", help="Which kind of file.", show_default="ending of --output, else png"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write.", show_default="a name in this folder")
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
    marks: Annotated[
        bool | None, typer.Option(help="Draw true sources, cuts, numbers of the strongest arc.", show_default="yes")
    ] = None,
    config: Annotated[bool, typer.Option(help="Write the configuration beside a picture, as FILE.config.json.")] = True,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of runs.", show_default="as for sab serve")] = None,
    server: Annotated[str | None, typer.Option(metavar="URL", help="Ask a running server instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: file and size as JSON.")] = False,
) -> None:
    """Write a panel as PNG, SVG, PDF, PGF, explorable HTML, CSV, JSON or NPZ."""
    kind = (
        file_format or (output.suffix.lstrip(".").lower() if output else "") or ("html" if panel == "view" else "png")
    )
    words: dict[str, str | float | None] = {"panel": panel, "format": kind, "update": update, "example": example}
    words |= {"loss_step": loss_step, "k_top": k_top, "k_trunc": k_trunc, "k_att": k_att}
    words |= {"inputs": inputs, "share": share, "phase": phase, "cuts": cuts}
    words |= {"width_in": width_in, "height_in": height_in, "font": font, "font_size": font_size, "dpi": dpi}
    words |= {"colormap": colormap, "theme": theme, "steps": steps, "rules": rules}
    flags = {"title": title, "caption": caption, "legend": legend, "transparent": transparent, "marks": marks}
    words |= {name: str(flag).lower() for name, flag in flags.items() if flag is not None}
    words |= {"knocked_out": "_".join(knocked_out).replace(",", "_").replace(" ", "") if knocked_out else None}
    words |= {"cell": "true" if cell else None}
    query = {name: str(value) for name, value in words.items() if value is not None}

    def made(asked: dict[str, str]) -> tuple[bytes, str]:
        return from_server(server, network, asked) if server else without_server(network, asked, data_dir)

    body, name = made(query)
    path = output or Path(name)
    write(path, body)
    if config and kind in PICTURES and path.is_file():
        _write_config(path, json.loads(made({**query, "format": "json"})[0])["caption"], query)
    if as_json:
        print_json({"file": str(path), "size_bytes": len(body)})
    else:
        typer.echo(f"{path} ({len(body)} bytes)")


def _write_config(path: Path, caption: dict[str, Any], query: dict[str, str]) -> None:
    """What the picture shows, and how it was asked for, beside it: a figure of a paper can be made again from that."""
    told = {"caption": caption, "export": query}
    write(path.with_suffix(".config.json"), (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def without_server(network: str, query: dict[str, str], data_dir: Path | None) -> tuple[bytes, str]:
    """The file as this process makes it, and a name for it."""
    from sab_visualiser.app.export.sources import from_here
    from sab_visualiser.app.page.files import page_folder
    from sab_visualiser.app.presets.bundled import Presets
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder

    presets = Presets(page_folder() / "static" / "presets")
    file = from_here(network, query, presets, DataFolder(data_dir or Settings().data_dir))
    return file.body, file.name


def from_server(server: str, network: str, query: dict[str, str]) -> tuple[bytes, str]:
    """The file as a running server makes it: a run of its own, or a preset.

    Raises:
        CommandError: When the server cannot be reached or refuses; with its own words.
    """
    base = address_of(server)
    try:
        return _get(f"{base}/api/runs/{quote(network, safe='')}/export?{urlencode(query)}")
    except HTTPError as error:
        if error.code != 404:
            raise CommandError(reason_of(error)) from None
    except URLError as error:
        raise unreachable(server, error) from None
    try:
        return _get(f"{base}/api/export?{urlencode({**query, 'preset': network})}")
    except HTTPError as error:
        raise CommandError(reason_of(error)) from None


def _get(url: str) -> tuple[bytes, str]:
    with urlopen(Request(url), timeout=SERVER_TIMEOUT_S) as answer:  # noqa: S310 (scheme is checked above)
        return answer.read(), answer.headers.get_filename() or "sab-export"


def write(path: Path, body: bytes) -> None:
    """All of the file or nothing: a temporary file in the same folder takes the name at the end.

    It can be read by whom the umask lets. What is no file, as a device or a pipe, is written into and stays what it is.

    Raises:
        CommandError: When the folder is missing or cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.write(body)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        raise CommandError(
            f"--output {path}: {error.strerror}; choose a folder that exists and can be written"
        ) from None
