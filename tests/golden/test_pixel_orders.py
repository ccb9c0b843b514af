"""The stored orders in which images are read are those of today: a network trained on one needs it for good."""

from __future__ import annotations

import json
from pathlib import Path

from sab_visualiser.model.contract import pixel_order

STORED = Path(__file__).with_name("pixel_orders.json")


def test_the_stored_orders_are_those_of_today() -> None:
    rows = json.loads(STORED.read_text("utf-8"))
    assert [row["order"] for row in rows] == [pixel_order(row["pixels"], row["seed"]) for row in rows]
    assert all(sorted(row["order"]) == list(range(row["pixels"])) for row in rows)
