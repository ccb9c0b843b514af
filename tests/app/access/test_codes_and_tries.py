from __future__ import annotations

from sab_visualiser.app.access.codes import MOST_CODES, SECONDS, Codes
from sab_visualiser.app.access.tries import MOST, MOST_PEERS, WINDOW_S, Tries


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_code_of_a_controller_is_good_once_and_for_a_minute() -> None:
    clock = Clock()
    codes = Codes(clock)
    used, old = codes.give("controller"), codes.give("controller")
    assert codes.take(used) == "controller"
    assert codes.take(used) is None
    clock.now += SECONDS["controller"]
    assert codes.take(old) is None


def test_a_code_of_viewers_is_good_for_everybody_until_its_time_is_over() -> None:
    clock = Clock()
    codes = Codes(clock)
    code = codes.give("viewer", 90 * 60)
    clock.now += 89 * 60
    assert [codes.take(code) for _ in range(30)] == ["viewer"] * 30
    clock.now += 60
    assert codes.take(code) is None


def test_codes_end_when_new_tokens_are_drawn_and_are_not_kept_without_number() -> None:
    codes = Codes()
    first = codes.give("viewer")
    assert codes.take(first + "x") is None
    for _ in range(MOST_CODES):
        codes.give("viewer")
    assert codes.take(first) is None, "the oldest went"
    last = codes.give("viewer")
    codes.forget()
    assert codes.take(last) is None


def test_ten_failures_a_minute_are_free_and_the_wait_ends_when_the_first_is_a_minute_old() -> None:
    clock = Clock()
    tries = Tries(clock)
    for _ in range(MOST):
        assert tries.fail("here") == 0
        clock.now += 1
    assert tries.fail("here") == WINDOW_S - MOST
    assert tries.fail("there") == 0
    clock.now += WINDOW_S - MOST
    assert tries.fail("here") == 0
    assert tries.fail("here") > 0


def test_peers_without_number_are_forgotten() -> None:
    tries = Tries(Clock())
    for _ in range(MOST + 1):
        tries.fail("first")
    for peer in range(MOST_PEERS):
        tries.fail(str(peer))
    assert tries.fail("first") == 0
