"""What every task promises, and what each one promises beside."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import TASKS as FACTS
from sab_visualiser.model.contract import TaskName, usual_T
from sab_visualiser.model.tasks import TASKS, Batch, Task, make_task
from sab_visualiser.model.tasks.base import NO_TARGET

CONFIGS = [
    TaskConfig("copy", 7),
    TaskConfig("copy", 1, 1),
    TaskConfig("copy", 30, 4),
    TaskConfig("adding", 2),
    TaskConfig("adding", 15),
    TaskConfig("recall", 1, 1),
    TaskConfig("recall", 9),
    TaskConfig("recall", 4, 8),
    TaskConfig("denoise", 10),
    TaskConfig("denoise", 25, 3),
    TaskConfig("denoise", 1, 1),
    TaskConfig("char", 1),
    TaskConfig("char", 40),
    TaskConfig("pixels", 64),
    TaskConfig("pixels", 64, permuted=3),
]
SOURCED_CONFIGS = [config for config in CONFIGS if not FACTS[config.name].data]
SYMBOL_CONFIGS = [config for config in SOURCED_CONFIGS if config.name != "adding"]
sourced_task = pytest.mark.parametrize("config", SOURCED_CONFIGS, ids=lambda c: f"{c.name}-{c.T}-{c.items}")
every_task = pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.name}-{c.T}-{c.items}-{c.permuted}")
symbol_task = pytest.mark.parametrize("config", SYMBOL_CONFIGS, ids=lambda c: f"{c.name}-{c.T}-{c.items}")


def draw(task: Task, size: int = 9, seed: int = 5) -> Batch:
    return task.batch(size, torch.Generator().manual_seed(seed))


def perfect_outputs_BTC(task: Task, batch: Batch) -> Tensor:
    if task.kind == "values":
        return batch.targets_BT.nan_to_num(0.25).unsqueeze(-1)
    return 100 * torch.nn.functional.one_hot(batch.targets_BT.clamp(min=0), task.output_size).float()


def asked_BT(batch: Batch) -> Tensor:
    """Where a step has a target."""
    return ~batch.targets_BT.isnan() & (batch.targets_BT != NO_TARGET)


@every_task
def test_a_batch_has_the_sizes_the_task_names(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    assert batch.inputs_BTI.shape == (9, task.steps, task.input_size)
    assert batch.inputs_BTI.dtype == torch.float32
    assert batch.targets_BT.shape == batch.scored_BT.shape == (9, task.steps)
    assert batch.steps == task.steps
    assert len(batch.true_sources) == 9


@every_task
def test_the_same_seed_draws_the_same_batch_and_another_seed_another(config: TaskConfig) -> None:
    task = make_task(config)
    first, again, other = draw(task), draw(task), draw(task, seed=6)
    for field in fields(Batch):
        one, two = getattr(first, field.name), getattr(again, field.name)
        same = torch.equal(one.nan_to_num(-1), two.nan_to_num(-1)) if isinstance(one, Tensor) else one == two
        assert same, field.name
    assert not torch.equal(first.inputs_BTI, other.inputs_BTI)


@every_task
def test_a_generator_moves_on_so_that_batches_differ(config: TaskConfig) -> None:
    task = make_task(config)
    generator = torch.Generator().manual_seed(1)
    assert not torch.equal(task.batch(9, generator).inputs_BTI, task.batch(9, generator).inputs_BTI)


@every_task
def test_drawing_a_batch_leaves_the_global_random_state_alone(config: TaskConfig) -> None:
    before = torch.get_rng_state()
    make_task(config).probe_batch()
    assert torch.equal(before, torch.get_rng_state())


@every_task
def test_the_probe_batch_is_always_the_same(config: TaskConfig) -> None:
    one, two = make_task(config).probe_batch(), make_task(config).probe_batch()
    assert torch.equal(one.inputs_BTI, two.inputs_BTI)
    assert len(one.inputs_BTI) == 16


@every_task
def test_perfect_outputs_have_no_loss_and_full_accuracy(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    outputs_BTC = perfect_outputs_BTC(task, batch)
    assert float(task.loss(outputs_BTC, batch)) < 1e-6
    metrics = task.metrics(outputs_BTC, batch)
    assert metrics.pop("accuracy", 1.0) == 1.0
    assert all(abs(value) < 1e-6 for value in metrics.values())


@every_task
def test_the_loss_of_the_steps_adds_up_to_the_loss(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    outputs_BTC = torch.randn(9, task.steps, task.output_size, generator=torch.Generator().manual_seed(3))
    loss_BT = task.loss_BT(outputs_BTC, batch)
    steps_with_target = int(asked_BT(batch).sum(dim=1)[0])
    torch.testing.assert_close(loss_BT.sum(dim=1).mean() / steps_with_target, task.loss(outputs_BTC, batch))


@every_task
def test_the_loss_reaches_every_step_with_a_target_and_no_other(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    outputs_BTC = torch.zeros(9, task.steps, task.output_size, requires_grad=True)
    (gradient_BTC,) = torch.autograd.grad(task.loss(outputs_BTC, batch), outputs_BTC)
    assert torch.equal((gradient_BTC != 0).any(dim=-1), asked_BT(batch))
    assert torch.isfinite(gradient_BTC).all()


@every_task
def test_one_example_is_a_batch_of_one(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    one = batch.example(4)
    assert torch.equal(one.inputs_BTI, batch.inputs_BTI[4:5])
    assert one.true_sources == (batch.true_sources[4],)
    assert math.isfinite(float(task.loss(torch.zeros(1, task.steps, task.output_size), one)))


@sourced_task
def test_scored_steps_are_those_with_a_true_source_and_include_the_default_loss_step(
    config: TaskConfig,
) -> None:
    task = make_task(config)
    batch = draw(task)
    for scored_T, sources in zip(batch.scored_BT, batch.true_sources, strict=True):
        assert scored_T.nonzero().flatten().tolist() == sorted(sources)
        assert task.default_loss_step in sources
        # A number of `adding` may be marked at the very step that answers; all else lies in the past.
        latest = 0 if task.kind == "values" else 1
        assert all(source <= reader - latest for reader, places in sources.items() for source in places)


@symbol_task
def test_the_true_source_shows_the_very_symbol_that_is_asked_for(config: TaskConfig) -> None:
    batch = draw(make_task(config))
    assert batch.symbols_BT is not None
    for symbols_T, targets_T, sources in zip(batch.symbols_BT, batch.targets_BT, batch.true_sources, strict=True):
        for reader, (source,) in sources.items():
            assert symbols_T[source] == targets_T[reader]


@symbol_task
def test_inputs_are_the_symbols_in_one_hot_form_and_every_symbol_has_a_name(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    assert batch.symbols_BT is not None
    assert torch.equal(batch.inputs_BTI.argmax(-1), batch.symbols_BT)
    assert torch.equal(batch.inputs_BTI.sum(-1), torch.ones(9, task.steps))
    assert len(task.symbol_names) == len(set(task.symbol_names)) == task.input_size == task.output_size


@symbol_task
def test_uniform_outputs_cost_the_logarithm_of_the_number_of_classes(config: TaskConfig) -> None:
    task = make_task(config)
    batch = draw(task)
    metrics = task.metrics(torch.zeros(9, task.steps, task.output_size), batch)
    assert metrics["ce"] == pytest.approx(math.log(task.output_size), rel=1e-5)


def test_copy_looks_as_the_specification_draws_it() -> None:
    task = make_task(TaskConfig("copy", 30))
    batch = draw(task)
    assert (task.steps, task.input_size, task.default_loss_step) == (50, 10, 40)
    assert batch.symbols_BT is not None
    names = [task.symbol_names[s] for s in batch.symbols_BT[0].tolist()]
    assert set(names[:10]) <= set("ABCDEFGH")
    assert names[10:39] == ["·"] * 29
    assert names[39] == "▸"
    assert names[40:] == ["·"] * 10
    targets = [task.symbol_names[s] for s in batch.targets_BT[0].tolist()]
    assert targets == ["·"] * 40 + names[:10]
    assert batch.true_sources[0] == {40 + i: (i,) for i in range(10)}


def test_denoise_scatters_its_symbols_over_all_of_the_noise() -> None:
    task = make_task(TaskConfig("denoise", 12, 3))
    batch = task.batch(400, torch.Generator().manual_seed(0))
    assert batch.symbols_BT is not None
    assert task.steps == 16
    assert torch.equal((batch.symbols_BT[:, :12] != 8).sum(1), torch.full((400,), 3))
    assert (batch.symbols_BT[:, 12] == 9).all()
    assert (batch.symbols_BT[:, 13:] == 8).all()
    assert ((batch.symbols_BT[:, :12] != 8).sum(0) > 60).all()
    places = [[place for (place,) in sources.values()] for sources in batch.true_sources]
    assert all(row == sorted(set(row)) for row in places)


def test_recall_asks_for_each_pair_and_never_repeats_a_key() -> None:
    task = make_task(TaskConfig("recall", 5, 4))
    batch = task.batch(300, torch.Generator().manual_seed(0))
    assert batch.symbols_BT is not None
    assert task.steps == 14
    keys_BN = batch.symbols_BT[:, 0:8:2]
    assert all(len(set(row)) == 4 for row in keys_BN.tolist())
    asked_B = batch.symbols_BT[:, -1]
    assert torch.equal((keys_BN == asked_B[:, None]).sum(1), torch.ones(300, dtype=torch.int64))
    assert {source for sources in batch.true_sources for (source,) in sources.values()} == {1, 3, 5, 7}
    assert (batch.symbols_BT[:, 8:13] == 16).all()


@pytest.mark.parametrize("steps", [2, 3, 10, 11])
def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum(steps: int) -> None:
    task = make_task(TaskConfig("adding", steps))
    batch = task.batch(400, torch.Generator().manual_seed(0))
    values_BT, marks_BT = batch.inputs_BTI.unbind(-1)
    half = steps // 2
    assert torch.equal(marks_BT[:, :half].sum(1), torch.ones(400))
    assert torch.equal(marks_BT[:, half:].sum(1), torch.ones(400))
    assert (marks_BT.sum(0) > 0).all()
    torch.testing.assert_close(batch.targets_BT[:, -1], (values_BT * marks_BT).sum(1))
    assert batch.targets_BT[:, :-1].isnan().all()
    for marks_T, sources in zip(marks_BT, batch.true_sources, strict=True):
        assert sources == {steps - 1: tuple(marks_T.nonzero().flatten().tolist())}


def test_saying_one_costs_a_sixth_on_adding() -> None:
    task = make_task(TaskConfig("adding", 10))
    batch = task.batch(20_000, torch.Generator().manual_seed(0))
    assert task.metrics(torch.ones(20_000, 10, 1), batch)["mse"] == pytest.approx(1 / 6, rel=0.03)


def test_accuracy_and_ce10_look_at_the_repeated_symbols_alone() -> None:
    task = make_task(TaskConfig("copy", 3, 2))
    batch = draw(task, size=1)
    outputs_BTC = perfect_outputs_BTC(task, batch)
    outputs_BTC[0, -1] = 0.0
    metrics = task.metrics(outputs_BTC, batch)
    assert metrics["accuracy"] in (0.5, 1.0)
    assert metrics["ce10"] == pytest.approx(math.log(10) / 2, rel=1e-5)
    assert metrics["ce"] == pytest.approx(math.log(10) / 7, rel=1e-5)
    outputs_BTC[0, -1, (batch.targets_BT[0, -1] + 1) % 10] = 100.0
    outputs_BTC[0, 0] = outputs_BTC[0, -1]
    assert task.metrics(outputs_BTC, batch)["accuracy"] == 0.5


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (TaskConfig("denoise", 9), r"task\.T = 9: denoise needs 10 … 1024; raise task\.T or lower task\.items"),
        (TaskConfig("adding", 1), r"task\.T = 1: adding needs 2 … 1024; raise task\.T"),
        (TaskConfig("adding", 5, 3), r"task\.items = 3.*leave items out"),
        (TaskConfig("recall", 5, 9), r"task\.items = 9: recall has 8 keys; lower task\.items to 1 … 8"),
    ],
)
def test_a_task_that_cannot_be_says_what_to_change(config: TaskConfig, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_task(config)


def test_every_task_name_of_the_configuration_can_be_made() -> None:
    lengths = {name: usual_T(name, None) for name in get_args(TaskName)}
    assert {make_task(TaskConfig(name, T)).name for name, T in lengths.items()} == set(TASKS)


def test_every_task_takes_part_in_the_tests_of_this_file() -> None:
    assert {config.name for config in CONFIGS} == set(get_args(TaskName))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(TASKS)), st.integers(1, 40), st.none() | st.integers(1, 12), st.integers(1, 6))
def test_any_task_of_any_size_either_refuses_or_draws_a_consistent_batch(
    name: str, T: int, items: int | None, batch_size: int
) -> None:
    config = TaskConfig(name, T, items)  # type: ignore[arg-type]
    least = {"adding": 2, "denoise": items or 10, "pixels": 64}.get(name, 1)
    countless = FACTS[name].items is None  # type: ignore[index]
    if least > T or (countless and items) or (name == "recall" and (items or 0) > 8):
        with pytest.raises(ValueError, match=r"^task\.(T|items) = "):
            make_task(config)
        return
    task = make_task(config)
    batch = draw(task, batch_size)
    assert batch.inputs_BTI.shape == (batch_size, task.steps, task.input_size)
    assert float(task.loss(perfect_outputs_BTC(task, batch), batch)) < 1e-6
    assert 0 <= task.default_loss_step < task.steps
