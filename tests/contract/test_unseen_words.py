"""What the examples of a look are called: fresh where they are made for it, held-out where they are of a data set.

A sentence that is the same for every run may say neither, since it would be wrong of one of them; where one task is
meant, the word follows from the task.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from sab_visualiser.app.commands.many.sweep import sweep
from sab_visualiser.app.sweeps.papers.told import HEAD
from sab_visualiser.model.contract import TASKS, DataFacts, examples_words, fields, known, unseen
from sab_visualiser.model.contract.cost import Sizes, run_cost
from sab_visualiser.model.contract.looks import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]
FIXED = re.compile(r"\b(fresh|held-out) (examples?|batch|ones)\b", re.I)
OF_ONE_TASK = {
    "templates/reproduction.html": "on the same fresh examples",  # networks of copy at other lengths
    "README.md": "runs/copy/checkpoint.safetensors --T 5000 # fresh examples",
    "docs/learning.md": "at 128 fresh examples with the longest delay",  # presets that make their sequences
    "docs/reference.md": "measures a trained network on fresh or held-out examples",
    "templates/help.html": "(fresh ones with the longest delay, or held-out ones of a data set)",
}
"""Sentences about one task, or about both words."""
BY_TASK = re.compile(r"export const EXAMPLES = \{.*?\};", re.S)
"""The words by task, in the page."""
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*|\{#.*?#\}", re.S)


def told(path: Path) -> str:
    """What a file of the page says: without comments and line breaks, and without what is about one task."""
    text = " ".join(BY_TASK.sub("", COMMENT.sub("", path.read_text())).split())
    return text.replace(OF_ONE_TASK.get(str(path.relative_to(ROOT)), "\0"), "")


DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOLD = [*sorted((ROOT / "app" / "wire").rglob("*.py")), *sorted((ROOT / "app" / "commands").rglob("*.py"))]
"""What becomes OpenAPI and the help of commands."""
ABOUT_ANY = re.compile(r"\b(fresh) (examples?|batch|ones)\b", re.I)
PAGE = [*sorted((ROOT / "templates").rglob("*.html")), *sorted((ROOT / "static" / "js").rglob("*.js"))]


@pytest.mark.parametrize("path", PAGE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_fixed_sentence_of_the_page_says_where_examples_come_from(path: Path) -> None:
    assert FIXED.findall(told(path)) == []


@pytest.mark.parametrize("path", [*DOCS, *TOLD], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_docs_interface_and_commands_say_of_any_task_is_true_of_tasks_with_data(path: Path) -> None:
    assert ABOUT_ANY.findall(told(path)) == []


def test_every_kind_of_data_and_every_task_has_words_for_what_its_looks_are_at() -> None:
    assert set(EXAMPLES) == {None, *get_args(DataFacts)}
    assert len(set(EXAMPLES.values())) == len(EXAMPLES)
    for name, facts in TASKS.items():
        own = known(facts.data)
        assert examples_words(name) == EXAMPLES[None if own is None else type(own)]
        assert examples_words(name).startswith(unseen(name))


def test_a_fixed_sentence_that_says_so_is_caught() -> None:
    for lie in ("looks at fresh examples", "rings are held-out examples", "on a fresh batch", "Fresh ones"):
        assert FIXED.search(lie)
    assert not FIXED.search("a refreshed list of unseen examples")
    for place, words in OF_ONE_TASK.items():
        assert words in " ".join((ROOT / place).read_text().split()), place


def test_words_for_every_task_say_neither() -> None:
    estimate = run_cost(Sizes(1, 1, 1, 1, 1, 1, 1, fused=True))
    said = [HEAD, sweep.__doc__ or "", estimate.words(), *(field.facts.help for field in fields())]
    assert [words for words in said if FIXED.search(words)] == []


def test_the_word_follows_from_the_task() -> None:
    for name, facts in TASKS.items():
        assert unseen(name) == ("held-out" if facts.data else "fresh")
