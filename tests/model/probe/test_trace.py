"""One probe, one record (spec section 4, contract section 2)."""

from typing import Any

import numpy as np
import pytest
import torch

from sab_visualiser.model.config import ModelConfig, Rule, TaskConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.trace import Probe, Trace, trace
from sab_visualiser.model.tasks import Batch, Task, make_task
from tests.oracles.dense_sab import Setting, Walk, dense_sab

torch.set_num_threads(1)


def probed(task_name: str = "copy", **changes: Any) -> tuple[Network, Task, Batch]:
    task = make_task(TaskConfig(task_name, T=6, items=None if task_name == "adding" else 3))  # type: ignore[arg-type]
    torch.manual_seed(0)
    config = ModelConfig(**{"hidden_size": 8, "attention_size": 4, "k_top": 3, "k_trunc": 4, "k_att": 2, **changes})
    return Network(task.input_size, task.output_size, config), task, task.probe_batch(3)


def followed(
    network: Network, task: Task, batch: Batch, example: int, loss_step: int | None, rule: str, **cutting: Any
) -> Walk:
    """The plain loop on the same example, with its loss already sent back."""
    layer, one, knobs = network.layer, batch.example(example), network.knobs()
    weights = {name: p.detach().double().requires_grad_() for name, p in layer.named_parameters()}
    setting = Setting(k_top=knobs.k_top, k_trunc=knobs.k_trunc, k_att=knobs.k_att, rule=rule, **cutting)
    walk = dense_sab(weights, one.inputs_BTI.double(), setting)[0]
    states = torch.cat((torch.stack(walk.hidden), torch.stack(walk.summary)), dim=1)
    outputs = torch.nn.functional.linear(states, network.readout.weight.double(), network.readout.bias.double())
    loss = task.loss(outputs[None], one) if loss_step is None else task.loss_BT(outputs[None], one)[0, loss_step]
    torch.autograd.backward(loss)
    return walk


def norms_of(vectors: list[torch.Tensor]) -> list[float]:
    return [0.0 if v.grad is None else v.grad.norm().item() for v in vectors]


@pytest.mark.parametrize("loss_step", [None, 10])
@pytest.mark.parametrize("rule", ["sab", "truncated", "full"])
def test_gradient_norms_are_those_of_autograd(rule: Rule, loss_step: int | None) -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(example=1, loss_step=loss_step))
    walk = followed(network, task, batch, 1, loss_step, rule)
    for got, vectors in ((record.gradient_norm, walk.hidden), (record.gradient_norm_cell, walk.cell)):
        expected = np.array(norms_of(vectors))
        np.testing.assert_allclose(got[rule], expected, rtol=0, atol=2e-5 * float(expected.max()))


CUTTINGS: list[dict[str, Any]] = [{"phase": phase} for phase in (1, 3, 6)] + [{"window": step} for step in (3, 4, 10)]


@pytest.mark.parametrize("cutting", CUTTINGS, ids=str)
@pytest.mark.parametrize("rule", ["sab", "truncated", "full"])
def test_every_phase_and_window_cuts_where_the_plain_loop_does(rule: Rule, cutting: dict[str, Any]) -> None:
    network, task, batch = probed()
    network = network.double()
    step = cutting.get("window", 10)
    asked = {"cuts": "window"} if "window" in cutting else cutting
    record = trace(network, task, batch, Probe(example=1, loss_step=step, rules=(rule,), **asked))
    walk = followed(network, task, batch, 1, step, rule, **cutting)
    for got, vectors in ((record.gradient_norm, walk.hidden), (record.gradient_norm_cell, walk.cell)):
        expected = np.array(norms_of(vectors))
        np.testing.assert_allclose(got[rule], expected, rtol=1e-9, atol=1e-12 * float(expected.max()))


@pytest.mark.parametrize("k_trunc", [1, 2, 4, 5, 12, 40])
@pytest.mark.parametrize("phase", [0, 2])
def test_a_window_gives_the_last_steps_a_local_gradient_wherever_blocks_would_end(k_trunc: int, phase: int) -> None:
    network, task, batch = probed(k_trunc=k_trunc)
    for step in range(batch.steps):
        record = trace(network, task, batch, Probe(loss_step=step, cuts="window", phase=phase))
        reached = np.flatnonzero(record.gradient_norm["truncated"])
        assert reached.tolist() == list(range(max(0, step - k_trunc + 1), step + 1))
        assert len(record.cuts) == (1 if step >= k_trunc else 0)


