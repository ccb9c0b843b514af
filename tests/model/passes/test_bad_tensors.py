"""What a caller should not pass, on both backends: the right result or a clear error, never wrong numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from sab_visualiser.model.proof.witness import dense_forward
from tests.oracles.small_layers import BACKENDS, gradients, grads_of, inputs_of, layer_of, same

ROOT = Path(__file__).resolve().parents[3]
both = pytest.mark.parametrize("backend", BACKENDS)
forms = pytest.mark.parametrize("normalizer", ["shift", "softmax"])


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "transposed": lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),
    "every second number": lambda x: torch.zeros(*x.shape[:2], 6)[:, :, ::2].copy_(x),
    "every second step": lambda x: torch.zeros(x.shape[0], 2 * x.shape[1], 3)[:, ::2].copy_(x),
    "features first": lambda x: x.permute(2, 0, 1).contiguous().permute(1, 2, 0),
}


@both
@pytest.mark.parametrize("layout", LAYOUTS)
def test_inputs_in_any_layout_give_the_same_numbers(backend: str, layout: str) -> None:
    layer, plain = layer_of(backend), inputs_of()
    strided = LAYOUTS[layout](plain)
    assert not strided.is_contiguous()
    assert torch.equal(layer(strided).hidden_BTD, layer(plain).hidden_BTD)
    assert same(gradients(layer, strided), gradients(layer, plain), 0.0)


@both
def test_one_example_expanded_to_a_batch_gives_equal_rows(backend: str) -> None:
    layer, one = layer_of(backend), inputs_of(1)
    hidden = layer(one.expand(4, -1, -1)).hidden_BTD
    assert all(torch.allclose(row, layer(one).hidden_BTD[0], atol=1e-6) for row in hidden)


@both
def test_weights_that_are_not_contiguous_give_the_same_numbers(backend: str) -> None:
    layer, twin = layer_of(backend), layer_of(backend)
    for name in ("weight_ih", "weight_hh", "weight_key", "weight_query"):
        strided = getattr(layer, name).detach().t().contiguous().t()
        assert not strided.is_contiguous()
        setattr(layer, name, nn.Parameter(strided))
    layer.weight_score = nn.Parameter(torch.stack([layer.weight_score.detach()] * 2, dim=1)[:, 0])
    # A BLAS may sum a transposed matrix in another order, so not to the last bit.
    assert torch.allclose(layer(inputs_of()).hidden_BTD, twin(inputs_of()).hidden_BTD, rtol=1e-4, atol=1e-5)
    assert same(gradients(layer, inputs_of()), gradients(twin, inputs_of()), 1e-4)


@both
def test_gradients_that_arrive_expanded_count_like_those_written_out(backend: str) -> None:
    layer, inputs = layer_of(backend), inputs_of().requires_grad_()
    hidden, summary, *_ = layer(inputs)
    expanded = grads_of(hidden.sum() + summary.sum(), layer, inputs)  # autograd hands on one number, expanded
    hidden, summary, *_ = layer(inputs)
    ones = torch.ones_like(hidden)
    written = grads_of((hidden * ones).sum() + (summary * ones).sum(), layer, inputs)
    assert same(expanded, written)


@both
@pytest.mark.parametrize("used", [0, 1])
def test_an_output_that_nobody_uses_counts_as_zero(backend: str, used: int) -> None:
    layer, inputs = layer_of(backend), inputs_of().requires_grad_()
    alone = grads_of(layer(inputs)[used].square().sum(), layer, inputs)
    out = layer(inputs)
    beside = grads_of(out[used].square().sum() + 0 * out[1 - used].sum(), layer, inputs)
    assert same(alone, beside)


@both
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool])
def test_inputs_of_another_type_than_the_weights_are_refused_with_the_remedy(backend: str, dtype: torch.dtype) -> None:
    with pytest.raises(ValueError, match=rf"inputs are {dtype}: must be torch.float32 like the weights; convert with"):
        layer_of(backend)(inputs_of().to(dtype))


def test_a_layer_in_float64_runs_exactly_and_refuses_the_float32_loops() -> None:
    layer = layer_of("auto").double()
    hidden = layer(inputs_of().double()).hidden_BTD
    assert hidden.dtype == torch.float64
    expected, _ = dense_forward(layer.weights(), inputs_of().double(), layer.knobs())
    assert torch.allclose(hidden, expected, rtol=1e-12, atol=1e-12)
    layer.backend = "numba"
    with pytest.raises(ValueError, match=r"backend = 'numba': its loops are for float32.*use 'auto' or 'torch'"):
        layer(inputs_of().double())


@both
@pytest.mark.parametrize("shape", [(0, 9, 3), (5, 0, 3), (0, 0, 3)])
def test_an_empty_batch_is_refused_with_what_is_needed(backend: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="need at least one example and one step"):
        layer_of(backend)(torch.zeros(shape))


@both
def test_without_gradient_the_same_numbers_come_out_and_nothing_hangs_on_them(backend: str) -> None:
    layer = layer_of(backend)
    expected = layer(inputs_of()).hidden_BTD
    with torch.no_grad():
        silent = layer(inputs_of()).hidden_BTD
    with torch.inference_mode():
        inference = layer(inputs_of()).hidden_BTD
    frozen = layer.requires_grad_(False)(inputs_of()).hidden_BTD
    assert expected.requires_grad
    for hidden in (silent, inference, frozen):
        assert not hidden.requires_grad
        assert torch.equal(hidden, expected)


@both
def test_frozen_weights_get_no_gradient_and_the_others_keep_theirs(backend: str) -> None:
    layer, inputs = layer_of(backend), inputs_of()
    expected = gradients(layer, inputs)
    layer.weight_hh.requires_grad_(False)
    layer.weight_key.requires_grad_(False)
    hidden, summary, *_ = layer(inputs)
    (hidden.square().sum() + summary.sin().sum()).backward()
    assert layer.weight_hh.grad is None
    assert layer.weight_key.grad is None
    for name in ("weight_ih", "bias_ih", "bias_hh", "weight_query", "weight_score"):
        assert torch.equal(getattr(layer, name).grad, expected[name]), name


@both
def test_inputs_on_another_device_are_refused_with_both_names(backend: str) -> None:
    with pytest.raises(ValueError, match="inputs are on meta: must be on cpu like the weights; move one of them"):
        layer_of(backend)(inputs_of().to("meta"))


def test_a_layer_on_another_device_never_runs_the_loops_of_the_cpu() -> None:
    layer = layer_of("auto").to("meta")
    with pytest.raises(ValueError, match="must be on meta like the weights"):
        layer(inputs_of())
    layer.backend = "numba"
    with pytest.raises(ValueError, match=r"its loops run on the CPU, the weights are on meta; use 'auto' or 'torch'"):
        layer(inputs_of().to("meta"))


@both
@forms
def test_knobs_turned_between_the_passes_act_on_the_next_call_alone(backend: str, normalizer: str) -> None:
    layer, inputs = layer_of(backend, normalizer=normalizer), inputs_of().requires_grad_()
    expected = gradients(layer, inputs)
    hidden, summary, *_ = layer(inputs)
    layer.k_top, layer.k_trunc, layer.k_att = 1, None, 4
    turned = grads_of(hidden.square().sum() + summary.sin().sum(), layer, inputs)
    assert same(turned, expected, 0.0)
    fresh = gradients(layer_of(backend, normalizer=normalizer, k_top=1, k_trunc=None, k_att=4), inputs)
    assert same(gradients(layer, inputs), fresh, 0.0)


@both
@pytest.mark.parametrize("threads", [2, 3, 64])
@pytest.mark.parametrize("batch", [1, 3, 17])
def test_more_threads_than_cores_or_examples_change_no_number(backend: str, threads: int, batch: int) -> None:
    layer, inputs = layer_of(backend), inputs_of(batch)
    hidden, found = layer(inputs).hidden_BTD, gradients(layer, inputs)
    torch.set_num_threads(threads)
    assert torch.allclose(layer(inputs).hidden_BTD, hidden, atol=1e-6)
    assert same(gradients(layer, inputs), found, 1e-5)


BROKEN = {
    "missing": "raise ModuleNotFoundError(\"No module named 'numba'\")",
    "cannot load": "raise OSError('libLLVM.so: cannot open shared object file')",
    "cannot compile": "def njit(*a, **k):\n    def stub(*x, **y):\n        raise RuntimeError('LLVM says no')\n"
    "    return (lambda f: stub) if not (a and callable(a[0])) else stub\n",
}
ASK = """
import torch
from sab_visualiser.model.passes.fused.backend import why_no_numba
from sab_visualiser.model.sab import SAB
torch.manual_seed(3)
layer = SAB(3, 6, attention_size=4, k_top=2, k_trunc=3, k_att=1)
out = layer(torch.ones(2, 9, 3))
out.hidden_BTD.sum().backward()
print(why_no_numba())
print(out.tape.backend == "torch", out.hidden_BTD.sum().item(), layer.weight_hh.grad.sum().item())
"""


@pytest.mark.parametrize("how", BROKEN)
def test_a_numba_that_is_missing_or_broken_gives_way_to_the_other_backend(how: str, tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text(BROKEN[how])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT / "src")))}
    environment.pop("SAB_BACKEND", None)
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    why, numbers = done.stdout.splitlines()
    assert {"missing": "No module named 'numba'", "cannot load": "libLLVM", "cannot compile": "LLVM says no"}[
        how
    ] in why
    layer = layer_of("torch")
    out = layer(torch.ones(2, 9, 3))
    out.hidden_BTD.sum().backward()
    assert layer.weight_hh.grad is not None
    fell_back, hidden, gradient = numbers.split()
    assert fell_back == "True"
    assert float(hidden) == pytest.approx(out.hidden_BTD.sum().item(), rel=1e-5)
    assert float(gradient) == pytest.approx(layer.weight_hh.grad.sum().item(), rel=1e-5)
