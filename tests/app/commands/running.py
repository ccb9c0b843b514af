"""`sab WORDS` in this process, for every test of the command line."""

from __future__ import annotations

import pytest

from sab_visualiser.app.cli import main


def run_sab(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `sab WORDS`."""
    code = 0
    try:
        main(list(words))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    out = capsys.readouterr()
    return code, out.out, out.err
