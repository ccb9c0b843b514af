"""The table of data sets is true of their files, names are told apart, and a text that cannot be read says why."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import replace

import pytest

from sab_visualiser.model.config import TaskConfig
from sab_visualiser.model.contract import chance_of, look_examples, task_list, task_rules, unseen, usual_T, usual_until
from sab_visualiser.model.contract.data import (
    DATA_FORM,
    DIGITS,
    HAMLET,
    full_name,
    know,
    known,
    pixel_order,
    short_name,
    symbol_names,
    text_facts,
)
from sab_visualiser.model.tasks.data import FOLDER


def test_what_is_told_of_the_bundled_text_is_so() -> None:
    content = (FOLDER / "hamlet.txt").read_bytes()
    told = text_facts(content.decode(), "hamlet")
    assert replace(told, name="hamlet", title=HAMLET.title, source=HAMLET.source, licence=HAMLET.licence) == HAMLET
    assert hashlib.sha256(content).hexdigest() == HAMLET.sha256
    assert HAMLET.sha256 in (FOLDER / "README.md").read_text()


def test_what_is_told_of_the_bundled_digits_is_so() -> None:
    content = (FOLDER / "digits.csv.gz").read_bytes()
    rows = [[int(cell) for cell in line.split(",")] for line in gzip.decompress(content).decode().split()]
    assert (len(content), hashlib.sha256(content).hexdigest()) == (DIGITS.size_bytes, DIGITS.sha256)
    assert len(rows) == DIGITS.training + DIGITS.test
    assert {len(row) for row in rows} == {DIGITS.pixels + 1}
    assert {row[-1] for row in rows} == set(range(len(DIGITS.classes)))
    assert {max(map(max, (row[:-1] for row in rows))), min(map(min, rows))} == {0, 16}
    assert DIGITS.sha256 in (FOLDER / "README.md").read_text()


def test_chance_of_another_text_is_that_of_its_own_characters() -> None:
    facts = text_facts("aaab" * 300, "four letters")
    know(facts)
    assert chance_of(TaskConfig("char", 9, data=facts.name))["bpc"] == pytest.approx(0.8112781)
    assert chance_of(TaskConfig("char", 9, data=facts.name))["accuracy"] == 0.75
    assert chance_of(TaskConfig("char", 9, data=facts.name))["loss"] == pytest.approx(0.5623351)
    assert str(usual_until("char", facts.name)) == "bpc ≤ 0.41"
    assert chance_of(TaskConfig("char", 9, data=full_name("nobody", "0" * 64))) == {}


def test_a_look_reads_no_more_than_the_held_out_part_has() -> None:
    facts = text_facts("abcdefghij" * 100, "letters")
    know(facts)
    assert facts.held_out(9) == 11
    assert look_examples(TaskConfig("char", 9, data=facts.name)) == 11
    assert look_examples(TaskConfig("char", 9)) == look_examples(TaskConfig("copy", 9)) == 128
    words = [unseen(name) for name in ("copy", "of a later version", "char", "pixels")]
    assert words == ["fresh", "fresh", "held-out", "held-out"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            TaskConfig("pixels", 50),
            r"task\.T = 50: an image of digits has 64 pixels, one a step; write 64, or leave T out",
        ),
        (TaskConfig("char", data="digits"), r"task\.data = digits: char reads texts; write for example hamlet"),
        (
            TaskConfig("pixels", 64, data="hamlet"),
            r"task\.data = hamlet: pixels reads images; write for example digits",
        ),
        (TaskConfig("char", data="lear"), r"task\.data = lear: is not known here; choose from hamlet(, \S+)*, or add"),
        (TaskConfig("copy", data="hamlet"), r"task\.data = hamlet: copy makes its sequences itself; leave data out"),
        (TaskConfig("char", permuted=1), r"task\.permuted = 1: char reads no images; leave permuted out"),
        (TaskConfig("char", T_min=5), r"task\.T_min = 5: char has no delay to mix; leave T_min out"),
        (TaskConfig("char", items=5), r"task\.items = 5: char has nothing to count; leave items out"),
    ],
)
def test_a_task_that_does_not_suit_its_data_says_what_to_change(config: TaskConfig, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        task_rules(config)


def test_a_text_that_is_too_short_for_T_says_how_long_a_sequence_may_be() -> None:
    facts = text_facts("ab" * 100, "short")
    know(facts)
    task_rules(TaskConfig("char", 19, data=facts.name))
    with pytest.raises(ValueError, match=r"task\.T = 20: both parts of short@.{8} give sequences of 1 … 19"):
        task_rules(TaskConfig("char", 20, data=facts.name))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text of 0 characters: there is nothing to read"),
        ("aaaa", r"text of 1 different characters: must be 2 … 1000; there is nothing to predict"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 1001))), r"text of 1001 different characters: must be 2 … 1000"),
    ],
)
def test_a_text_of_which_nothing_can_be_learned_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        text_facts(text, "mine")


def test_names_of_added_texts_keep_a_persons_word_and_the_hash() -> None:
    name = full_name("My Poems (2nd).TXT", "ab" * 32)
    assert name == "my-poems-2nd-txt@" + "ab" * 32
    assert short_name(name) == "my-poems-2nd-txt@abababab"
    assert short_name("hamlet") == "hamlet"
    assert full_name("…", "0" * 64) == "text@" + "0" * 64
    assert all(re.fullmatch(DATA_FORM, each) for each in (name, "hamlet", full_name("x" * 99, "f" * 64)))
    assert known(name) is None


def test_an_order_of_pixels_is_a_permutation_that_its_seed_fixes_for_ever() -> None:
    assert pixel_order(9, None) == list(range(9))
    assert pixel_order(9, 0) == [0, 3, 6, 7, 1, 4, 5, 8, 2]
    for count in (1, 2, 64, 784):
        assert sorted(pixel_order(count, 5)) == list(range(count))
    assert pixel_order(64, 0) != pixel_order(64, 1) != pixel_order(64, 2)


def test_orders_of_many_seeds_favour_no_place() -> None:
    seeds = 4000
    first = [pixel_order(16, seed * 7919)[0] for seed in range(seeds)]
    counts = [first.count(pixel) for pixel in range(16)]
    assert sum((count - seeds / 16) ** 2 / (seeds / 16) for count in counts) < 37.7  # chi square, 15 degrees, p = 0.001


def test_every_character_has_a_name_that_can_be_seen_and_that_no_other_has() -> None:
    symbols = "\n\t\r \x00a⏎–\u00a0\u200b"
    names = symbol_names(symbols)
    assert names == ("U+000A", "⇥", "␍", "␣", "U+0000", "a", "⏎", "–", "U+00A0", "U+200B")
    assert len(set(names)) == len(symbols)


def test_a_task_that_its_data_fix_is_told_with_one_length() -> None:
    told = {task["name"]: task for task in task_list()}
    assert told["pixels"]["parameters"][0] | {"description": ""} == {
        "name": "T",
        "default": 64,
        "minimum": 64,
        "maximum": 64,
        "unit": "steps",
        "description": "",
    }
    assert told["char"]["chance"]["bpc"] == HAMLET.entropy_bits
    assert usual_T("pixels", None) == 64
    assert usual_T("char", None) == usual_T("copy", None) == usual_T("unheard of", None) == 50
