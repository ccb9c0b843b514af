"""Bundles taken apart and put together again, with or without what makes them whole."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from sab_visualiser.app.bundle.manifest import EVENTS, MANIFEST, RUN, SNAPSHOTS, joined, split
from sab_visualiser.app.wire.codec import decode, encode
from tests.fakes.server import Live

ZIP = {"content-type": "application/zip"}
CHECKPOINT = "checkpoint-6.safetensors"
"""Of the bundle that the tests here have."""


def bundle_of(live: Live, run: str) -> bytes:
    """The bundle that the server gives."""
    answer = live.http.get(f"/api/runs/{run}/bundle")
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def unzipped(bundle: bytes) -> dict[str, bytes]:
    """Its files by name."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(files: Mapping[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Files as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return target.getvalue()


def forged(bundle: bytes, changes: Mapping[str, bytes | None], **manifest: Any) -> bytes:
    """The bundle with files changed (None: taken away) and a manifest that agrees with them, as a forger makes it."""
    files = unzipped(bundle)
    said = {**json.loads(files.pop(MANIFEST)), **manifest}
    for name, content in changes.items():
        files.pop(name, None)
        if content is not None:
            files[name] = content
    said["files"] = {name: facts(content) for name, content in files.items()}
    return zipped({**files, MANIFEST: json.dumps(said).encode()})


def facts(content: bytes) -> dict[str, Any]:
    """What a manifest says of a file."""
    return {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def with_record(bundle: bytes, **fields: Any) -> bytes:
    """The bundle with other fields in run.json; `spec__task__T=5` reaches into it."""
    record = json.loads(unzipped(bundle)[RUN])
    for path, value in fields.items():
        *above, name = path.split("__")
        place = record
        for step in above:
            place = place[step]
        place[name] = value
    return forged(bundle, {RUN: json.dumps(record).encode()})


def events_of(bundle: bytes, name: str = EVENTS) -> list[dict[str, Any]]:
    """The messages of its frames."""
    return [decode(frame) for frame in split(unzipped(bundle)[name], name)]


def with_frames(bundle: bytes, messages: list[dict[str, Any]], name: str = EVENTS) -> bytes:
    """The bundle with other frames."""
    return forged(bundle, {name: joined(encode(message) for message in messages)})


def with_trace(bundle: bytes, change: Any) -> bytes:
    """The bundle with its first snapshot's packed trace changed by `change`, which gets the trace and may edit it."""
    messages = events_of(bundle, SNAPSHOTS)
    trace = decode(messages[0]["trace"].tobytes())
    change(trace)
    messages[0] = {**messages[0], "trace": np.frombuffer(encode(trace), np.uint8)}
    return with_frames(bundle, messages, SNAPSHOTS)


def bring(live: Live, bundle: bytes) -> Any:
    """The answer to the bundle."""
    return live.http.post("/api/bundles", content=bundle, headers=ZIP)


def brought(live: Live, bundle: bytes) -> dict[str, Any]:
    """The run that it becomes."""
    answer = bring(live, bundle)
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/runs/{view['id']}"
    return view


def refusal(server: Live, content: bytes) -> str:
    """What the server says of it: which field, what was found, what belongs there, what to do."""
    answer = bring(server, content)
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["errors"]
    assert problem["field"] == "bundle"
    assert all(problem[word] for word in ("value", "range", "remedy")), problem
    detail: str = answer.json()["detail"]
    assert "\n" not in detail
    return detail
