"""The CSV that the page writes is the CSV that the server writes, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from sab_visualiser.app.export.content.caption import readable
from sab_visualiser.app.export.render import caption_for, render
from sab_visualiser.app.runs.named import turned_knobs
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.trace_json import plain
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.config import ModelConfig
from sab_visualiser.model.contract import METHODS, fixed_knobs, fixed_values
from sab_visualiser.model.network import method_knobs
from tests.app.export.traces import SPEC, made_up, metrics

SCRIPT = Path(__file__).parent / "twin.mjs"
FLOATS = {**SPEC, "training": {"learning_rate": 1e-7, "clip_norm": 1.0, "seed": 7}, "name": "a \n name — ∅"}


def page_csv(**question: object) -> bytes:
    """What the page writes."""
    node = shutil.which("node")
    if node is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "node is missing"
        pytest.skip("node is not installed: the page's own export is not compared")
    asked = json.dumps(question).encode()
    return subprocess.run([node, str(SCRIPT)], input=asked, capture_output=True, check=True).stdout


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths", "curves", "health"])
@pytest.mark.parametrize("spec", [FLOATS, SPEC, None])
@pytest.mark.parametrize("loss_step", [29, None])
def test_page_and_server_write_the_same_csv(panel: str, spec: dict[str, Any] | None, loss_step: int | None) -> None:
    data = (
        plain(metrics())
        if panel in ("curves", "health")
        else made_up(loss_step=loss_step, knocked_out=[] if loss_step is None else [[29, 3], [13, 2]])
    )
    page = page_csv(panel=panel, data=data, spec=spec)
    assert page == render(panel, "csv", data, caption_for(panel, data, spec, "r1"))


def test_page_and_server_write_the_same_gradients_of_c() -> None:
    data = made_up(cell=True)
    page = page_csv(panel="gradients", data=data, spec=SPEC)
    assert page == render("gradients", "csv", data, caption_for("gradients", data, SPEC))
    assert b"# gradient of: cell state c\n" in page
    assert b"\nstep,sab_cell,truncated_cell,full_cell\n" in page


@pytest.mark.parametrize("k_top", [2, 10_000])
def test_page_and_server_tell_the_same_turned_knobs_beside_curves(k_top: int) -> None:
    data = plain(metrics())
    knobs = {"k_top": k_top, "k_trunc": 5, "k_att": 1, "learning_rate": 0.002}
    turned = turned_knobs(cast(Spec, SPEC), knobs)
    assert (turned is None) is (k_top == SPEC["model"]["k_top"])
    page = page_csv(panel="curves", data=data, spec=SPEC, parameters={**knobs, "phase": "fixed"})
    assert page == render("curves", "csv", data, caption_for("curves", data, SPEC, "r1", knobs=turned))


def test_a_method_that_reads_every_memory_says_so_whatever_its_spec_names() -> None:
    spec = {**SPEC, "model": {**SPEC["model"], "method": "attention", "k_top": 3}}
    knobs = turned_knobs(cast(Spec, spec))
    assert knobs is not None
    curves, trace = metrics(), made_up(parameters={**made_up()["parameters"], "k_top": 10_000})
    told = [
        readable(caption_for("curves", curves, spec, "r1", knobs=knobs))["config"],
        readable(caption_for("paths", trace, spec))["config"],
    ]
    assert all("in force: k_top=all" in words for words in told)


def test_the_knobs_that_a_method_fixes_are_those_of_the_model() -> None:
    for method in METHODS:
        fixed = fixed_values(method)
        shown = to_wire(vars(method_knobs(ModelConfig(method=method))))  # type: ignore[arg-type]
        assert fixed == {name: shown[name] for name in fixed}
        assert fixed_knobs(method) == fixed.keys()
