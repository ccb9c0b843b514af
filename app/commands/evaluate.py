"""`sab evaluate`: a trained network on examples that it never saw, at a length it never saw if one likes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sab_visualiser.app.commands.shared.common import CommandError, print_json
from sab_visualiser.app.commands.shared.data import bring
from sab_visualiser.app.wire.errors import field_error

MEBIBYTE = 2**20


def evaluate(
    checkpoint: Annotated[Path, typer.Argument(help="A .safetensors file that a run wrote.")],
    length: Annotated[
        int | None, typer.Option("--T", min=1, help="Length knob T of the task, in steps.", show_default="the run's")
    ] = None,
    examples: Annotated[
        int, typer.Option(min=1, max=100_000, help="Unseen examples; of held-out ones up to all there are.")
    ] = 16,
    data: Annotated[
        Path | None, typer.Option(help="File or folder of the data set, where the network was trained on one of yours.")
    ] = None,
    k_top: Annotated[int | None, typer.Option(min=0, help="Memories read a step.", show_default="the run's")] = None,
    k_att: Annotated[int | None, typer.Option(min=1, help="Steps between memories.", show_default="the run's")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the examples.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Last line: the result as JSON.")] = False,
) -> None:
    """Measure a network on examples that it never saw; prints metrics, time in seconds and peak memory in MiB."""
    if not checkpoint.is_file():
        raise field_error("checkpoint", str(checkpoint), "a checkpoint file", "sab train --output DIR writes one")
    knobs: dict[str, Any] = {name: value for name, value in (("k_top", k_top), ("k_att", k_att)) if value is not None}
    from sab_visualiser.app.offline.evaluate import evaluate as measure
    from sab_visualiser.model.training.checkpoint_format import CheckpointError

    if data is not None:
        bring(data)
    try:
        found = measure(checkpoint, {} if length is None else {"T": length}, knobs, batch_size=examples, seed=seed)
    except (CheckpointError, ValueError) as error:
        raise CommandError(str(error), 2) from None
    if as_json:
        print_json(found)
        return
    metrics = ", ".join(f"{name} {'not finite' if v is None else f'{v:.4g}'}" for name, v in found["metrics"].items())
    reading = f" ({found['reading']})" if found["reading"] else ""
    typer.echo(f"{found['examples']} examples of {found['steps']} steps{reading}: {metrics}")
    typer.echo(
        f"{found['seconds']:.2f} s on {found['threads']} threads, {found['peak_bytes'] / MEBIBYTE:.0f} MiB at the peak"
    )
