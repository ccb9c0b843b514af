"""What a step of a walk costs at least: the figures of the decision are those that are reckoned."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.gpu.reckoning import H100, Card, reckon
from benchmarks.shapes import Shape

ADR = Path(__file__).resolve().parents[3] / "docs" / "adr" / "0020-one-launch-for-the-walk.md"


def rows() -> list[list[float]]:
    lines = [line for line in ADR.read_text().splitlines() if line.startswith("| ") and line[2].isdigit()]
    return [[float(cell) for cell in line.strip("| ").split("|")] for line in lines]


def test_the_table_of_the_decision_is_what_is_reckoned() -> None:
    assert len(rows()) == 6
    for T, B, D, A, programs, forward_us, backward_us, whole_ms, _ in rows():
        walk = reckon(Shape(T=int(T), B=int(B), D=int(D), A=int(A)))
        assert walk.programs == programs
        found = [round(figure, 1) for figure in (walk.forward_us, walk.backward_us, walk.whole_ms(int(T)))]
        assert found == [forward_us, backward_us, whole_ms]


def test_a_step_that_is_all_streaming_takes_what_its_matrices_take_from_l2() -> None:
    endless = Card(processors=132, operations_per_s=1e30, bytes_per_s=5.5e12)
    walk = reckon(Shape(T=1, B=1, D=128, A=32, k_top=0), endless)
    matrices = 4 * (4 * 128 * 128 + 2 * 32 * 128)
    assert walk.backward_us == pytest.approx(1e6 * 132 * matrices / 5.5e12)
    assert walk.forward_us == pytest.approx(1e6 * 132 * (matrices + 4 * 1 * 32) / 5.5e12)


def test_a_card_with_half_the_arithmetic_takes_twice_as_long_where_arithmetic_is_the_bound() -> None:
    many, slow = Shape(T=10, B=2048, D=64), H100._replace(bytes_per_s=1e30)
    half = slow._replace(operations_per_s=H100.operations_per_s / 2)
    assert reckon(many, half).forward_us == pytest.approx(2 * reckon(many, slow).forward_us)


def test_more_tiles_than_processors_take_turns() -> None:
    one = reckon(Shape(T=10, B=132 * 16))
    two = reckon(Shape(T=10, B=132 * 16 + 1))
    assert (one.programs, two.programs) == (132, 133)
    assert two.backward_us == pytest.approx(2 * one.backward_us)
