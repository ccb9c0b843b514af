"""The stored places of arcs and decades are those that Python draws today; the page reads the same file."""

from __future__ import annotations

import json

import pytest

from tests.golden import places


def numbers(value: object) -> list[object]:
    """Names and numbers of nested JSON, in order."""
    if isinstance(value, dict):
        return [part for key, inner in value.items() for part in (key, *numbers(inner))]
    if isinstance(value, list | tuple):
        return [part for inner in value for part in numbers(inner)]
    return [pytest.approx(value, rel=1e-12) if isinstance(value, float) else value]


def test_the_stored_places_are_what_python_draws() -> None:
    stored = json.loads(places.STORED.read_text("utf-8"))
    assert numbers(stored) == numbers(json.loads(places.text()))


def test_the_trace_holds_arcs_of_two_hops_a_ghost_and_local_edges() -> None:
    found = places.places()
    assert {arc["hop"] for arc in found["arcs"].values()} == {1, 2}
    assert found["ghosts"]
    assert len(found["inks"]) > 1
