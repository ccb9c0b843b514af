"""`sab worker`: lend this machine to a server that runs elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from sab_visualiser.app.commands.shared.common import CommandError, make_settings
from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.workers.memory import worker_bytes

TOKEN = "SAB_WORKER_TOKEN"  # noqa: S105 (the name of a variable, not a secret)


def worker(
    server: Annotated[str, typer.Option(metavar="URL", help="Address of the server, e.g. http://127.0.0.1:8000.")],
    identifier: Annotated[
        str | None, typer.Option("--id", help="Name of this worker.", show_default="host and process id")
    ] = None,
    data_files: Annotated[
        Path | None,
        typer.Option(help="Folder of files of data on this machine.", show_default="SAB_DATA_FILES, or the usual one"),
    ] = None,
    device: Annotated[str, typer.Option(help="Where to train: auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Dial a server and train what it sends; its token is read from SAB_WORKER_TOKEN."""
    address = socket_address(server)
    if not os.environ.get(TOKEN):
        raise CommandError(f"{TOKEN} is not set; give the server and this worker the same secret in that variable", 2)
    words = [sys.executable, "-P", "-m", "sab_visualiser.app.worker", "--server", address]
    settings = make_settings("worker", **({} if data_files is None else {"data_files": data_files}))
    words += ["--memory-bytes", str(worker_bytes(settings)), "--data-files", str(settings.data_files)]
    words += ["--id", identifier or f"{os.uname().nodename}-{os.getpid()}", "--device", device]
    os.execv(sys.executable, words)  # noqa: S606 (our own module, no shell)


def socket_address(server: str) -> str:
    """The worker's socket of a server given as http, https, ws or wss address.

    Raises:
        UserError: For anything else.
    """
    parts = urlsplit(server)
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        raise field_error("--server", server, "an http(s) or ws(s) address", "write http://127.0.0.1:8000")
    path = parts.path.rstrip("/") or "/ws/worker"
    return f"{scheme}://{parts.netloc}{path}"
