"""The hit rate over a whole batch: one example is not a trend, so its rate stands beside that of all of them.

Only forward passes, one example at a time as in a trace, so that both rates count the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.hits import hits
from sab_visualiser.model.probe.trace import attention_of, memories_to_read
from sab_visualiser.model.tasks.base import Batch


@dataclass(frozen=True)
class BatchHits:
    """Hits of a batch.

    Attributes:
        examples: How many were read.
        readers: Steps of all examples that could have had a hit.
        hits: Those that had one.
    """

    examples: int
    readers: int
    hits: int

    @property
    def rate(self) -> float | None:
        """Share of hits among the readers, 0 to 1; None when there is none."""
        return self.hits / self.readers if self.readers else None


def batch_hits(
    network: Network, batch: Batch, knocked_out: Iterable[tuple[int, int]] = (), phase: int = 0
) -> BatchHits:
    """Count the hits of every example.

    Args:
        network: Any network; it is left as it is.
        batch: The examples, with their true sources.
        knocked_out: Skip edges (reader, source) without weight, in all examples.
        phase: Shifts the cuts.

    Source: spec section 6.
    """
    pairs, found = tuple(knocked_out), list[bool]()
    examples = len(batch.inputs)
    for index in range(examples):
        one = batch.example(index).to(network.layer.weight_hh.device)
        with torch.no_grad():
            tape = network(one.inputs, phase, pairs).tape
        seen = attention_of(tape)
        memories = memories_to_read(network, tape)
        of_one = hits(seen.reader_E, seen.source_E, seen.weight_E, memories, one.true_sources[0])
        found += [hit for hit in of_one.values() if hit is not None]
    return BatchHits(examples, len(found), sum(found))
