"""Data sets that many people have, by the sha256 of what their files hold: name, title, classes, licence.

The sums are of files that were read here; a set that was never in our hands is not in the table, and is called what
its folder is called.
"""

from __future__ import annotations

from dataclasses import replace

from sab_visualiser.model.contract.data import ImageFacts, full_name

FASHION = (
    *("T-shirt/top", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
DIGITS = tuple("0123456789")
PUBLISHED: dict[str, dict[str, object]] = {
    "14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214": {
        "name": "fashion-mnist",
        "title": "Fashion-MNIST",
        "classes": FASHION,
        "licence": "MIT",
        "source": "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, 2017 (Zalando SE)",
    },
    "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a": {
        "name": "mnist",
        "title": "MNIST, handwritten digits",
        "classes": DIGITS,
        "source": "Y. LeCun, C. Cortes, C. Burges, the MNIST database of handwritten digits",
    },
}
"""What is known of a set beside its files, by the sha256 of these, unpacked, one after the other."""


def published(facts: ImageFacts) -> ImageFacts:
    """Images with the name, the classes and the licence that their authors gave them; as they are where nobody knows.

    Args:
        facts: As they were judged; their files alone say neither what a label means nor what may be done with them.
    """
    known = PUBLISHED.get(facts.sha256)
    if known is None:
        return facts
    named = {**known, "name": full_name(str(known["name"]), facts.sha256)}
    return replace(facts, **named)  # type: ignore[arg-type]  # the table has the fields of ImageFacts
