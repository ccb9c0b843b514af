"""Register tiles give the products that a plain loop gives, whatever the shape, the order and the place in memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.model.passes.fused.kernels.tiles import PAD, Rows, Turned, multiply_add, packed, padded

FLOAT32 = 1e-5


def operands(rows: int, count: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    left, right = random.standard_normal((rows, count)), random.standard_normal((count, columns))
    before = random.standard_normal((rows, padded(columns)))
    return left.astype(np.float32), right.astype(np.float32), before.astype(np.float32)


def plain(before: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The stupid loop, in float64."""
    out = before.astype(np.float64)
    for r in range(left.shape[0]):
        for j in range(right.shape[1]):
            for k in range(left.shape[1]):
                out[r, j] += float(left[r, k]) * float(right[k, j])
    return out


SIZES = st.integers(1, 9), st.integers(1, 20), st.integers(1, 150)


@settings(max_examples=60, deadline=None)
@given(*SIZES, st.integers(0, 99))
def test_a_packed_matrix_from_the_right_equals_the_plain_loop(rows: int, count: int, columns: int, seed: int) -> None:
    left, right, out = operands(rows, count, columns, seed)
    expected = plain(out, left, right)
    pitch = out.shape[1]
    flat = out.ravel()
    multiply_add(Rows(flat, 0, pitch), Rows(left.ravel(), 0, count), packed(right), rows, pitch, count)
    got = flat.reshape(rows, pitch)
    np.testing.assert_allclose(got[:, :columns], expected[:, :columns], atol=FLOAT32 * count)
    assert np.array_equal(got[:, columns:], expected[:, columns:].astype(np.float32)), "padding holds zeros"


@settings(max_examples=60, deadline=None)
@given(*SIZES, st.integers(0, 99))
def test_a_transposed_left_side_and_rows_as_they_are_equal_the_plain_loop(
    rows: int, count: int, columns: int, seed: int
) -> None:
    left, right, out = operands(rows, count, columns, seed)
    expected = plain(out, left, right)
    pitch, gap = out.shape[1], 3
    wide = np.zeros((count, pitch + PAD), np.float32)
    wide[:, :columns] = right
    turned = np.full((count, rows + gap), np.nan, np.float32)
    turned[:, :rows] = left.T
    before = np.full(7, 5.0, np.float32)
    flat = np.concatenate([before, out.ravel(), before])
    columns_of_left, rows_of_right = Turned(turned.ravel(), 0, rows + gap), Rows(wide.ravel(), 0, pitch + PAD)
    multiply_add(Rows(flat, 7, pitch), columns_of_left, rows_of_right, rows, pitch, count)
    got = flat[7:-7].reshape(rows, pitch)
    np.testing.assert_allclose(got[:, :columns], expected[:, :columns], atol=FLOAT32 * count)
    assert (flat[:7] == 5).all(), "nothing before the result is touched"
    assert (flat[-7:] == 5).all(), "nothing after it either"


def test_nan_and_infinity_come_through() -> None:
    left, right, out = operands(2, 3, 4, 0)
    left[0, 1], left[1, 2] = np.nan, np.inf
    flat = out.ravel()
    multiply_add(Rows(flat, 0, PAD), Rows(left.ravel(), 0, 3), packed(right), 2, PAD, 3)
    got = flat.reshape(2, PAD)
    assert np.isnan(got[0, :4]).all()
    assert np.isinf(got[1, :4]).all()


@pytest.mark.parametrize(("columns", "whole"), [(1, 16), (16, 16), (17, 32), (512, 512)])
def test_rows_are_padded_to_whole_vectors(columns: int, whole: int) -> None:
    assert padded(columns) == whole
