"""Drives a sweep: keeps so many trials going, takes up those whose worker was lost, and says how far all are.

It only asks and commands; who trains (processes here, a cluster) is the server's affair.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sab_visualiser.app.runs.kin.group import key_of
from sab_visualiser.app.runs.shapes import ENDED
from sab_visualiser.app.sweeps.machines.client import AwayError, Client
from sab_visualiser.app.sweeps.plan import Plan, Trial

POLL_S = 0.5
PAUSE, MOST_PAUSE_S = 4, 2.0
"""A pause between two rounds of questions is so many times as long as the round, up to these seconds: the server has
trials to hear, too."""
AWAY_S = 20.0
"""So long a server that does not answer is asked again."""
TRIES_AT_ONE_UPDATE = 2
"""A trial that is lost again before it made an update further than the last time is given up after so many tries."""
LOST = ("failed", "interrupted")


@dataclass(frozen=True)
class Outcome:
    """A trial that has come to its end, and what is known of its run.

    Attributes:
        trial: What was tried.
        run: Its run, as the server shows it.
    """

    trial: Trial
    run: dict[str, Any]


class Source(Protocol):
    """Where trials come from: a list, or a search that learns from those before."""

    def more(self) -> Trial | None:
        """The next trial; None where there is none, or none yet."""

    def give_up(self, trial: Trial, run: dict[str, Any]) -> bool:
        """Whether a trial that is going on is not worth its end."""

    def took(self, outcome: Outcome) -> None:
        """A trial has come to its end."""


class Listed:
    """The trials of a plan, one after the other."""

    def __init__(self, plan: Plan) -> None:
        self._left = list(reversed(plan.trials))

    def more(self) -> Trial | None:
        """The next one."""
        return self._left.pop() if self._left else None

    def give_up(self, trial: Trial, run: dict[str, Any]) -> bool:
        """Every trial is worth its end."""
        return False

    def took(self, outcome: Outcome) -> None:
        """Nothing follows from it."""


@dataclass
class Open:
    """A trial that is going on: how far it is, at which update it was lost last, and how often it was lost there."""

    trial: Trial
    run: str
    update: int = 0
    lost_at: int = -1
    times: int = 0


Tell = Callable[[int, int], None]
"""Told after every round: updates made by now in all trials of this drive, and trials that have ended."""


class Drive:
    """One sweep on its way.

    Args:
        client: The server.
        plan: Its name and group; trials come from `source`.
        source: Where trials come from.
        most: Trials that are with the server at a time.
        tell: Told how far it is.
    """

    def __init__(self, client: Client, plan: Plan, source: Source, most: int, tell: Tell) -> None:
        self._client, self._plan, self._source, self._most, self._tell = client, plan, source, most, tell
        self._there = {key_of(run["spec"]): run for run in client.runs_of(plan.group)}
        self._open: list[Open] = []
        self._waiting: Trial | None = None
        self._away_since: float | None = None
        self._updates = 0
        self.outcomes: list[Outcome] = []

    def run(self, sleep: Callable[[float], None] = time.sleep) -> list[Outcome]:
        """Until every trial has come to its end.

        Raises:
            AwayError: The server is gone.
        """
        while True:
            began = time.monotonic()
            try:
                self._look()
                self._fill()
                self._away_since = None
            except AwayError as error:
                self._bear(error)
            self._tell(self._updates + sum(one.update for one in self._open), len(self.outcomes))
            if not self._open and self._waiting is None:
                return self.outcomes
            sleep(max(POLL_S, min(MOST_PAUSE_S, PAUSE * (time.monotonic() - began))))

    def _bear(self, error: AwayError) -> None:
        """A server may be slow to answer for a while."""
        now = time.monotonic()
        self._away_since = self._away_since or now
        if now - self._away_since > AWAY_S:
            raise error

    def _fill(self) -> None:
        """Begin trials while there is room for them."""
        while len(self._open) < self._most:
            trial = self._waiting or self._source.more()
            self._waiting = trial
            if trial is None:
                return
            if not self._begin(trial):
                return
            self._waiting = None

    def _begin(self, trial: Trial) -> bool:
        """Whether the trial is with the server now, or has been before; False where its queue is full."""
        run = self._there.pop(trial.key, None)
        if run is None:
            run = self._client.start(self._plan.group, self._plan.name, trial.spec.model_dump(mode="json"))
        if run is None:
            return False
        one = Open(trial, run["id"])
        lost = run["status"] in LOST
        goes_on = self._client.command(one.run, "resume") if lost else run["status"] not in ENDED
        if goes_on:
            self._open.append(one)
        else:
            self._end(trial, run)
        return True

    def _look(self) -> None:
        runs = self._client.now(self._plan.group, [one.run for one in self._open])
        for one in list(self._open):
            run = runs[one.run]
            if run is None:
                self._open.remove(one)
                continue
            one.update = int(run["update"])
            if run["status"] in LOST and self._again(one, run):
                continue
            if run["status"] in ENDED:
                self._end(one.trial, run)
                self._open.remove(one)
            elif self._source.give_up(one.trial, run):
                self._client.command(one.run, "stop")

    def _again(self, one: Open, run: dict[str, Any]) -> bool:
        """Have a lost trial go on from its checkpoint; False where it is given up."""
        one.times = 1 if run["update"] > one.lost_at else one.times + 1
        one.lost_at = max(run["update"], one.lost_at)
        return one.times < TRIES_AT_ONE_UPDATE and self._client.command(one.run, "resume")

    def _end(self, trial: Trial, run: dict[str, Any]) -> None:
        outcome = Outcome(trial, run)
        self._updates += int(run["update"])
        self.outcomes.append(outcome)
        self._source.took(outcome)
