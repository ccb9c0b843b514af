"""What handlers may use: the parts of the server, put together once by app/main.py and kept as `app.state`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from sab_visualiser.app.access.door import Door
from sab_visualiser.app.control.conductor import Conductor
from sab_visualiser.app.control.probes import Probes
from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.print.apart import Apart
from sab_visualiser.app.presets.bundled import Preset, Presets
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.store import Store
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.workers.supervisor import Supervisor


@dataclass(frozen=True)
class Parts:
    """The parts of one server."""

    settings: Settings
    store: Store
    supervisor: Supervisor
    conductor: Conductor
    presets: Presets
    probes: Probes
    answers: Answers
    door: Door
    uploading: set[HTTPConnection] = field(default_factory=set)
    """Requests whose file is on its way in."""
    pictures: Apart = field(default_factory=Apart)
    """Draws the pictures of exports."""
    epoch: str = field(default_factory=lambda: secrets.token_hex(8))
    """Another one after every start, so that a page knows when to ask for everything again."""

    def begin(self, url: str) -> None:
        """Start workers; they dial `url`, where the server listens by now."""
        self.door.listens(url)
        self.conductor.silence.start()
        self.supervisor.start(url.replace("http", "ws", 1) + "/ws/worker")

    async def end(self) -> None:
        """Viewers hear 1012, workers save and end."""
        for viewer in list(self.conductor.hub.viewers):
            viewer.close(1012)
        self.pictures.close()
        await self.conductor.close()


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts of the server that this request or socket came to."""
    return cast(Parts, connection.app.state)


Here = Annotated[Parts, Depends(parts_of)]


def find_run(here: Here, run_id: Annotated[str, Path(description="id of a run")]) -> Run:
    """The run named in the path; 404 when there is none."""
    return here.conductor.find(run_id)


def find_preset(here: Here, name: Annotated[str, Path(description="name of a preset", examples=["copy"])]) -> Preset:
    """The preset named in the path; 404 when there is none."""
    try:
        return here.presets.find(name)
    except UserError as error:
        raise UserError(404, "No such preset", error.problem.detail) from None


FoundRun = Annotated[Run, Depends(find_run)]
FoundPreset = Annotated[Preset, Depends(find_preset)]
