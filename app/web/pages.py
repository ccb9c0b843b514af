"""The page and its files: templates, static/ with versioned addresses, plotly.js out of the installed wheel.

No bundler and no CDN; the page asks the API for all data.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from fastapi.templating import Jinja2Templates
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from sab_visualiser.app.access.door import ROLE
from sab_visualiser.app.page.files import page_folder, plotly_file
from sab_visualiser.app.page.templates import environment, root_of
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.runs.kin.group import key_of
from sab_visualiser.app.runs.run import Run
from sab_visualiser.app.sweeps.papers.account.shelf import FIGURES, SHIPPED, mark_of, own, shipped
from sab_visualiser.app.sweeps.papers.account.view import shelf_of
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web.parts import parts_of
from sab_visualiser.app.wire.errors import UserError

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
PLOTLY_PATH = "/static/vendor/plotly.min.js"


TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
"""By ending: what a machine has been told of endings may be wrong, and a browser runs no module of another type."""


class VersionedFiles(StaticFiles):
    """Static files: kept for ever when the address carries a version, asked for anew otherwise."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with its type, and the caching that its address allows."""
        response = await super().get_response(path, scope)
        if known := TYPES.get(Path(path).suffix):
            response.headers["Content-Type"] = known
        response.headers["Cache-Control"] = IMMUTABLE if b"v=" in scope["query_string"] else REVALIDATE
        return response


class Plotly:
    """plotly.min.js, compressed once in the background when somebody first asks for it."""

    def __init__(self) -> None:
        self.file = plotly_file()
        state = self.file.stat()
        self.version = hashlib.sha256(f"{state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:12]
        self._packed: bytes | None = None
        self._packing: threading.Thread | None = None

    def response(self, request: Request) -> Response:
        """The file as it is until it is compressed, then compressed for those who take it."""
        headers = {"Cache-Control": IMMUTABLE if "v" in request.query_params else REVALIDATE, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            if self._packed is not None:
                headers["Content-Encoding"] = "gzip"
                return Response(self._packed, media_type="text/javascript", headers=headers)
            if self._packing is None:
                self._packing = threading.Thread(target=self._pack, name="pack plotly", daemon=True)
                self._packing.start()
        return FileResponse(self.file, media_type="text/javascript", headers=headers)

    def _pack(self) -> None:
        self._packed = gzip.compress(self.file.read_bytes(), 6, mtime=0)


class Assets:
    """Addresses of static files with the version that their contents have."""

    def __init__(self, folder: Path, plotly: Plotly) -> None:
        self._folder = folder
        self._plotly = plotly
        self._known: dict[tuple[str, int], str] = {}

    def __call__(self, name: str) -> str:
        """`js/main.js` → `/static/js/main.js?v=…`."""
        if f"/static/{name}" == PLOTLY_PATH:
            return f"{PLOTLY_PATH}?v={self._plotly.version}"
        file = self._folder / name
        try:
            key = (name, file.stat().st_mtime_ns)
        except FileNotFoundError:
            return f"/static/{name}"
        if key not in self._known:
            self._known[key] = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={self._known[key]}"


def trials_of(runs: Iterable[Run], groups: Collection[str]) -> dict[str, dict[str, str]]:
    """The runs of some groups that have been trained at all, by group and the mark that the row of their trial has."""
    found: dict[str, dict[str, str]] = {}
    for run in list(runs):
        if run.group in groups and run.update:
            found.setdefault(run.group or "", {})[mark_of(key_of(run.spec))] = run.id
    return found


def report_file(name: str) -> Response:
    """A report, or a figure of one.

    Raises:
        UserError: 404, there is none of that name.
    """
    for file in (*SHIPPED.glob("*.json"), *FIGURES.glob("*.svg")):
        if file.name == name:
            return FileResponse(file, media_type=TYPES[file.suffix], headers={"Cache-Control": REVALIDATE})
    raise UserError(404, "No such report", f"{name[:80]!r} is no report; GET /reproduction names them")


def _here(request: Request) -> dict[str, str]:
    """What every page is told: the way back to the root, who looks at it, and of which version it is."""
    return {"root": root_of(request.scope["path"]), "role": request.scope.get(ROLE, "controller"), "version": VERSION}


def make_router(presets: Presets, closed: Callable[[], bool] = lambda: False) -> tuple[APIRouter, VersionedFiles]:
    """The routes of the pages, and the files to mount at /static after them.

    Args:
        presets: To choose from.
        closed: Whether nothing can be written to the folder of runs, which every page tells.
    """
    folder, plotly = page_folder(), Plotly()
    templates = Jinja2Templates(env=environment(Assets(folder / "static", plotly)))
    router = APIRouter(include_in_schema=False)

    def page(request: Request, name: str, **shown: Any) -> Response:
        context = {**_here(request), "closed": closed(), "presets": [preset.view() for preset in presets], **shown}
        return templates.TemplateResponse(request, name, context, headers={"Cache-Control": REVALIDATE})

    @router.api_route("/", methods=["GET", "HEAD"])
    async def index(request: Request) -> Response:
        return page(request, "index.html")

    @router.api_route("/runs", methods=["GET", "HEAD"])
    async def runs_page(request: Request) -> Response:
        return page(request, "runs.html")

    @router.api_route("/runs/group/{group_id}", methods=["GET", "HEAD"])
    async def results_page(request: Request, group_id: str) -> Response:
        return page(request, "results.html")

    @router.api_route("/help", methods=["GET", "HEAD"])
    async def help_page(request: Request) -> Response:
        return page(request, "help.html")

    @router.api_route("/reproduction", methods=["GET", "HEAD"])
    def reproduction_page(request: Request) -> Response:
        parts = parts_of(request)
        shelf = shelf_of(shipped(), own(parts.settings.data_dir))
        files = trials_of(parts.conductor.journal.runs.values(), {told.group for told in shelf.told})
        return page(request, "reproduction.html", shelf=shelf, files=files)

    @router.api_route("/reproduction/files/{name}", methods=["GET", "HEAD"])
    def reproduction_file(name: str) -> Response:
        return report_file(name)

    @router.api_route(PLOTLY_PATH, methods=["GET", "HEAD"])
    async def plotly_js(request: Request) -> Response:
        return plotly.response(request)

    return router, VersionedFiles(directory=folder / "static", check_dir=False)
