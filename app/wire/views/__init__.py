"""What the server answers; what may be asked is in requests.py, traces are in trace.py."""

from __future__ import annotations

from sab_visualiser.app.wire.views.problems import FieldProblem, Problem
from sab_visualiser.app.wire.views.runs import (
    BestView,
    BornView,
    CommandAnswer,
    GroupView,
    NetworkHealth,
    ParentView,
    RunParameters,
    RunView,
    VerdictView,
)
from sab_visualiser.app.wire.views.server import (
    EngineView,
    Health,
    PresetSpec,
    PresetView,
    SeedsThatLearn,
    TaskMetric,
    TaskParameter,
    TaskView,
)
from sab_visualiser.app.wire.views.stored import (
    Curves,
    KnobChange,
    LookCurves,
    PresetCurves,
    PresetSnapshots,
    RunCurves,
    RunSnapshots,
    StoredNetwork,
    UploadedNetwork,
)

__all__ = [
    "BestView",
    "BornView",
    "CommandAnswer",
    "Curves",
    "EngineView",
    "FieldProblem",
    "GroupView",
    "Health",
    "KnobChange",
    "LookCurves",
    "NetworkHealth",
    "ParentView",
    "PresetCurves",
    "PresetSnapshots",
    "PresetSpec",
    "PresetView",
    "Problem",
    "RunCurves",
    "RunParameters",
    "RunSnapshots",
    "RunView",
    "SeedsThatLearn",
    "StoredNetwork",
    "TaskMetric",
    "TaskParameter",
    "TaskView",
    "UploadedNetwork",
    "VerdictView",
]
