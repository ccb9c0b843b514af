"""Carries out the steps that an older file needs; alembic is loaded for that only, so a start does not wait for it.

The file has one stamp, `user_version`: the number of its last step. Alembic's own table stands in the file while the
steps run, and is gone afterwards. All steps are one transaction of the caller: they are all made, or none is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

STEPS = Path(__file__).parent / "steps"
TABLE = "alembic_version"


def name_of(version: int) -> str:
    """How alembic calls the step that leads to a schema."""
    return f"{version:04d}"


def upgrade(connection: Connection, found: int, steps: Path = STEPS) -> int:
    """Make every step from schema `found` to the last there is; returns the schema that the file has then.

    Args:
        connection: In a transaction, which the caller commits.
        found: The schema that the file has, ≥ 0.
        steps: Folder whose `versions` are the steps.
    """
    script = ScriptDirectory(str(steps))
    last = script.get_current_head() or name_of(0)

    def due(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=due) as environment:
        environment.configure(connection=connection, version_table=TABLE)
        context = environment.get_context()
        if found:
            context.stamp(script, name_of(found))
        environment.run_migrations()
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
    return int(last)
