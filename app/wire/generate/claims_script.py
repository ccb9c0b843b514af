"""The claims as a module of the page: the sentences of app/export/story/claims.py, in its order."""

from __future__ import annotations

import json

from sab_visualiser.app.export.story import claims
from sab_visualiser.app.runs.words.say import Claim

HEAD = """\
// What is said of a trace, made from app/export/story/claims.py: change that, then run `make generated`.

/** @typedef {{name: string, when: readonly string[], say: string}} Claim */
"""


def source() -> str:
    """The whole file."""
    places = {name: value for name, value in vars(claims).items() if name.isupper()}
    return HEAD + "".join(
        f"\n/** @type {{readonly Claim[]}} */\nexport const {name} = [\n{_lines(place)}];\n"
        for name, place in places.items()
    )


def _lines(place: tuple[Claim, ...]) -> str:
    return "".join(f"  {json.dumps(claim._asdict(), ensure_ascii=False)},\n" for claim in place)
