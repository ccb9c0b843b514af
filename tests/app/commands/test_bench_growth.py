"""The pure parts of the engine's figures: counted operations, fitted exponents, rows of the README, the chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import chart, table
from benchmarks.fits import power_of
from benchmarks.flops import flops_of
from benchmarks.growth import timed
from benchmarks.machine import figure
from benchmarks.shapes import CLASSES, FEATURES, Shape


def product(m: int, k: int, n: int) -> int:
    return sum(2 * k for _ in range(m) for _ in range(n))


def plain_loop(kind: str, s: Shape) -> int:
    """Walk the steps and add up every product of one update, operand by operand."""
    total, written = 0, 0
    for t in range(s.T):
        total += 2 * product(s.B, FEATURES, 4 * s.D)  # forward, weights
        if t > 0:
            cut = kind != "lstm" and (t + 1) % s.k_trunc == 0
            total += (2 if cut else 3) * product(s.B, s.D, 4 * s.D)  # forward, weights, and back to h unless cut
        if kind == "lstm":
            total += 3 * product(s.B, s.D, CLASSES)
            continue
        memories = 1 + written
        chosen, columns = min(memories, s.k_top), min(memories, s.k_top + 1)
        total += 3 * product(s.B, s.D, s.A)
        for _ in range(s.B):
            if kind == "dense":
                total += 3 * product(memories, s.D, s.A) + 3 * product(memories, s.A, 1) + 3 * product(1, memories, s.D)
            else:
                total += product(memories, s.A, 1) + 2 * product(columns, s.A, 1)  # scores, w_s, and back to the key
                total += product(1, chosen, s.D) + product(columns, s.D, 1) + product(chosen, 1, s.D)
        if (t + 1) % s.k_att == 0 and t < s.T - 1:
            written += 1
            total += 3 * product(s.B, s.D, s.A) if kind != "dense" else 0
        total += 3 * product(s.B, 2 * s.D, CLASSES)
    return total


@pytest.mark.parametrize("kind", ["sab", "sab-torch", "lstm", "dense"])
@pytest.mark.parametrize("k_top", [1, 2, 50])
@pytest.mark.parametrize("k_att", [1, 2, 3])
def test_counted_operations_are_those_of_a_plain_loop(kind: str, k_top: int, k_att: int) -> None:
    shape = Shape(T=13, B=3, D=8, A=4, k_top=k_top, k_trunc=4, k_att=k_att)
    assert sum(flops_of(kind, shape).values()) == plain_loop(kind, shape)


def test_torch_itself_counts_the_same_large_products() -> None:
    """Its counter sees products of matrices, not those with a vector; so scores and sums of memories are left out."""
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.subjects import update_of

    shape = Shape(T=7, B=3, D=8, A=4, k_top=2, k_trunc=4, k_att=2)
    update = update_of("dense", shape)
    with FlopCounterMode(display=False) as counter:
        update()
    counted = flops_of("dense", shape)
    # The dense form also multiplies the zero state of step 0, and the constant initial memory gets no gradient while
    # it is alone (steps 0 and 1): neither is needed, so neither is counted.
    not_needed = 2 * product(shape.B, shape.D, 4 * shape.D) - 2 * product(shape.B, shape.D, shape.A)
    large = sum(counted[name] for name in ("inputs", "recurrent", "queries", "keys", "readout"))
    assert counter.get_total_flops() == large + not_needed


@pytest.mark.parametrize(("exponent", "factor"), [(1.0, 0.5), (2.0, 3.0), (0.0, 7.0), (1.37, 0.01)])
def test_a_power_law_is_found_again(exponent: float, factor: float) -> None:
    power = power_of({steps: factor * steps**exponent for steps in (60, 120, 320, 640)})
    assert power.exponent == pytest.approx(exponent, abs=1e-9)
    assert power.at(1000) == pytest.approx(factor * 1000**exponent, rel=1e-9)


def test_noise_that_cancels_leaves_the_exponent_alone() -> None:
    points = {10: 10 * 1.1, 100: 100 / 1.21, 1000: 1000 * 1.1}
    assert power_of(points).exponent == pytest.approx(1.0)


@pytest.mark.parametrize("points", [{60: 1.0}, {60: 1.0, 120: 0.0}, {}])
def test_a_fit_without_enough_points_says_so(points: dict[int, float]) -> None:
    with pytest.raises(ValueError, match="two lengths"):
        power_of(points)


def test_subjects_take_turns_and_the_rare_ones_fall_out_early() -> None:
    calls: list[str] = []

    def subject(name: str) -> Any:
        def call() -> float:
            calls.append(name)
            return 0.002

        return call

    one, two = ("a", 60), ("b", 60)
    taken = timed({one: subject("a"), two: subject("b")}, {one: 3, two: 1})
    assert calls == ["a", "b", "a", "b", "a", "a"]
    assert {pair: len(times) for pair, times in taken.items()} == {one: 3, two: 1}
    assert all(passes == 2 for _, passes in taken[one])


def test_a_limit_of_time_still_leaves_one_measurement_of_each() -> None:
    one, two = ("a", 60), ("a", 120)
    taken = timed({one: lambda: 0.0, two: lambda: 0.0}, {one: 9, two: 9}, limit_s=0.0)
    assert {pair: len(times) for pair, times in taken.items()} == {one: 1, two: 1}


def report() -> dict[str, Any]:
    """What a run writes, made up."""
    growth = []
    for subject, name, factor in (("sab", "ours", 0.25), ("lstm", "torch.nn.LSTM, full BPTT", 0.3)):
        for steps in (60, 120):
            more: dict[str, Any] = {"subject": subject, "T": steps, "grown_mib": 2.0 * steps}
            growth.append(figure(f"update T={steps} B=64 D=128 A=32: {name}", factor * steps, "ms", **more))
        growth.append(figure(f"time …: {name}", 1.0, "p", subject=subject, quantity="time"))
        growth.append(figure(f"memory …: {name}", 1.004, "p", subject=subject, quantity="memory"))
    out = figure("update T=120 B=64 D=128 A=32: SAB in dense autograd", None, "ms", subject="dense", T=120, reason="…")
    machine = {
        "time": "2026-01-02T03:04:05Z", "commit": "abc1234", "cores": 2, "processor": "P", "torch": "2", "python": "3",
        "load_before": [0.5, 0, 0], "load_after": [1.5, 0, 0],
    }  # fmt: skip
    budgets = [
        figure("ours over torch.nn.LSTM", 1.3434, "ratio", "≤ 1.25", holds=False),
        figure("dense over ours", 13.7, "times faster", "≥ 10", holds=True),
        figure("memory", None, "ratio", "≤ 0.1", reason="the machine is busy"),
    ]
    return {"machine": machine, "quick": False, "engine": [*budgets, *growth, out]}


def test_the_rows_of_the_readme_are_the_figures_of_the_report() -> None:
    rows = table.lines_of(report())
    assert "load 0.5 before and 1.5 after" in rows[0]
    assert "busy" not in rows[0]
    assert "| ours over torch.nn.LSTM | **1.34** | ≤ 1.25 |" in rows
    assert "| dense over ours | 13.7 times faster | ≥ 10 |" in rows
    assert "| memory | not measured: the machine is busy | ≤ 0.1 |" in rows
    assert "| ours | 15.0 (120) | 30.0 (240) | 1.00, 1.00 |" in rows
    assert "| SAB in dense autograd | left out | left out | –, – |" in rows
    assert not any("![" in row for row in rows)
    assert any("(docs/engine.svg)" in row for row in table.lines_of(report(), "docs/engine.svg"))


def test_figures_of_a_busy_machine_say_that_they_are_not_for_quoting() -> None:
    busy = report()
    busy["machine"]["load_after"] = [14.7, 0, 0]
    assert table.lines_of(busy)[0].endswith("**The machine was busy: not for quoting.**")


def test_rows_take_the_place_of_older_rows_and_of_nothing_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{table.BEGIN}\nold \\1\n{table.END}\nafter\n")
    table.put_into(readme, ["new \\1"])
    assert readme.read_text() == f"before\n{table.BEGIN}\nnew \\1\n{table.END}\nafter\n"
    (tmp_path / "bare.md").write_text("nothing")
    with pytest.raises(ValueError, match="no marks"):
        table.put_into(tmp_path / "bare.md", [])


def test_the_readme_has_the_place_for_the_rows() -> None:
    text = (Path(__file__).resolve().parents[3] / "README.md").read_text()
    assert text.index(table.BEGIN) < text.index(table.END)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.3434, "1.34"),
        (16350.0, "16,400"),
        (100.4, "100"),
        (0.06559, "0.0656"),
        (30.0, "30.0"),
        (2.0, "2.00"),
        (0.5, "0.500"),
        (0.0, "0"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_figures_and_no_exponent(value: float, shown: str) -> None:
    assert table.number(value) == shown


def test_a_chart_names_every_subject_and_knows_both_themes(tmp_path: Path) -> None:
    chart.draw(report()["engine"], tmp_path / "one.svg")
    chart.draw(report()["engine"], tmp_path / "two.svg")
    svg = (tmp_path / "one.svg").read_text()
    assert svg == (tmp_path / "two.svg").read_text()
    assert svg.count("torch.nn.LSTM ∝ T^1.00<") == svg.count(">ours ∝ T^1.00<") == 2
    assert "prefers-color-scheme:dark" in svg
    assert "time of an update, ms" in svg
    with pytest.raises(ValueError, match="several lengths"):
        chart.draw([], tmp_path / "none.svg")


def test_labels_of_lines_that_end_together_stand_apart_and_others_where_they_are() -> None:
    points = {"a": {60: 1.0, 640: 100.0}, "b": {60: 2.0, 640: 100.0}, "c": {60: 5.0, 320: 101.0}, "d": {640: 10_000.0}}
    heights = chart.label_heights(points)
    assert (heights["a"], heights["c"], heights["d"]) == (100.0, 101.0, 10_000.0)
    assert heights["b"] == pytest.approx(100 * 10_000**chart.LINE_OF_TEXT)
