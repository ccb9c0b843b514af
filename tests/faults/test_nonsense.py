"""B18, C7, C23: short forms of `sab bench trust`: changed files, frames of nonsense, requests made from OpenAPI."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fuzz, openapi
from sab_visualiser.model.training import checkpoint
from tests.fakes.server import in_process


def test_C7_no_changed_file_of_weights_is_loaded() -> None:
    assert fuzz.files(150, seed=9) == {"files": 150, "loaded_silently": 0}


def test_C7_a_file_that_is_as_it_was_is_loaded_so_the_others_were_refused_for_their_change() -> None:
    assert checkpoint.loads(fuzz.weights()).update == 1


@pytest.mark.server
def test_B18_frames_of_nonsense_leave_the_server_as_it_was(tmp_path: Path) -> None:
    with in_process(tmp_path) as live:
        run = live.start(training={"updates": 1_000_000})
        live.reach(run, "running", update=2)
        assert fuzz.frames(live, run, 150, seed=9)["answers"]
        assert live.http.get("/api/health").status_code == 200


@pytest.mark.server
def test_C23_requests_made_from_the_openapi_document_are_answered_as_it_says(tmp_path: Path) -> None:
    with in_process(tmp_path) as live:
        found = openapi.from_document(live, 100, seed=9)
        assert found["requests"] >= 100
        assert (found["unexpected"], found["breaks"]) == ({}, {})
        assert live.http.get("/api/health").status_code == 200
