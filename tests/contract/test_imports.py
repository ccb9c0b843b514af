"""The rooms of the house and the doors between them: who may import whom, in Python and in the page.

Every border here is seen to fail on a planted breach, so that a pattern which matches nothing cannot pass for a border.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
US = "sab_visualiser"
WEB = {"fastapi", "starlette", "uvicorn", "websockets", "sqlalchemy", "pydantic", "typer", "plotly"}
TORCH = {"torch", "numba", "llvmlite", "safetensors"}
DRAWING = {"matplotlib", "plotly"}
CONTRACT = f"{US}.model.contract"


class Border(NamedTuple):
    """What files below `inside` (but those below `spare`) must not import; the tops of packages, or rooms of ours."""

    inside: str
    forbidden: tuple[str, ...]
    spare: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    lazily_too: bool = True


def ours(*rooms: str) -> tuple[str, ...]:
    return tuple(f"{US}.{room}" for room in rooms)


PROCESSES = ("app/worker/", "app/offline/")
BORDERS = {
    "the model knows nothing of the web": Border("model/", (*sorted(WEB), *ours("app"))),
    "torch and the model stay in worker and offline": Border(
        "app/", (*sorted(TORCH), *ours("model")), spare=(*PROCESSES, "app/commands/"), allowed=(CONTRACT,)
    ),
    "commands load torch and the model only when they run": Border(
        "app/commands/", (*sorted(TORCH), *ours("model")), allowed=(CONTRACT,), lazily_too=False
    ),
    "only app/export/print draws": Border("app/", tuple(sorted(DRAWING)), spare=("app/export/print/",)),
    "the rules of a run do no I/O": Border(
        "app/runs/",
        ("asyncio", "sqlalchemy", "fastapi", "pathlib", "socket", *ours("app.store", "app.control", "app.web")),
    ),
    "what travels knows nobody": Border(
        "app/wire/", ours(*(f"app.{room}" for room in ("runs", "control", "store", "workers", "web", "presets",
                                                       "worker", "offline", "commands", "export", "settings"))),
        spare=("app/wire/generate/",),
    ),
    "the store serves, it does not decide": Border(
        "app/store/", ours("app.control", "app.web", "app.export", "app.commands", "app.workers", "app.worker")
    ),
    "control does not know HTTP": Border("app/control/", ("fastapi", "starlette", *ours("app.web", "app.commands"))),
    "a worker does not know the server": Border(
        "app/worker/", ours(*(f"app.{room}" for room in ("control", "store", "web", "workers", "commands", "export")))
    ),
    "a bundle is made and read for a server and without one": Border(
        "app/bundle/", ("fastapi", "starlette", *ours("app.control", "app.web", "app.workers", "app.commands"))
    ),
    "nobody calls the command line": Border("app/", ours("app.commands"), spare=("app/commands/", "app/cli.py")),
    "passes know neither networks nor training": Border(
        "model/passes/", ours(*(f"model.{room}" for room in ("network", "sab", "probe", "proof", "training", "tasks")))
    ),
    "the witness shares no arithmetic with the passes": Border(
        "model/proof/witness.py", ours("model.passes.plain", "model.passes.fused", "model.backends")
    ),
    "probing does not train": Border("model/probe/", ours("model.training")),
}  # fmt: skip


def sources(root: Path, inside: str) -> Iterator[Path]:
    place = root / inside
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found or root != ROOT, f"{inside}: no such room; the border guards nothing"
    yield from found


def imported(tree: ast.AST, *, lazily_too: bool) -> Iterator[str]:
    """Dotted names of what is imported, `from a import b` as a.b; inside functions only when `lazily_too`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        elif lazily_too or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported(node, lazily_too=lazily_too)


def is_below(name: str, tops: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in tops)


def breaches(border: Border, root: Path = ROOT) -> list[str]:
    return [
        f"{place} imports {name}"
        for path in sources(root, border.inside)
        if not (place := str(path.relative_to(root))).startswith(border.spare or ("\0",))
        for name in imported(ast.parse(path.read_text()), lazily_too=border.lazily_too)
        if is_below(name, border.forbidden) and not is_below(name, border.allowed)
    ]


@pytest.mark.parametrize("name", BORDERS)
def test_no_room_imports_what_it_must_not(name: str) -> None:
    assert breaches(BORDERS[name]) == []


@pytest.mark.parametrize("name", BORDERS)
def test_every_border_is_seen_to_fail_on_a_planted_breach(name: str, tmp_path: Path) -> None:
    border = BORDERS[name]
    planted = tmp_path / border.inside / ("" if border.inside.endswith(".py") else "planted.py")
    planted.parent.mkdir(parents=True)
    for forbidden in border.forbidden:
        planted.write_text(f"from {forbidden} import something\n")
        assert breaches(border, tmp_path), forbidden
    lazy = f"def later():\n    import {border.forbidden[0]}\n"
    planted.write_text(lazy)
    assert bool(breaches(border, tmp_path)) is border.lazily_too


def test_nothing_of_ours_is_imported_by_another_name() -> None:
    """`app` and `model` are folders, not packages: a user's own modules of these names must not be shadowed."""
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for folder in ("app", "model", "tests", "benchmarks")
        for path in sources(ROOT, f"{folder}/")
        for name in imported(ast.parse(path.read_text()), lazily_too=True)
        if is_below(name, ("app", "model", "src"))
    ]
    assert found == []


def test_modules_of_ours_have_no_import_cycle() -> None:
    modules = {name_of(path): path for folder in ("app", "model") for path in sources(ROOT, f"{folder}/")}
    graph = {name: set(imported_modules(path, modules)) for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' → '.join((*trail, name))}"
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def name_of(path: Path) -> str:
    return f"{US}." + ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """Modules of ours that the file imports when it is loaded; `from a import b` is a.b where that is a module."""
    for name in imported(ast.parse(path.read_text()), lazily_too=False):
        found = name if name in modules else name.rpartition(".")[0]
        if found in modules and found != name_of(path):
            yield found


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        (US, TORCH | WEB | DRAWING | {"numpy"}),
        (f"{US}.app.cli", TORCH | DRAWING | {"numpy", "sqlalchemy"}),
        (f"{US}.app.export.routes", TORCH | DRAWING),
        (f"{US}.app.main", TORCH | DRAWING),
        (f"{US}.model.sab", WEB | DRAWING),
    ],
)
def test_loading_a_module_does_not_load_what_it_must_not_need(module: str, forbidden: set[str]) -> None:
    script = f"import sys, {module}; print(*sorted({{n.split('.')[0] for n in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert forbidden & set(loaded.stdout.split()) == set()
