"""The files of data beside a server: known once it starts, and looked at anew when somebody asks which there are."""

from __future__ import annotations

import logging

from sab_visualiser.app.settings import Settings
from sab_visualiser.model.contract.data import know
from sab_visualiser.model.contract.files.folder import MEMORY, look

_log = logging.getLogger("app")


def know_files(settings: Settings) -> None:
    """Make the data sets of the folder known to this process; what is in it and is none is logged once."""
    found = look(settings.data_files, settings.data_dir / MEMORY)
    for held in found.held:
        know(held.facts)
    for line in found.refused:
        if line not in _REFUSED:
            _REFUSED.add(line)
            _log.warning("no data set: %s", line)


_REFUSED: set[str] = set()
