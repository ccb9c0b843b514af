"""PNG, SVG and PDF are real files of their kind, say what they show, and come out the same every time."""

from __future__ import annotations

import json
import re
import threading
import xml.etree.ElementTree as ET
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from PIL import Image

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.attention import attention
from sab_visualiser.app.export.print.pictures import draw
from sab_visualiser.app.export.print.sheet import sheet
from sab_visualiser.app.export.query import OF_TRAINING
from sab_visualiser.app.export.render import caption_for, render
from tests.app.export.traces import SPEC, made_up, metrics, no_metrics

PANELS = ("attention", "gradients", "paths", *OF_TRAINING)
STARTS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}
AWKWARD = {**SPEC, "name": "cost $x^2$ </svg> & 漢字 \x00"}


def _file(panel: str, file_format: str, trace: dict[str, Any] | None = None) -> bytes:
    data = metrics() if panel in OF_TRAINING else trace or made_up()
    return render(panel, file_format, data, caption_for(panel, data, AWKWARD, "r1"))


@pytest.mark.parametrize(
    ("panel", "file_format"),
    [("attention", "svg"), ("gradients", "pdf"), ("paths", "png"), ("curves", "svg"), ("curves", "pdf")],
)
def test_a_picture_is_a_file_of_its_kind_and_the_same_every_time(panel: str, file_format: str) -> None:
    body = _file(panel, file_format)
    assert body.startswith(STARTS[file_format])
    assert body == _file(panel, file_format)


@pytest.mark.parametrize("panel", ["attention", "gradients"])
def test_a_png_is_not_blank_and_carries_its_caption(panel: str) -> None:
    with Image.open(BytesIO(_file(panel, "png"))) as picture:
        caption = json.loads(picture.info["Description"])
        assert np.unique(np.asarray(picture.convert("L"))).size > 20
        assert min(picture.size) > 500
    assert caption["run"] == "r1"
    assert caption["config"]["training"]["seed"] == 7
    assert "漢字" in caption["name"]


@pytest.mark.parametrize("file_format", ["png", "svg", "pdf"])
def test_C10_exploding_norms_stand_on_an_axis_and_infinite_ones_in_their_lane(file_format: str) -> None:
    norms = {"sab": [1e38, None, *[0.5] * 28], "full": [3.4e38, *[1e-38] * 29]}
    body = _file("gradients", file_format, made_up(gradient_norm=norms))
    assert body.startswith(STARTS[file_format])
    curves = {**metrics(), "gradient_norm": np.array([3.4e38, np.inf, 1e-38], np.float32)}
    assert render("curves", file_format, curves, caption_for("curves", curves, SPEC, "r1")).startswith(
        STARTS[file_format]
    )


def test_B15_an_svg_is_well_formed_and_carries_its_caption_with_a_persons_words_escaped() -> None:
    root = ET.fromstring(_file("attention", "svg"))
    described = [element.text for element in root.iter() if element.tag.endswith("}description")]
    assert described[0] is not None
    assert json.loads(described[0])["name"].startswith("cost $x^2$ </svg> & 漢字")
    assert not [element for element in root.iter() if element.tag.endswith("}script")]


def test_drawing_in_two_threads_at_once_changes_nothing() -> None:
    expected = _file("paths", "svg")
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(_file("paths", "svg"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 2


ONE_STEP = {
    "steps": 1,
    "memories": [],
    "cuts": [],
    "true_sources": {},
    "loss_step": 0,
    "attention": {"reader": [], "source": [], "weight": []},
    "gradient_norm": {"sab": [0.0], "truncated": [None], "full": [1.0]},
    "edges": [],
    "paths": [],
    "reach": {"sab": [], "truncated": [], "full": [[0, 0]]},
}
NOTHING = {
    "gradient_norm": {"sab": [0.0] * 30, "truncated": [None] * 30},
    "reach": {"sab": [], "truncated": []},
    "attention": {"reader": [], "source": [], "weight": []},
    "paths": [],
}


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths"])
@pytest.mark.parametrize("changes", [ONE_STEP, NOTHING, {"loss_step": None}])
@pytest.mark.parametrize("file_format", ["svg", "pdf"])
def test_a_trace_with_nothing_in_it_still_draws(panel: str, changes: dict[str, Any], file_format: str) -> None:
    assert len(_file(panel, file_format, made_up() | changes)) > 5000


@pytest.mark.parametrize("panel", OF_TRAINING)
def test_a_training_without_a_single_update_still_draws(panel: str) -> None:
    empty = no_metrics()
    assert draw(make_table(panel, empty), empty, {}, "png").startswith(STARTS["png"])


def _drawn(trace: dict[str, Any], **more: Any) -> Figure:
    figure = Figure()
    attention(figure, trace, make_table("attention", trace), sheet(Paper(**more)))
    return figure


def _cells(figure: Figure) -> PolyCollection:
    found = [each for each in figure.axes[0].collections if each.get_array() is not None]
    assert len(found) == 1
    assert isinstance(found[0], PolyCollection)
    return found[0]


def test_negative_weights_of_the_release_variant_are_seen_on_a_scale_centred_on_zero() -> None:
    found = made_up(parameters={**made_up()["parameters"], "variant": "release"})
    weights = [-w if place == 4 else w for place, w in enumerate(found["attention"]["weight"])]
    found["attention"] = {**found["attention"], "weight": weights}
    cells = _cells(_drawn(found))
    assert (cells.norm.vmin, cells.norm.vmax) == (-1, 1)
    drawn = cells.get_array()
    assert drawn is not None
    assert float(np.min(drawn)) < 0
    below, zero, above = np.asarray(cells.cmap(cells.norm(np.array([-0.9, 0.0, 0.9]))))[:, :3]
    assert below[2] > below[0]
    assert above[0] > above[2]
    assert all(abs(part - 1) < 0.02 for part in zero)
    assert "negative" in _drawn(found).axes[1].get_ylabel()


def test_weights_beyond_one_are_told_at_the_end_of_the_colour_bar() -> None:
    found = made_up(parameters={**made_up()["parameters"], "variant": "release"})
    found["attention"] = {**found["attention"], "weight": [2.5 if w else w for w in found["attention"]["weight"]]}
    ends = [getattr(_drawn(trace).axes[1], "_colorbar").extend for trace in (found, made_up())]  # noqa: B009
    assert ends == ["max", "neither"]


def test_the_papers_weights_keep_their_scale_from_zero_to_one() -> None:
    cells = _cells(_drawn(made_up()))
    assert (cells.norm.vmin, cells.norm.vmax, cells.cmap.name) == (0, 1, "weight")


@pytest.mark.parametrize("norms", [(2.0, 5.7), (1e-4, 3e5)])
def test_axes_of_health_are_named_in_numbers_and_never_in_markup(norms: tuple[float, float]) -> None:
    data = metrics()
    for name, value in zip(("norm_median", "norm_p99"), norms, strict=True):
        data["looks"]["health"][name] = np.full(3, value, np.float32)
    picture = draw(make_table("health", data), data, {}, "svg").decode()
    assert "mathdefault" not in picture
    last_y_axis = picture.split('id="matplotlib.axis_8"')[1].split(">gradient norm<")[0]
    assert len(re.findall(r">[\d.e+−-]+</text>", last_y_axis)) >= 2, "two labels tell what the axis counts"
