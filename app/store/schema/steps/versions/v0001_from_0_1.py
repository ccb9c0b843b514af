"""From version 0.1 of the program: the tables are the same, the file only had no stamp. Its table `texts`, which nobody
reads any more, stays.

Frames of snapshots that 0.1 wrote are read as they are (app/runs/stored.py).
"""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing but the stamp, which app/store/schema/upgrade.py sets."""
