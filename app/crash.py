"""Named places at which this process can be told to kill itself, so that a test can see what is left: `SAB_CRASH_AT`
names one and the how-manieth time that counts, as `blob renamed:2`. Nothing happens where nobody sets it.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "SAB_CRASH_AT"
POINTS = (
    "blob opened",
    "blob written",
    "blob on disk",
    "blob renamed",
    "blob kept",
    "commit begun",
    "commit written",
    "commit done",
    "command stored",
    "command answered",
    "event published",
)
"""Those of a server, in the order in which a checkpoint, a commit, a command and an event come to them."""
LEAVING = ("left begun", "left figures", "left weights")
"""Those of a worker whose server is gone, in the order in which what it leaves comes to them."""
TAKING_UP = ("left judged", "left kept", "left swept")
"""Those of the server that takes it up."""
_name, _, _times = os.environ.get(VARIABLE, "").partition(":")
_left = {_name: int(_times or 1)} if _name else {}


def point(name: str) -> None:
    """This process ends here, if it was told to."""
    if name in _left:
        _left[name] -= 1
        if not _left[name]:
            os.kill(os.getpid(), signal.SIGKILL)
