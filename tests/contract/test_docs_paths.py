"""Every file that a page of the docs or a comment names is there, and so is every function that a way names beside it.

Three ways of naming are looked at: a path with a slash or an ending (`app/wire/packing.py`, `static/js/wire`), a module
(`sab_visualiser.app.cli`), and in docs/architecture.md a file with a function of it (`app/web/runs.py: create_run`).
Left out on purpose: CHANGELOG.md, which tells what files were called once.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md")
SOURCES = ("app/**/*.py", "model/**/*.py", "static/js/**/*.js", "static/js/**/*.d.ts")
TOPS = ("app", "model", "src", "static", "templates", "tests", "docs", "benchmarks", ".ci")
BASES = (".", "static/js", "static/js/panels", "static", "templates", "docs", "app", "model", "tests", "tests/e2e")
ENDINGS = "py|js|mjs|ts|md|css|html|json|toml|txt|svg|safetensors"
TOKEN = re.compile(
    rf"(?<![\w./:@~<-])(?:(?:{'|'.join(map(re.escape, TOPS))})/[\w.*/-]*[\w*/]"
    rf"|(?:[\w*-][\w.*-]*/)*[\w*-][\w.*-]*\.(?:{ENDINGS}))(?![\w/(…<-]|\.\w)"
)
"""A path below a folder of the checkout, or anything with the ending of a file; NAME stands for any name."""
MODULE = re.compile(r"(?<![\w.])sab_visualiser(?:\.\w+)+")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
TICKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
NAMED = re.compile(rf"`([\w./-]+\.(?:{ENDINGS})): ([\w.#]+(?:, [\w.#]+)*)`")
MADE = {"plotly.min.js", "access.json", "config.json", "run.json", "manifest.json", "text.txt"}
"""Files that no checkout holds: what comes out of a wheel, what a server keeps, and what a bundle brings."""


@cache
def names() -> frozenset[str]:
    """Names of all files of the checkout, without their folders."""
    below = {path.name for top in TOPS for path in (ROOT / top).rglob("*")}
    return frozenset(below | {path.name for path in ROOT.iterdir()})


def is_there(place: str, near: Path) -> bool:
    """Whether a file or folder is called so, from the top, from a folder of the page, or from where it is named."""
    if "NAME" in place or place in MADE:
        return True
    if "/" not in place and "*" not in place:
        return place in names()
    return any(holds(folder, place.rstrip("/")) for folder in (near.parent, *(ROOT / base for base in BASES)))


def holds(folder: Path, place: str) -> bool:
    """Whether the folder has the place: as it stands, as a pattern, as `module.name`, or as an ADR by its number."""
    if "*" in place:
        return any(folder.glob(place))
    if (folder / place).exists() or re.search(r"/adr/\d{4}$", place):
        return (folder / place).exists() or any(folder.glob(f"{place}-*.md"))
    module, _, name = place.rpartition(".")
    return (folder / f"{module}.py").is_file() and name in defined(folder / f"{module}.py")


def is_a_module(name: str) -> bool:
    """Whether a dotted name is a module of ours, or something that a module of ours has."""
    *parents, last = name.split(".")[1:]
    place = ROOT.joinpath(*parents, last)
    if place.is_dir() or place.with_suffix(".py").is_file():
        return True
    holder = ROOT.joinpath(*parents)
    file = holder / "__init__.py" if holder.is_dir() else holder.with_suffix(".py")
    return file.is_file() and re.search(rf"\b{last}\b", file.read_text()) is not None


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each comment and docstring."""
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        for match in re.finditer(r"/\*.*?\*/|(?<![:\"'`\w/])//[^\n]*", source, flags=re.S):
            yield source.count("\n", 0, match.start()) + 1, match[0]
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def wrong_in(path: Path) -> list[str]:
    """What a page or a source names that is not there."""
    if path.suffix == ".md":
        lines = list(enumerate(path.read_text("utf-8").splitlines(), 1))
        told = [(number, ticked) for number, line in lines for ticked in TICKED.findall(line)]
        found = [(number, link) for number, line in lines for link in LINK.findall(line) if not is_there(link, path)]
        modules = lines
    else:
        told = modules = list(comments(path))
        found = []
    found += [(number, place) for number, text in told for place in TOKEN.findall(text) if not is_there(place, path)]
    found += [(number, name) for number, text in modules for name in MODULE.findall(text) if not is_a_module(name)]
    return [f"line {number}: {what}" for number, what in found]


@cache
def defined(path: Path) -> frozenset[str]:
    """Names that a file defines: in Python functions, classes and `Class.method`, in JavaScript whatever has a name."""
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        word = r"(?:function|class|const|let)\s+(\w+)"
        method = r"^\s+(?:async\s+)?(\w+)(?:\([^;\n]*\)\s*\{|:\s*(?:async\s*)?\()"
        return frozenset(name for pattern in (word, method) for name in re.findall(pattern, source, flags=re.M))
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = (one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
            found |= {f"{node.name}.{one.name}" for one in inner}
    return frozenset(found)


def missing(text: str) -> list[str]:
    """Functions that stand beside a file in a text, but not in the file."""
    return [
        f"{place}: {name}"
        for place, listed in NAMED.findall(text)
        for name in listed.split(", ")
        if not (ROOT / place).is_file() or name not in defined(ROOT / place)
    ]


def files(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert found, "nothing is looked at"
    return found


@pytest.mark.parametrize("pattern", [*PAGES, *SOURCES])
def test_every_file_that_is_named_is_there(pattern: str) -> None:
    wrong = {str(path.relative_to(ROOT)): found for path in files(pattern) if (found := wrong_in(path))}
    assert wrong == {}


def test_every_stop_of_the_two_ways_is_a_function_of_the_file_it_names() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert len(NAMED.findall(text)) > 40, "the ways have lost their stops, or are written another way"
    assert missing(text) == []


@pytest.mark.parametrize(
    "named",
    [
        "`app/wire/unpacking.py`",
        "`app/nowhere/`",
        "`static/js/panels/paths/layers.js`",
        "`panels/paths/layers.js`",
        "`css/panel.css`",
        "`unpacking.py`",
        "`app/protocol*.py`",
        "`tests/e2e/test_feature_99_nothing.py`",
        "`python -P -m sab_visualiser.app.wire.typescript`",
        "[here](docs/nothing.md)",
    ],
)
def test_a_wrong_name_is_found_in_a_page(named: str, tmp_path: Path) -> None:
    page = tmp_path / "planted.md"
    page.write_text(f"See {named}, and `app/wire/packing.py`.\n")
    assert len(wrong_in(page)) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("planted.py", '"""As app/wire/unpacking.py says, and app/wire/packing.py."""\n'),
        ("planted.py", "x = 1  # see panels/paths/layers.js\n"),
        ("planted.js", "// see app/wire/unpacking.py.\n"),
        ("planted.js", "/**\n * See draw/nothing.js\n */\n"),
    ],
)
def test_a_wrong_name_is_found_in_a_comment(name: str, source: str, tmp_path: Path) -> None:
    planted = tmp_path / name
    planted.write_text(source)
    assert len(wrong_in(planted)) == 1


@pytest.mark.parametrize("named", ["app/web/runs.py: nothing", "app/control/hub.py: Hub.nothing", "app/no.py: Hub"])
def test_a_stop_that_is_not_there_is_found(named: str) -> None:
    assert missing(f"`{named}`") == [named]
    assert missing("`app/control/hub.py: Hub.publish, gap` `static/js/wire/stream.js: createStream, keep`") == []
