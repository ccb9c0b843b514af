"""Texts that people sent, by the sha256 of what they say; what is known of each stands beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sab_visualiser.app.store.blobs import Blob, Blobs, Upload
from sab_visualiser.app.wire.errors import UserError, field_error
from sab_visualiser.model.contract.data import TextFacts, know
from sab_visualiser.model.contract.judge import LARGEST_TEXT_BYTES, FileError, file_of, judged

MOST_TEXTS = 100
"""Texts that a server keeps."""
MOST_TEXT_BYTES = 16 * 2**20
"""Largest text that is taken, in bytes."""


def judged_text(content: bytes, words: str) -> tuple[TextFacts, str]:
    """What is to be known of a text that somebody sent, and what it says.

    Args:
        content: As it was sent.
        words: What a person calls it.

    Raises:
        FileError: It is no text that can be learned.
    """
    if file_of(words, content, LARGEST_TEXT_BYTES).kind != "text":
        raise FileError(f"{words}: images are read by sab train --set task.data=PATH")
    found = judged({words: content}, words)
    assert isinstance(found.facts, TextFacts), "one text is a text"
    return found.facts, found.text


class Texts:
    """A folder of texts.

    Args:
        folder: Where they lie; made by `open`.
    """

    def __init__(self, folder: Path) -> None:
        self._blobs = Blobs(folder, ".txt")

    def open(self) -> None:
        """Make the folder, and learn what is in it."""
        self._blobs.prepare()
        self.learn()

    def learn(self) -> None:
        """Make the texts that are there known to this process; what is not whole is left alone."""
        for path in sorted(self._blobs.folder.glob("*.json")):
            try:
                facts = TextFacts(**json.loads(path.read_text("utf-8")))
            except (OSError, ValueError, TypeError):
                continue
            if self._blobs.path(facts.sha256).is_file():
                know(facts)

    def keep(self, content: bytes, words: str) -> TextFacts:
        """Judge a text and store it; one that is there already is not stored again.

        Args:
            content: As it was sent.
            words: What a person calls it.

        Raises:
            UserError: 422 when it is no text that can be learned, 507 when there are too many.
        """
        try:
            facts, text = judged_text(content, words)
        except FileError as error:
            raise field_error("body", words, "a text in UTF-8", str(error).removeprefix(f"{words}: ")) from None
        if not self._blobs.path(facts.sha256).is_file():
            self._check_room()
            self._blobs.write([text.encode()])
        self._tell(facts)
        return facts

    def received(self, text: str) -> Upload:
        """A text that came with something else, in a file without a name yet: to be taken, or discarded."""
        upload = self._blobs.upload()
        upload.add(text.encode())
        return upload

    def take(self, facts: TextFacts, upload: Upload) -> None:
        """Store a text that was received; one that is there already keeps the name that it has.

        Raises:
            UserError: 507 when there are too many.
        """
        if not self._blobs.path(facts.sha256).is_file():
            self._check_room()
            upload.keep()
            self._tell(facts)

    def _check_room(self) -> None:
        if len(list(self._blobs.folder.glob("*.txt"))) >= MOST_TEXTS:
            told = f"{MOST_TEXTS} texts are kept already; delete one below {self._blobs.folder.name}/"
            raise UserError(507, "Too many texts", told)

    def _tell(self, facts: TextFacts) -> None:
        """Write down what is known of a text, for this process and for later ones."""
        beside = json.dumps(asdict(facts), ensure_ascii=False).encode()
        place = self._blobs.path(facts.sha256).with_suffix(".json")
        written = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(written, "wb") as file:
            file.write(beside)
        know(facts)

    def blob_of(self, spec: Mapping[str, Any] | None) -> Blob | None:
        """The text that a run of this spec reads; None where that is bundled, or not here."""
        sha256 = str(((spec or {}).get("task") or {}).get("data") or "").partition("@")[2]
        return self._blobs.blob(sha256) if sha256 and self._blobs.path(sha256).is_file() else None
