"""Health of a network: each share equals a plain loop over readers, memories and units."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe import health as module
from sab_visualiser.model.probe.health import NEAR_TIE, SATURATED, health
from sab_visualiser.model.tasks import make_task

TASK = make_task(TaskConfig("copy", 6, 2))


def network_of(scale: float = 1.0, **knobs: Any) -> Network:
    torch.manual_seed(4)
    config = ModelConfig(hidden_size=7, attention_size=4, k_top=2, k_trunc=3, k_att=2, **knobs)
    network = Network(TASK.input_size, TASK.output_size, config, backend="torch").double()
    with torch.no_grad():
        for name in ("weight_key", "weight_query"):
            if (weight := getattr(network.layer, name, None)) is not None:
                weight.mul_(scale)
    return network


@torch.no_grad()
def loop(network: Network) -> tuple[float, float, float]:
    """Saturated units, dead readers and near-tied readers, one pair of reader and memory after the other."""
    tape = network(TASK.probe_batch().inputs_BTI.double()).tape
    layer = network.layer
    units, dead, tied, readers = list[bool](), 0, 0, 0
    for b in range(16):
        for t in range(TASK.steps):
            written = [m for m, step in enumerate(tape.memory_steps) if step < t]
            if not written:
                continue
            readers += 1
            provisional_D = tape.hidden_TBD[t, b] - tape.summary_TBD[t, b]
            scores = []
            for m in written:
                hidden_A = torch.tanh(layer.weight_key @ tape.memories_BMD[b, m] + layer.weight_query @ provisional_D)
                units += [abs(float(u)) > SATURATED for u in hidden_A]
                scores.append(float(hidden_A @ layer.weight_score))
            ordered = sorted(scores, reverse=True)
            threshold = ordered[2] if len(scores) > 2 else min(scores) - 0.1
            rest = [max(score - threshold, 0.0) for score in ordered[:2]]
            dead += all(r == 0 for r in rest)
            tied += sum(rest) + 1e-8 < NEAR_TIE * (max(scores) - min(scores))
    return sum(units) / len(units), dead / readers, tied / readers


@pytest.mark.parametrize("scale", [1.0, 20.0, 300.0])
def test_the_shares_are_those_of_the_plain_loop(scale: float) -> None:
    network = network_of(scale)
    found = health(network, TASK.probe_batch())
    expected = loop(network)
    assert (found.saturated, found.dead, found.near_tied) == pytest.approx(expected)
    tape = network(TASK.probe_batch().inputs).tape
    assert found.largest_state == float(tape.hidden_TBD.abs().max())
    assert found.examples == 16


def test_a_scorer_that_says_nothing_leaves_every_late_reader_dead() -> None:
    network = network_of()
    with torch.no_grad():
        network.layer.weight_score.zero_()
    found = health(network, TASK.probe_batch())
    assert found.saturated == 0
    assert found.dead is not None
    # Readers with at most k_top memories always read them: their δ lies below the smallest score.
    assert 0.5 < found.dead < 1
    assert found.near_tied == 0, "a tie of all is dead, not near"


def test_great_weights_saturate_the_scorer() -> None:
    shares = [health(network_of(scale), TASK.probe_batch()).saturated or 0.0 for scale in (1.0, 20.0, 1e6)]
    assert shares[0] == 0
    assert shares[0] < shares[1] < shares[2]


@pytest.mark.parametrize(("knobs", "missing"), [({"variant": "release"}, (0, 2)), ({"normalizer": "softmax"}, (2,))])
def test_what_a_network_does_not_have_is_none(knobs: dict[str, Any], missing: tuple[int, ...]) -> None:
    found = health(network_of(**knobs), TASK.probe_batch())
    shares = (found.saturated, found.dead, found.near_tied)
    assert [at for at, share in enumerate(shares) if share is None] == list(missing)


def test_a_network_without_memories_has_states_only() -> None:
    torch.manual_seed(0)
    network = Network(TASK.input_size, TASK.output_size, ModelConfig(method="bptt", hidden_size=7))
    found = health(network, TASK.probe_batch())
    assert (found.saturated, found.dead, found.near_tied) == (None, None, None)
    assert math.isfinite(found.largest_state)


def test_a_long_sequence_is_measured_on_fewer_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNITS", 200)
    assert health(network_of(), TASK.probe_batch()).examples == 2
