"""The two tokens of a server, one for each role, kept beside the runs; and the value of a cookie, made from a token.

A cookie carries no token: it is a keyed hash of one, so whoever reads a browser's cookies cannot write scripts with it,
and new tokens end all cookies at once. Nothing else is kept of a session.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from sab_visualiser.app.access.rights import Role

FILE = "access.json"
"""In the data folder, for its owner alone."""
ROLES: tuple[Role, ...] = get_args(Role)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """Tokens by role, and where the server that takes them was last listening."""

    controller: str
    viewer: str
    address: str = ""

    @classmethod
    def drawn(cls, controller: str | None = None) -> Keys:
        """New ones of 256 bits; that of controllers may be given."""
        return cls(controller or secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES))

    @property
    def generation(self) -> str:
        """A name of these tokens that tells nothing of them: a cookie of others is an old one, not a wrong one."""
        return hashlib.sha256(f"{self.controller} {self.viewer}".encode()).hexdigest()[:12]

    def role_of_token(self, given: str) -> Role | None:
        """Whose token that is; takes as long for a wrong one as for a right one."""
        same = [secrets.compare_digest(given.encode(), getattr(self, role).encode()) for role in ROLES]
        return ROLES[same.index(True)] if any(same) else None

    def cookie(self, role: Role) -> str:
        """What the browser of that role keeps."""
        made = hmac.new(getattr(self, role).encode(), b"cookie", hashlib.sha256).hexdigest()
        return f"{self.generation}.{role}.{made}"

    def role_of_cookie(self, given: str) -> Role | None:
        """Whose cookie that is."""
        same = [secrets.compare_digest(given.encode(), self.cookie(role).encode()) for role in ROLES]
        return ROLES[same.index(True)] if any(same) else None

    def is_old(self, cookie: str) -> bool:
        """Whether a cookie was made of other tokens."""
        return cookie.partition(".")[0] != self.generation


def read_keys(folder: Path) -> Keys | None:
    """The tokens of a data folder; None where it has none that can be read."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
        keys = Keys(**kept)
    except (OSError, ValueError, TypeError):
        return None
    whole = all(isinstance(value, str) for value in asdict(keys).values())
    return keys if whole and keys.controller and keys.viewer else None


def write_keys(folder: Path, keys: Keys) -> bool:
    """Keep them, mode 0600; whether that could be done. A server whose folder is full goes on with what it drew."""
    part = folder / f"{FILE}.part"
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(keys)))
        part.replace(folder / FILE)
        return True
    return False
