"""docs/reference.md has every exit code, once."""

from __future__ import annotations

import re
from pathlib import Path

from sab_visualiser.app import cli, serve
from sab_visualiser.app.store.folder import refusals

ROOT = Path(__file__).resolve().parents[2]


def test_C8_every_start_up_error_has_an_exit_code_of_its_own_that_the_reference_tells() -> None:
    section = (ROOT / "docs" / "reference.md").read_text().partition("### Exit codes")[2].partition("\n#")[0]
    told = [int(code) for code in re.findall(r"^\| `(\d+)` \|", section, flags=re.M)]
    own = [refusals.UNUSABLE, refusals.IN_USE, refusals.OTHER_VERSION, refusals.CLOSED]
    assert told == sorted({0, 1, cli.WRONG_INPUT, serve.PORT_IN_USE, *own, cli.INTERRUPTED})
    assert len(set(own)) == len(own)
