"""The house rules that a machine can check: sizes, words, top level, nothing of this machine in a file."""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("app", "model", "benchmarks", "tests")
LINES = {".py": 300, ".js": 200}
MEDIAN = 120
FUNCTION = 40
PARAMETERS = 8
# A command's options are its parameters: typer reads the signature of the function that a file here is named after.
COMMANDS = ("app/commands/",)
COLUMNS = 120
GENERATED = {
    "static/js/wire/wire.d.ts",
    "static/js/wire/contract.js",
    "static/js/draw/look.js",
    "static/js/panels/story/claims.js",
}
# The fused loops are one piece of arithmetic; cutting them up would hide it.
MAY_BE_LONGER = {"model/passes/fused/kernels/loops.py"}
TOP_LEVEL = {
    *("src", "app", "model", "static", "templates", "tests", "docs", "benchmarks", ".ci"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml", "constraints.txt"),
    *("package.json", "package-lock.json", "tsconfig.json", ".pre-commit-config.yaml", ".gitignore"),
}
BUILT = {
    *(".git", ".venv", "node_modules", "dist", "build", ".stamps", ".sab"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"),
}
FLOOR = 10
"""Files on a floor before it needs rooms."""
OTHER_WORDS = {
    "uncut": "no cut",
    "stillborn": "failed to start",
    "dresses": "fits out",
    "chorus": "together",
    "timestep": "step",
    "timesteps": "steps",
    "topk": "k_top",
    "trunc_len": "k_trunc",
    "importance": "credit",
    "saliency": "credit",
    "logit": "score",
    "logits": "scores",
}


def _files(*endings: str) -> Iterator[Path]:
    folders = (*PYTHON, "static", "templates", "docs")
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and not BUILT.intersection(path.relative_to(ROOT).parts):
                yield path


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _length(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.mark.parametrize("ending", [".py", ".js"])
def test_no_source_file_is_longer_than_the_cap(ending: str) -> None:
    too_long = {
        _place(path): _length(path)
        for path in _files(ending)
        if _length(path) > LINES[ending] and _place(path) not in MAY_BE_LONGER
    }
    assert too_long == {}


@pytest.mark.parametrize("ending", [".py", ".js", ".mjs", ".ts", ".css", ".html"])
def test_no_line_is_wider_than_a_screen(ending: str) -> None:
    too_wide = [
        f"{_place(path)}:{number}: {len(line)} columns"
        for path in _files(ending)
        if _place(path) not in GENERATED
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > COLUMNS
    ]
    assert too_wide == []


def test_no_floor_holds_more_files_than_one_can_oversee() -> None:
    floors = Counter(
        _place(path.parent)
        for path in _files(".py", ".js", ".ts")
        if _place(path).startswith(("app/", "model/", "static/js/")) and path.name != "__init__.py"
    )
    assert {floor: count for floor, count in floors.items() if count > FLOOR} == {}


@pytest.mark.parametrize("ending", [".py", ".js"])
def test_the_typical_source_file_is_short(ending: str) -> None:
    assert statistics.median([_length(path) for path in _files(ending)] or [0]) <= MEDIAN


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        f"{_place(path)}:{node.lineno} {node.name}: {length} lines"
        for path in _files(".py")
        if _place(path) not in MAY_BE_LONGER
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (length := _own_lines(node)) > FUNCTION
    ]
    assert too_long == []


def _own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, docstring and signature aside."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_takes_more_parameters_than_can_be_told_apart() -> None:
    found = {name for path in _files(".py") for name in _crowded(path.read_text(), _place(path))}
    assert found == set()


def test_parameters_of_every_kind_are_counted_but_not_those_of_a_command() -> None:
    nine = "a, b, /, c, d, *e, f, g, h, **i"
    for start in ("def f(", "async def f(", "class C:\n  def f(self, ", "class C:\n  @classmethod\n  def f(cls, "):
        assert _crowded(f"{start}{nine}): ...", "planted.py") == ["planted.py f: 9"], start
        assert _crowded(f"{start}{nine[3:]}): ...", "planted.py") == [], start
    assert _crowded(f"def f({nine}): ...", "app/commands/f.py") == []
    assert _crowded(f"def f({nine}): ...", "app/commands/planted.py") == ["app/commands/planted.py f: 9"]


def _crowded(text: str, place: str) -> list[str]:
    """Functions with too many parameters; `self` and `cls` do not count."""
    return [
        f"{place} {node.name}: {count}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := _parameters(node)) > PARAMETERS
        and not (place.startswith(COMMANDS) and Path(place).stem == node.name)
    ]


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    own = bool(named) and named[0].arg in ("self", "cls")
    return len(named) - own + (node.args.vararg is not None) + (node.args.kwarg is not None)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        _place(path)
        for path in _files(".py")
        if not _place(path).startswith("tests/")
        and path.read_text().strip()
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_the_top_level_holds_only_what_the_architecture_lists() -> None:
    assert {path.name for path in ROOT.iterdir()} - TOP_LEVEL - BUILT == set()


def test_code_page_and_docs_use_one_word_for_one_thing() -> None:
    wrong = re.compile(rf"(?<![\w.\"'`]){'(' + '|'.join(OTHER_WORDS) + ')'}(?!\w)", re.IGNORECASE)
    found = [
        f"{_place(path)}:{number}: {match[0]}, say {OTHER_WORDS[match[0].lower()]}"
        for path in _files(".py", ".js", ".html", ".css", ".md")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in wrong.finditer(line)
    ]
    assert found == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    personal = re.compile(r"(?<![\w.])/(?:work|root|tmp|home/\w+)/\w")
    found = [
        f"{_place(path)}:{number}"
        for path in (*_files(".py", ".js", ".html", ".md"), ROOT / "Makefile", ROOT / "pyproject.toml")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if personal.search(line)
    ]
    assert found == []


def test_no_index_of_packages_is_named_anywhere() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run"):
        assert not re.search(r"index-url|find-links|download\.pytorch", (ROOT / name).read_text()), name


def test_every_direct_dependency_has_an_exact_pin() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    pinned = {
        _normal(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
    }
    assert {_normal(re.split(r"[\[<>=!~ ;]", name)[0]) for name in wanted} - pinned == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
