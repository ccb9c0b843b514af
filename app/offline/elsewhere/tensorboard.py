"""Event files of TensorBoard: of a training while it goes on, or of the curves that a run left.

A run is a folder below the one that is named, so that `tensorboard --logdir` shows several side by side. Steps are
updates. A figure that was not finite, or that nobody measured, is left out; `training/skipped` says what happened then.
"""

from __future__ import annotations

import importlib.util
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sab_visualiser.app.offline.train import Listeners
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.run import name_of
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.runs.verdict_words import Verdict
from sab_visualiser.app.wire.errors import extra_missing
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.worker.record import look_figures
from sab_visualiser.model.training.looks import Look
from sab_visualiser.model.training.trainer import UpdateResult

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

PACKAGE = "tensorboard"
UNSAFE = re.compile(r"[^0-9A-Za-z_.=-]+")
LONGEST_NAME = 100
FIGURES = ("loss", "gradient_norm", "learning_rate", "skipped")
"""Of every update, below `training/`; metrics of its batch are below `batch/`, of fresh examples below `fresh/`."""


class Events:
    """The event file of one run, as a context.

    Args:
        folder: Below it a folder of the run's own is made.
        spec: What is trained.
        name: What the run is called; its own name, else one that follows its spec.

    Raises:
        UserError: Status 501, tensorboard is not installed.
        OSError: The folder cannot be written.
    """

    def __init__(self, folder: Path, spec: Spec, name: str | None = None) -> None:
        if importlib.util.find_spec(PACKAGE) is None:
            raise extra_missing("--tensorboard", str(folder), "tensorboard")
        self.folder = _new_folder(folder, name or name_of(spec))
        self._spec, self._fresh = spec, dict[str, float]()
        self._writer = _writer(self.folder)
        self._writer.add_text("configuration", f"```json\n{json.dumps(spec, indent=1)}\n```", 0)

    def listeners(self) -> Listeners:
        """Who writes while a network is trained."""
        return Listeners(on_update=self.note, on_look=self.saw)

    def note(self, result: UpdateResult) -> None:
        """Write the figures of an update."""
        figures = {f"training/{name}": getattr(result, name) for name in FIGURES}
        self._scalars(result.update, figures | {f"batch/{name}": value for name, value in result.metrics.items()})

    def saw(self, look: Look) -> None:
        """Write what a look saw."""
        self._look(look.update, look_figures(look), look.fresh or {})

    def curves(self, curves: Curves) -> None:
        """Write all that a run left."""
        told: dict[str, Any] = plain(dict(curves))  # null for what is not finite
        for row, update in enumerate(told["update"]):
            figures = {f"training/{name}": told[name][row] for name in FIGURES}
            batch = {f"batch/{name}": column[row] for name, column in told["values"].items()}
            self._scalars(update, figures | batch)
        looks = told["looks"]
        for row, update in enumerate(looks["update"]):
            figures, fresh = (
                {name: column[row] for name, column in looks[group].items()} for group in ("health", "fresh")
            )
            self._look(update, figures, fresh)

    def end(self, verdict: Verdict | None, update: int) -> None:
        """Write what became of it, and what it was trained with beside the last figures of fresh examples."""
        if verdict is not None:
            words = (verdict[part] for part in ("sentence", "advice"))
            self.say(f"**{verdict['label']}.** {' '.join(filter(None, words))}", update)
        from torch.utils.tensorboard.summary import hparams

        for summary in hparams(_settings(self._spec), self._fresh):  # type: ignore[no-untyped-call]
            self._writer._get_file_writer().add_summary(summary)  # type: ignore[no-untyped-call]

    def say(self, verdict: str, update: int) -> None:
        """Write the verdict in words."""
        self._writer.add_text("verdict", verdict, update)

    def _look(self, update: int, health: Mapping[str, float | None], fresh: Mapping[str, float | None]) -> None:
        told = {f"fresh/{name}": value for name, value in fresh.items()}
        self._scalars(update, told | {f"health/{name}": value for name, value in health.items()})
        self._fresh |= {tag: value for tag, value in told.items() if value is not None and math.isfinite(value)}

    def _scalars(self, update: int, figures: Mapping[str, float | None]) -> None:
        from tensorboard.compat.proto.summary_pb2 import Summary

        # All of an update in one event: one by one they take eight times as long.
        known = {tag: value for tag, value in figures.items() if value is not None and math.isfinite(value)}
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in known.items()]
        self._writer._get_file_writer().add_summary(Summary(value=values), update)  # type: ignore[no-untyped-call]

    def __enter__(self) -> Events:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._writer.close()


def _writer(folder: Path) -> SummaryWriter:
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder))


def folder_name(name: str) -> str:
    """What the folder of a run of that name is called where there is none yet."""
    return UNSAFE.sub("-", name)[:LONGEST_NAME].strip("-.") or "run"


def _new_folder(parent: Path, name: str) -> Path:
    """A folder of that name that nobody has yet: two runs in one would be drawn as one."""
    safe = folder_name(name)
    for number in range(1, 10_000):
        path = parent / (safe if number == 1 else f"{safe}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(17, "ten thousand runs of that name are there", str(parent / safe))


def _settings(spec: Spec) -> dict[str, bool | int | float | str]:
    """The fields of a run by dotted name, for the table of hyperparameters; what is not set is left out."""
    parts = {"task": spec["task"], "model": spec["model"], "training": spec["training"]}
    named = {f"{part}.{name}": value for part, fields in parts.items() for name, value in fields.items()}
    known = {name: value for name, value in named.items() if value is not None}
    return {name: value if isinstance(value, bool | int | float) else str(value) for name, value in known.items()}
