"""Why a data folder cannot be used, each with an exit code of its own; docs/reference.md lists them."""

from __future__ import annotations

from sab_visualiser.app.wire.errors import UserError

UNUSABLE, IN_USE, OTHER_VERSION, CLOSED = 4, 5, 6, 7
"""Exit codes: its database is damaged, missing or not ours; another server has it; it is of another version of this
program; it cannot be made, read or written."""


class FolderError(UserError):
    """The folder cannot be used.

    Args:
        code: Exit code of a command that ends for it.
        words: What is wrong, and what to do; one line.
    """

    def __init__(self, code: int, words: str) -> None:
        super().__init__(409, "Data folder not usable", words)
        self.code = code
