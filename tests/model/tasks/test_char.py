"""Next character: what is read where, what an own text becomes, and what is said of one that cannot be read."""

from __future__ import annotations

import math

import pytest
import torch

from sab_visualiser.model.config import ModelConfig, TaskConfig
from sab_visualiser.model.contract.data import HAMLET, full_name, text_facts
from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.trace import Probe, trace
from sab_visualiser.model.tasks import make_task
from sab_visualiser.model.tasks.base import NO_TARGET, Batch
from sab_visualiser.model.tasks.char import CharTask
from sab_visualiser.model.tasks.data import FOLDER, DataError, bring, numbered

TEXT = (FOLDER / "hamlet.txt").read_text()
HELD_OUT = TEXT[HAMLET.training :]


def char(T: int = 30, data: str | None = None) -> CharTask:
    task = make_task(TaskConfig("char", T, data=data))
    assert isinstance(task, CharTask)
    return task


def words(symbols_T: torch.Tensor) -> str:
    return "".join(HAMLET.symbols[place] for place in symbols_T.tolist())


def drawn(batch: Batch) -> list[str]:
    """What each example reads, and the character that follows."""
    assert batch.symbols_BT is not None
    pairs = zip(batch.symbols_BT, batch.targets_BT, strict=True)
    return [words(read_T) + words(target_T[-1:]) for read_T, target_T in pairs]


def test_every_target_is_the_character_that_follows() -> None:
    batch = char().batch(50, torch.Generator().manual_seed(0))
    assert batch.symbols_BT is not None
    assert torch.equal(batch.symbols_BT[:, 1:], batch.targets_BT[:, :-1])
    assert torch.equal(batch.inputs_BTI.argmax(-1), batch.symbols_BT)
    assert all(piece in TEXT for piece in drawn(batch))


def test_training_never_reads_a_character_that_is_held_out() -> None:
    marked = "a" * 90 + "b" * 9 + "c"
    facts = text_facts(marked, "marked")
    bring(numbered(facts, marked))
    task = make_task(TaskConfig("char", 9, data=facts.name))
    batch = task.batch(500, torch.Generator().manual_seed(0))
    assert (facts.training, facts.held_out(9)) == (90, 1)
    assert set(batch.targets_BT.flatten().tolist()) == {0}
    (held,) = task.held_out(500, 500, torch.Generator())
    assert held.symbols_BT is not None
    assert held.symbols_BT.tolist() == [[1] * 9]
    assert held.targets_BT.tolist() == [[1] * 8 + [2]]


def test_every_first_character_of_a_piece_comes_up() -> None:
    text = "".join(map(chr, range(200, 300)))
    facts = text_facts(text, "all different")
    bring(numbered(facts, text))
    batch = make_task(TaskConfig("char", 4, data=facts.name)).batch(5000, torch.Generator().manual_seed(1))
    assert batch.symbols_BT is not None
    assert set(batch.symbols_BT[:, 0].tolist()) == set(range(86))
    assert batch.targets_BT.max() == 89


def test_the_held_out_part_is_read_once_from_end_to_end() -> None:
    batches = list(char(40).held_out(10_000, 100, torch.Generator().manual_seed(3)))
    pieces = [piece for batch in batches for piece in drawn(batch)]
    assert len(pieces) == HAMLET.held_out(40) == len(HELD_OUT) // 40
    starts = sorted(HELD_OUT.index(piece) for piece in pieces)
    assert starts == list(range(0, 40 * len(pieces), 40))
    assert pieces != sorted(pieces, key=HELD_OUT.index)


def test_a_probe_batch_of_a_part_that_has_fewer_reads_some_again() -> None:
    text = "ab" * 100
    facts = text_facts(text, "little")
    bring(numbered(facts, text))
    task = make_task(TaskConfig("char", 9, data=facts.name))
    probe = task.probe_batch(16)
    assert probe.inputs_BTI.shape == (16, 9, 2)
    assert torch.equal(probe.inputs_BTI[0], probe.inputs_BTI[2])


def test_bits_per_character_are_the_loss_in_another_unit() -> None:
    task = char()
    batch = task.batch(7, torch.Generator().manual_seed(0))
    outputs_BTC = torch.randn(7, 30, 64, generator=torch.Generator().manual_seed(1))
    metrics = task.metrics(outputs_BTC, batch)
    assert metrics["bpc"] == pytest.approx(float(task.loss(outputs_BTC, batch)) / math.log(2))
    assert task.metrics(torch.zeros(7, 30, 64), batch)["bpc"] == pytest.approx(6)


@pytest.mark.parametrize("inputs", ["Who's there?", [32, 47, 54]])
def test_an_own_text_is_read_to_its_end_and_only_its_last_character_has_no_target(inputs: str | list[int]) -> None:
    task = char()
    batch = task.batch_from(list(inputs))
    assert batch.steps == len(inputs)
    assert batch.targets_BT[0, -1] == NO_TARGET
    assert not batch.scored_BT[0, -1]
    assert batch.scored_BT[0, :-1].all()
    assert task.loss_step_of(batch) == len(inputs) - 2
    assert math.isfinite(float(task.loss(torch.zeros(1, len(inputs), 64), batch)))
    if isinstance(inputs, str):
        assert batch.symbols_BT is not None
        assert words(batch.symbols_BT[0]) == inputs


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("a", r"inputs of 1 characters: this char task takes 2 … 30"),
        ("a" * 31, r"inputs of 31 characters"),
        ("Waß", r"inputs\[2\] = 'ß': the network never saw this character; write one of ⏎␣!&'"),
        ([1, 64], r"inputs\[1\] = 64: must be a character, or its place from 0 to 63"),
        ([1, True], r"inputs\[1\] = True"),
        ([1, 0.5], r"inputs\[1\] = 0\.5"),
        ([[0.1], [0.2]], r"inputs\[0\] = \[0\.1\]"),
    ],
)
def test_an_own_text_that_cannot_be_read_says_why(inputs: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        char().batch_from(inputs)


def test_a_text_that_is_not_here_is_asked_for() -> None:
    with pytest.raises(DataError, match=r"task\.data = gone@00000000: the data set with this sha256 is not here"):
        make_task(TaskConfig("char", 30, data=full_name("gone", "0" * 64)))


def test_a_trace_of_a_text_has_no_true_sources_and_no_hit_rate() -> None:
    task = char(12)
    network = Network(task.input_size, task.output_size, ModelConfig(hidden_size=8, attention_size=4))
    for batch, last in ((task.probe_batch(2), 11), (task.batch_from(list("To be")), 3)):
        found = trace(network, task, batch, Probe(loss_step=last))
        assert (found.true_sources, found.hit, found.hit_rate) == ({}, {}, None)
        assert found.gradient_norm["full"][last] > 0
    assert found.loss_T[-1] == 0
    assert found.nonfinite == 0
