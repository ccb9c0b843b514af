"""Numbers as text, so that the page, the server and the command line write the very same characters.

The reference is JavaScript's Number.prototype.toString: the shortest decimal that reads back as the same float64.
Python's repr finds the same digits but lays them out differently. Nothing here rounds.
"""

from __future__ import annotations

import math

PLAIN_DIGITS = 21
"""From 10^21 on, JavaScript writes an exponent."""
SMALLEST_PLAIN = -6
"""Below 10^−6 as well."""


def js_number(value: float) -> str:
    """A finite number as JavaScript prints it.

    Args:
        value: Any finite float or int; a float32 must have been widened to float64 before.

    Raises:
        ValueError: For NaN and infinities, which have no decimal form; callers write an empty cell or null.
    """
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"value = {value}: only finite numbers have a decimal form; write an empty cell or null")
    if value == 0:
        return "0"
    sign, digits, point = _shortest(value)
    count = len(digits)
    if count <= point <= PLAIN_DIGITS:
        return sign + digits + "0" * (point - count)
    if 0 < point <= PLAIN_DIGITS:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if SMALLEST_PLAIN < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Sign, digits without zeros at either end, and where the point stands (value = 0.DIGITS × 10^point)."""
    text = repr(value)
    sign = "-" if text.startswith("-") else ""
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    return sign, stripped.rstrip("0"), point
