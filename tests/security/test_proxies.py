"""Behind a prefix, TLS, a tunnel, over IPv6: links, the page with all its files, a POST and the socket work."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from sab_visualiser.app.wire.codec import decode
from tests.e2e.conftest import free_port
from tests.fakes.locked import locked_server
from tests.fakes.nginx import nginx
from tests.fakes.server import Live

pytestmark = pytest.mark.server
LINKED = re.compile(r'(?:href|src)="([^"#]+)"')
PAGES = ("", "runs", "runs/group/g1", "help", "reproduction")


@dataclass(frozen=True)
class Place:
    """Where people reach the page, and what the server and the proxy are told of it."""

    scheme: str = "http"
    prefix: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    proxy: dict[str, Any] = field(default_factory=dict)


PLACES = {
    "a prefix that the proxy takes away": Place(prefix="/user/me/proxy/8000"),
    "a prefix that it leaves": Place(prefix="/sab", told={"root_path": "/sab/"}, proxy={"strips": False}),
    "TLS, and the Host of people": Place("https", "/sab", {"public_url": "https://localhost:PORT/sab/"}),
    "TLS, and a Host of the proxy's": Place("https", "/sab", {"public_url": "https://localhost:PORT/sab"},
                                            {"host": False}),
    "TLS, and the prefix is left": Place("https", "/sab", {"public_url": "https://localhost:PORT/sab"},
                                         {"strips": False}),
    "a tunnel to another port": Place(),
    "a server on IPv6": Place(told={"host": "::1"}),
}  # fmt: skip


@contextmanager
def reached(place: Place, folder: Path) -> Iterator[tuple[Live, str]]:
    """A server that is locked behind a proxy, and the address that people have for it."""
    port = free_port()
    told = {name: value.replace("PORT", str(port)) for name, value in place.told.items()}
    proxy = {**place.proxy, "prefix": place.prefix, "tls": place.scheme == "https"}
    with locked_server(folder / "data", **told) as live, nginx(folder / "nginx", port, live.url, **proxy):
        yield live, f"{place.scheme}://localhost:{port}{place.prefix}"


@contextmanager
def let_in(live: Live, base: str) -> Iterator[httpx2.Client]:
    """A browser that came in by a link at that address."""
    code = live.app.state.door.link("controller").partition("?")[2]
    with httpx2.Client(verify=False, trust_env=False, timeout=60) as browser:
        first = browser.get(f"{base}/login?{code}")
        assert first.status_code == 303, first.text
        assert urljoin(f"{base}/login", first.headers["location"]) == f"{base}/"
        assert ("; Secure" in first.headers["set-cookie"]) is base.startswith("https")
        yield browser


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, str]]:
    with reached(PLACES[request.param], tmp_path_factory.mktemp("place")) as found:
        yield found


def test_every_file_and_page_that_a_page_names_is_there(place: tuple[Live, str]) -> None:
    live, base = place
    with let_in(live, base) as browser:
        for page in PAGES:
            answer = browser.get(f"{base}/{page}")
            assert answer.status_code == 200, answer.text
            named = {urljoin(str(answer.url), link.replace("&amp;", "&")) for link in LINKED.findall(answer.text)}
            assert [url for url in named if not url.startswith(f"{base}/")] == []
            lost = [url for url in sorted(named)[::7] if browser.get(url).status_code != 200]
            assert lost == []


def test_a_run_is_started_and_heard_of(place: tuple[Live, str]) -> None:
    live, base = place
    origin = re.match(r"https?://[^/]+", base)
    assert origin is not None
    with let_in(live, base) as browser:
        made = browser.post(f"{base}/api/runs", json={}, headers={"Origin": origin[0]})
        assert made.status_code == 201, made.text
        foreign = browser.post(f"{base}/api/runs", json={}, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    options: dict[str, Any] = {"compression": None, "proxy": None, "additional_headers": {"Cookie": cookie}}
    if base.startswith("https"):
        options["ssl"] = ssl._create_unverified_context()
    url = f"{base}/ws".replace("http", "ws", 1)
    with connect(url, origin=Origin(origin[0]), **options) as socket:
        hello = socket.recv(timeout=60)
        assert isinstance(hello, bytes)
        assert decode(hello)["kind"] == "hello"
    with pytest.raises(InvalidStatus) as refused, connect(url, origin=Origin("https://evil.example"), **options):
        pass
    assert refused.value.response.status_code == 403


def test_a_refusal_is_a_page_whose_style_is_found(place: tuple[Live, str]) -> None:
    _, base = place
    with httpx2.Client(verify=False, trust_env=False, timeout=60) as browser:
        answer = browser.get(f"{base}/runs/group/g1", headers={"Accept": "text/html"})
        assert answer.status_code == 401
        styles = [urljoin(str(answer.url), link) for link in LINKED.findall(answer.text) if link.endswith(".css")]
        assert styles
        assert {browser.get(url).status_code for url in styles} == {200}


def test_a_link_begins_as_people_reach_the_page(place: tuple[Live, str]) -> None:
    live, base = place
    public = live.app.state.settings.public_url
    made = live.http.post("/api/links", json={}).json()["url"]
    assert made.startswith(f"{base if public else live.url}/login?code=")


def test_without_the_setting_a_proxy_with_tls_is_told_what_is_missing(tmp_path: Path) -> None:
    with reached(Place("https", "/sab"), tmp_path) as (live, base):
        headers = {"Origin": base.removesuffix("/sab"), "Authorization": live.http.headers["Authorization"]}
        answer = httpx2.post(f"{base}/api/runs", json={}, headers=headers, verify=False, trust_env=False)
        assert answer.status_code == 403
        assert "--public-url" in answer.json()["detail"]


def test_ipv6_without_a_proxy(tmp_path: Path) -> None:
    with locked_server(tmp_path, host="::1") as live:
        assert live.url.startswith("http://[::1]:")
        assert live.http.post("/api/runs", json={}, headers={"Origin": live.url}).status_code == 201
        shown = {"Authorization": live.http.headers["Authorization"]}
        with live.viewer(origin=live.url, additional_headers=shown) as viewer:
            assert viewer.next()["kind"] == "hello"
        made = live.http.post("/api/links", json={}).json()["url"]
        assert made.startswith(live.url)