def test_the_whole_loss_has_no_window() -> None:
    with pytest.raises(ValueError, match="cuts = 'window': the whole loss"):
        trace(*probed(), Probe(loss_step=None, cuts="window"))


def test_skip_credits_and_attention_are_those_of_the_plain_loop() -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(example=2, loss_step=10))
    walk = followed(network, task, batch, 2, 10, "sab")
    edges, is_skip = record.edges, record.edges.skip_E
    pairs = zip(edges.reader_E[is_skip], edges.source_E[is_skip], strict=True)
    skip = dict(zip(pairs, edges.credit_E[is_skip], strict=True))
    expected = {
        (r.reader, r.source): r.copy.grad.norm().item()
        for r in walk.readings
        if r.source >= 0 and r.copy.grad is not None and r.copy.grad.any()
    }
    assert expected
    assert set(skip) == set(expected)
    for pair, value in expected.items():
        assert skip[pair] == pytest.approx(value, rel=1e-3, abs=1e-4 * max(expected.values()))
    chosen = [(r.reader, r.source) for r in walk.readings if r.chosen]
    rows = record.attention
    assert list(zip(rows.reader_E, rows.source_E, strict=True)) == sorted(chosen)
    readings = sorted((r for r in walk.readings if r.chosen), key=lambda r: (r.reader, r.source))
    np.testing.assert_allclose(rows.weight_E, [r.weight for r in readings], atol=1e-4)
    np.testing.assert_allclose(rows.score_E, [r.score for r in readings], atol=1e-5)


def test_the_record_says_what_was_asked_and_in_force() -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(example=1, loss_step=9, phase=1))
    assert (record.steps, record.example, record.loss_step) == (12, 1, 9)
    assert record.memories == (-1, 1, 3, 5, 7, 9)
    assert record.cuts == (4, 8)
    assert record.parameters == {
        "method": "sab",
        "k_top": 3,
        "k_trunc": 4,
        "k_att": 2,
        "normalizer": "shift",
        "variant": "paper",
        "initial_memory": True,
        "phase": 1,
        "cuts": "blocks",
    }
    assert record.true_sources == {9: (0,), 10: (1,), 11: (2,)}
    assert record.symbols_T is not None
    assert batch.symbols_BT is not None
    assert record.symbols_T.tolist() == batch.symbols_BT[1].tolist()
    assert record.inputs_TI.shape == (12, 10)
    assert record.nonfinite == 0


def test_losses_and_predictions_are_those_of_the_network() -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(example=1))
    outputs = network(batch.inputs_BTI).outputs_BTC[1:2].detach()
    one = batch.example(1)
    np.testing.assert_allclose(record.loss_T, task.loss_BT(outputs, one)[0].detach().numpy(), rtol=1e-5)
    assert record.predictions_T.tolist() == task.predictions_BT(outputs)[0].tolist()
    assert record.metrics["loss"] == pytest.approx(task.loss(outputs, one).item(), rel=1e-5)
    assert set(task.metrics(outputs, one)) <= set(record.metrics)


def test_a_probe_leaves_the_network_as_it_was() -> None:
    network, task, batch = probed()
    network.readout.weight.grad = torch.ones_like(network.readout.weight)
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    state, knobs = torch.get_rng_state(), network.knobs()
    trace(network, task, batch, Probe(knocked_out=[(9, 1)]))
    assert torch.equal(torch.get_rng_state(), state)
    assert network.knobs() == knobs
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())
    assert [name for name, p in network.named_parameters() if p.grad is not None] == ["readout.weight"]
    assert bool((network.readout.weight.grad == 1).all())


def test_a_knock_out_moves_its_weight_to_the_others_and_undo_restores_the_record() -> None:
    network, task, batch = probed()
    before = trace(network, task, batch, Probe(loss_step=10))
    gone = next(
        (int(r), int(s))
        for r, s, w in zip(before.attention.reader_E, before.attention.source_E, before.attention.weight_E, strict=True)
        if r == 10 and s >= 0 and w > 0
    )
    after = trace(network, task, batch, Probe(loss_step=10, knocked_out=[gone]))

    def weight(record: Trace, pair: tuple[int, int]) -> float:
        rows = record.attention
        return float(rows.weight_E[(rows.reader_E == pair[0]) & (rows.source_E == pair[1])].sum())

    assert weight(before, gone) > 0
    assert weight(after, gone) == 0
    of_reader = after.attention.reader_E == 10
    assert after.attention.weight_E[of_reader].sum() == pytest.approx(1, abs=1e-3)
    assert after.loss_T[10] != before.loss_T[10]
    again = trace(network, task, batch, Probe(loss_step=10))
    assert np.array_equal(again.edges.credit_E, before.edges.credit_E)
    assert again.paths == before.paths


