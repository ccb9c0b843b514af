"""A refusal as a page that a person can read: what is wrong, and what to do about it."""

from __future__ import annotations

from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, Template

from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.page.templates import addressed, root_of
from sab_visualiser.app.wire.views import Problem


@cache
def _template() -> Template:
    """Its style may be refused too, where the Host is not ours: it reads well without."""
    folder = page_folder()
    found = Environment(loader=FileSystemLoader(folder / "templates"), autoescape=True)
    found.globals["asset"] = addressed(lambda name: f"/static/{name}")
    return found.get_template("refused.html")


def refusal_page(problem: Problem, path: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    """The problem as HTML.

    Args:
        problem: What is said.
        path: That was asked for.
        headers: Further ones.
    """
    again = "./" if path == "/login" else ""  # a link that was used up is no use a second time
    text = _template().render(problem=problem, parts=ways(problem.detail), root=root_of(path), again=again)
    return HTMLResponse(text, problem.status, {"Cache-Control": "no-store", **(headers or {})})


def ways(detail: str) -> list[list[tuple[str, bool]]]:
    """The sentence in its parts, one a line, and each as words and code: what stands between backticks is code."""
    found = []
    for part in detail.replace(": ", ";; ", 1).split("; ") if ": " in detail else detail.split("; "):
        pieces = part.strip("; ").split("`")
        pieces[0] = pieces[0][:1].upper() + pieces[0][1:]
        found.append([(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece])
    return found
