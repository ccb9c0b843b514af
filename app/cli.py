"""The `sab` command. Each subcommand lives in app/commands; this file only gathers them and ends the process.

Imports nothing heavy: `sab --help` answers at once, torch is loaded inside the commands that train or probe.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from rich.console import Console

from sab_visualiser.app.commands import (
    bench,
    data,
    doctor,
    evaluate,
    export,
    serve,
    site,
    train,
    worker,
)
from sab_visualiser.app.commands.folder import backup, bring, link
from sab_visualiser.app.commands.many import reproduce, sweep, transfer
from sab_visualiser.app.commands.shared.common import CommandError, make_settings
from sab_visualiser.app.store.folder.refusals import FolderError
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.model.contract.files.folder import seek_in

WRONG_INPUT = 2
INTERRUPTED = 130

app = typer.Typer(
    name="sab",
    help="Watch Sparse Attentive Backtracking decide which past steps get the blame.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
app.command("serve")(serve.serve)
app.command("link")(link.link)
app.command("train")(train.train)
app.command("sweep")(sweep.sweep)
app.command("reproduce")(reproduce.reproduce)
app.command("evaluate")(evaluate.evaluate)
app.command("transfer")(transfer.transfer)
app.command("export")(export.export)
app.command("site")(site.site)
app.command("import")(bring.bring)
app.command("backup")(backup.backup)
app.command("doctor")(doctor.doctor)
app.command("bench")(bench.bench)
app.command("worker")(worker.worker)
app.add_typer(data.data)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every foreseeable error is one line on standard error and a code other than 0.

    Args:
        arguments: Words after `sab`; those of the process when left out. No words at all show the help.

    Raises:
        SystemExit: 2 for input that was not accepted, 130 after Ctrl-C, 1 for other failures.
    """
    seek_in(lambda: make_settings("data").data_files)
    words = sys.argv[1:] if arguments is None else arguments
    if nul := next((word for word in words if "\0" in word), None):
        _end(f"{nul!r} has a null byte in it, which no name and no value may have", WRONG_INPUT)
    try:
        code = app(words or ["--help"], standalone_mode=False)
    except UserError as error:
        wrong = WRONG_INPUT if error.problem.status in (400, 404, 422) else 1
        _end(error.problem.detail, error.code if isinstance(error, FolderError) else wrong)
    except CommandError as error:
        _end(str(error), error.code)
    except Exception as error:
        _end(*_usage(error))
    else:
        if code == INTERRUPTED:
            _end("interrupted", INTERRUPTED)
        if code:
            sys.exit(code)


def _usage(error: Exception) -> tuple[str, int]:
    """What the parser says of an option it cannot read; anything else is a bug and shows its traceback."""
    message = getattr(error, "format_message", None)
    if message is None:
        raise error
    return f"{message()}; --help lists what there is", WRONG_INPUT


def _end(message: str, code: int) -> NoReturn:
    one_line = " ".join(message.split())
    Console(stderr=True, soft_wrap=True).print(f"sab: {one_line}", markup=False, highlight=False)
    sys.exit(code)


if __name__ == "__main__":
    main()
