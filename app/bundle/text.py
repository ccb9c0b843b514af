"""The text of a run of `char` in its bundle: judged as one that is sent, and held to the sha256 that the run names."""

from __future__ import annotations

from typing import NamedTuple

from sab_visualiser.app.bundle.manifest import TEXT, refused
from sab_visualiser.app.bundle.unzip import Zip
from sab_visualiser.app.store.texts import judged_text
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract.data import TextFacts, short_name
from sab_visualiser.model.contract.judge import FileError
from sab_visualiser.model.contract.rules import data_suits


class Sent(NamedTuple):
    """A text that came along: what is to be known of it, and what it says."""

    facts: TextFacts
    text: str


def read_text(bundle: Zip, spec: RunSpec) -> Sent | None:
    """The text that a bundle has; None for one without: a run that reads no text of its own, or an older bundle.

    Args:
        bundle: The bundle.
        spec: Of its run.

    Raises:
        UserError: Status 422; it is no text, another one than the run reads, or one that its task cannot read.
    """
    if TEXT not in bundle.manifest.files:
        return None
    word, _, sha256 = (spec.task.data or "").partition("@")
    if not sha256:
        raise refused(f"{TEXT} beside a run that reads no text of its own", "a text only where the run names it")
    try:
        facts, text = judged_text(bundle.read(TEXT), word)
        if facts.sha256 != sha256:
            raise refused(f"{TEXT}, {short_name(facts.name)}", f"the text that the run reads, of sha256 {sha256}")
        data_suits(spec.task, facts)
    except FileError as error:
        raise refused(TEXT, f"a text in UTF-8; {str(error).removeprefix(f'{word}: ')}") from None
    except ValueError as error:
        raise refused(f"{TEXT}, {short_name(facts.name)}", f"one that the run can read; {error}") from None
    return Sent(facts, text)
