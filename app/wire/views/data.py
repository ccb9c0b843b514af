"""A data set as it travels, made from what is known of it, and back."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sab_visualiser.model.contract.data import DataFacts, ImageFacts, TextFacts
from sab_visualiser.model.contract.tasks import chance_of_data

Origin = Literal["bundled", "sent", "file"]


class DataView(BaseModel):
    """A data set: `data` is what `task.data` says of it, `bpc` what guessing costs of a text, `shape` of images.

    `training` and `held_out` count characters or images; `origin` says whether it came with the
    program, was sent, or lies in the folder of files of data.
    """

    data: str
    task: Literal["char", "pixels"]
    origin: Origin
    title: str
    sha256: str
    size_bytes: int
    licence: str
    source: str
    chance: dict[str, float]
    bpc: float | None
    symbols: str | None
    characters: int | None
    shape: list[int] | None
    classes: list[str] | None
    training: int
    held_out: int


def view_of(facts: DataFacts, origin: Origin) -> dict[str, object]:
    """A data set as the API shows it."""
    text = facts if isinstance(facts, TextFacts) else None
    images = None if isinstance(facts, TextFacts) else facts
    return {
        "data": facts.name,
        "task": "char" if text else "pixels",
        "origin": origin,
        "title": facts.title,
        "sha256": facts.sha256,
        "size_bytes": facts.size_bytes,
        "licence": facts.licence,
        "source": facts.source,
        "chance": chance_of_data(facts),
        "bpc": text.entropy_bits if text else None,
        "symbols": text.symbols if text else None,
        "characters": text.characters if text else None,
        "shape": list(images.shape) if images else None,
        "classes": list(images.classes) if images else None,
        "training": facts.training,
        "held_out": text.characters - text.training if text else (images.test if images else 0),
    }


def facts_of(view: DataView) -> DataFacts:
    """What is known of a data set that somebody else told of."""
    about = {name: getattr(view, name) for name in ("title", "sha256", "size_bytes", "source", "licence", "training")}
    if view.symbols is not None and view.characters is not None and view.bpc is not None:
        return TextFacts(
            name=view.data,
            characters=view.characters,
            symbols=view.symbols,
            entropy_bits=view.bpc,
            commonest=view.chance["accuracy"],
            **about,
        )
    rows, columns, channels = view.shape or (1, 1, 1)
    shape = (rows, columns, channels)
    return ImageFacts(name=view.data, shape=shape, test=view.held_out, classes=tuple(view.classes or ()), **about)
