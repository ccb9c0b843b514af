"""Symbols in place of one-hot inputs: the same states and gradients without a product over I."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from sab_visualiser.model import backends
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.passes.fused.threads import set_loop_threads
from sab_visualiser.model.passes.plain.passes import backward_pass
from sab_visualiser.model.probe.batch_hits import batch_hits
from sab_visualiser.model.probe.health import health
from sab_visualiser.model.sab import SAB
from sab_visualiser.model.tasks import Batch, make_task
from sab_visualiser.model.training.reading import evaluate
from sab_visualiser.model.training.trainer import Trainer
from tests.oracles.cases import CASES, RULES, Case, close, stacked
from tests.oracles.small_layers import BACKENDS, layer_of

torch.set_num_threads(1)
PROPERTY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
both = pytest.mark.parametrize("backend", BACKENDS)


def symbols_of(batch: int, steps: int, inputs: int, seed: int = 0) -> Tensor:
    return torch.randint(inputs, (batch, steps), generator=torch.Generator().manual_seed(seed))


def one_hot(symbols: Tensor, inputs: int) -> Tensor:
    rows = torch.zeros(*symbols.shape, inputs)
    for b, example in enumerate(symbols.tolist()):
        for t, symbol in enumerate(example):
            rows[b, t, symbol] = 1
    return rows


@PROPERTY
@given(case=CASES, rule=st.sampled_from(RULES), begun=st.booleans())
def test_states_and_every_gradient_equal_the_plain_loop_on_one_hot_rows(case: Case, rule: str, begun: bool) -> None:
    layer, (_, d_hidden, d_summary) = case.layer(), case.data()
    symbols = symbols_of(case.batch, case.steps, case.inputs, case.seed)
    state = case.state() if begun else None
    out = layer(symbols, case.phase, case.knocked_out, state=state)
    got = backward_pass(out.tape, d_hidden, d_summary, rule)  # type: ignore[arg-type]
    rows = one_hot(symbols, case.inputs).double().requires_grad_()
    walks = case.oracle(layer, rows, rule, state=state)
    hidden, summary = stacked(walks, "hidden"), stacked(walks, "summary")
    assert close(out.hidden_BTD, hidden)
    assert close(out.summary_BTD, summary)
    expected = torch.autograd.grad(
        (hidden * d_hidden + summary * d_summary).sum(),
        [rows, *layer.parameters()],
        allow_unused=True,
        materialize_grads=True,
    )
    largest = max(g.abs().max().item() for g in expected)
    by_name = {name: g for name, g in got.weights._asdict().items() if g is not None}
    for (name, _), gradient in zip(layer.named_parameters(), expected[1:], strict=True):
        assert close(by_name[name], gradient, largest), name
    assert close(got.inputs_BTI, expected[0], largest)


@settings(PROPERTY, max_examples=100)
@given(
    case=CASES.filter(lambda case: case.form[0] == "paper"),
    inputs=st.sampled_from((1, 2, 10, 17, 100)),
    rule=st.sampled_from(RULES),
)
def test_the_fused_loops_give_the_very_bits_of_one_hot_rows(case: Case, inputs: int, rule: str) -> None:
    layer = float32_layer(case, inputs)
    _, d_hidden, d_summary = (x.float() for x in case.data())
    symbols = symbols_of(case.batch, case.steps, inputs, case.seed)
    left, right = (layer(seen, case.phase, case.knocked_out) for seen in (symbols, one_hot(symbols, inputs)))
    assert torch.equal(left.hidden_BTD, right.hidden_BTD)
    assert torch.equal(left.summary_BTD, right.summary_BTD)
    mine, theirs = (
        backends.backward_pass(out.tape, d_hidden, d_summary, rule)  # type: ignore[arg-type]
        for out in (left, right)
    )
    assert torch.equal(mine.inputs_BTI, theirs.inputs_BTI)
    for name, gradient in mine.weights._asdict().items():
        assert torch.equal(gradient, getattr(theirs.weights, name)), name


def float32_layer(case: Case, inputs: int) -> SAB:
    torch.manual_seed(case.seed)
    return SAB(
        inputs,
        case.hidden,
        attention_size=case.attention,
        k_top=case.k_top,
        k_trunc=case.k_trunc,
        k_att=case.k_att,
        normalizer=case.form[1],  # type: ignore[arg-type]
        initial_memory=case.initial_memory,
        backend="numba",
    )


@both
@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_symbols_give_the_same_bits_again(backend: str, threads: int) -> None:
    set_loop_threads(threads)
    try:
        layer, symbols = layer_of(backend), symbols_of(32, 12, 3)
        runs = [torch.autograd.grad(layer(symbols).hidden_BTD.sum(), list(layer.parameters())) for _ in range(3)]
    finally:
        set_loop_threads(None)
    for run in runs[1:]:
        assert all(torch.equal(one, two) for one, two in zip(run, runs[0], strict=True))


@both
def test_symbols_need_not_be_contiguous(backend: str) -> None:
    layer, symbols = layer_of(backend), symbols_of(4, 10, 3)
    expected = layer(symbols).hidden_BTD
    turned = symbols.t().contiguous().t()
    spread = torch.zeros(4, 20, dtype=torch.int64)[:, ::2].copy_(symbols)
    for other in (turned, spread):
        assert not other.is_contiguous()
        assert torch.equal(layer(other).hidden_BTD, expected)


@both
def test_a_symbol_that_no_sequence_holds_gets_a_gradient_of_zero(backend: str) -> None:
    layer, symbols = layer_of(backend), torch.tensor([[0, 2, 2, 0, 2]])
    layer(symbols).hidden_BTD.sum().backward()
    assert layer.weight_ih.grad is not None
    assert not layer.weight_ih.grad[:, 1].any()
    assert layer.weight_ih.grad[:, 0].any()
    assert layer.weight_ih.grad[:, 2].any()


BAD_SYMBOLS = [
    (torch.tensor([[0, 3]]), r"inputs hold symbol 3: must be from 0 to 2"),
    (torch.tensor([[0, -1]]), r"inputs hold symbol -1: must be from 0 to 2"),
    (torch.tensor([0, 1]), r"shape \(2,\): must be \(B, T, I\)"),
    (torch.tensor([[0, 1]], dtype=torch.int32), r"shape \(1, 2\): .*Symbols \(B, T\) must be torch.int64"),
    (torch.zeros(0, 4, dtype=torch.int64), "at least one example and one step"),
    (torch.zeros(4, 0, dtype=torch.int64), "at least one example and one step"),
    (torch.zeros(2, 3, dtype=torch.int64, device="meta"), "on meta: must be on cpu"),
]


@both
@pytest.mark.parametrize(("symbols", "says"), BAD_SYMBOLS)
def test_unfit_symbols_are_refused_with_the_reason(backend: str, symbols: Tensor, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        layer_of(backend)(symbols)


def test_a_batch_of_symbols_makes_one_hot_rows_only_for_who_asks() -> None:
    batch = make_task(TaskConfig("copy", T=8)).probe_batch(3)
    assert batch.to(torch.device("cpu")) is batch
    for one in (batch, batch.copy(), batch.example(1)):
        assert one.inputs is one.symbols_BT
        assert one.numbers_BTI is None
        assert "inputs_BTI" not in vars(one)
        assert torch.equal(one.inputs_BTI, one_hot(one.inputs, 10))
        assert all(tensor.dim() == 2 for tensor in one.tensors())


def test_training_and_looking_never_make_one_hot_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(RunConfig(TaskConfig("copy", T=8), ModelConfig(hidden_size=8), TrainingConfig(batch_size=4)))

    def refuse(_: Batch) -> Tensor:
        raise AssertionError("one-hot rows were made")

    monkeypatch.setattr(Batch, "inputs_BTI", property(refuse))
    trainer.step()
    batch = trainer.task.probe_batch()
    evaluate(trainer.network, trainer.task, batch)
    health(trainer.network, batch)
    batch_hits(trainer.network, batch)


def test_a_batch_of_numbers_is_read_as_it_is() -> None:
    batch = make_task(TaskConfig("adding", T=8)).probe_batch(3)
    assert batch.symbols_BT is None
    assert batch.inputs is batch.numbers_BTI
    assert batch.inputs is batch.inputs_BTI
    assert len(batch.tensors()) == 3
