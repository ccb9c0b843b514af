"""The kernels compile for cards that are not here, and a machine on which they count wrong is found out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.gpu import parity
from tests.model.passes.triton.interpreted import NAME, interpreted

pytestmark = pytest.mark.slow

COMPILE = Path(__file__).with_name("compile_for.py")


@pytest.mark.parametrize("capability", [80, 90])
def test_both_walks_compile_with_every_option_for_a_card(capability: int, tmp_path: Path) -> None:
    """As at a launch: the same arguments, down to machine code; in a process of its own, for this one interprets."""
    environment = {**os.environ, "TRITON_INTERPRET": "0", "TRITON_CACHE_DIR": str(tmp_path)}
    words = [sys.executable, str(COMPILE), str(capability)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.split("\n")[:-1]
    assert len(lines) == 9
    assert all(0 <= int(line.split()[1]) <= 48 * 1024 for line in lines), lines


def test_a_machine_that_counts_right_is_not_refused() -> None:
    from sab_visualiser.model.passes.triton.check import wrong_number

    with np.errstate(all="ignore"):
        assert wrong_number(torch.device("cpu")) is None


def test_a_machine_that_counts_wrong_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from sab_visualiser.model.passes.triton import check, passes

    right = passes.backward_pass

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        found.weights.weight_hh.mul_(1.01)
        return found

    monkeypatch.setattr(passes, "backward_pass", wrong)
    with np.errstate(all="ignore"):
        reason = check.wrong_number(torch.device("cpu"))
    assert reason is not None
    assert reason.startswith("a small layer gives a wrong number here: weight_hh is off by ")


def test_the_script_for_a_gpu_finds_the_walks_right() -> None:
    with interpreted():
        (found,) = parity.measure(NAME, "cpu", ("softmax", "knocked out"))
    assert found["holds"], found
    assert found["cases"] + len(found["turned_by_rounding"]) == 8
