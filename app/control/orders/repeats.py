"""Commands that come twice: a page that hears nothing asks again, and nothing may be done twice for that."""

from __future__ import annotations

from collections import OrderedDict

from sab_visualiser.app.wire.views import CommandAnswer

REMEMBERED = 64
"""Commands of one run, the latest."""


class Repeats:
    """What was answered to the latest commands of each run, by the id that its sender gave it."""

    def __init__(self) -> None:
        self._answers: dict[str, OrderedDict[str, CommandAnswer]] = {}

    def answer(self, run_id: str, command_id: str) -> CommandAnswer | None:
        """What was answered when the command came first; None for one that is new."""
        return self._answers.get(run_id, OrderedDict()).get(command_id)

    def keep(self, answer: CommandAnswer) -> None:
        """Remember an answer, and forget the oldest."""
        kept = self._answers.setdefault(answer.run, OrderedDict())
        kept[answer.command_id] = answer
        while len(kept) > REMEMBERED:
            kept.popitem(last=False)

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._answers.pop(run_id, None)
