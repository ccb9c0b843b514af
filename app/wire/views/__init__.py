"""What the server answers; what may be asked is in requests.py, traces are in trace.py."""

from __future__ import annotations

from sab_visualiser.app.wire.views.data import DataView
from sab_visualiser.app.wire.views.problems import FieldProblem, Problem
from sab_visualiser.app.wire.views.runs import (
    BestView,
    BornView,
    CommandAnswer,
    GroupMetric,
    GroupResults,
    GroupRow,
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
    LinkView,
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
    "DataView",
    "EngineView",
    "FieldProblem",
    "GroupMetric",
    "GroupResults",
    "GroupRow",
    "GroupView",
    "Health",
    "KnobChange",
    "LinkView",
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
