"""The least a step of a walk can take, reckoned from sizes: a roofline, measured by nobody.

Two bounds: arithmetic of products and scores by what the processors in use can do, and bytes of matrices that each tile
streams from L2 (W_hh unless registers hold it). Latencies and barriers are left out, so the truth is above.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.flops import memories_at
from benchmarks.shapes import Shape
from sab_visualiser.model.passes.triton.tiles import tiles_for


class Card(NamedTuple):
    """Round figures of a card: processors, float32 operations and bytes from L2, each a second and over all of them."""

    processors: int = 132
    operations_per_s: float = 67e12
    bytes_per_s: float = 5.5e12


class Walk(NamedTuple):
    """Reckoned: programs of a launch, and µs a step each way."""

    programs: int
    forward_us: float
    backward_us: float

    def whole_ms(self, steps: int) -> float:
        """Both walks."""
        return steps * (self.forward_us + self.backward_us) / 1000


H100 = Card()
TANH = 20
"""Operations of a unit of a score: a sum, a hyperbolic tangent, a product."""


def reckon(shape: Shape, card: Card = H100) -> Walk:
    """The least that both walks take at a shape."""
    tiles = tiles_for(shape.B, shape.D, shape.A, card.processors)
    programs = -(-shape.B // tiles.rows)
    rounds = -(-programs // card.processors)
    memories = sum(memories_at(shape, t) for t in range(shape.T)) / shape.T
    gates, query = 4 * shape.D * shape.D, shape.A * shape.D
    columns = shape.k_top + 1
    forward = 2 * (gates + 2 * query + columns * shape.D) + TANH * memories * shape.A
    backward = 2 * (gates + 2 * query + 2 * columns * shape.D) + TANH * columns * shape.A
    streamed = 4 * (2 * query if tiles.resident else gates + 2 * query)
    keys = 4 * memories * shape.A * tiles.rows
    each = (
        max(tiles.rows * forward / card.operations_per_s, (streamed + keys) / card.bytes_per_s),
        max(tiles.rows * backward / card.operations_per_s, streamed / card.bytes_per_s),
    )
    return Walk(programs, *(1e6 * rounds * card.processors * seconds for seconds in each))
