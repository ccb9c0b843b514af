"""What was answered to a command is remembered for as long as somebody may ask again, and no longer."""

from __future__ import annotations

from sab_visualiser.app.control.orders.repeats import REMEMBERED, Repeats
from sab_visualiser.app.wire.views import CommandAnswer


def answer(run: str, command: str) -> CommandAnswer:
    return CommandAnswer(run=run, type="step", command_id=command, status="paused", params_version=0)


def test_the_same_words_of_another_run_are_another_command() -> None:
    repeats = Repeats()
    repeats.keep(answer("r1", "a"))
    assert repeats.answer("r1", "a") == answer("r1", "a")
    assert repeats.answer("r2", "a") is None
    assert repeats.answer("r1", "b") is None


def test_the_oldest_is_forgotten_and_a_run_that_is_gone_is_forgotten_whole() -> None:
    repeats = Repeats()
    for number in range(REMEMBERED + 1):
        repeats.keep(answer("r1", str(number)))
    assert repeats.answer("r1", "0") is None
    assert repeats.answer("r1", "1") is not None
    repeats.forget("r1")
    assert repeats.answer("r1", "1") is None
    repeats.forget("r1")
