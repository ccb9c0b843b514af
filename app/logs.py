"""What the server writes to standard error: plain lines for a person, or one JSON object a line for a program.

Neither has a secret in it, and text that somebody sent cannot begin a line of its own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

SECRET = re.compile(r"(?i)(bearer\s+|(?:token|code|cookie)\s*[=:]\s*(?:bearer\s+)?)[^\s&\"',;}]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def configure(*, as_json: bool) -> None:
    """Let this process write its log; without effect where somebody else has seen to that.

    Args:
        as_json: Objects, with what becomes of runs, in place of lines, with warnings alone.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if as_json else Plain("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO if as_json else logging.WARNING)
    for name in ("uvicorn.error", "websockets.server"):  # they tell of every socket that comes and goes
        logging.getLogger(name).setLevel(logging.WARNING)


def safe(text: str) -> str:
    """The text without secrets."""
    return SECRET.sub(r"\1***", text)


class Plain(logging.Formatter):
    """One line, and the traceback of a mistake of ours below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line; what would end it is written as an escape."""
        record.message = CONTROL.sub(lambda found: repr(found[0])[1:-1], record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """All of it."""
        return safe(super().format(record))


class AsJson(logging.Formatter):
    """One object a line: `time` (UTC), `level`, `message`; `run` where it is about one, `error` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": at, "level": record.levelname.lower(), "logger": record.name}
        said["message"] = safe(record.getMessage())
        more = {name: getattr(record, name) for name in ("run", "event", "update") if hasattr(record, name)}
        error = {"error": safe(self.formatException(record.exc_info))} if record.exc_info else {}
        return json.dumps({**said, **more, **error}, default=str)
