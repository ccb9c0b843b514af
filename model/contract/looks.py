"""How a network is looked at while it trains: how often, at how many examples, and what of its health is measured."""

from __future__ import annotations

LOOK_EVERY = 125
"""Updates between two looks at fresh examples."""
LOOK_EXAMPLES = 128
"""Fresh examples of a look; at the longest delay, as everything that is compared."""
HELD = 2
"""Looks in a row at which a bound must hold: a single one may be luck."""
HEALTH = (
    "saturated",
    "dead",
    "near_tied",
    "largest_state",
    "moved_recurrent",
    "moved_scorer",
    "moved_readout",
    "norm_median",
    "norm_p99",
)
"""Figures of a network's health, in the order of tables (docs/verdict.md says what each one is)."""
