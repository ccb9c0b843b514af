"""The page and its files: templates, static/ with versioned addresses, plotly.js out of the installed wheel.

No bundler and no CDN; the page asks the API for all data.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import threading
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from fastapi.templating import Jinja2Templates
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web.page_files import page_modules, panel_styles
from sab_visualiser.app.wire.requests import BranchModel, BranchTraining
from sab_visualiser.model.contract import MAX_STEPS, METHODS, PARTS, PROBE_EXAMPLES, Field, fields

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
PLOTLY_PATH = "/static/vendor/plotly.min.js"


def page_folder() -> Path:
    """The folder that holds static/ and templates/: the installed package, or the root of a checkout."""
    return Path(__file__).resolve().parents[2]


def plotly_file() -> Path:
    """plotly.min.js of the installed plotly package, found without importing it."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("plotly is not installed; run `make install`")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


def form_label(field: Field) -> str:
    """What stands beside a field in the form of a run: `T, steps`, `hidden size`; knobs keep their names."""
    name = field.name if field.facts.knob and field.part == "model" else field.name.replace("_", " ")
    name = {"task.name": "task", "task.T_min": "shortest T"}.get(field.path, name)
    return f"{name}, {field.facts.unit}" if name.endswith("T") else name


def form_groups() -> list[tuple[str, list[Field]]]:
    """The fields of a run as the form shows them: the task, the network, what can be turned later, and the rest."""
    knobs = [field for field in fields() if field.facts.knob]
    of = {part: [field for field in fields() if field.part == part and field not in knobs] for part in PARTS}
    return [("Task", of["task"]), ("Network", of["model"]), ("Knobs", knobs), ("Training", of["training"])]


def branch_fields() -> list[Field]:
    """The fields of a run that a branch may have otherwise, in the order of the contract."""
    free = {f"model.{name}" for name in BranchModel.model_fields}
    free |= {f"training.{name}" for name in BranchTraining.model_fields}
    return [field for field in fields() if field.path in free]


class VersionedFiles(StaticFiles):
    """Static files: kept for ever when the address carries a version, asked for anew otherwise."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the caching that its address allows."""
        response = await super().get_response(path, scope)
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


def make_router(presets: Presets) -> tuple[APIRouter, VersionedFiles]:
    """The routes of the pages, and the files to mount at /static after them."""
    folder, plotly = page_folder(), Plotly()
    templates = Jinja2Templates(directory=folder / "templates")
    templates.env.globals["asset"] = Assets(folder / "static", plotly)
    templates.env.globals["form_groups"] = form_groups()
    templates.env.globals["form_label"] = form_label
    templates.env.globals["branch_fields"] = branch_fields()
    templates.env.globals["methods"] = METHODS
    templates.env.globals["probe_examples"] = PROBE_EXAMPLES
    templates.env.globals["max_steps"] = MAX_STEPS
    templates.env.globals["modules"] = page_modules(folder / "static" / "js")
    templates.env.globals["table_modules"] = page_modules(folder / "static" / "js", "runs.js")
    templates.env.globals["panel_styles"] = panel_styles(folder / "static")
    router = APIRouter(include_in_schema=False)

    def page(request: Request, name: str) -> Response:
        context = {"version": VERSION, "presets": [preset.view() for preset in presets]}
        return templates.TemplateResponse(request, name, context, headers={"Cache-Control": REVALIDATE})

    @router.api_route("/", methods=["GET", "HEAD"])
    async def index(request: Request) -> Response:
        return page(request, "index.html")

    @router.api_route("/runs", methods=["GET", "HEAD"])
    async def runs_page(request: Request) -> Response:
        return page(request, "runs.html")

    @router.api_route("/help", methods=["GET", "HEAD"])
    async def help_page(request: Request) -> Response:
        return page(request, "help.html")

    @router.api_route(PLOTLY_PATH, methods=["GET", "HEAD"])
    async def plotly_js(request: Request) -> Response:
        return plotly.response(request)

    return router, VersionedFiles(directory=folder / "static", check_dir=False)
