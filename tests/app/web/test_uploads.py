from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.fakes.server import Live

RAW = {"content-type": "application/octet-stream"}


def files(live: Live) -> set[Path]:
    store = live.app.state.store
    return set(store.checkpoints.folder.iterdir())


def test_a_good_checkpoint_is_stored_by_its_hash_and_can_be_probed(server: Live) -> None:
    content = b"good weights"
    answer = server.http.post("/api/checkpoints", content=content, headers=RAW)
    assert answer.status_code == 201, answer.text
    sha256 = hashlib.sha256(content).hexdigest()
    assert answer.json()["checkpoint"] == sha256
    assert answer.json()["update"] == 7
    assert answer.json()["spec"]["task"]["T"] == 5
    assert server.app.state.store.checkpoints.path(sha256).read_bytes() == content
    assert server.http.post("/api/probe", json={"checkpoint": sha256}).json()["checkpoint"] == sha256
    assert server.http.post("/api/checkpoints", content=content, headers=RAW).status_code == 201


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"PK\x03\x04zip"])
def test_a_bad_checkpoint_leaves_nothing_behind(server: Live, content: bytes) -> None:
    before = files(server)
    answer = server.http.post("/api/checkpoints", content=content, headers=RAW)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert files(server) == before


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_an_upload_of_another_type_is_refused(server: Live, kind: str) -> None:
    answer = server.http.post("/api/checkpoints", content=b"good", headers={"content-type": kind} if kind else {})
    assert answer.status_code == 415
