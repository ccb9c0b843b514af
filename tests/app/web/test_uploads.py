from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.fakes.server import Live

RAW = {"content-type": "application/octet-stream"}


def files(live: Live) -> set[Path]:
    store = live.app.state.store
    return {*store.checkpoints.folder.iterdir(), *store.texts.folder.iterdir()}


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


@pytest.mark.parametrize("path", ["/api/checkpoints", "/api/texts"])
def test_an_upload_of_another_type_is_refused(server: Live, path: str) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        assert server.http.post(path, content=b"good", headers={"content-type": kind}).status_code == 415


def test_a_text_is_stored_and_counted_in_characters(server: Live) -> None:
    content = "Grüße, Welt! 🧠".encode()
    answer = server.http.post("/api/texts", content=content, headers=RAW)
    assert answer.status_code == 201
    assert answer.json() == {"text": hashlib.sha256(content).hexdigest(), "characters": 14}


@pytest.mark.parametrize(
    ("content", "byte"),
    [(b"abc\xffdef", 3), ("ä".encode()[:1], 0), (b"ok \xe2\x82", 3), (b"x" * 70_000 + b"\xc3\x28", 70_000)],
)
def test_a_text_that_is_not_utf8_is_refused_at_its_byte(server: Live, content: bytes, byte: int) -> None:
    before = files(server)
    answer = server.http.post("/api/texts", content=content, headers=RAW)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["value"] == f"byte {byte}"
    assert files(server) == before


def test_a_text_above_the_limit_is_refused(server: Live) -> None:
    before = files(server)
    answer = server.http.post("/api/texts", content=b"x" * (8 * 1024 * 1024 + 1), headers=RAW)
    assert answer.status_code == 413
    assert files(server) == before
