"""The story of a trace in two lines: the claims that its facts allow."""

from __future__ import annotations

from sab_visualiser.app.export.story.claims import CARRIED, QUESTION, REACH, TITLE
from sab_visualiser.app.export.story.facts import facts
from sab_visualiser.app.export.story.path import Trace
from sab_visualiser.app.runs.words.say import say


def headline(trace: Trace) -> tuple[str, str]:
    """Title and answer for the top of a page."""
    known = facts(trace)
    title, answer = ([say(place, known) for place in places] for places in ((TITLE, QUESTION), (CARRIED, REACH)))
    return " ".join(filter(None, title)), " ".join(filter(None, answer))
