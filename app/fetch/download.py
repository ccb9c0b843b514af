"""Downloads an archive with pooch, which holds it to its sha256; one that broke off goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sab_visualiser.app.fetch.sources import Source

MISSING = "sab data fetch needs pooch: pip install 'sab-visualiser[data]'"
PART_BYTES = 1 << 16
TIMEOUT_S = 30
PARTIAL, BEYOND = 206, 416
Tell = Callable[[int, int], None]
"""Told how many bytes are there, and how many there will be."""


class FetchError(RuntimeError):
    """It did not come, or is not what it should be; says why and what to do."""


def archive_of(source: Source, place: str | None, folder: Path, tell: Tell) -> bytes:
    """The archive of a data set, held to its sum.

    Args:
        source: Whose.
        place: Another address, or a file that one has; None for its own address.
        folder: Where what came of a download that broke off stays for the next try.
        tell: Told how far it is.

    Raises:
        FetchError: Nobody answers there, or another file does.
    """
    if place is not None and "://" not in place:
        try:
            return _held(source, Path(place).expanduser().read_bytes(), place)
        except OSError as error:
            raise FetchError(f"{place}: {error.strerror}; name a file that can be read, or an address") from None
    try:
        import pooch
        import requests
    except ImportError:
        raise FetchError(MISSING) from None
    pooch.get_logger().setLevel("WARNING")  # the bar says how far it is
    url, name = place or source.url, f"{source.name}.archive"
    try:
        path = pooch.retrieve(
            url, f"sha256:{source.sha256}", name, folder, downloader=Resuming(folder / f"{name}.part", tell)
        )
    except requests.RequestException as error:
        why = type(error).__name__ if error.response is None else f"status {error.response.status_code}"
        raise FetchError(f"{url}: {why}; what came stays, try again, or name another place with --from") from None
    except ValueError:
        raise FetchError(f"{url}: what came has another sha256 than {source.sha256}; it was thrown away") from None
    content = Path(path).read_bytes()
    Path(path).unlink()
    return content


def _held(source: Source, content: bytes, place: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise FetchError(f"{place}: its sha256 is {found}, not {source.sha256}; get {source.url}")
    return content


class Resuming:
    """How pooch downloads: into a file that is left where the line breaks, and that the next try goes on with.

    Args:
        part: That file.
        tell: Told how far it is.
    """

    def __init__(self, part: Path, tell: Tell) -> None:
        self._part, self._tell = part, tell

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download `url`, and move it to `output_file` once it is whole."""
        import requests

        self._part.parent.mkdir(parents=True, exist_ok=True)
        have = self._part.stat().st_size if self._part.is_file() else 0
        wanted = {"Range": f"bytes={have}-", "Accept-Encoding": "identity"} if have else {"Accept-Encoding": "identity"}
        with requests.get(url, headers=wanted, stream=True, timeout=TIMEOUT_S) as answer:
            if answer.status_code != BEYOND:
                answer.raise_for_status()
                goes_on = answer.status_code == PARTIAL
                have = have if goes_on else 0
                total = have + int(answer.headers.get("content-length", 0))
                with self._part.open("ab" if goes_on else "wb") as file:
                    for piece in answer.iter_content(PART_BYTES):
                        file.write(piece)
                        have += len(piece)
                        self._tell(have, total)
        self._part.replace(output_file)
