"""Where Python puts arcs and decades of one small trace; the page (tests/js/draw/places.test.js) must agree.

Run this file to write places.json anew after a deliberate change of app/export/content/look.py or geometry.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sab_visualiser.app.export.content.geometry import (
    arc_span,
    arcs,
    control,
    crowding,
    decades,
    ghosts,
    ink_look,
    inks,
    lanes,
    opacity,
    rise,
    thickness,
)
from sab_visualiser.app.export.content.look import ARC_FOOT_PX, ARC_TOP_PX
from tests.app.export.traces import made_up

STORED = Path(__file__).with_name("places.json")
HEIGHT_PX = 150


def places() -> dict[str, Any]:
    """The trace and what Python makes of it: px above the baseline, widths in px, opacities, powers of ten."""
    trace = made_up(knocked_out=[[20, 5], [20, -1]])
    found, out, local = arcs(trace), ghosts(trace), inks(trace)
    far = [arc.reader - arc.source for arc in found] + [reader - source for reader, source in out]
    span, crowd, room = arc_span(trace["steps"], far), crowding(len(found)), HEIGHT_PX - ARC_FOOT_PX - ARC_TOP_PX
    scale = lanes(trace["gradient_norm"])
    return {
        "trace": trace,
        "height": HEIGHT_PX,
        "arcs": {
            f"{arc.reader} {arc.source}": {
                "rise": rise(arc.reader - arc.source, span, room),
                "control": control(rise(arc.reader - arc.source, span, room)),
                "width": thickness(arc.share, crowd),
                "opacity": opacity(arc.share, crowd),
                "hop": arc.hop,
            }
            for arc in found
        },
        "ghosts": {f"{reader} {source}": rise(reader - source, span, room) for reader, source in out},
        "inks": {f"{ink.reader} {ink.source}": ink_look(ink.share) for ink in local},
        "decades": {"low": scale.low, "high": scale.high, "ticks": decades(scale.low, scale.high)},
    }


def text() -> str:
    """The JSON as it is stored."""
    return json.dumps(places(), allow_nan=False, indent=1) + "\n"


if __name__ == "__main__":
    STORED.write_text(text(), "utf-8")
