"""Any words in letters that plain LaTeX sets: specials as macros, accents and Greek spelled out, all else by name."""

from __future__ import annotations

import re
import unicodedata

SPECIALS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "`": r"\textasciigrave{}",
}
"""Letters that mean something to TeX, or that its oldest fonts have elsewhere."""
MATHS = {
    "∅": r"\emptyset",
    "×": r"\times",
    "→": r"\to",
    "←": r"\leftarrow",
    "·": r"\cdot",
    "−": "-",
    "±": r"\pm",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "∞": r"\infty",
    "∂": r"\partial",
    "µ": r"\mu",
    "°": r"{}^{\circ}",
}
PLAIN = {
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "\u00a0": "~",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "œ": r"\oe{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "å": r"\aa{}",
    "Å": r"\AA{}",
    "ı": r"\i{}",
    "§": r"\S{}",
}
ACCENTS = {
    "\u0300": r"\`",
    "\u0301": r"\'",
    "\u0302": r"\^",
    "\u0303": r"\~",
    "\u0304": r"\=",
    "\u0306": r"\u",
    "\u0307": r"\.",
    "\u0308": r"\"",
    "\u030a": r"\r",
    "\u030b": r"\H",
    "\u030c": r"\v",
    "\u0327": r"\c",
}
RAISED = {letter: str(number) for number, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "-"}
SMALL_GREEK = frozenset("αβγδεζηθικλμνξπρστυφχψω")
CAPITAL_GREEK = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")
"""Those that have a macro of their own, by their name in Unicode."""
LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=[?!])(?=`)|(?<=,)(?=,)|(?<=')(?=')")
LONGEST_NAME = 24
MOST_ASCII = 126


def words_in_tex(text: str) -> str:
    """A person's words: what they typed, whatever it means to TeX.

    Args:
        text: No mathematics; every letter stands for itself.
    """
    return "".join(SPECIALS.get(letter, letter) for letter in LIGATURES.sub("\u200b", text)).replace("\u200b", "{}")


def plain_tex(commands: str) -> str:
    """Commands for TeX in which every letter beyond ASCII is spelled in macros, or named where TeX has none."""
    done: list[str] = []
    raised = ""
    for letter in commands + "\0":
        if letter in RAISED:
            raised += RAISED[letter]
            continue
        if raised:
            done.append(rf"\ensuremath{{^{{{raised}}}}}")
            raised = ""
        done.append(spelled(letter))
    return "".join(done).removesuffix("\0")


def spelled(letter: str) -> str:
    """One letter in TeX."""
    if ord(letter) <= MOST_ASCII:
        return letter
    if letter in MATHS:
        return rf"\ensuremath{{{MATHS[letter]}}}"
    if letter in PLAIN:
        return PLAIN[letter]
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in ACCENTS:
        return f"{ACCENTS[marks[0]]}{{{base}}}"
    return _greek(letter) or _named(letter)


def _greek(letter: str) -> str:
    name = unicodedata.name(letter, "").rpartition(" ")[2].replace("LAMDA", "LAMBDA")
    if letter in SMALL_GREEK:
        return rf"\ensuremath{{\{name.lower()}}}"
    return rf"\ensuremath{{\{name.capitalize()}}}" if letter in CAPITAL_GREEK else ""


def _named(letter: str) -> str:
    """What a letter is called, in brackets; nothing for what only joins or shapes others."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return ""
    name = unicodedata.name(letter, "")
    known = name and len(name) <= LONGEST_NAME and "IDEOGRAPH" not in name and "HANGUL" not in name
    return f"[{name.lower()}]" if known else f"[U+{ord(letter):04X}]"
