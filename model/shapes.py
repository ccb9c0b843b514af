"""Shape suffixes that cannot rot: a name like `gates_TB4D` is checked against what it names.

Letters: B example, T step, I input, D hidden, M memory, K chosen, A attention, C class, E edge; a number in front of
a letter multiplies it. Checked where a trace is taken and in tests, never inside a pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

LETTERS = "BTIDMKACE"
_SUFFIX = re.compile(rf"_((?:\d*[{LETTERS}])+)$")
_AXIS = re.compile(r"(\d*)([A-Z])")


class Shaped(Protocol):
    """Anything with a shape: a tensor of torch or an array of numpy."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""


def check_shapes(named: Mapping[str, Shaped], known: Mapping[str, int] | None = None) -> dict[str, int]:
    """Check that every letter stands for one size in all names.

    Args:
        named: Name with a shape suffix → what it names.
        known: Sizes that are settled beforehand, by letter.

    Returns:
        The size of every letter that occurs or was known.

    Raises:
        ValueError: A name has no suffix, an axis is missing or too many, or a letter has two sizes.

    Source: design card, section 4.
    """
    sizes = dict(known or {})
    for name, value in named.items():
        match = _SUFFIX.search(name)
        if match is None:
            raise ValueError(f"{name}: the name has no shape suffix of the letters {LETTERS}; add one")
        axes, shape = _AXIS.findall(match[1]), tuple(value.shape)
        if len(axes) != len(shape):
            raise ValueError(f"{name} has shape {shape}: its suffix names {len(axes)} axes; rename or reshape it")
        for (factor, letter), length in zip(axes, shape, strict=True):
            size, rest = divmod(length, int(factor or 1))
            if rest or sizes.setdefault(letter, size) != size:
                wanted = int(factor or 1) * sizes.get(letter, size)
                raise ValueError(f"{name} has shape {shape}: axis {factor}{letter} is {length}, elsewhere {wanted}")
    return sizes
