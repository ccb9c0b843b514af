"""What a program inherits from the shell or notebook that started it, and what becomes of it here: the one list.

Nothing of it may make a figure wrong or end the program with a traceback. `sab doctor` names what is set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sab_visualiser.app.wire.errors import UserError

NOT_OBEYED = {"MPLBACKEND": "pictures are written to files, for which no window is needed"}
"""Variables that are taken away before what would read them is loaded (app/export/print/), and why."""
ELSEWHERE_ONLY = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
OBEYED = {
    "NUMBA_DISABLE_JIT": "the fused loops cannot run, and training is many times slower; unset it",
    "NUMBA_CACHE_DIR": "compiled loops are kept there",
    "NUMBA_CPU_NAME": "loops are compiled for that processor, not for this one",
    "NUMBA_OPT": "loops are compiled with less effort, and may be slower",
    "SAB_BACKEND": "it says which code trains",
    "XDG_DATA_HOME": "runs are kept below it, unless --data-dir says otherwise",
    "XDG_CACHE_HOME": "compiled loops are kept below it",
    "PYTHONPATH": "what lies there may stand in the place of a package that this program needs",
}


def told(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """The variables that matter and are set, each with what becomes of it; a value may be a secret, and is not told."""
    found = [(name, f"not obeyed: {why}") for name, why in NOT_OBEYED.items() if environment.get(name)]
    found += [(name, "not asked for this machine, only for others") for name in ELSEWHERE_ONLY if environment.get(name)]
    return found + [(name, f"obeyed: {why}") for name, why in OBEYED.items() if environment.get(name)]


def forget_the_rest() -> None:
    """Take away what is not obeyed, for this process and all that it starts."""
    for name in NOT_OBEYED:
        os.environ.pop(name, None)


def home() -> Path:
    """The home folder of this person.

    Raises:
        UserError: 422: HOME is not set and the system does not know the user, as in some containers.
    """
    try:
        return Path.home()
    except RuntimeError:
        raise UserError(
            422,
            "No home folder",
            "no home folder is known (HOME is not set, and the system does not know this user); say where runs are "
            "kept with --data-dir or SAB_DATA_DIR",
        ) from None
