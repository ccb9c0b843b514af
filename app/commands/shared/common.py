"""What the subcommands share: how they stop, how they print, how they read `name=value`."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import ValidationError

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import describe, field_error, from_validation


class CommandError(Exception):
    """End the command with one line on standard error.

    Args:
        message: What went wrong and what to do; one line.
        code: Exit code of the process, not 0.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def make_settings(command: str, **given: Any) -> Settings:
    """The settings of the server from options and environment.

    Args:
        command: Whose `--help` an error names.
        **given: Options that were given.

    Raises:
        CommandError: Naming each setting that is not accepted, its value and its range.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = from_validation(error, Settings).problem.errors
        words = "; ".join(map(describe, problems)).replace("see GET /openapi.json", f"see sab {command} --help")
        raise CommandError(words, 2) from None


def print_json(value: Any) -> None:
    """One line of strict JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def assignment(option: str, text: str) -> tuple[str, str]:
    """The two sides of `name=value`.

    Raises:
        UserError: When there is no name or no equals sign.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise field_error(option, text, "name=value", f"write for example {option} {_EXAMPLES[option]}")
    return name.strip(), value.strip()


def json_or_text(text: str) -> Any:
    """The JSON value that `text` spells, or the text itself; NaN and Infinity are no JSON and stay text."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(name: str) -> Any:
    raise ValueError(name)


_EXAMPLES = {"--set": "task.T=50", "--until": "accuracy=0.99"}
