"""Event files of TensorBoard for the trials of a sweep: a folder a trial, written when it has come to its end."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.sweeps.drive import Outcome, Source
from sab_visualiser.app.sweeps.plan import Trial
from sab_visualiser.app.wire.errors import extra_missing, field_error


@dataclass(frozen=True)
class Written:
    """A source whose trials leave event files.

    Attributes:
        source: Where trials come from.
        name: Of the sweep; the folders begin with it.
        folder: Where to.
        data_dir: The folder of runs; None for the usual one.
    """

    source: Source
    name: str
    folder: Path
    data_dir: Path | None

    def more(self) -> Trial | None:
        """The next trial."""
        return self.source.more()

    def give_up(self, trial: Trial, run: dict[str, object]) -> bool:
        """As the source says."""
        return self.source.give_up(trial, run)

    def took(self, outcome: Outcome) -> None:
        """Write what the run left; of a trial that was written before, nothing."""
        self.source.took(outcome)
        try:
            self._write(outcome)
        except OSError as error:
            raise CommandError(
                f"--tensorboard {self.folder}: {error.strerror}; choose a folder that can be written, and go on "
                "with --resume"
            ) from None

    def _write(self, outcome: Outcome) -> None:
        from sab_visualiser.app.offline.elsewhere.tensorboard import Events, folder_name
        from sab_visualiser.app.settings import Settings
        from sab_visualiser.app.store.readonly import DataFolder

        words = [f"{path.rpartition('.')[2]}={value}" for path, value in outcome.trial.point.items()]
        name = " ".join([self.name, *words])
        place = DataFolder(self.data_dir or Settings().data_dir)
        run = place.run(outcome.run["id"])
        if run is None or (self.folder / folder_name(name)).exists():
            return
        with Events(self.folder, run.spec, name) as events:
            events.curves(place.metrics(run))
            events.end(run.verdict, run.update)


def check_events(folder: Path, server: str | None) -> None:
    """Refuse before anything is trained what could not be written.

    Raises:
        UserError: tensorboard is not installed, or the folder of runs is a server's.
    """
    if server is not None:
        remedy = "sab export RUN --format tensorboard, where that server's folder is"
        raise field_error(
            "--tensorboard", str(folder), "left out beside --server, whose runs are not read here", remedy
        )
    if importlib.util.find_spec("tensorboard") is None:
        raise extra_missing("--tensorboard", str(folder), "tensorboard")
