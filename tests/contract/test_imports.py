"""The import law: the model knows no web, the server knows no torch, figures know no page."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = {"app", "fastapi", "starlette", "uvicorn", "websockets", "sqlalchemy", "pydantic", "typer", "plotly"}
HEAVY = {"torch", "model", "numba"}
DRAWING = {"matplotlib", "plotly"}
DRAWS = {"app/export/pictures.py", "app/export/drawings.py", "app/export/path_picture.py"}


def _sources(folder: str) -> Iterator[Path]:
    yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "_page" not in path.parts)


def _imported(tree: ast.AST, *, lazily_too: bool) -> Iterator[str]:
    """Top-level packages that are imported; inside functions only when `lazily_too`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        elif lazily_too or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imported(node, lazily_too=lazily_too)


def _offenders(folder: str, forbidden: set[str], *, lazily_too: bool, spare: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {', '.join(sorted(found))}"
        for path in _sources(folder)
        if not str(path.relative_to(ROOT)).startswith(spare or ("\0",))
        and (found := forbidden & set(_imported(ast.parse(path.read_text()), lazily_too=lazily_too)))
    ]


def test_the_model_knows_nothing_of_the_web() -> None:
    assert _offenders("model", WEB, lazily_too=True) == []


def test_outside_the_worker_and_the_commands_nothing_ever_imports_torch_or_the_model() -> None:
    assert _offenders("app", HEAVY, lazily_too=True, spare=("app/worker/", "app/commands/")) == []


def test_commands_import_torch_and_the_model_only_inside_functions() -> None:
    assert _offenders("app/commands", HEAVY, lazily_too=False) == []


def test_only_the_drawing_modules_import_a_drawing_library() -> None:
    assert _offenders("app", DRAWING, lazily_too=True, spare=tuple(DRAWS)) == []


def test_packages_of_ours_have_no_import_cycle() -> None:
    graph = {_name(path): set(_ours(path)) for folder in ("app", "model") for path in _sources(folder)}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' → '.join((*trail, name))}"
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _ours(path: Path) -> Iterator[str]:
    """Modules of ours that the file imports when it is loaded; `from a import b` is a.b where that is a module."""
    modules = {_name(other) for folder in ("app", "model") for other in _sources(folder)}
    for node in ast.walk(_without_functions(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from parts & modules or {node.module} & modules - {_name(path)}


def _without_functions(tree: ast.Module) -> ast.Module:
    kept = [n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.If)]
    return ast.Module(kept, [])


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("app.cli", HEAVY | DRAWING | {"numpy", "sqlalchemy"}),
        ("app.export", HEAVY | DRAWING),
        ("app.main", HEAVY | DRAWING),
        ("model.sab", {"fastapi", "pydantic", "sqlalchemy", "app"}),
    ],
)
def test_loading_a_module_does_not_load_what_it_must_not_need(module: str, forbidden: set[str]) -> None:
    script = f"import sys, {module}; print(*sorted({{n.split('.')[0] for n in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert forbidden & set(loaded.stdout.split()) == set()


PURE = ("figures", "selectors", "selectors.js", "reducers", "reducer.js", "exports")
PAGE_WORDS = re.compile(r"(?<![\w.\"'`])(document|window|localStorage|navigator|Plotly)\b(?=\s*[.\[(])")


def _scripts(*names: str) -> Iterator[Path]:
    for name in names:
        place = ROOT / "static" / "js" / name
        yield from [place] if place.is_file() else sorted(place.rglob("*.js"))


def _code(path: Path) -> str:
    """The script without its comments."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text(), flags=re.S)


def test_figures_reducer_and_selectors_touch_no_page() -> None:
    found = {str(path.relative_to(ROOT)): PAGE_WORDS.findall(_code(path)) for path in _scripts(*PURE)}
    assert found, "the pure modules of the page have moved; tell this test where"
    assert {name: words for name, words in found.items() if words} == {}


def test_only_one_module_of_the_page_knows_plotly() -> None:
    named = re.compile(r"(?<![\w.\"'`/])Plotly\.\w+\(")
    users = {path.name for path in (ROOT / "static" / "js").rglob("*.js") if named.search(_code(path))}
    assert users <= {"plotly.js"}
