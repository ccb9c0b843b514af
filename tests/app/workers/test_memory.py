from __future__ import annotations

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers.compute import Computing
from sab_visualiser.app.workers.memory import GOOD_FOR_S, MIB, SHARE, Memory


def test_the_system_is_asked_for_memory_now_and_then_and_not_for_every_knob() -> None:
    answers, now = iter((100, 40)), [5.0]
    memory = Memory(Settings(memory_mb=0), Computing(), lambda: next(answers), lambda: now[0])
    assert [memory.room().limit for _ in range(1000)] == [SHARE * 100] * 1000
    now[0] += GOOD_FOR_S
    assert memory.room().limit == SHARE * 40


def test_a_limit_that_somebody_set_is_taken_and_nobody_is_asked() -> None:
    def nobody() -> int:
        raise AssertionError

    assert Memory(Settings(memory_mb=3), Computing(), nobody).room().limit == 3 * MIB
