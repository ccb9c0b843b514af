"""What a task is called: short and plain, one place, the same in the page."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.fetch.sources import SOURCES
from sab_visualiser.model.contract import TASKS, joined, spoken, task_words
from sab_visualiser.model.contract.data import BUNDLED, ImageFacts
from sab_visualiser.model.contract.files.published import PUBLISHED
from sab_visualiser.model.contract.run import Task
from sab_visualiser.model.contract.told import CALLED

SHA = "a" * 64
SCRIPT = Path(__file__).parent / "task_words.mjs"


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"name": "copy", "T": 50, "data": None, "permuted": None}, "copy T=50"),
        ({"name": "char", "T": 100, "data": None, "permuted": None}, "text of Hamlet, T = 100"),
        ({"name": "char", "T": 9, "data": f"poem-txt@{SHA}"}, "text of poem-txt, T = 9"),
        ({"name": "pixels", "T": 64}, "digits 8×8, in order"),
        ({"name": "pixels"}, "digits 8×8, in order"),
        ({"name": "pixels", "T": 64, "permuted": 0}, "digits 8×8, permuted"),
        ({"name": "pixels", "T": 784, "data": f"fashion-mnist@{SHA}"}, "Fashion-MNIST, 784 pixels in order"),
        ({"name": "pixels", "T": 784, "data": "mnist", "permuted": 3}, "MNIST, 784 pixels permuted"),
        ({"name": "pixels", "T": 100, "data": f"leaves@{SHA}"}, "leaves, 100 pixels in order"),
        ({"name": "a later one", "T": 5}, "a later one T=5"),
    ],
)
def test_a_task_is_called_in_a_few_plain_words(task: dict[str, Any], words: str) -> None:
    assert spoken(task) == words


def test_what_stands_behind_is_set_off_where_the_words_have_a_comma() -> None:
    assert joined(spoken(Task("copy", 50)), "sab seed 0") == "copy T=50 sab seed 0"
    assert joined(spoken(Task("pixels", 64, permuted=1)), "sab seed 0") == "digits 8×8, permuted, sab seed 0"


def test_every_set_that_is_bundled_or_published_has_a_name_and_one_with_a_size_tells_the_true_one() -> None:
    assert {*BUNDLED, *(str(one["name"]) for one in PUBLISHED.values())} <= set(CALLED)
    assert {"fashion-mnist", "mnist"} <= set(SOURCES)
    for word, called in CALLED.items():
        facts = BUNDLED.get(word)
        size = isinstance(facts, ImageFacts) and f"{facts.shape[0]}×{facts.shape[1]}"
        assert ("×" in called) == (isinstance(size, str) and size in called), called


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_page_says_the_same_of_every_task() -> None:
    sets = (None, "", "digits", "hamlet", f"poem@{SHA}", f"fashion-mnist@{SHA}", "cifar-10")
    tasks: list[dict[str, Any]] = [
        {"name": name, "T": T, "data": data, "permuted": permuted}
        for name, T, data, permuted in itertools.product((*TASKS, "a later one"), (1, 64, None), sets, (None, 0, 7))
    ]
    said = subprocess.run(["node", SCRIPT], input=json.dumps(tasks), capture_output=True, text=True, check=True).stdout
    expected = [task_words(**task) for task in tasks]
    assert json.loads(said) == [[words, joined(words, "sab")] for words in expected]
