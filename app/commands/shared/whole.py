"""`sab export` of what is no panel: a network as ONNX, a training as event files of TensorBoard; in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.files import is_stdout, told, write
from sab_visualiser.app.wire.errors import field_error

if TYPE_CHECKING:
    from sab_visualiser.app.presets.bundled import Presets
    from sab_visualiser.app.store.readonly import DataFolder

WHOLE = {"onnx": ("update", "k_top", "k_att"), "tensorboard": ()}
"""Formats that show no panel, and the words of an export that have a meaning for them."""
OF_ALL = ("format",)


class Place(NamedTuple):
    """Where a file goes, and where runs are looked up."""

    output: Path | None
    data_dir: Path | None
    server: str | None


def whole(kind: str, network: str, query: Mapping[str, str], place: Place, *, as_json: bool) -> None:
    """Write the file, and say where it is.

    Args:
        kind: onnx or tensorboard.
        network: As `sab export` takes it.
        query: What was given of the words of an export.
        place: Where to, and where from.
        as_json: Whether file and size are said as JSON.

    Raises:
        UserError: A word means nothing here, nothing is called `network`, or the extra is not installed.
        CommandError: The file cannot be written.
    """
    for name in query:
        if name not in (*OF_ALL, *WHOLE[kind]):
            option = f"--{name.replace('_', '-')}"
            raise field_error(
                option, query[name], f"left out beside --format {kind}, which shows no panel", "leave it out"
            )
    if place.server is not None:
        raise field_error(
            "--server", place.server, f"left out beside --format {kind}: it is made here", "use --data-dir"
        )
    path, size = (_onnx if kind == "onnx" else _tensorboard)(network, query, place)
    if as_json and not is_stdout(path):
        print_json({"file": str(path), "size_bytes": size})
    else:
        told(path, f"{path} ({size} bytes)")


def _onnx(network: str, query: Mapping[str, str], place: Place) -> tuple[Path, int]:
    from sab_visualiser.app.export.sources import weights_file
    from sab_visualiser.app.offline.elsewhere.onnx_file import onnx_of
    from sab_visualiser.model.training.checkpoint import load
    from sab_visualiser.model.training.checkpoint_format import CheckpointError

    update = int(query["update"]) if "update" in query else None
    file = weights_file(network, _presets(), _folder(place), update)
    try:
        stored = load(file)
        body = onnx_of(stored, {name: int(query[name]) for name in ("k_top", "k_att") if name in query})
    except (CheckpointError, ValueError) as error:
        raise CommandError(str(error), 2) from None
    path = place.output or Path(f"sab-{Path(network).stem}-u{stored.update}.onnx")
    write(path, body)
    return path, len(body)


def _tensorboard(network: str, query: Mapping[str, str], place: Place) -> tuple[Path, int]:
    from sab_visualiser.app.export.query import no_history
    from sab_visualiser.app.export.sources import found_run
    from sab_visualiser.app.offline.elsewhere.tensorboard import Events
    from sab_visualiser.app.presets.history import curves_of
    from sab_visualiser.app.runs.verdict_words import Verdict

    preset = next((each for each in _presets() if each.name == network), None)
    if preset is None:
        folder = _folder(place)
        run = found_run(network, folder)
        spec, name, curves, verdict, update = run.spec, run.name, folder.metrics(run), run.verdict, run.update
    elif preset.history is None:
        raise no_history(network, "curves")
    else:
        spec, name, curves, update = preset.spec, preset.name, curves_of(preset), preset.update or 0
        verdict = cast(Verdict | None, preset.verdict)
    try:
        with Events(place.output or Path("tensorboard"), spec, name) as events:
            events.curves(curves)
            events.end(verdict, update)
    except OSError as error:
        raise CommandError(
            f"--output: {error.strerror}: {error.filename}; choose a folder that can be written"
        ) from None
    return events.folder, sum(file.stat().st_size for file in events.folder.iterdir())


def _presets() -> Presets:
    from sab_visualiser.app.commands.train import presets

    return presets()


def _folder(place: Place) -> DataFolder:
    from sab_visualiser.app.settings import Settings
    from sab_visualiser.app.store.readonly import DataFolder

    return DataFolder(place.data_dir or Settings().data_dir)
