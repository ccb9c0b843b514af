"""The layer as a user meets it: sizes, knobs, errors, and its place in autograd."""

import copy
import gc
import weakref
from typing import Any

import pytest
import torch
from torch.func import functional_call

from sab_visualiser.model.sab import SAB
from tests.oracles.cases import FORMS

torch.set_num_threads(1)


def layer_of(**changes: Any) -> SAB:
    torch.manual_seed(0)
    return SAB(3, 4, **{"attention_size": 5, **changes}).double()


def inputs_of(batch: int = 2, steps: int = 7, size: int = 3) -> torch.Tensor:
    return torch.randn(batch, steps, size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_parameters_have_the_names_and_shapes_of_the_specification() -> None:
    shapes = {name: tuple(p.shape) for name, p in layer_of().state_dict().items()}
    assert shapes == {
        "weight_ih": (16, 3),
        "weight_hh": (16, 4),
        "bias_ih": (16,),
        "bias_hh": (16,),
        "weight_key": (5, 4),
        "weight_query": (5, 4),
        "weight_score": (5,),
    }


def test_the_release_variant_has_one_score_vector() -> None:
    shapes = {name: tuple(p.shape) for name, p in layer_of(variant="release").state_dict().items()}
    assert shapes["weight_score"] == (8,)
    assert not {"weight_key", "weight_query"} & set(shapes)


def test_the_seed_decides_the_initial_weights() -> None:
    one, same = layer_of(), layer_of()
    other = SAB(3, 4, attention_size=5).double()
    for name, weight in one.state_dict().items():
        assert torch.equal(weight, same.state_dict()[name])
        assert not torch.equal(weight, other.state_dict()[name])


def test_initial_weights_are_within_the_bound_and_the_forget_gate_starts_open() -> None:
    layer = SAB(6, 16)
    forget = slice(16, 32)
    assert bool((layer.bias_ih[forget] + layer.bias_hh[forget] == 1).all())
    for name, weight in layer.named_parameters():
        inside = weight.detach().abs() <= 0.25
        assert bool(inside.all()) or name == "bias_ih"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("batch", "steps", "hidden"), [(1, 1, 1), (1, 6, 1), (3, 1, 4), (1, 2, 2)])
