"""An exported page, taken apart without a browser: its data blocks, its elements, its text."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str]


class Taken(HTMLParser):
    """Scripts by id, plots by place, every element with its attributes, and all text outside scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[Attributes] = []
        self.blocks: dict[str, str] = {}
        self.elements: list[tuple[str, Attributes]] = []
        self.words: list[str] = []
        self._inside: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._inside = found.get("id") or found.get("data-plot") or tag
            self.blocks[self._inside] = ""
            if tag == "script":
                self.scripts.append(found)
        else:
            self.elements.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.blocks[self._inside] += data
        elif data.strip():
            self.words.append(data)

    def json(self, name: str) -> Any:
        """What a data block holds."""
        return json.loads(self.blocks[name])

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(self.words)

    def having(self, **attributes: str) -> list[Attributes]:
        """Attributes of the elements that have all of these; `data_kind` stands for `data-kind`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [found for _, found in self.elements if all(found.get(key) == value for key, value in wanted.items())]

    def classed(self, *classes: str) -> list[Attributes]:
        """Attributes of the elements with all of these classes."""
        return [found for _, found in self.elements if set(classes) <= set(found.get("class", "").split())]
