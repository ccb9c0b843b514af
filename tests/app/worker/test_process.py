"""A process that trains settles its threads and the memory that it keeps."""

from __future__ import annotations

import sys

import pytest
import torch

from sab_visualiser.app.worker import process
from sab_visualiser.model.passes.fused import threads as fused_threads


def test_threads_of_torch_and_of_the_loops_are_set_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "keep_freed_memory", lambda: True)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    before = torch.get_num_threads()
    try:
        process.prepare(threads=1, loop_threads=2)
        assert torch.get_num_threads() == 1
        assert fused_threads.loop_threads() == 2
    finally:
        torch.set_num_threads(before)
        fused_threads.set_loop_threads(None)


def test_another_system_keeps_its_own_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert process.keep_freed_memory() is False


def test_a_c_library_without_the_call_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    assert process.keep_freed_memory() is False
