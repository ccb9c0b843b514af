"""C27: networks and sequences of one of everything are recorded, drawn, exported and reloaded like any other."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
import torch

from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.wire.packing import SentTrace, to_bytes
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.wire.trace import Trace
from sab_visualiser.app.wire.trace_json import trace_json
from sab_visualiser.app.worker.record import curve_columns, snapshot_record
from sab_visualiser.app.worker.translate import run_config
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint
from sab_visualiser.model.training.trainer import Trainer

torch.set_num_threads(1)
ALL = list(itertools.product((1, 2, 3, 7), (1, 2, 3), (1, 2, 7), (1, 2, 3, 7), (0, 1, 2, 7), ("paper", "release")))
SOME = [(1, 1, 1, 1, 1, "paper"), (1, 1, 1, 1, 0, "release"), *random.Random(27).sample(ALL, 10)]
"""T, batch size, hidden size, k_top, k_trunc, variant."""
PANELS = ("attention", "gradients", "paths")


def trainer_of(steps: int, batch: int, hidden: int, k_top: int, k_trunc: int, variant: str) -> Trainer:
    spec: dict[str, Any] = {
        "task": {"name": "copy", "T": steps, "items": 1},
        "model": {"hidden_size": hidden, "attention_size": 1, "k_top": k_top, "k_trunc": k_trunc, "variant": variant},
        "training": {"batch_size": batch, "updates": 2},
    }
    return Trainer(run_config(RunSpec.model_validate(spec)))


@pytest.mark.parametrize("sizes", SOME, ids=lambda sizes: "-".join(map(str, sizes)))
def test_C27_one_of_everything_is_trained_shown_exported_and_loaded_again(
    sizes: tuple[int, int, int, int, int, str],
) -> None:
    trainer = trainer_of(*sizes)
    results = list(trainer.updates(2))
    assert all(np.isfinite(result.loss) for result in results)
    trace = trace_json(snapshot_record(trainer))
    told = Trace.model_validate_json(json.dumps({**trace, "run": "r1"}, allow_nan=False))
    assert told.nonfinite == 0
    assert all(len(norms) == told.steps for norms in told.gradient_norm.values())
    assert SentTrace(to_bytes(snapshot_record(trainer)), run="r1").record()["steps"] == told.steps
    for panel in PANELS:
        caption = caption_for(panel, trace, None)
        text = render(panel, "csv", trace, caption).decode()
        names, *rows = list(csv.reader(line for line in io.StringIO(text) if not line.startswith("#")))
        columns = json.loads(render(panel, "json", trace, caption), parse_constant=pytest.fail)["columns"]
        assert list(columns) == names
        assert {len(cells) for cells in columns.values()} == {len(rows)}
    assert render("gradients", "svg", trace, caption_for("gradients", trace, None)).startswith(b"<?xml")
    again = checkpoint.loads(checkpoint.dumps(Checkpoint.of(trainer)))
    for name, weight in trainer.network.state_dict().items():
        assert torch.equal(again.state["weights"][name], weight), name
    assert curve_columns(results)["update"].tolist() == [1, 2]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("file_format", ["png", "svg", "pdf", "pgf", "npz"])
def test_C27_every_picture_of_the_smallest_network_is_a_file(panel: str, file_format: str) -> None:
    trace = trace_json(snapshot_record(trainer_of(*SOME[0])))
    assert len(render(panel, file_format, trace, caption_for(panel, trace, None))) > 100
