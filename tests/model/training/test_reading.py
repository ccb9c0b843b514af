"""A text that is read on with the state carried over: the same losses and gradients as one LSTM that walks along it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from sab_visualiser.model.config import Method, ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import TASKS, carry_words
from sab_visualiser.model.contract.data import HAMLET, text_facts
from sab_visualiser.model.passes.tape import State
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.char import STREAMS, CharTask
from sab_visualiser.model.tasks.data import bring, numbered
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError
from sab_visualiser.model.training.looks import fresh
from sab_visualiser.model.training.reading import examine
from sab_visualiser.model.training.trainer import Trainer, stream_seed
from tests.model.training.test_graphs import recorded, same_updates
from tests.oracles.small_layers import BACKENDS
from tests.oracles.text_in_order import Plain, updates

WORDS = "to be or not to be, that is the question: whether it is nobler in the mind to suffer " * 4
T, ROWS = 7, 3
SINGLE = [(backend, torch.float32, 1e-6) for backend in BACKENDS]
"""Backends in single precision, and how far a loss may lie beside one in double precision, as a share."""


def run_of(*, carry: bool = True, method: Method = "sab", rows: int = ROWS, data: str | None = None) -> RunConfig:
    return RunConfig(
        TaskConfig("char", T, data=data or little(), carry=carry),
        ModelConfig(method=method, hidden_size=6, attention_size=4, k_top=2, k_trunc=3, k_att=1),
        TrainingConfig(batch_size=rows, learning_rate=1e-2, clip_norm=0.0, seed=5, phase="random"),
    )


def little(words: str = WORDS[:100]) -> str:
    facts = text_facts(words, "little")
    bring(numbered(facts, words))
    return facts.name


def char(config: RunConfig) -> CharTask:
    task = make_task(config.task)
    assert isinstance(task, CharTask)
    return task


def text_of(config: RunConfig) -> tuple[list[int], list[int]]:
    """The text as places in its alphabet: what training reads, and the held-out part."""
    symbols = sorted(set(WORDS[:100]))
    places = [symbols.index(letter) for letter in WORDS[:100]]
    return places[:90], places[90:]


def same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(("backend", "dtype", "tolerance"), [("torch", torch.float64, 1e-11), *SINGLE])
def test_losses_and_gradients_are_those_of_one_lstm_that_walks_along_the_text(
    backend: str, dtype: torch.dtype, tolerance: float
) -> None:
    config = run_of(method="bptt")
    trainer = Trainer(config)
    trainer.network.to(dtype)
    trainer.network.layer.backend = backend
    text, _ = text_of(config)
    shift = int(torch.randint(90, (), generator=torch.Generator().manual_seed(stream_seed(5, "streams"))))
    begins = [(shift + 30 * row) % 90 for row in range(ROWS)]
    plain = Plain(trainer.task.input_size, 6)
    walk = updates(plain, trainer.network, text, begins, T)
    for _ in range(30):  # each row meets the end of the text twice or more
        loss, gradients = next(walk)
        assert trainer.step().loss == pytest.approx(loss, rel=tolerance)
        found = {name: weight.grad for name, weight in trainer.network.named_parameters()}
        for name, expected in gradients.items():
            gradient = found[name]
            assert gradient is not None
            of_hidden = gradient[:, :6] if name == "readout.weight" else gradient
            largest = float(expected.abs().max())
            torch.testing.assert_close(of_hidden.double(), expected, rtol=0, atol=10 * tolerance * largest)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("method", ["sab", "tbptt", "attention"])
def test_every_method_and_backend_begins_an_update_with_the_state_of_the_one_before(
    backend: str, method: Method
) -> None:
    trainer = Trainer(run_of(method=method))
    trainer.network.layer.backend = backend
    trainer.step()
    state = trainer.state_dict()["carried"]
    batch, anew_B = char(trainer.config).following(ROWS, 1, stream_seed(5, "streams"))
    before = tuple(torch.where(anew_B[:, None], 0.0, state[name]) for name in ("h", "c"))
    with torch.no_grad():
        told = trainer.network(batch.inputs, state=(before[0], before[1]))
        cold = trainer.network(batch.inputs)
    loss = float(trainer.task.loss(told.outputs_BTC, batch))
    assert loss != float(trainer.task.loss(cold.outputs_BTC, batch))
    assert trainer.step().loss == pytest.approx(loss, rel=1e-6)


def test_the_rows_together_read_each_character_equally_often_and_nothing_that_is_held_out() -> None:
    text = "".join(map(chr, range(200, 400)))
    facts = text_facts(text, "all different")
    bring(numbered(facts, text))
    task = char(run_of(data=facts.name))
    seen: Counter[int] = Counter()
    last_B = torch.zeros(4)
    for update in range(1000):
        batch, anew_B = task.following(4, update, 9)
        symbols_BT = batch.inputs
        assert torch.equal(symbols_BT[:, 1:], batch.targets_BT[:, :-1])
        assert int(batch.targets_BT.max()) < facts.training
        seen.update(symbols_BT.flatten().tolist())
        if update:
            goes_on_B = symbols_BT[:, 0] == last_B
            assert torch.equal(goes_on_B, ~anew_B), "a row that begins anew is one that does not go on"
            assert set(symbols_BT[anew_B, 0].tolist()) <= set(range(T)), "it begins within the first T characters"
        else:
            assert anew_B.all()
            gaps = (symbols_BT[:, 0].sort().values).diff()
            assert gaps.min() >= facts.training // 4 - T
        last_B = batch.targets_BT[:, -1]
    middle = [seen[place] for place in range(T, facts.training - 2 * T)]
    assert max(middle) - min(middle) <= 4, "beginning and end aside"


@pytest.mark.parametrize(("characters", "rows"), [(20, 1), (20, 50), (1000, 1000)])
def test_a_text_may_be_shorter_than_its_rows_together(characters: int, rows: int) -> None:
    task = char(run_of(data=little((WORDS * 3)[:characters] + "#" * (characters // 2))))
    for update in range(20):
        batch, _ = task.following(rows, update, 1)
        assert batch.inputs.shape == (rows, T)


def test_another_seed_begins_elsewhere_and_the_same_seed_at_the_same_places() -> None:
    task = char(run_of())
    one, again, other = (task.following(ROWS, 0, seed)[0].inputs for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_a_run_that_was_saved_in_the_middle_goes_on_bit_for_bit() -> None:
    straight, broken = Trainer(run_of()), Trainer(run_of())
    expected = [result.loss.hex() for result in straight.updates(6)]
    losses = [result.loss.hex() for result in broken.updates(3)]
    resumed = checkpoint.loads(checkpoint.dumps(Checkpoint.of(broken))).trainer()
    losses += [result.loss.hex() for result in resumed.updates(3)]
    assert losses == expected
    assert same(straight.state_dict()["weights"], resumed.state_dict()["weights"])
    assert same(straight.state_dict()["carried"], resumed.state_dict()["carried"])


def test_going_back_to_a_state_takes_the_carried_one_back_too() -> None:
    trainer = Trainer(run_of())
    list(trainer.updates(2))
    state = trainer.state_dict()
    expected = [result.loss.hex() for result in trainer.updates(3)]
    trainer.load_state_dict(state)
    assert [result.loss.hex() for result in trainer.updates(3)] == expected


def test_a_checkpoint_without_the_state_or_with_one_of_another_size_is_refused() -> None:
    saved = Checkpoint.of(Trainer(run_of()))
    for carried, words in (({}, "is missing"), ({"h": torch.zeros(2, 6), "c": torch.zeros(3, 6)}, "asks for")):
        broken = replace(saved, state={**saved.state, "carried": carried})
        with pytest.raises(CheckpointError, match=rf"carried\.[ch]: .*{words}"):
            checkpoint.loads(checkpoint.dumps(broken))
    beside = replace(Checkpoint.of(Trainer(run_of(carry=False))), state=saved.state)
    with pytest.raises(CheckpointError, match=r"carried\.c: the config has no such tensor"):
        checkpoint.loads(checkpoint.dumps(beside))
    assert checkpoint.loads(checkpoint.dumps(saved.weights_only())).state["carried"] == {}


def test_a_state_that_is_not_finite_starts_from_zeros_and_the_others_stay() -> None:
    trainer = Trainer(run_of())
    trainer.step()
    good = trainer.state_dict()
    with torch.no_grad():
        trainer.network.layer.weight_ih.fill_(math.nan)
    assert trainer.step().skipped
    assert all(part.isfinite().all() for part in trainer.state_dict()["carried"].values())
    trainer.load_state_dict(good)
    assert trainer.step().loss > 0
    assert trainer._read_on is not None
    hidden_BD, cell_BD = torch.ones(ROWS, 6), torch.ones(ROWS, 6)
    cell_BD[1, 2] = math.inf
    trainer._read_on.keep(State(hidden_BD, cell_BD))
    kept = trainer.state_dict()["carried"]
    assert kept["h"].sum(1).tolist() == kept["c"].sum(1).tolist() == [6, 0, 6]


def test_a_recorded_pass_begins_with_the_state_of_its_batch() -> None:
    """A recording is replayed on tensors that stay where they are: the state must be among those that are renewed."""
    config = replace(run_of(), training=replace(run_of().training, phase="fixed"))
    plain, (replayed, recorder) = Trainer(config), recorded(config)
    assert same_updates(plain, replayed, 6)
    assert (recorder.recorded, recorder.replayed) == (1, 6)
    assert same(replayed.state_dict()["carried"], plain.state_dict()["carried"])


def test_held_out_text_is_read_as_one_lstm_reads_it_in_as_many_streams() -> None:
    data = little(WORDS * 8)
    config = run_of(method="bptt", data=data)
    trainer = Trainer(config)
    trainer.network.double()
    task = char(config)
    facts = task._facts
    text = [facts.symbols.index(letter) for letter in WORDS * 8][facts.training :]
    windows = facts.held_out(T)
    assert windows % STREAMS, "the last stream is shorter than the others"
    long = math.ceil(windows / STREAMS)
    plain, nats = Plain(task.input_size, 6), 0.0
    plain.take(trainer.network)
    for first in range(0, windows, long):
        last = min(first + long, windows)
        nats += float(plain.nats(text[first * T : last * T + 1], None)[0].detach())
    batches = list(task.examined(10_000, 500, torch.Generator().manual_seed(0)))
    assert sum(len(batch.targets_BT) for batch in batches) == windows
    found = examine(trainer.network, task, batches)
    assert found["bpc"] == pytest.approx(nats / (windows * T) / math.log(2), rel=1e-12)
    each_alone = CharTask(replace(config.task, carry=False))
    cold = examine(trainer.network, each_alone, each_alone.examined(10_000, 500, torch.Generator()))
    assert abs(cold["bpc"] - found["bpc"]) > 1e-6


def test_a_look_reads_neighbouring_windows_from_a_place_of_its_own_and_repeats() -> None:
    trainer = Trainer(run_of(data="hamlet"))
    task = char(trainer.config)
    batches = list(task.examined(20, 500, torch.Generator().manual_seed(1)))
    assert [len(batch.targets_BT) for batch in batches] == [7, 7, 6], "20 windows in streams of three"
    order = [(row, place) for row in range(7) for place in range(3) if row < len(batches[place].inputs)]
    begins = [int(batches[place].inputs[row, 0]) for row, place in order]
    ends = [int(batches[place].targets_BT[row, -1]) for row, place in order]
    assert begins[1:] == ends[:-1]
    assert fresh(trainer) == fresh(trainer)
    small = list(task.examined(20, 2, torch.Generator().manual_seed(1)))
    assert max(len(batch.targets_BT) for batch in small) == 2


def test_without_it_a_sequence_is_drawn_and_begins_with_nothing() -> None:
    trainer = Trainer(run_of(carry=False))
    assert trainer.state_dict()["carried"] == {}
    assert trainer._draw()[1].before is None
    one, other = (
        [batch.inputs for batch in read(20, 6, torch.Generator().manual_seed(1))]
        for read in (trainer.task.examined, trainer.task.held_out)
    )
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert HAMLET.held_out(T) > 20


@pytest.mark.parametrize("name", [name for name in TASKS if name != "char"])
def test_no_task_without_a_text_carries_anything(name: str) -> None:
    steps = 64 if name == "pixels" else 20
    words = rf"task\.carry = true: must be false, for {name} reads no text; leave carry out"
    with pytest.raises(ValueError, match=words):
        make_task(TaskConfig(name, steps, carry=True))  # type: ignore[arg-type]
    assert carry_words(TaskConfig(name, steps)) == ""  # type: ignore[arg-type]


def test_a_caption_says_whether_the_state_is_carried() -> None:
    assert carry_words(TaskConfig("char", carry=True)) == "state carried from one window to the next"
    assert carry_words(TaskConfig("char")) == "each window begins with nothing"
