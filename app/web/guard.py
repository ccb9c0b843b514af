"""The guard at the door: which Host, which Origin, how large, and the headers on every answer.

Pure ASGI and first in the stack, so that no route can be forgotten. A web page that a person happens to have open
must not reach this server: not by DNS rebinding (Host), not by a foreign form, fetch or socket (Origin,
Sec-Fetch-Site). Tokens and roles: app/access/, which `authorise` asks.
No rule looks at the address of the peer: a browser's is always the loopback.
A name of the loopback is ours with any port, for a tunnel (`ssh -L`) has one of its own: a page of another site cannot
have such a name, whatever its DNS says.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.store.texts import MOST_TEXT_BYTES
from sab_visualiser.app.web.messages.bodies import MAX_JSON_BYTES, MAX_RAW_BYTES, too_large
from sab_visualiser.app.web.messages.refusals import refusal_page
from sab_visualiser.app.web.problems import internal_problem, respond
from sab_visualiser.app.wire.errors import UserError

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        # Of attributes only the empty one, which Plotly writes: the hash is that of no bytes at all.
        "style-src-attr 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
        "frame-ancestors 'none'; object-src 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
RAW_BODIES = {"/api/checkpoints": MAX_RAW_BYTES, "/api/bundles": MAX_RAW_BYTES, "/api/texts": MOST_TEXT_BYTES}
"""Paths that take files, and how many bytes; every other body is JSON."""
HEALTH, METRICS = "/api/health", "/metrics"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE_METHODS = ("GET", "HEAD")
Authorise = Callable[[Scope], UserError | None]


class Guard:
    """ASGI middleware: refuses before anything else has looked at the request."""

    def __init__(self, app: ASGIApp, settings: Settings, authorise: Authorise = lambda scope: None) -> None:
        self.app = app
        self.authorise = authorise
        named = [] if settings.host in ("0.0.0.0", "::", "") else [settings.host]  # noqa: S104 (compared, not bound)
        public = urlsplit(settings.public_url or "")
        allowed = [*map(_bracketed, named), *settings.allow_host, *([public.netloc] if public.netloc else [])]
        self.hosts = frozenset(name.lower() for name in [*LOOPBACK, *allowed])
        self.public = f"{public.scheme}://{public.netloc}".lower() if public.netloc else None
        self.prefix = settings.root_path or public.path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        self._strip(scope)
        error = self.refusal(scope)
        if error is not None:
            await _refuse(error, scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    def refusal(self, scope: Scope) -> UserError | None:
        """Why this request may not pass, or None."""
        return self._host(scope) or _origin(scope, self.public) or _length(scope) or self.authorise(scope)

    def _strip(self, scope: Scope) -> None:
        """Take away the prefix that a proxy left there; all addresses in the page are relative."""
        if self.prefix and (scope["path"] + "/").startswith(f"{self.prefix}/"):
            scope["path"] = scope["path"][len(self.prefix) :] or "/"
            scope["raw_path"] = scope["path"].encode()

    def _host(self, scope: Scope) -> UserError | None:
        given = _values(scope, b"host")
        port = (scope.get("server") or ("", None))[1]
        if len(given) == 1:
            host = given[0].lower()
            name, colon, number = host.rpartition(":")
            ours = colon and (number == str(port) or (name in LOOPBACK and _is_port(number)))
            if host in self.hosts or (ours and name in self.hosts):
                return None
        return UserError(
            400,
            "Host not known",
            f"Host = {', '.join(given)[:80]!r}: this server answers to {', '.join(sorted(self.hosts))}; "
            "start it with --allow-host NAME to add one, or with --public-url behind a proxy",
        )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            if started:
                raise
            await respond(internal_problem(error))(scope, receive, send_with_headers)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _is_port(number: str) -> bool:
    return number.isascii() and number.isdigit() and 0 < len(number) <= 5 and 0 < int(number) < 1 << 16


def _origin(scope: Scope, public: str | None) -> UserError | None:
    """Cross-site requests end here; a request without Origin comes from a script, not from a page."""
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return _work(scope)
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    own = f"{scheme}://{_values(scope, b'host')[0].lower()}"
    for origin in _values(scope, b"origin"):
        if origin.lower() not in (own, public):
            return UserError(
                403,
                "Origin not accepted",
                f"Origin = {origin[:80]!r}: only {public or own} may do this; open the page there, "
                "or start the server with --public-url and the address of the proxy that people use",
            )
    if not _own_site(scope):
        return UserError(403, "Origin not accepted", f"another site asked for this; open the page at {own}")
    return None


def _work(scope: Scope) -> UserError | None:
    """Answers cost work: a picture in a page of another site must not make us draw one. The page may be linked."""
    counted = scope["path"].startswith("/api/") or scope["path"] == METRICS
    if not counted or scope["path"] == HEALTH or _own_site(scope):
        return None
    return UserError(403, "Origin not accepted", "another site asked for this; open it from the page of this server")


def _own_site(scope: Scope) -> bool:
    """What a browser says of who asks; a script says nothing."""
    return all(site in ("same-origin", "none") for site in _values(scope, b"sec-fetch-site"))


def _length(scope: Scope) -> UserError | None:
    limit = RAW_BODIES.get(scope["path"], MAX_JSON_BYTES)
    for text in _values(scope, b"content-length"):
        if not (text.isascii() and text.isdigit()):
            return UserError(400, "Length not understood", f"Content-Length = {text[:40]!r}: send a whole number")
        if len(text) > 15 or int(text) > limit:
            return too_large(limit)
    return None


async def _refuse(error: UserError, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {**HEADERS, **getattr(error, "headers", {})}
    if scope["type"] == "http":
        wants_page = scope["method"] in SAFE_METHODS and any("text/html" in each for each in _values(scope, b"accept"))
        response = (
            refusal_page(error.problem, scope["path"], headers) if wants_page else respond(error.problem, headers)
        )
        await response(scope, receive, send)
        return
    response = respond(error.problem, headers)
    if "websocket.http.response" in scope.get("extensions", {}):
        await send(
            {
                "type": "websocket.http.response.start",
                "status": response.status_code,
                "headers": response.raw_headers,
            }
        )
        await send({"type": "websocket.http.response.body", "body": response.body})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": error.problem.title})
