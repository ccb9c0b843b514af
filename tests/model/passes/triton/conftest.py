"""Tests of this folder need Triton, an extra. Where it is not installed they are skipped; in CI that is a failure."""

from __future__ import annotations

import importlib.util
import os

import pytest


@pytest.fixture(autouse=True)
def _triton() -> None:
    if importlib.util.find_spec("triton") is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "triton is missing: make install EXTRAS=dev,gpu"
        pytest.skip("Triton is not installed: the extra [gpu]")
