"""Updates: what one does, what the next one depends on, and when a run is given up."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.utils.hooks import RemovableHandle

from sab_visualiser.model.config import Method, ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.training.reading import evaluate
from sab_visualiser.model.training.trainer import (
    NONFINITE_LOSSES,
    DivergedError,
    Trainer,
    UpdateResult,
    stream_seed,
)

SMALL = RunConfig(
    TaskConfig("copy", 4, 2),
    ModelConfig(hidden_size=8, attention_size=4, k_top=2, k_trunc=3, k_att=1),
    TrainingConfig(batch_size=4, learning_rate=1e-2, seed=3),
)


def config(**training: object) -> RunConfig:
    return replace(SMALL, training=replace(SMALL.training, **training))  # type: ignore[arg-type]


def weights_of(trainer: Trainer) -> dict[str, Tensor]:
    return {name: weight.detach().clone() for name, weight in trainer.network.named_parameters()}


def same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def figures(results: list[UpdateResult]) -> list[str]:
    """All that must repeat, to the last bit: everything but the time it took."""
    return [repr(replace(result, seconds=0.0)) for result in results]


def poison(trainer: Trainer) -> None:
    with torch.no_grad():
        next(trainer.network.parameters()).fill_(math.nan)  # W_ih: one column alone reaches only who reads its symbol


def spoil_gradients(trainer: Trainer, factor: float) -> RemovableHandle:
    weight = next(trainer.network.parameters())
    handle: RemovableHandle = weight.register_hook(lambda gradient: gradient * factor)  # type: ignore[no-untyped-call]
    return handle


def test_updates_are_numbered_from_one_and_go_on_where_they_stopped() -> None:
    trainer = Trainer(SMALL)
    assert [result.update for result in trainer.updates(3)] == [1, 2, 3]
    assert [result.update for result in trainer.updates(2)] == [4, 5]
    assert trainer.update == 5


def test_an_update_tells_loss_metrics_gradient_norm_and_time() -> None:
    result = Trainer(SMALL).step()
    assert 0 < result.loss < 10
    assert set(result.metrics) == {"accuracy", "ce10", "ce"}
    assert result.metrics["ce"] == pytest.approx(result.loss, rel=1e-6)
    assert result.gradient_norm > 0
    assert result.seconds > 0
    assert not result.skipped


@pytest.mark.parametrize("method", ["sab", "tbptt", "bptt", "attention"])
def test_every_method_learns_with_the_same_trainer(method: Method) -> None:
    trainer = Trainer(replace(config(), model=replace(SMALL.model, method=method)))
    probe = trainer.task.probe_batch(64)
    before = evaluate(trainer.network, trainer.task, probe)
    list(trainer.updates(60))
    after = evaluate(trainer.network, trainer.task, probe)
    assert after["loss"] < 0.75 * before["loss"]
    assert trainer.skipped_total == 0


def test_a_recall_run_learns_to_answer() -> None:
    run = RunConfig(
        TaskConfig("recall", 1, 1),
        ModelConfig(hidden_size=16, attention_size=4, k_top=2, k_trunc=None, k_att=1),
        TrainingConfig(batch_size=16, learning_rate=1e-2),
    )
    trainer = Trainer(run)
    list(trainer.updates(250))
    assert evaluate(trainer.network, trainer.task, trainer.task.probe_batch(64))["accuracy"] > 0.9


def test_two_trainers_of_one_config_do_the_same_updates_bit_for_bit() -> None:
    one, two = Trainer(SMALL), Trainer(SMALL)
    first = list(one.updates(5))
    torch.rand(100)  # the global random state is nobody's business
    assert figures(first) == figures(list(two.updates(5)))
    assert same(weights_of(one), weights_of(two))


def test_another_seed_gives_other_weights_and_another_stream() -> None:
    one, two = Trainer(config(seed=0)), Trainer(config(seed=1))
    assert not same(weights_of(one), weights_of(two))
    two.network.load_state_dict(one.network.state_dict())
    assert one.step().loss != two.step().loss


def test_training_leaves_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()
    list(Trainer(config(phase="random")).updates(3))
    assert torch.equal(before, torch.get_rng_state())


def test_the_first_update_is_that_of_adam_on_clipped_gradients() -> None:
    trainer, twin = Trainer(config(clip_norm=0.01)), Trainer(config(clip_norm=0.01))
    batch = twin.task.batch(4, torch.Generator().manual_seed(stream_seed(3, "batches")))
    loss = twin.task.loss(twin.network(batch.inputs_BTI).outputs_BTC, batch)
    parameters = list(twin.network.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    norm = float(torch.cat([gradient.flatten() for gradient in gradients]).norm())
    optimizer = torch.optim.Adam(parameters, lr=1e-2)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient * 0.01 / norm
    optimizer.step()

    result = trainer.step()
    assert result.clipped
    assert result.gradient_norm == pytest.approx(norm, rel=1e-5)
    for name, weight in weights_of(trainer).items():
        torch.testing.assert_close(weight, twin.network.state_dict()[name], rtol=1e-4, atol=1e-6)


def test_clip_norm_zero_never_clips_and_a_large_one_neither() -> None:
    assert not Trainer(config(clip_norm=0.0)).step().clipped
    assert not Trainer(config(clip_norm=1e6)).step().clipped
    assert Trainer(config(clip_norm=1e-6)).step().clipped


def test_an_update_with_a_non_finite_gradient_is_skipped_and_counted() -> None:
    trainer = Trainer(SMALL)
    list(trainer.updates(2))
    weights, state = weights_of(trainer), trainer.state_dict()
    handle = spoil_gradients(trainer, math.inf)
    result = trainer.step()
    handle.remove()
    assert result.skipped
    assert not result.clipped
    assert not math.isfinite(result.gradient_norm)
    assert math.isfinite(result.loss)
    assert same(weights, weights_of(trainer))
    assert same(state["optimizer"], trainer.state_dict()["optimizer"])
    assert trainer.skipped_total == 1
    assert not trainer.step().skipped
    assert trainer.skipped_total == 1


@pytest.mark.parametrize("factor", [1e24, 1e30, 1e37])
def test_C10_gradients_that_float32_cannot_square_are_clipped_and_the_training_goes_on(factor: float) -> None:
    trainer = Trainer(config(clip_norm=1.0))
    list(trainer.updates(2))
    handle = spoil_gradients(trainer, factor)
    before = weights_of(trainer)
    result = trainer.step()
    handle.remove()
    assert (result.clipped, result.skipped) == (True, False)
    assert 2e19 < result.gradient_norm < math.inf
    assert not same(before, weights_of(trainer))
    assert all(bool(weight.isfinite().all()) for weight in weights_of(trainer).values())
    assert not trainer.step().skipped


def test_C10_without_clipping_they_are_skipped_and_change_nothing() -> None:
    trainer = Trainer(config(clip_norm=0.0))
    handle = spoil_gradients(trainer, 1e30)
    before = weights_of(trainer)
    result = trainer.step()
    handle.remove()
    assert (result.gradient_norm, result.skipped) == (math.inf, True)
    assert same(before, weights_of(trainer))


def test_a_loss_that_stays_non_finite_is_divergence_and_names_the_update() -> None:
    trainer = Trainer(SMALL)
    list(trainer.updates(2))
    poison(trainer)
    results = list(trainer.updates(NONFINITE_LOSSES - 1))
    assert all(result.skipped and math.isnan(result.loss) for result in results)
    with pytest.raises(DivergedError, match=r"update 27: .* since update 3;.*learning_rate") as caught:
        trainer.step()
    assert caught.value.update == caught.value.result.update == trainer.update == 27
    assert trainer.skipped_total == NONFINITE_LOSSES


def test_a_finite_loss_in_between_starts_the_count_again() -> None:
    trainer = Trainer(SMALL)
    good = trainer.state_dict()["weights"]
    for _ in range(2):
        poison(trainer)
        list(trainer.updates(NONFINITE_LOSSES - 1))
        trainer.network.load_state_dict(good)
        assert not trainer.step().skipped
    assert trainer.skipped_total == 2 * (NONFINITE_LOSSES - 1)


def test_non_finite_gradients_under_a_finite_loss_are_never_divergence() -> None:
    trainer = Trainer(SMALL)
    spoil_gradients(trainer, math.nan)
    assert all(result.skipped for result in trainer.updates(2 * NONFINITE_LOSSES))


def test_parameters_act_on_the_next_update_and_not_before() -> None:
    trainer, twin = Trainer(SMALL), Trainer(SMALL)
    list(trainer.updates(2)), list(twin.updates(2))
    trainer.set_parameters(k_top=1, k_trunc=None, k_att=2, learning_rate=1e-9, clip_norm=0.0)
    assert trainer.parameters() == {
        "k_top": 1,
        "k_trunc": None,
        "k_att": 2,
        "learning_rate": 1e-9,
        "clip_norm": 0.0,
    }
    assert same(weights_of(trainer), weights_of(twin))
    before = weights_of(trainer)
    result = trainer.step()
    assert result.loss != twin.step().loss
    moved = max(float((weights_of(trainer)[name] - before[name]).abs().max()) for name in before)
    assert moved < 1e-7
    assert not result.clipped


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"learning_rate": 0.5, "k_top": -1}, "k_top = -1"),
        ({"k_top": 1, "learning_rate": 0.0}, r"learning_rate = 0\.0"),
        ({"k_top": 1, "clip_norm": math.nan}, "clip_norm = nan"),
        ({"k_top": 1, "k_att": 0}, "k_att = 0"),
        ({"k_top": 1, "hidden_size": 3}, "hidden_size: .*choose from k_top"),
    ],
)
def test_refused_parameters_change_nothing_at_all(parameters: dict[str, float], message: str) -> None:
    trainer = Trainer(SMALL)
    before = trainer.parameters()
    with pytest.raises(ValueError, match=message):
        trainer.set_parameters(**parameters)
    assert trainer.parameters() == before


def test_a_random_phase_draws_from_its_own_stream_and_changes_only_the_gradients() -> None:
    fixed, random = Trainer(config()), Trainer(config(phase="random"))
    pairs = [(fixed.step(), random.step()) for _ in range(1)]
    assert all(one.loss == two.loss for one, two in pairs)
    phases = set()
    record = random.network.register_forward_pre_hook(
        lambda _module, _inputs, kwargs: phases.add(kwargs["phase"]), with_kwargs=True
    )
    list(random.updates(30))
    record.remove()
    assert phases == {0, 1, 2}


def test_evaluating_changes_nothing_and_repeats_itself() -> None:
    trainer = Trainer(SMALL)
    trainer.step()
    weights, probe = weights_of(trainer), trainer.task.probe_batch()
    first = evaluate(trainer.network, trainer.task, probe)
    assert first == evaluate(trainer.network, trainer.task, probe)
    assert set(first) == {"accuracy", "ce10", "ce", "loss"}
    assert same(weights, weights_of(trainer))


def test_streams_of_one_seed_and_of_neighbouring_seeds_all_differ() -> None:
    seeds = [stream_seed(seed, stream) for seed in range(20) for stream in ("weights", "batches", "phase")]
    assert len(set(seeds)) == 60
    assert all(0 <= seed < 2**63 for seed in seeds)
