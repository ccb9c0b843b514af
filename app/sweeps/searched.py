"""Trials that are drawn, each after what those before came to: Optuna draws, and a verdict gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sab_visualiser.app.runs.kin.group import Point
from sab_visualiser.app.sweeps.drive import Outcome
from sab_visualiser.app.sweeps.plan import Fill, Trial, trial_of
from sab_visualiser.app.sweeps.search import Search, Space
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract import TASKS

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study

HOPELESS = ("at chance", "standing still", "attention dead", "scorer saturated")
"""Verdicts of a trial that has had its time and is given up."""
MISSING = "[search] needs Optuna: pip install 'sab-visualiser[search]'"


class Searched:
    """A source of trials for a drive.

    Args:
        search: What is drawn from, how, and how often.
        base: The body of every trial.
        fill: Puts a body over the preset that it names.
        there: Specs of the trials that were begun before, oldest first: they come again before new ones are drawn.

    Raises:
        UserError: Optuna is not installed.
    """

    def __init__(self, search: Search, base: dict[str, Any], fill: Fill, there: list[dict[str, Any]]) -> None:
        self._search, self._base, self._fill = search, base, fill
        self._metric = TASKS[trial_of(0, {}, base, fill).spec.task.name].metrics[0]
        self._study = _study(search, self._metric.better)
        self._space = {name: _distribution(space) for name, space in search.space.items()}
        for spec in there[: search.trials]:
            self._study.enqueue_trial(_point_of(spec, search))
        self._drawn = 0
        self._numbers: dict[int, int] = {}
        self._came_to: dict[str, float | None] = {}
        """The best of each trial, by its key; None until it has one."""

    def more(self) -> Trial | None:
        """The next point, until there were as many as may be; a point that was drawn before is told, not trained."""
        while self._drawn < self._search.trials:
            drawn = self._study.ask(self._space)
            trial = trial_of(self._drawn, dict(drawn.params), self._base, self._fill)
            self._drawn += 1
            if trial.key in self._came_to:
                self._tell(drawn.number, self._came_to[trial.key])
                continue
            self._came_to[trial.key] = None
            self._numbers[trial.number] = drawn.number
            return trial
        return None

    def give_up(self, trial: Trial, run: dict[str, Any]) -> bool:
        """Whether its verdict says that nothing will come of it, after its share of the updates."""
        had_its_time = run["update"] >= self._search.prune_after * trial.spec.training.updates
        return self._search.prune and had_its_time and (run["verdict"] or {}).get("word") in HOPELESS

    def took(self, outcome: Outcome) -> None:
        """The best that it came to is what the next points are drawn by; one that came to nothing has failed."""
        best = (outcome.run["best"] or {}).get("value")
        self._came_to[outcome.trial.key] = best
        self._tell(self._numbers[outcome.trial.number], best)

    def _tell(self, number: int, best: float | None) -> None:
        if best is None:
            self._study.tell(number, state=_failed())
        else:
            self._study.tell(number, best)


def _study(search: Search, better: str) -> Study:
    try:
        import optuna
    except ImportError:
        raise UserError(422, "Not installed", MISSING) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler: Any = (
        optuna.samplers.RandomSampler(seed=search.seed)
        if search.sampler == "random"
        # Trials that are still going on count as bad, so that their like is not drawn at the same time.
        else optuna.samplers.TPESampler(seed=search.seed, constant_liar=True)
    )
    return optuna.create_study(direction="maximize" if better == "higher" else "minimize", sampler=sampler)


def _distribution(space: Space) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if space.choices is not None:
        return CategoricalDistribution(space.choices)
    low, high = space.ends()
    return IntDistribution(low, high, log=space.log) if space.whole else FloatDistribution(low, high, log=space.log)


def _point_of(spec: dict[str, Any], search: Search) -> Point:
    whole = RunSpec.model_validate(spec)
    # As it was drawn, also where the method fixes it to something else.
    return {path: getattr(getattr(whole, path.split(".")[0]), path.split(".")[1]) for path in search.space}


def _failed() -> Any:
    from optuna.trial import TrialState

    return TrialState.FAIL
