"""The door: who a request comes from, and whether they may do that. Asked by app/web/guard.py before anything else.

A script shows a token (`Authorization: Bearer`), a browser a cookie that it got for the code of a link. Which address
asks for what: app/access/rights.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.types import Scope

from sab_visualiser.app.access.clients import is_loopback
from sab_visualiser.app.access.codes import Codes
from sab_visualiser.app.access.keys import Keys, read_keys, write_keys
from sab_visualiser.app.access.rights import Role, right_of
from sab_visualiser.app.access.tries import Tries
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import UserError

ROLE = "sab.role"
"""Where a scope holds the role of who asks."""
COOKIE_S = 30 * 24 * 3600
"""So long a browser keeps its cookie."""
WAY_IN = (
    "open the link that `sab serve` printed (press Enter there, or run `sab link`, for a new one); a script sends "
    "`Authorization: Bearer TOKEN`, and `sab link --token` prints the token; `sab serve --no-auth` asks nobody, "
    "on this machine alone"
)


class LockedError(UserError):
    """Nobody that this server knows, or not yet again."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str]) -> None:
        super().__init__(status, title, detail)
        self.headers = headers


class Door:
    """Who may come in. `load` once the data folder is ours.

    Args:
        settings: `no_auth` lets everybody in as a controller.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.is_open = settings.no_auth
        self.keys = Keys.drawn(settings.token)
        self.codes = Codes()
        self.tries = Tries()
        self.on_renewed: Callable[[], None] = lambda: None

    def load(self) -> None:
        """Take the tokens that the data folder has, so that a restart shuts nobody out; new ones where it has none."""
        if self.is_open:
            return
        kept = None if self._settings.new_token else read_keys(self._settings.data_dir)
        fixed = self._settings.token
        if kept is not None and (fixed is None or fixed == kept.controller):
            self.keys = kept
        else:
            write_keys(self._settings.data_dir, self.keys)

    def listens(self, address: str) -> None:
        """Note where the server is, for commands that look for it in its data folder."""
        self.keys = Keys(self.keys.controller, self.keys.viewer, address)
        if not self.is_open:
            write_keys(self._settings.data_dir, self.keys)

    def renew(self) -> None:
        """New tokens: whoever came in by the old ones is out.

        Raises:
            UserError: 409, the token is a setting.
        """
        if self.is_open:
            return
        if self._settings.token is not None:
            raise UserError(
                409, "Token is a setting", "SAB_TOKEN says what the token is; change it and start the server again"
            )
        drawn = Keys.drawn()
        self.keys = Keys(drawn.controller, drawn.viewer, self.keys.address)
        write_keys(self._settings.data_dir, self.keys)
        self.codes.forget()
        self.on_renewed()

    def link(self, role: Role, seconds: float | None = None) -> str:
        """An address that lets a browser in: as people reach the page, where that was said.

        Args:
            role: Of who opens it.
            seconds: For which it is good.
        """
        base = self._settings.public_url or self._named() or self.keys.address
        return f"{base}/" if self.is_open else f"{base}/login?code={self.codes.give(role, seconds)}"

    def _named(self) -> str | None:
        """The address with the first name by which others were allowed to reach this machine."""
        if is_loopback(self._settings.host) or not self._settings.allow_host:
            return None
        name = self._settings.allow_host[0]
        port = urlsplit(self.keys.address).port
        return f"http://{name}" if ":" in name.rpartition("]")[2] else f"http://{name}:{port}"

    def take(self, code: str, scope: Scope) -> Role:
        """The role that a code gives.

        Raises:
            LockedError: 401 for one that is not good, 429 after too many of those.
        """
        role = "controller" if self.is_open else self.codes.take(code)
        if role is None:
            raise self.refused(scope, "this link was used already, or its time is over")
        return role

    def set_cookie(self, scope: Scope, role: Role) -> str:
        """The header that lets a browser keep what it is. Without a path: it is that of the page, prefix and all."""
        secure = "; Secure" if (self._settings.public_url or "").startswith("https:") else ""
        value = f"{_cookie_name(scope)}={self.keys.cookie(role)}"
        return f"{value}; HttpOnly; SameSite=Strict; Max-Age={COOKIE_S}{secure}"

    def authorise(self, scope: Scope) -> UserError | None:
        """Why this request may not pass, or None; its role is in the scope then."""
        is_socket = scope["type"] == "websocket"
        right = right_of("WS" if is_socket else scope["method"], scope["path"])
        if self.is_open:
            scope[ROLE] = "controller"
            return None
        if right in ("open", "worker"):
            return None
        role, by_cookie, refused = self._who(scope)
        if role is None:
            return refused
        if is_socket and by_cookie and not _values(scope, b"origin"):
            return UserError(403, "Origin not accepted", "a browser says its Origin when it opens a socket; say it")
        scope[ROLE] = role
        if right == "steer" and role != "controller":
            return only_looking()
        return None

    def _who(self, scope: Scope) -> tuple[Role | None, bool, UserError | None]:
        """Role, whether a cookie said so, and what is answered where nobody is known."""
        for given in _values(scope, b"authorization"):
            kind, _, token = given.partition(" ")
            if kind.lower() == "bearer":
                role = self.keys.role_of_token(token.strip())
                return role, False, None if role else self.refused(scope, "that token is not the one of this server")
        cookie = _cookie(scope)
        if cookie is None:
            return None, False, locked("this server asks for a token, and none came")
        role = self.keys.role_of_cookie(cookie)
        if role is None and not self.keys.is_old(cookie):
            return None, True, self.refused(scope, "that cookie is not one of this server")
        return role, True, None if role else locked("the link by which this browser came in is not good any more")

    def refused(self, scope: Scope, why: str) -> LockedError:
        """What somebody is told who showed something wrong: 401, or 429 after too many of those."""
        wait = self.tries.fail((scope.get("client") or ("",))[0])
        if not wait:
            return locked(why)
        seconds = math.ceil(wait)
        words = f"too many wrong tokens or links came from your address; wait {seconds} s, or come with a right one"
        return LockedError(429, "Too many wrong tokens", words, {"Retry-After": str(seconds)})


def locked(why: str) -> LockedError:
    """401 with all ways in."""
    return LockedError(401, "Not let in", f"{why}: {WAY_IN}", {"WWW-Authenticate": "Bearer"})


def only_looking() -> UserError:
    """What a viewer is told who wants to steer."""
    words = "you came in by a link of viewers, who look and probe; ask whoever runs the server for one of controllers"
    return UserError(403, "Forbidden", words)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _cookie_name(scope: Scope) -> str:
    """By the port that the browser sees: it keeps cookies by host name alone, and a tunnel has a port of its own."""
    host = (_values(scope, b"host") or [""])[0]
    try:
        port = urlsplit(f"//{host}").port
    except ValueError:
        port = None
    return f"sab_{port}" if port else "sab"


def _cookie(scope: Scope) -> str | None:
    """Ours among all that other programs at this host name have left there, whatever they wrote."""
    name = _cookie_name(scope)
    for text in _values(scope, b"cookie"):
        for pair in text.split(";"):
            key, equals, value = pair.strip().partition("=")
            if equals and key == name:
                return value
    return None