def test_C27_the_smallest_sizes_work_both_ways(form: tuple[str, str], batch: int, steps: int, hidden: int) -> None:
    layer = SAB(1, hidden, attention_size=1, k_top=50, variant=form[0], normalizer=form[1])  # type: ignore[arg-type]
    out = layer(torch.randn(batch, steps, 1))
    assert out.hidden_BTD.shape == out.summary_BTD.shape == (batch, steps, hidden)
    out.hidden_BTD.sum().backward()
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in layer.parameters())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("k_top", [0, 1, 2, 9])
def test_gradcheck_passes(form: tuple[str, str], k_top: int) -> None:
    torch.manual_seed(0)
    form_of: Any = {"variant": form[0], "normalizer": form[1]}
    layer = SAB(1, 2, attention_size=2, k_top=k_top, k_trunc=None, k_att=1, **form_of).double()
    names = [name for name, _ in layer.named_parameters()]

    def run(inputs: torch.Tensor, *weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        out = functional_call(layer, dict(zip(names, weights, strict=True)), (inputs,))
        return out.hidden_BTD, out.summary_BTD

    weights = [(2 * p).detach().requires_grad_() for p in layer.parameters()]
    assert torch.autograd.gradcheck(run, (inputs_of(1, 5, 1).requires_grad_(), *weights))


def test_inputs_need_not_be_contiguous() -> None:
    layer, inputs = layer_of(), inputs_of()
    strided = inputs.transpose(0, 1).contiguous().transpose(0, 1)
    spread = torch.zeros(2, 7, 6, dtype=torch.float64)[:, :, ::2].copy_(inputs)
    for other in (strided, spread):
        assert not other.is_contiguous()
        assert torch.equal(layer(other).hidden_BTD, layer(inputs).hidden_BTD)


def test_a_changed_knob_acts_on_the_next_call_with_the_same_weights() -> None:
    layer, inputs = layer_of(k_att=1), inputs_of()
    first = layer(inputs)
    layer.k_top, layer.k_trunc, layer.k_att = 1, None, 3
    second = layer(inputs)
    fresh = layer_of(k_top=1, k_trunc=None, k_att=3)(inputs)
    assert not torch.equal(second.hidden_BTD, first.hidden_BTD)
    assert torch.equal(second.hidden_BTD, fresh.hidden_BTD)
    assert second.tape.cuts == ()
    assert first.tape.cuts == (4,)
    assert second.tape.memory_steps == (-1, 2, 5)


def test_phase_shifts_the_cuts() -> None:
    layer = layer_of(k_trunc=3)
    assert layer(inputs_of(steps=9)).tape.cuts == (2, 5, 8)
    assert layer(inputs_of(steps=9), phase=1).tape.cuts == (3, 6)
    assert layer(inputs_of(steps=9), 2).tape.cuts == (1, 4, 7)


def test_k_trunc_leaves_the_forward_pass_alone() -> None:
    layer, inputs = layer_of(), inputs_of()
    before = layer(inputs).hidden_BTD
    layer.k_trunc = 2
    assert torch.equal(layer(inputs).hidden_BTD, before)


BAD_KNOBS = [
    ("k_top", -1),
    ("k_top", True),
    ("k_top", 2.0),
    ("k_trunc", 0),
    ("k_trunc", "5"),
    ("k_att", 0),
    ("k_att", None),
    ("normalizer", "entmax"),
    ("variant", "nips"),
    ("backend", "cuda"),
]


@pytest.mark.parametrize(("name", "value"), BAD_KNOBS)
def test_a_knob_out_of_range_is_refused_when_made_and_when_set(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        layer_of(**{name: value})
    layer = layer_of()
    setattr(layer, name, value)
    with pytest.raises(ValueError, match=name):
        layer(inputs_of())


def test_the_release_variant_refuses_softmax() -> None:
    with pytest.raises(ValueError, match="release variant has only 'shift'"):
        layer_of(variant="release", normalizer="softmax")


@pytest.mark.parametrize("name", ["input_size", "hidden_size", "attention_size"])
def test_sizes_below_one_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        SAB(**{"input_size": 3, "hidden_size": 4, name: 0})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (torch.zeros(2, 3, dtype=torch.float64), r"shape \(2, 3\): must be \(B, T, I\)"),
        (torch.zeros(2, 7, 4, dtype=torch.float64), "4 features"),
        (torch.zeros(0, 7, 3, dtype=torch.float64), "at least one example and one step"),
        (torch.zeros(2, 0, 3, dtype=torch.float64), "at least one example and one step"),
        (torch.zeros(2, 7, 3), "torch.float32: must be torch.float64"),
        (torch.zeros(2, 7, 3, dtype=torch.int64), "torch.int64: must be torch.float64"),
        (torch.zeros(2, 7, 3, dtype=torch.float64, device="meta"), "on meta: must be on cpu"),
    ],
)
def test_unfit_inputs_are_refused_with_the_reason(inputs: torch.Tensor, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        layer_of()(inputs)


def test_inputs_that_are_no_tensor_are_refused() -> None:
    with pytest.raises(TypeError, match=r"list: must be a torch\.Tensor"):
        layer_of()([[1.0]])


@pytest.mark.parametrize("pairs", [[(1, 2, 3)], [5], [(1, -2)], [(-1, 0)], [(1.0, 0)]])
def test_unfit_knock_outs_are_refused(pairs: Any) -> None:
    with pytest.raises(ValueError, match="knocked_out"):
        layer_of()(inputs_of(), knocked_out=pairs)


def test_a_retained_graph_gives_the_same_gradients_twice() -> None:
    layer, inputs = layer_of(), inputs_of()
    loss = layer(inputs).hidden_BTD.square().sum()
    weights = list(layer.parameters())
    once = torch.autograd.grad(loss, weights, retain_graph=True)
    twice = torch.autograd.grad(loss, weights)
    assert all(torch.equal(a, b) for a, b in zip(once, twice, strict=True))


def test_weights_changed_between_the_passes_are_noticed() -> None:
    layer = layer_of()
    loss = layer(inputs_of()).hidden_BTD.sum()
    with torch.no_grad():
        layer.weight_key.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_states_overwritten_between_the_passes_are_noticed() -> None:
    out = layer_of()(inputs_of())
    loss = out.hidden_BTD.sum()
    with torch.no_grad():
        out.hidden_BTD.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_a_forgotten_pass_frees_its_memory_without_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        out = layer_of()(inputs_of())
        states = weakref.ref(out.tape.hidden_TBD)
        out.hidden_BTD.sum().backward()
        del out
        assert states() is None
    finally:
        gc.enable()


def test_a_copy_of_the_layer_computes_the_same() -> None:
    layer, inputs = layer_of(), inputs_of()
    assert torch.equal(copy.deepcopy(layer)(inputs).hidden_BTD, layer(inputs).hidden_BTD)


def test_printing_the_layer_shows_its_knobs() -> None:
    assert "k_top=5, k_trunc=5, k_att=2" in repr(layer_of())
