"""The figure of length transfer: a line a setting, each called by what sets it apart, and a band over networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from sab_visualiser.app.export.content.parquet import columns_of
from sab_visualiser.app.export.content.tables import Table
from sab_visualiser.app.export.paper import Paper
from sab_visualiser.app.export.print.many.transfer import lines, told_ticks, transfer
from sab_visualiser.app.export.print.sheet import sheet

LENGTHS = (100, 200, 300, 400, 2000, 5000)


def row(**changes: Any) -> dict[str, Any]:
    usual = {"task": "copy", "method": "sab", "trained_T": 100, "T_min": None, "T": 100, "accuracy": 1.0}
    return {**usual, "k_top": 5, "k_trunc": 5, "k_att": 2, "run": "a", **changes}


def table(rows: list[dict[str, Any]]) -> Table:
    return Table("transfer", tuple(columns_of(rows)))


def test_a_setting_is_one_line_with_all_its_networks_and_nothing_where_nothing_was_measured() -> None:
    rows = [row(run="a", T=100, accuracy=0.9), row(run="b", T=100, accuracy=0.5), row(run="b", T=200, accuracy=None)]
    (line,) = lines(table(rows), "accuracy")
    assert (line.method, line.label, line.lengths) == ("sab", "sab, T = 100 (2 networks)", [100, 200])
    np.testing.assert_array_equal(line.values, [[0.9, np.nan], [0.5, np.nan]])


def test_settings_are_called_by_what_sets_them_apart() -> None:
    rows = [
        row(run="a"),
        row(run="b", T_min=1),
        row(run="c", k_top=10, k_trunc=0),
        row(run="d", method="attention", k_top=10_000, k_trunc=0),
        row(run="e", method="bptt", k_top=0, k_trunc=0, T_min=100),
    ]
    assert [line.label for line in lines(table(rows), "accuracy")] == [
        "sab, T = 100, k_top 5, k_trunc 5 (1 network)",
        "sab, T = 1 to 100, k_top 5, k_trunc 5 (1 network)",
        "sab, T = 100, k_top 10, k_trunc ∞ (1 network)",
        "attention, T = 100 (1 network)",
        "bptt, T = 100 (1 network)",
    ]


def drawn(rows: list[dict[str, Any]], paper: Paper = Paper()) -> Figure:
    figure = Figure(layout="constrained")
    transfer(figure, {"task": rows[0]["task"]}, table(rows), sheet(paper))
    return figure


def test_the_lines_are_means_over_networks_and_the_band_goes_from_the_worst_to_the_best() -> None:
    rows = [row(run=run, T=T, accuracy=value) for run, value in (("a", 0.9), ("b", 0.5)) for T in (100, 1000)]
    (axes,) = drawn(rows).axes
    (mean,) = (each for each in axes.lines if str(each.get_label()).startswith("sab"))
    np.testing.assert_allclose(np.asarray(mean.get_ydata(), float), [0.7, 0.7])
    (band,) = axes.collections
    heights = np.asarray(band.get_paths()[0].vertices, float)[:, 1]
    assert (heights.min(), heights.max()) == (0.5, 0.9)
    assert axes.get_xscale() == "log"
    uprights = [each for each in axes.lines if each.get_label() == "length of training"]
    assert [list(np.asarray(each.get_xdata(), float)) for each in uprights] == [[100.0, 100.0]]
    (chance,) = (each for each in axes.lines if each.get_label() == "chance")
    assert list(np.asarray(chance.get_ydata(), float)) == [1 / 8, 1 / 8]


def test_methods_and_settings_differ_in_more_than_colour() -> None:
    rows = [row(run="a"), row(run="b", T_min=1), row(run="c", method="bptt"), row(run="d", method="tbptt")]
    (axes,) = drawn(rows, Paper(colormap="grey")).axes
    looks = {
        str(line.get_label()): (line.get_marker(), str(line._dash_pattern))  # type: ignore[attr-defined]
        for line in axes.lines
        if "network" in str(line.get_label())
    }
    assert len(set(looks.values())) == len(looks) == 4


def test_the_same_delays_have_the_same_dash_whichever_method_comes_first() -> None:
    rows = [row(run="a", T_min=1), row(run="b"), row(run="c", method="bptt"), row(run="d", method="bptt", T_min=1)]
    (axes,) = drawn(rows).axes
    dashes = {str(line.get_label()): line.get_linestyle() for line in axes.lines}
    assert dashes["sab, T = 100 (1 network)"] == dashes["bptt, T = 100 (1 network)"] == "-"
    assert dashes["sab, T = 1 to 100 (1 network)"] == dashes["bptt, T = 1 to 100 (1 network)"] == "--"


def test_one_network_has_no_band() -> None:
    (axes,) = drawn([row(T=100), row(T=200)]).axes
    assert len(axes.collections) == 0


def test_numbers_on_the_axis_do_not_run_into_one_another() -> None:
    assert told_ticks([*LENGTHS], sheet(Paper())) == ["100", "200", "300", "400", "2,000", "5,000"]
    narrow = told_ticks([*LENGTHS], sheet(Paper(width_in=2)))
    assert narrow[0] == "100"
    assert "" in narrow
    assert narrow[-1] == "5,000"
    assert told_ticks([100], sheet(Paper())) == ["100"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_error_has_no_upper_end(theme: Any) -> None:
    rows = [{**row(task="adding"), "mse": 3.0}]
    (axes,) = drawn(rows, Paper(theme=theme)).axes
    assert axes.get_ylim()[1] > 2.9
    assert axes.get_ylabel() == "mse"
