"""Makes the pretrained networks that the page opens with; `make presets` trains them from nothing.

A network is kept only if it does what its picture promises: it must solve the task and read, at every answer, the
microstate of the true source. A seed that learns the task some other way is written down as tried, and the next
one is taken. One that is there to show what a formula cannot do is kept as it comes. Live presets are
trained in front of the viewer.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from sab_visualiser.app.offline.promise import as_promised, is_clear, opening_trace, reading, reads_surely
from sab_visualiser.app.offline.recorder import Recorder
from sab_visualiser.app.offline.train import CHECKPOINT_NAME, EXAMPLES, Enough, Listeners, train
from sab_visualiser.app.wire.packing import to_bytes
from sab_visualiser.app.worker.translate import run_spec
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer

FOLDER = Path("static") / "presets"
COMMAND = "python -m sab_visualiser.app.offline.make_presets"
HISTORY_NAME = "history.zst"
SEEDS = 20
"""Seeds to try before giving up."""


@dataclass(frozen=True)
class Pretrained:
    """A network to train, and what to say about it.

    Attributes:
        config: Its first seed is the first to try.
        history: Updates between two snapshots of its training that are kept beside it; None keeps none.
        solves: Whether it must do what its picture promises; False keeps what the first seed has come to at the
            last update, for what that shows.
        clear: Whether its opening picture must be one arc that a stranger sees at once; training goes on until it is.
    """

    name: str
    title: str
    description: str
    config: RunConfig
    history: int | None = None
    solves: bool = True
    clear: bool = False

    @property
    def enough(self) -> Enough | None:
        """What training must also come to, beside `training.until`."""
        return _opens_clearly if self.clear else None


PRETRAINED = (
    Pretrained(
        name="copy",
        title="Copy, 30 steps",
        description=(
            "Ten symbols, thirty steps of waiting, then all ten again. Cuts every 5 steps leave the local gradient"
            " no way back, so the credit for each answer hops to the very step where its symbol was read. It was"
            " trained with delays 1–30 mixed, and every 125th update is kept: press play, or drag the update from 0,"
            " and see the arcs appear."
        ),
        config=RunConfig(
            TaskConfig("copy", 30, T_min=1),
            ModelConfig(k_att=1),
            TrainingConfig(
                learning_rate=5e-3,
                batch_size=16,
                updates=20_000,
                phase="random",
                sum_floor=0.1,
                weight_decay=0.03,
                rate_decay=0.5,
                until="accuracy ≥ 0.99",
            ),
        ),
        history=125,
        clear=True,
    ),
    Pretrained(
        name="release",
        title="Copy, 30 steps, release",
        description=(
            "The same task with the attention of the authors' released code: the choice of memories ignores the current"
            " state, so every step reads the same few, and most of the symbols are lost. It was trained with one fixed"
            " delay."
        ),
        config=RunConfig(
            TaskConfig("copy", 30),
            ModelConfig(k_att=1, variant="release"),
            TrainingConfig(learning_rate=5e-4, updates=6_000),
        ),
        solves=False,
    ),
)


def _opens_clearly(trainer: Trainer) -> bool:
    state = Checkpoint.of(trainer)
    return is_clear(opening_trace(state)) and reads_surely(state)


def make(preset: Pretrained, folder: Path, work: Path) -> Path:
    """Train a preset until a seed reads as promised, and write its weights, its facts and its trace.

    Args:
        preset: What to train.
        folder: Where `NAME.safetensors`, `NAME.json`, `NAME.trace` and `NAME.history.zst` go.
        work: Where checkpoints are kept meanwhile; a run that was broken off goes on from there.

    Returns:
        The path of the facts.

    Raises:
        RuntimeError: No seed came out as promised; the message says what each one did.
    """
    tried: list[dict[str, Any]] = []
    first = preset.config.training.seed
    for seed in range(first, first + SEEDS):
        config = replace(preset.config, training=replace(preset.config.training, seed=seed))
        run = work / f"{preset.name}-{seed}"
        result = _trained(config, preset, run)
        state = checkpoint.load(run / CHECKPOINT_NAME)
        found = reading(state)
        tried.append(
            {
                "seed": seed,
                "updates": result["updates"],
                "accuracy": result["metrics"]["accuracy"],
                "seconds": result["seconds"],
                **found,
                **({"clear": is_clear(opening_trace(state))} if preset.clear else {}),
            }
        )
        typer.echo(json.dumps(tried[-1]), err=True)
        if not preset.solves or as_promised(tried[-1]):
            return _write(preset, state, result, tried, folder, run / HISTORY_NAME)
    raise RuntimeError(f"{preset.name}: no seed reads the true sources; tried {tried}")


def _trained(config: RunConfig, preset: Pretrained, run: Path) -> dict[str, Any]:
    """Train, or go on, or take what a finished training left; seconds add up over all of it."""
    log = run / "result.json"
    before: dict[str, Any] = json.loads(log.read_text(encoding="utf-8")) if log.exists() else {"seconds": 0.0}
    saved, history = run / CHECKPOINT_NAME, run / HISTORY_NAME
    if preset.history is not None and not history.exists():
        return _recorded(config, preset, run)
    result = train(config, enough=preset.enough, output=run, resume=saved if saved.exists() else None)
    if before.get("updates") == result["updates"]:
        return before
    result["seconds"] = round(result["seconds"] + before["seconds"], 3)
    log.write_text(json.dumps(result), encoding="utf-8")
    return result


def _recorded(config: RunConfig, preset: Pretrained, run: Path) -> dict[str, Any]:
    """Train from nothing, since a history has no gaps, and keep it."""
    assert preset.history is not None, "only called where a history is wanted"
    recorder = Recorder(preset.history)
    result = train(
        config, enough=preset.enough, output=run, listeners=Listeners(recorder.note, recorder.look, recorder.saw)
    )
    recorder.write(run / HISTORY_NAME, checkpoint.load(run / CHECKPOINT_NAME).trainer())
    (run / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return result


def _write(
    preset: Pretrained,
    state: Checkpoint,
    result: dict[str, Any],
    tried: list[dict[str, Any]],
    folder: Path,
    history: Path,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{preset.name}.safetensors"
    checkpoint.save(state.weights_only(), weights)
    facts = {
        "name": preset.name,
        "title": preset.title,
        "description": preset.description,
        "spec": run_spec(state.config).model_dump(mode="json", exclude={"name", "preset"}),
        "config": state.config.to_dict(),
        "seed": state.config.training.seed,
        "update": state.update,
        "metrics": result["metrics"],
        "metrics_examples": EXAMPLES,
        "reading": {name: tried[-1][name] for name in ("hit_rate", "least_weight")},
        "verdict": result["verdict"],
        "health": result["health"],
        "skipped_total": state.state["skipped_total"],
        "command": COMMAND,
        "seconds": result["seconds"],
        "tried": tried,
        "torch": torch.__version__,
        "size_bytes": weights.stat().st_size,
    }
    if history.exists():
        shutil.copyfile(history, folder / f"{preset.name}.history.zst")
    path = folder / f"{preset.name}.json"
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / f"{preset.name}.trace").write_bytes(to_bytes(opening_trace(state)))
    return path


@contextmanager
def _work_folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main(
    output: Annotated[Path, typer.Option(help="Folder that the presets go to.")] = FOLDER,
    work: Annotated[
        Path | None, typer.Option(help="Folder for checkpoints on the way, to go on from after a break.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Name of the one network to train; all of them by default.")] = None,
) -> None:
    """Train the bundled networks again: about half a minute a seed on one core."""
    names = [preset.name for preset in PRETRAINED]
    if only is not None and only not in names:
        raise typer.BadParameter(f"only = {only}: one of {', '.join(names)}")
    with _work_folder(work) as folder:
        for preset in PRETRAINED:
            if only not in (None, preset.name):
                continue
            typer.echo(f"{make(preset, output, folder)}")


if __name__ == "__main__":
    typer.run(main)
