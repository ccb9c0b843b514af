"""`sab doctor`: what this machine has, in words that can go into a bug report.

It changes nothing and sends nothing. Every finding is a name, a value and whether it is good enough.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sab_visualiser.app.commands.folder.findings import Finding, database, environment, folder, in_use, port, sqlite
from sab_visualiser.app.commands.shared.common import CommandError, make_settings, print_json
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import UserError

PACKAGES = ("sab-visualiser", "numpy", "fastapi", "uvicorn", "sqlalchemy", "matplotlib", "plotly")
SOURCE = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def doctor(
    data_dir: Annotated[Path | None, typer.Option(help="Folder of runs.", show_default="as for sab serve")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as one line of JSON.")] = False,
) -> None:
    """Versions, device, threads, backend, browser, data folder, port and environment of this machine."""
    settings, kept = _settings(data_dir)
    found = [*versions(), installation(), script(), *torch_findings(settings.device)]
    found += gpu_findings(settings.max_runs)
    found += [sqlite(), browser(), kept, *database(settings.data_dir), *in_use(settings.data_dir)]
    found += [port(settings.host, settings.port), *environment()]
    bad = [finding for finding in found if finding.fine is False]
    if as_json:
        print_json({"fine": not bad, "findings": [asdict(finding) for finding in found]})
    else:
        console = Console(soft_wrap=True)
        for finding in found:
            mark = {True: "ok", False: "NOT OK", None: "  "}[finding.fine]
            console.print(f"{finding.name:<16} {mark:<7} {finding.value}", markup=False, highlight=False)
    if bad:
        raise CommandError("not in order: " + ", ".join(f"{finding.name} ({finding.value})" for finding in bad))


def _settings(data_dir: Path | None) -> tuple[Settings, Finding]:
    """The settings, and what is found of the data folder: without a home there may be none."""
    try:
        settings = make_settings("serve", **({} if data_dir is None else {"data_dir": data_dir}))
    except UserError as error:
        return make_settings("serve", data_dir=Path(os.devnull)), Finding("data folder", error.problem.detail, False)
    return settings, folder(settings.data_dir)


def versions() -> list[Finding]:
    """Python, the system, and the packages that matter most."""
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    found = [
        Finding("python", platform.python_version(), supported),
        Finding("system", f"{platform.platform()}, {os.cpu_count()} cores"),
    ]
    return found + [_package(name) for name in PACKAGES]


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "not installed", False)


def installation() -> Finding:
    """Where the program is, and that it is there once: an old one beside it answers in its place by chance."""
    places = {str(one.locate_file("")): one.version for one in distributions(name="sab-visualiser")}
    listed = ", ".join(f"{number} in {place}" for place, number in places.items())
    if len(places) > 1:
        remedy = "run `pip uninstall sab-visualiser` until it finds none, then install one"
        return Finding("installation", f"{len(places)} side by side: {listed}; {remedy}", False)
    return Finding("installation", listed or f"{SOURCE}, not installed", True)


def script() -> Finding:
    """Whether the `sab` on the path is of this version: that of 0.1 asks for a package that is gone."""
    path = shutil.which("sab")
    if path is None:
        return Finding("sab", "not on PATH; `python -m sab_visualiser.app.cli` is the same")
    text = Path(path).read_text("utf-8", "replace")
    if "from app.cli import" in text:
        return Finding("sab", f"{path} is of version 0.1; delete it and install again", False)
    return Finding("sab", path)


def torch_findings(device: str) -> list[Finding]:
    """Version of torch, its threads, and where and how workers train."""
    try:
        import torch
    except ImportError as error:
        return [Finding("torch", f"cannot be imported: {error}", False)]
    return [
        Finding("torch", torch.__version__, tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 6)),
        Finding("threads", f"1 a worker; torch would take {torch.get_num_threads()}"),
        *engine_findings(device),
    ]


def engine_findings(device: str) -> list[Finding]:
    """Where workers train and with which code; Numba that is broken is no reason to stop, but a reason to repair."""
    try:
        from sab_visualiser.model.devices import present, resolve_device

        place, here = resolve_device(device), present()
    except Exception as error:  # a report must not end because one of its subjects is broken
        return [Finding("device", str(error), False)]
    listed = ", ".join(f"{name} ({words})" for name, words in here.items())
    chosen = f"{place.device.type}, as asked" if device != "auto" else place.device.type
    return [
        Finding("device", f"{chosen}; this machine has {listed}", True),
        Finding("backend", f"{place.backend}: {place.why}", place.as_wished or _switched_off()),
    ]


def gpu_findings(runs: int) -> list[Finding]:
    """What is free on the GPU, and how many runs share it; or why there is none.

    Args:
        runs: That train at the same time, at most.
    """
    try:
        from sab_visualiser.model import card
        from sab_visualiser.model.contract import size_words
    except ImportError:  # of torch, which has a finding of its own
        return []
    there = card.found()
    if there.name is None:
        return [Finding("gpu", there.why_not)]
    if (reason := card.failing("cuda")) is not None:
        return [Finding("gpu", f"{there.name} computes nothing: {reason}", False)]
    room = card.free_bytes()
    free = "" if room is None else f", {size_words(room[0])} of {size_words(room[1])} free"
    shared = f"up to {runs} runs share it, each a process of its own, and one begins where its estimate is free"
    return [Finding("gpu", f"{there.name}{free}; {shared if runs > 1 else 'one run trains at a time'}", True)]


def _switched_off() -> bool:
    """Whether the fused loops are off because somebody wished it."""
    return os.environ.get("SAB_BACKEND") == "torch"


def browser() -> Finding:
    """Where the Chromium for browser tests and `make screenshots` is; its absence is no fault."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return Finding("chromium", path or "none found; only browser tests need it (CHROMIUM=/path)")
