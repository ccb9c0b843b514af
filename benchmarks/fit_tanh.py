"""`python -m benchmarks.fit_tanh`: where `fast_tanh` (model/passes/fused/kernels/rows.py) comes from.

Fits tanh(x)/x = P(x²)/Q(x²), degrees 4 and 4, on (0, 9] for the smallest relative error: a linearised least-squares fit
whose weights are renewed from the last denominator and from the last error, until the errors are level. Prints the
coefficients and what float32 makes of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LIMIT = 9.0
DEGREES = (4, 4)
POINTS = 6000
ROUNDS = 60

Doubles = NDArray[np.float64]


def fit() -> tuple[Doubles, Doubles]:
    """Coefficients of P and Q, lowest power first; Q starts with 1."""
    angles = np.pi * (np.arange(POINTS) + 0.5) / POINTS
    x = (1 - np.cos(angles)) / 2 * LIMIT + 1e-9
    ratio = np.tanh(x) / x
    z = (x / LIMIT) ** 2
    powers_p, powers_q = (np.vander(z, degree + 1, increasing=True) for degree in DEGREES)
    level, denominator = np.ones(POINTS), np.ones(POINTS)
    best: tuple[float, Doubles, Doubles] | None = None
    for _ in range(ROUNDS):
        weight = np.sqrt(level) / (ratio * denominator)
        rows = np.hstack([powers_p * weight[:, None], -(powers_q[:, 1:] * ratio[:, None]) * weight[:, None]])
        scale = np.linalg.norm(rows, axis=0)
        solution = np.linalg.lstsq(rows / scale, ratio * weight, rcond=1e-15)[0] / scale
        p, q = solution[: DEGREES[0] + 1], np.concatenate([[1.0], solution[DEGREES[0] + 1 :]])
        denominator = powers_q @ q
        error = np.abs(powers_p @ p / denominator / ratio - 1)
        if best is None or error.max() < best[0]:
            best = (float(error.max()), p, q)
        level *= (error / error.max()) ** 0.5 + 1e-3
        level /= level.mean()
    assert best is not None
    return best[1] / LIMIT ** (2 * np.arange(DEGREES[0] + 1)), best[2] / LIMIT ** (2 * np.arange(DEGREES[1] + 1))


def relative_error(p: Doubles, q: Doubles) -> float:
    """Largest relative error in float32 arithmetic, over 200,000 points."""
    x = np.linspace(0, LIMIT, 200_001, dtype=np.float32)[1:]
    z = x * x
    top, bottom = (np.full_like(z, c[-1]) for c in (p, q))
    for degree in reversed(range(len(p) - 1)):
        top = top * z + np.float32(p[degree])
    for degree in reversed(range(len(q) - 1)):
        bottom = bottom * z + np.float32(q[degree])
    return float(np.abs(x * top / bottom / np.tanh(x.astype(np.float64)) - 1).max())


def main() -> None:
    """Print the coefficients as the kernels write them."""
    p, q = fit()
    print("P", ", ".join(f"{value:.8g}" for value in p))
    print("Q", ", ".join(f"{value:.8g}" for value in q))
    print(f"largest relative error in float32: {relative_error(p, q):.2g}")


if __name__ == "__main__":
    main()
