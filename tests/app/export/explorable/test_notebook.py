"""What a notebook shows: the page in a frame, whatever it was made of."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

import sab_visualiser
from sab_visualiser.app.export.explorable.notebook import UNTRUSTED, show
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import from_bytes
from sab_visualiser.app.wire.trace_json import trace_json
from tests.app.export.traces import made_up, sent


def test_it_is_offered_by_the_package_itself() -> None:
    assert sab_visualiser.show is show


def test_a_preset_is_shown_in_a_frame_that_holds_the_whole_file(tmp_path: Path) -> None:
    shown = show("release", height=600)
    frame = shown._repr_html_()
    assert frame.startswith(UNTRUSTED)
    frame = frame.removeprefix(UNTRUSTED)
    content = re.fullmatch(r'<iframe title="[^"]+" style="[^"]*height: 600px;[^"]*" srcdoc="([^"]+)"></iframe>', frame)
    assert content is not None
    assert html.unescape(content[1]).encode() == shown.html
    assert shown.save(tmp_path / "page.html").read_bytes() == shown.html
    assert "MB" in repr(shown)


def test_a_trace_as_the_api_answers_it_is_a_page_of_one_picture() -> None:
    shown = show({**trace_json(from_bytes(sent(made_up()).content)), "loss_T": [None, 0.5]})
    assert b'id="packed-recording"' in shown.html


@pytest.mark.parametrize(
    ("what", "more", "words"),
    [
        ("nothing", {}, "RUN"),
        ("", {}, "what"),
        ({"name": "x"}, {}, "what"),
        ({"attention": {}, "edges": []}, {}, "a trace without"),
        ("release", {"height": 10}, "height = 10"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(
    what: Any, more: dict[str, Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAB_DATA_DIR", str(tmp_path))
    with pytest.raises(UserError, match=words):
        show(what, **more)
