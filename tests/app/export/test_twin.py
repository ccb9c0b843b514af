"""The CSV that the page writes is the CSV that the server writes, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.wire.trace_json import plain
from tests.app.export.traces import SPEC, made_up, metrics

SCRIPT = Path(__file__).parent / "twin.mjs"
FLOATS = {**SPEC, "training": {"learning_rate": 1e-7, "clip_norm": 1.0, "seed": 7}, "name": "a \n name — ∅"}


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths", "curves"])
@pytest.mark.parametrize("spec", [FLOATS, SPEC, None])
@pytest.mark.parametrize("loss_step", [29, None])
def test_page_and_server_write_the_same_csv(panel: str, spec: dict[str, Any] | None, loss_step: int | None) -> None:
    node = shutil.which("node")
    if node is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "node is missing"
        pytest.skip("node is not installed: the page's own export is not compared")
    data = (
        plain(metrics())
        if panel == "curves"
        else made_up(loss_step=loss_step, knocked_out=[] if loss_step is None else [[29, 3], [13, 2]])
    )
    question = json.dumps({"panel": panel, "data": data, "spec": spec})
    page = subprocess.run([node, str(SCRIPT)], input=question.encode(), capture_output=True, check=True).stdout
    assert page == render(panel, "csv", data, caption_for(panel, data, spec, "r1"))
