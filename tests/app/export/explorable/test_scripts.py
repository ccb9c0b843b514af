"""Modules under names of their own: every import of every module is found in the file."""

from __future__ import annotations

import re

from sab_visualiser.app.export.explorable.scripts import PREFIX, modules, renamed, styles
from sab_visualiser.app.page.files import page_folder

IMPORTED = re.compile(r"""^(?:import|export)\s(?:[^"';]*?\sfrom\s)?["']([^"']+)["']""", re.MULTILINE)


def test_every_import_is_a_name_that_the_file_has() -> None:
    found = modules()
    assert next(iter(found)) == f"{PREFIX}main.js"
    for name, source in found.items():
        assert set(IMPORTED.findall(source)) <= found.keys(), name


def test_an_import_is_named_by_where_it_leads() -> None:
    source = 'import { a } from "../wire/api.js";\nexport { b } from "./c.js";\nimport {\n  d,\n} from "../../e.js";\n'
    assert IMPORTED.findall(renamed("panels/x/y.js", source)) == [
        "sab/panels/wire/api.js",
        "sab/panels/x/c.js",
        "sab/e.js",
    ]


def test_words_in_a_comment_or_a_text_are_no_import() -> None:
    source = '/** @type {import("./a.js").A} */\nconst say = \'x from "./b.js"\';\n'
    assert renamed("main.js", source) == source


def test_all_style_sheets_of_the_explorer_are_there_in_its_order() -> None:
    text = styles()
    sheets = [
        file
        for file in (page_folder() / "static" / "css").rglob("*.css")
        if file.name not in ("table.css", "overlay.css", "results.css", "reproduction.css", "plotly.css")
    ]
    assert all(file.read_text() in text for file in sheets)
    first, last = ((page_folder() / "static" / "css" / name).read_text() for name in ("tokens.css", "print.css"))
    assert text.startswith(first)
    assert text.endswith(last)
