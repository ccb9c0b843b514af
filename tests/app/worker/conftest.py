"""A tiny run, and a link that only remembers what was sent."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from sab_visualiser.app.wire.codec import decode, encode

TINY: dict[str, dict[str, Any]] = {
    "task": {"name": "copy", "T": 4, "items": 2},
    "model": {"hidden_size": 6, "attention_size": 4, "k_top": 2, "k_trunc": 3, "k_att": 1},
    "training": {"batch_size": 3, "updates": 8, "seed": 5},
}


class Outbox:
    """Remembers frames after a trip through the codec, so that everything in them is fit for the wire."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.frames.append(decode(encode(message)))

    def fetch(self, sha256: str) -> bytes:
        raise AssertionError(f"nobody has checkpoint {sha256}")

    def kinds(self) -> list[str]:
        return [frame["kind"] for frame in self.frames]

    def last(self, kind: str) -> dict[str, Any]:
        return next(frame for frame in reversed(self.frames) if frame["kind"] == kind)

    def take(self) -> list[dict[str, Any]]:
        taken, self.frames = self.frames, []
        return taken


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


def assignment(**changes: Any) -> dict[str, Any]:
    """The message that gives the tiny run to a worker."""
    spec = {part: {**values, **changes.pop(part, {})} for part, values in TINY.items()}
    return {"type": "assign", "run": "r1", "attempt": 1, "spec": spec, "checkpoint": None, "paused": False, **changes}
