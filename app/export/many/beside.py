"""The trainings that a figure of curves names, found by who answers: a server or files."""

from __future__ import annotations

from typing import Any

from sab_visualiser.app.export.answers import Answers
from sab_visualiser.app.export.many.bundles import Training
from sab_visualiser.app.export.many.words import MOST_BESIDE
from sab_visualiser.app.runs.curves import Curves
from sab_visualiser.app.runs.named import Named
from sab_visualiser.app.wire.errors import UserError, field_error

KNOWN = "a run, a preset with a history, or a group of runs"


async def trainings_of(answers: Answers, network: Named, curves: Curves, names: tuple[str, ...]) -> list[Training]:
    """The network in view, and what is drawn beside it.

    Args:
        answers: Who knows the numbers.
        network: In view.
        curves: Its own.
        names: Of runs, presets and groups of runs.

    Raises:
        UserError: 422: nothing is called so, it has no curves, it learns another task, or it is there already.
    """
    found = [network]
    for name in names:
        known = await _called(answers, name)
        if known == found[:1] or (len(known) == 1 and known[0] in found):
            raise field_error("baseline", name, "it is in the figure already", "name it once")
        found += [one for one in known if one not in found]
    if len(found) > MOST_BESIDE + 1:
        raise field_error("baseline", f"{len(found) - 1} trainings", f"at most {MOST_BESIDE}", "name fewer")
    first = await _training(answers, network, curves)
    return [first, *[await _beside(answers, one, first) for one in found[1:]]]


async def _called(answers: Answers, name: str) -> list[Named]:
    for kind in ("preset", "run"):
        try:
            await answers.described(Named(kind, name))
        except UserError:
            continue
        return [Named(kind, name)]
    runs = await answers.runs_of(name)
    if not runs:
        raise field_error("baseline", name, KNOWN, "GET /api/runs and GET /api/presets list them")
    return [Named("run", run) for run in runs]


async def _beside(answers: Answers, network: Named, first: Training) -> Training:
    curves = (
        await answers.metrics(network.name) if network.kind == "run" else await answers.preset_metrics(network.name)
    )
    if curves is None or not len(curves["update"]):
        raise field_error("baseline", network.name, KNOWN, "it has no curves yet: leave it out")
    training = await _training(answers, network, curves)
    task, own = _task(training), _task(first)
    if task != own:
        said = f"a network that learns {own}, so that its loss is the same one"
        raise field_error("baseline", network.name, said, f"it learns {task}: leave it out")
    return training


def _task(training: Training) -> Any:
    spec = training.described.spec
    return None if spec is None else spec["task"]["name"]


async def _training(answers: Answers, network: Named, curves: Curves) -> Training:
    view = (await answers.shown(network)).view or {}
    name = view.get("name") if network.kind == "run" else view.get("title")
    described = await answers.described(network)
    return Training(network.name, str(name or network.name), described, view.get("parent"), curves)
