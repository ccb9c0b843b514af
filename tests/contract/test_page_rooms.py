"""The rooms of the page: who may import whom, and which modules may touch the document at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "static" / "js"
PAGE_WORDS = re.compile(r"(?<![\w.\"'`])(document|window|localStorage|navigator|Plotly)\b(?=\s*[.\[(?])")
IMPORT = re.compile(r"""^(?:import|export)\s(?:[^"';]*?\sfrom\s)?["'](\.[^"']+)["']""", re.MULTILINE)
TOUCHING = re.compile(r"(^|_)(panel|layer)\.js$")
"""In a panel's folder, in the table of runs and in the results, these two kinds of file may touch the document; others
are pure."""
BORDERS = {
    "what travels knows nobody": (
        "wire/",
        ("state/", "drivers/", "draw/", "panels/", "page/", "exports/", "controls/"),
    ),
    "the state knows neither drawings nor panels": ("state/", ("drivers/", "draw/layers/", "page/", "controls/")),
    "shared drawing knows no panel": ("draw/", ("panels/", "page/", "drivers/", "controls/", "exports/")),
    "panels do not know the frame around them": ("panels/", ("page/",)),
    "the table of runs is a page of its own": ("table/", ("page/", "drivers/", "exports/", "state/reducers/")),
    "what the table keeps knows neither its rows nor its pictures": (
        "table/state/",
        ("table/rows/", "table/tools/", "table/overlay/", "table/drivers/"),
    ),
    "the page of results takes from the table of runs only what is pure, its texts and its line of status": (
        "results/",
        (
            *("page/", "drivers/", "exports/", "state/", "panels/"),
            *("table/state/", "table/drivers/", "table/overlay/panel.js"),
        ),
    ),
    "what results count and say knows no picture in the page": (
        "results/numbers/",
        ("results/panels/", "results/view/", "results/drivers/"),
    ),
    "nobody knows what puts a page together": ("", ("main.js", "runs.js", "results.js", "reproduction.js")),
}


def scripts(root: Path, inside: str = "") -> Iterator[Path]:
    yield from sorted((root / inside).rglob("*.js"))


def code(path: Path) -> str:
    """The script without its comments."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text(), flags=re.S)


def place(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root.resolve()).as_posix()


def is_pure(name: str) -> bool:
    drives = name.startswith(("table/drivers/", "results/drivers/"))
    if name.startswith(("panels/", "table/", "results/")) and not drives:
        return not TOUCHING.search(name.rpartition("/")[2])
    if name.startswith("exports/"):
        return name != "exports/files.js"  # it makes files, and takes drawings out of the page
    return name.startswith(("state/", "draw/figures/", "page/words/")) and name != "state/store.js"


def touching(root: Path) -> dict[str, list[str]]:
    """What of the document pure modules name, or import from a module that touches it."""
    found = {}
    for path in scripts(root):
        if is_pure(name := place(path, root)):
            words = PAGE_WORDS.findall(code(path))
            words += [t for t in imports(path, root) if t.startswith("draw/layers/") or t == "draw/plotly.js"]
            found[name] = words
    return {name: words for name, words in found.items() if words}


def imports(path: Path, root: Path) -> list[str]:
    return [place(path.parent / target, root) for target in IMPORT.findall(path.read_text())]


def breaches(inside: str, forbidden: tuple[str, ...], root: Path = SCRIPTS) -> list[str]:
    return [
        f"{place(path, root)} imports {target}"
        for path in scripts(root, inside)
        for target in imports(path, root)
        if target.startswith(forbidden)
    ]


def test_figures_reducers_and_selectors_touch_no_page() -> None:
    assert sum(is_pure(place(path, SCRIPTS)) for path in scripts(SCRIPTS)) > 40, "the pure modules have moved"
    assert touching(SCRIPTS) == {}


@pytest.mark.parametrize("name", ["state/selectors/planted.js", "panels/strip/figure.js", "exports/planted.js"])
@pytest.mark.parametrize(
    "breach", ["const here = document.body;", "window?.open();", 'import { find } from "{up}draw/layers/dom.js";']
)
def test_a_pure_module_that_touches_the_page_is_found(tmp_path: Path, name: str, breach: str) -> None:
    planted = tmp_path / name
    planted.parent.mkdir(parents=True)
    planted.write_text(breach.replace("{up}", "../" * name.count("/")) + "\n")
    assert touching(tmp_path)


@pytest.mark.parametrize("name", BORDERS)
def test_no_room_of_the_page_imports_what_it_must_not(name: str) -> None:
    inside, forbidden = BORDERS[name]
    assert list(scripts(SCRIPTS, inside)), "no such room; the border guards nothing"
    assert breaches(inside, forbidden) == []


@pytest.mark.parametrize("name", BORDERS)
def test_every_border_of_the_page_is_seen_to_fail_on_a_planted_breach(name: str, tmp_path: Path) -> None:
    inside, forbidden = BORDERS[name]
    (tmp_path / inside).mkdir(parents=True, exist_ok=True)
    for target in forbidden:
        leaf = target if target.endswith(".js") else f"{target}planted.js"
        up = "../" * inside.count("/") or "./"
        (tmp_path / inside / "planted.js").write_text(f'import {{ x }} from "{up}{leaf}";\n')
        assert breaches(inside, forbidden, tmp_path), target


def test_only_one_module_of_the_page_knows_plotly() -> None:
    named = re.compile(r"(?<![\"'`/])\b(?:Plotly\.\w+\(|window\.Plotly\b)")
    users = {place(path, SCRIPTS) for path in scripts(SCRIPTS) if named.search(code(path))}
    assert users == {"draw/plotly.js"}


def test_modules_of_the_page_have_no_import_cycle() -> None:
    graph = {place(path, SCRIPTS): imports(path, SCRIPTS) for path in scripts(SCRIPTS)}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' → '.join((*trail, name))}"
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
