from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.pages import Assets, Plotly, page_folder
from tests.fakes.server import Live, eventually


@pytest.mark.parametrize("path", ["/", "/help"])
def test_the_pages_are_html_that_is_asked_for_anew(server: Live, path: str) -> None:
    answer = server.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert server.http.head(path).status_code == 200
    assert "://" not in answer.text.replace("http://www.w3.org", ""), "nothing from another machine"


def test_a_versioned_address_is_kept_for_ever_and_a_bare_one_is_not(server: Live) -> None:
    versioned = server.http.get("/static/js/main.js?v=abc")
    assert "immutable" in versioned.headers["cache-control"]
    bare = server.http.get("/static/js/main.js")
    assert bare.headers["cache-control"] == "no-cache"
    again = server.http.get("/static/js/main.js", headers={"if-none-match": bare.headers["etag"]})
    assert again.status_code == 304


def test_the_version_follows_the_contents(tmp_path: Path) -> None:
    assets = Assets(tmp_path, Plotly())
    file = tmp_path / "a.js"
    file.write_text("one")
    first = assets("a.js")
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert first.startswith("/static/a.js?v=")
    assert assets("a.js") != first
    assert assets("missing.js") == "/static/missing.js"


def test_plotly_comes_from_the_installed_package_and_is_compressed_once(server: Live) -> None:
    path = "/static/vendor/plotly.min.js"
    plain = server.http.get(path, headers={"accept-encoding": "identity"})
    assert plain.status_code == 200
    assert "javascript" in plain.headers["content-type"]
    assert "content-encoding" not in plain.headers
    packed = eventually(lambda: (a := server.http.get(path)).headers.get("content-encoding") == "gzip" and a, 15)
    assert packed.content == plain.content, "the client unpacks it"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


def test_the_page_folder_holds_templates_and_static_files() -> None:
    assert (page_folder() / "templates" / "index.html").is_file()
    assert (page_folder() / "static" / "js" / "main.js").is_file()
