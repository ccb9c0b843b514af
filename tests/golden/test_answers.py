"""The stored answers of /api/engine are those that Python gives today; the page's tests read the same file."""

from __future__ import annotations

import pytest

from sab_visualiser.app.wire.views import EngineView
from tests.golden import answers


def test_the_stored_answers_are_what_python_says() -> None:
    assert answers.STORED.read_text("utf-8") == answers.text()


@pytest.mark.parametrize("name", answers.MACHINES)
def test_every_machine_is_told_in_one_line_that_travels(name: str) -> None:
    view = EngineView.model_validate(answers.answers()[name])
    assert "\n" not in view.why
    assert view.why[-1] not in ".;, "
    assert view.backend == ("torch" if "PyTorch" in view.why else "triton" if "one launch" in view.why else "numba")