def test_the_whole_loss_enters_everywhere_and_one_step_only_there() -> None:
    network, task, batch = probed()
    whole, step = trace(network, task, batch), trace(network, task, batch, Probe(loss_step=5))
    assert (whole.gradient_norm["sab"] > 0).all()
    assert (step.gradient_norm["sab"][6:] == 0).all()
    assert step.reach["sab"][0][1] == 5
    assert all(path.steps[0] == 5 for path in step.paths)
    assert step.edges.reader_E.max() == 5


def test_a_loss_that_sees_only_the_summary_still_enters_at_its_step() -> None:
    network, task, batch = probed()
    with torch.no_grad():
        network.readout.weight[:, :8] = 0
    record = trace(network, task, batch, Probe(loss_step=10))
    assert record.edges.skip_E.any()
    assert record.paths[0].steps[0] == 10


def test_truncated_reach_ends_at_the_cut_and_full_goes_to_the_beginning() -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(loss_step=10))
    assert record.cuts == (3, 7, 11)
    assert record.reach["truncated"] == ((7, 10),)
    assert record.reach["full"][-1][0] == 0


def test_only_the_rules_asked_for_are_measured_but_edges_are_always_there() -> None:
    network, task, batch = probed()
    record = trace(network, task, batch, Probe(rules=("truncated", "local"), loss_step=10))
    assert set(record.gradient_norm) == set(record.gradient_norm_cell) == set(record.reach) == {"truncated", "local"}
    assert record.edges.skip_E.any()
    assert record.skip_credit == pytest.approx(record.edges.credit_E[record.edges.skip_E].sum())


@pytest.mark.parametrize("method", ["tbptt", "bptt", "attention"])
def test_every_method_can_be_probed(method: str) -> None:
    record = trace(*probed(method=method), Probe(loss_step=10))
    assert bool(record.edges.skip_E.any()) == (method == "attention")
    assert record.nonfinite == 0


@pytest.mark.parametrize("variant", ["paper", "release"])
def test_both_variants_can_be_probed(variant: str) -> None:
    record = trace(*probed(variant=variant), Probe(loss_step=10))
    assert record.parameters["variant"] == variant
    assert len(record.paths)


def test_a_task_of_real_numbers_has_no_symbols() -> None:
    network, task, batch = probed("adding")
    record = trace(network, task, batch)
    assert record.symbols_T is None
    assert np.isnan(record.targets_T[:-1]).all()
    assert record.nonfinite == 0
    np.testing.assert_array_equal(record.inputs_TI, batch.inputs_BTI[0].numpy())
    assert record.loss_T[:-1].tolist() == [0.0] * (batch.steps - 1)


def test_a_step_without_target_sends_nothing_back() -> None:
    record = trace(*probed("adding"), Probe(loss_step=0))
    assert not record.gradient_norm["sab"].any()
    assert len(record.edges) == 0
    assert record.paths == ()
    assert record.reach["sab"] == ()


def test_non_finite_numbers_are_counted_and_do_not_stop_the_probe() -> None:
    network, task, batch = probed()
    with torch.no_grad():
        network.readout.weight[0, 0] = torch.nan
    record = trace(network, task, batch, Probe(loss_step=10))
    assert record.nonfinite >= np.isnan(record.loss_T).sum() > 0
    assert record.paths == ()
    assert len(record.edges) > 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"example": 3}, "example = 3: must be from 0 to 2"),
        ({"example": -1}, "example = -1"),
        ({"loss_step": 12}, "loss_step = 12: must be from 0 to 11"),
        ({"loss_step": True}, "loss_step = True"),
        ({"rules": ("sab", "none")}, "rule = 'none'"),
        ({"phase": -1}, "phase = -1"),
    ],
)
def test_a_request_out_of_range_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        trace(*probed(), Probe(**wrong))
