"""What made tests fail without a cause: deadlines, random numbers drawn by threads of servers, boxes on the move."""

from __future__ import annotations

import ast
import random
import re
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SOCKETS
from tests.fakes.server import Live

TESTS = Path(__file__).resolve().parents[1]


@settings(max_examples=1, database=None)
@given(seconds=st.just(0.3))
def test_a_property_may_take_longer_than_hypothesis_would_allow(seconds: float) -> None:
    time.sleep(seconds)


def test_a_slow_draw_is_no_failure() -> None:
    assert HealthCheck.too_slow in settings().suppress_health_check
    assert settings().deadline is None


def test_no_property_sets_a_deadline() -> None:
    found = {path.name: re.findall(r"\bdeadline=(?!None)\w+", path.read_text()) for path in TESTS.rglob("test_*.py")}
    assert not {name: words for name, words in found.items() if words}


def test_no_test_fails_because_something_took_long() -> None:
    """How long a thing takes is measured in benchmarks; a busy machine must not turn a test red."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assert) and takes_time(ast.unparse(node.test))
    ]
    assert not found, "wait for what should happen, with patience, and measure how long it takes in benchmarks/"


def takes_time(condition: str) -> bool:
    return bool(re.search(r"(monotonic|perf_counter|time)\(\) - |<=? [A-Z_]+(?<!PER)_M?S\b", condition))


def test_a_browser_test_measures_what_stands_still() -> None:
    """A box read while a panel above it grows sends the pointer to where nothing is any more."""
    found = [path.name for path in (TESTS / "e2e").glob("*.py") if "bounding_box(" in path.read_text()]
    assert not found, "use still_box() of tests/e2e/steps.py"


def test_a_browser_test_waits_for_functions_and_not_for_text() -> None:
    """Text is evaluated by the page at each look but the first, and its policy forbids that."""
    waits = re.compile(r"wait_for_function\(\s*f?\"+(?!\"*\(?[\w, \[\]]*\)? ?=>|\s*(async )?\()")
    found = [path.name for path in (TESTS / "e2e").glob("*.py") if waits.search(path.read_text())]
    assert not found, "give a function: () => …"


def test_a_browser_test_that_pauses_says_what_the_pause_is_for() -> None:
    """Colours, a link, a scroll were looked for after so many ms, and a busy machine needs more: wait for them.

    A pause is for what must not happen meanwhile, or for a hand that is as slow as one.
    """
    pause = re.compile(r"wait_for_timeout\((\d{3,}|[A-Z_]+)\)(?!  # \w)")
    found = [
        f"{path.name}:{number}"
        for path in (TESTS / "e2e").glob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pause.search(line)
    ]
    assert not found, "eventually(lambda: …) for what should happen; a comment behind the pause for what should not"


def test_a_ping_leaves_the_generator_alone_that_properties_watch(server: Live) -> None:
    with server.viewer() as viewer:
        before = random.getstate()
        viewer.socket.ping().wait(5)
        assert random.getstate() == before


def test_no_module_of_a_server_draws_from_that_generator() -> None:
    loaded = {name: vars(module) for name, module in sys.modules.items() if name.partition(".")[0] in SOCKETS}
    assert "uvicorn.protocols.websockets.websockets_sansio_impl" in loaded
    assert not [name for name, names in loaded.items() if names.get("random") is random]
