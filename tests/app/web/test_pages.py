from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import get_args

import pytest

from sab_visualiser.app.page.files import imported_by, page_folder, page_modules, panel_styles
from sab_visualiser.app.runs.kin.group import key_of
from sab_visualiser.app.sweeps.papers.account.shelf import OWN, mark_of
from sab_visualiser.app.sweeps.plan import group_of
from sab_visualiser.app.web.pages import Assets, Plotly
from sab_visualiser.app.wire.requests import Panel
from tests.app.sweeps.papers.account.cases import MACHINE, row
from tests.fakes.server import Live, eventually

ENTRIES = ("main.js", "runs.js", "results.js", "reproduction.js")
"""What puts a page together."""


def test_a_reproduced_setting_leads_to_explorable_files_of_its_seeds_that_are_on_this_server(server: Live) -> None:
    """By what each trained, not by its name: a run of the group that is none of the report has no place there."""
    group, spec = group_of("reproduce mine"), {"task": {"name": "copy", "T": 5, "items": 2}, "training": {"updates": 6}}
    asked = {"group": group, "name": "reproduce mine", "base": spec, "seeds": [1, 2, 3]}
    runs = server.http.post("/api/groups", json=asked).json()["runs"]
    for run in runs:
        server.reach(run["id"], "finished")
    rows = [row(run["spec"]["training"]["seed"], trial=mark_of(key_of(run["spec"]))) for run in runs[:2]]
    report = {"name": "mine", "title": "Mine", "question": "?", "published": [], "trials": 3, "machine": MACHINE}
    folder = server.data_dir / OWN
    folder.mkdir()
    (folder / "mine.json").write_text(json.dumps({**report, "rows": [*rows, row(9)]}))
    page = server.http.get("/reproduction").text
    links = re.findall(r'href="./(api/runs/\w+/export\?[^"]+)"', page)
    assert links == [f"api/runs/{run['id']}/export?panel=view&amp;format=html" for run in runs[:2]]
    assert server.http.get(links[0].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/runs", "/reproduction", "/help"])
def test_the_pages_are_html_that_is_asked_for_anew(server: Live, path: str) -> None:
    answer = server.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert server.http.head(path).status_code == 200
    assert "://" not in answer.text.replace("http://www.w3.org", ""), "nothing from another machine"


def test_help_leads_back_to_the_view_it_was_called_from(server: Live) -> None:
    answer = server.http.get("/help", params={"view": 'preset=copy&k_top=2"><script>'})
    assert 'href="./#preset=copy&amp;k_top=2&#34;&gt;&lt;script&gt;"' in answer.text
    assert 'href="./#"' in server.http.get("/help").text


def test_every_panel_has_a_title_and_says_in_two_sentences_what_one_sees(server: Live) -> None:
    types = (page_folder() / "static" / "js" / "state" / "types.d.ts").read_text()
    pictures, lists = (re.search(f"type {name} = (.+);", types) for name in ("PagePanel", "ListPanel"))
    assert pictures
    assert lists
    known = {*re.findall(r'"(\w+)"', pictures[1] + lists[1]), *get_args(Panel)}
    panels = re.findall(r"<section ([^>]*data-testid=[^>]*)>(.*?)</h2>", server.http.get("/").text, re.DOTALL)
    assert len(panels) >= 10
    for attributes, head in panels:
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        assert "<h2" in head, told
        assert len(re.findall(r"[.?!](?:\s|$)", told["data-about"])) == 2, told["data-about"]
        assert {told[name] for name in ("data-picture", "data-list") if name in told} <= known


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


def test_the_page_names_every_module_it_needs_before_it_runs_and_no_other(server: Live) -> None:
    named = re.findall(r'rel="modulepreload" href="./static/js/([^"]+)"', server.http.get("/").text)
    assert named == page_modules(page_folder() / "static" / "js")
    assert named == sorted(set(named))
    assert all(server.http.head(f"/static/js/{name}").status_code == 200 for name in named)


def test_every_module_is_reached_from_the_page() -> None:
    """What nothing imports, neither at once nor when it is needed, is dead."""
    folder = page_folder() / "static" / "js"
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*.js")}
    late = {
        (files[name].parent / target).resolve().relative_to(folder.resolve()).as_posix()
        for name, file in files.items()
        for target in re.findall(
            r"""import\(["'](\.[^"']+)["']\)""", re.sub(r"(?m)^\s*(?:\*|//|/\*).*$", "", file.read_text())
        )
    }
    reached = {name for entry in ENTRIES for name in page_modules(folder, entry)} | late
    reached |= {name for entry in late for name in page_modules(folder, entry)}
    assert set(files) - reached == {*ENTRIES, "early_theme.js", "recorded_boot.js", "early_watch.js"}


@pytest.mark.parametrize(("path", "entry"), [("/runs", "runs.js"), ("/runs/group/g1", "results.js")])
def test_pages_of_runs_load_nothing_that_only_the_explorer_needs(server: Live, path: str, entry: str) -> None:
    answer = server.http.get(path)
    assert answer.status_code == 200
    named = re.findall(r'rel="modulepreload" href="[./]+/static/js/([^"]+)"', answer.text)
    assert named == page_modules(page_folder() / "static" / "js", entry)
    assert "js/main.js" not in answer.text
    explorer = ("drivers/", "exports/", "panels/paths/", "panels/attention/", "state/reducer")
    assert [name for name in named if name.startswith(explorer)] == []


def test_only_imports_that_run_at_once_are_counted(tmp_path: Path) -> None:
    source = """
// import { no } from "./comment.js";
/** @param {import("./types.js").T} t */
import { a } from "./a.js";
import {
  b,
  c,
} from "../b.js";
import "./effect.js";
export { d } from "./d.js";
const later = () => import("./later.js");
import fs from "node:fs";
"""
    assert imported_by(source) == ["./a.js", "../b.js", "./effect.js", "./d.js"]
    (tmp_path / "main.js").write_text('import { a } from "./deep/a.js";')
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.js").write_text('import { b } from "../b.js";\nimport { a } from "./a.js";')
    (tmp_path / "b.js").write_text("export const b = 1;")
    assert page_modules(tmp_path) == ["b.js", "deep/a.js"]
    (tmp_path / "b.js").write_text('import { secret } from "../outside.js";')
    with pytest.raises(ValueError, match=r"b\.js imports \.\./outside\.js"):
        page_modules(tmp_path)


def test_files_have_their_types_whatever_the_machine_was_told_of_endings(
    server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starlette.responses.guess_type", lambda name: ("text/plain", None))
    for name, kind in (
        ("js/main.js", "text/javascript; charset=utf-8"),
        ("css/base.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("presets/copy.json", "application/json"),
    ):
        assert server.http.get(f"/static/{name}").headers["content-type"] == kind


def test_every_panel_style_sheet_is_linked_with_its_version(server: Live) -> None:
    html = server.http.get("/").text
    linked = re.findall(r'href="./static/(css/panels/[^"?]+)\?v=\w+"', html)
    assert linked == panel_styles(page_folder() / "static")
    assert linked
