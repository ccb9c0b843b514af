"""`sab serve`: the options of the server, read from the one table in app/settings.py.

An option that is left out is not passed on, so the environment (SAB_PORT …) still counts. Everything else is
app/serve.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from sab_visualiser.app.commands.shared.common import CommandError, make_settings
from sab_visualiser.app.settings import Settings


def _help(name: str) -> str:
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    return f"{field.description} [{unit}; SAB_{name.upper()}]"


def _default(name: str) -> str:
    return str(Settings.model_fields[name].get_default(call_default_factory=True))


def require_device(name: str) -> None:
    """End the command unless this machine has the device; asked in a process of its own, since a server has no torch.

    Raises:
        CommandError: With the devices there are.
    """
    words = [sys.executable, "-P", "-m", "sab_visualiser.model.devices", name]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 (our module)
    if done.returncode:
        raise CommandError((done.stderr.strip() or "torch cannot be asked").splitlines()[-1], 2)


def serve(
    host: Annotated[str | None, typer.Option(help=_help("host"), show_default=_default("host"))] = None,
    port: Annotated[int | None, typer.Option(help=_help("port"), show_default=_default("port"))] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help=_help("data_dir"), show_default="~/.local/share/sab-visualiser")
    ] = None,
    data_files: Annotated[
        Path | None, typer.Option(help=_help("data_files"), show_default="~/.local/share/sab-visualiser-files")
    ] = None,
    open_browser: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help=_help("open_browser"), show_default="no-open"),
    ] = None,
    no_auth: Annotated[bool, typer.Option("--no-auth", help=_help("no_auth"))] = False,
    new_token: Annotated[bool, typer.Option("--new-token", help=_help("new_token"))] = False,
    allow_host: Annotated[list[str] | None, typer.Option(help=_help("allow_host"))] = None,
    public_url: Annotated[str | None, typer.Option(metavar="URL", help=_help("public_url"))] = None,
    root_path: Annotated[str | None, typer.Option(metavar="PATH", help=_help("root_path"))] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="The log as one JSON object a line. [as SAB_LOG=json]")
    ] = False,
    device: Annotated[str | None, typer.Option(help=_help("device"), show_default=_default("device"))] = None,
) -> None:
    """Start the server and the page; Ctrl-C ends it and saves every run."""
    given = {
        "host": host,
        "port": port,
        "data_dir": data_dir,
        "data_files": data_files,
        "open_browser": open_browser,
        "no_auth": no_auth or None,
        "new_token": new_token or None,
        "public_url": public_url,
        "root_path": root_path,
        "allow_host": allow_host or None,
        "device": device,
        "log": "json" if log_json else None,
    }
    settings = make_settings("serve", **{name: value for name, value in given.items() if value is not None})
    if settings.device in ("cuda", "mps"):
        require_device(settings.device)
    from sab_visualiser.app.serve import serve as run

    code = run(settings)
    if code:
        sys.exit(code)
