"""What events of a run tell of commands and files: carried out, superseded, refused."""

from __future__ import annotations

from sab_visualiser.app.wire.columns import Part
from sab_visualiser.app.wire.requests import CommandType


class AcknowledgedData(Part):
    """The command that is carried out."""

    command_id: str
    type: CommandType


class SupersededData(Part):
    """Commands that were taken and will not be carried out, and why."""

    commands: list[str]
    why: str


class QuarantinedData(Part):
    """A file that is not what it should be, the update it was to have, and why.

    `name` is its name in the folder `quarantine`, and null where the file was gone.
    """

    name: str | None
    update: int
    why: str
