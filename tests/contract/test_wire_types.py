"""The page checks itself against the types that the server validates with: the made file is never stale."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sab_visualiser.app.wire import generate
from sab_visualiser.app.wire.generate import typescript as wire_types

ROOT = generate.ROOT


def test_no_generated_file_is_stale() -> None:
    stale = [path.name for path, text in generate.files().items() if path.read_text("utf-8") != text]
    assert stale == [], "run make generated"


def test_what_a_person_may_leave_out_is_optional_and_what_the_server_sends_is_not() -> None:
    source = wire_types.source()
    assert "    loss_step?: number | null;" in _interface(source, "ProbeRequest")
    assert "    loss_step: number | null;" in _interface(source, "Trace")


def test_the_frames_of_the_stream_are_a_union_that_the_page_can_tell_apart_by_kind() -> None:
    source = wire_types.source()
    assert re.search(r"type Frame = HelloFrame \| .*SnapshotFrame.* \| RunsFrame \| RowFrame \| PongFrame;", source)
    assert '    kind: "gap";' in _interface(source, "GapFrame")
    assert "    from: number;" in _interface(source, "GapFrame")
    assert "    loss: Float32Array;" in _interface(source, "MetricsData")


def test_a_type_without_a_word_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="bytes"):
        wire_types._type(bytes)


def test_no_type_of_the_wire_is_written_out_a_second_time_by_hand() -> None:
    by_hand = (ROOT / "static" / "js" / "state" / "types.d.ts").read_text("utf-8")
    models: dict[str, Any] = {
        name: value for name, value in wire_types._names().items() if getattr(value, "model_fields", None)
    }
    twins = [
        name
        for name, body in re.findall(r"interface (\w+) \{([^}]*)\}", by_hand)
        if name in models and len(set(models[name].model_fields) & set(re.findall(r"(\w+)\??:", body))) > 2
    ]
    assert twins == []


def _interface(source: str, name: str) -> str:
    return source.split(f"interface {name} {{", 1)[1].split("  }", 1)[0]
