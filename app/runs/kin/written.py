"""What a person writes on a run: its name, a note, tags, a star. Pure."""

from __future__ import annotations

from dataclasses import replace

from sab_visualiser.app.runs.run import Run, name_of
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.requests import RunPatch


def described(run: Run, asked: RunPatch) -> Run:
    """The run with another name, note, tags or star; a name of null is the one that follows its spec."""
    said = asked.model_dump(exclude_unset=True)
    if "name" in said:
        spec: Spec = {**run.spec, "name": said.pop("name")}
        run = replace(run, spec=spec, name=name_of(spec), aside=None)
    return replace(run, **said)
