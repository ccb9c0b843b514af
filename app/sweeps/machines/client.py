"""The server that trains a sweep, as the one who drives it sees it: a few requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request

from sab_visualiser.app.access.clients import reach
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.wire.errors import UserError, reason_of
from sab_visualiser.app.wire.views.data import DataView, facts_of
from sab_visualiser.model.contract.data import DataFacts

TIMEOUT_S = 60
PAGE = 500
ONE_BY_ONE = 8
"""So many runs are asked for each by itself; a row of the list costs the server a tenth of that."""
FULL, GONE = 429, 404


class AwayError(RuntimeError):
    """The server does not answer."""


class Client:
    """Requests to one server; `AwayError` where nobody answers, `UserError` where it refuses.

    Args:
        url: Its address.
        folder: Data folder of this machine, which may hold its token; the usual one when left out.
    """

    def __init__(self, url: str, folder: Path | None = None) -> None:
        self.url = url
        self._folder = folder or Settings().data_dir

    def runs_of(self, group: str, sort: str = "created", most: int | None = None) -> list[dict[str, Any]]:
        """Runs of a group.

        Args:
            group: Its id.
            sort: `created`: oldest first; `-created`: newest first.
            most: So many of them are enough; None for all.
        """
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._ask("GET", f"/api/runs?limit={PAGE}&sort={sort}&filter=group:{quote(group)}{after}")
            found += page
            if len(page) < PAGE or (most is not None and len(found) >= most):
                return found
            after = f"&after={page[-1]['id']}"

    def now(self, group: str, runs: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """Runs of a group as they are now, by id; None where somebody deleted one.

        Many are looked for on the pages of the newest, since those are the ones that train.
        """
        listed = self.runs_of(group, "-created", 2 * len(runs)) if len(runs) > ONE_BY_ONE else []
        known: dict[str, dict[str, Any] | None] = {run["id"]: run for run in listed}
        return {run: known[run] if run in known else self.run(run) for run in runs}

    def data(self) -> list[DataFacts]:
        """The data sets that it has."""
        return [facts_of(DataView.model_validate(row)) for row in self._ask("GET", "/api/data")]

    def run(self, run_id: str) -> dict[str, Any] | None:
        """A run as it is now; None where somebody deleted it."""
        try:
            return dict(self._ask("GET", f"/api/runs/{run_id}"))
        except UserError as error:
            if error.problem.status == GONE:
                return None
            raise

    def start(self, group: str, name: str, spec: dict[str, Any]) -> dict[str, Any] | None:
        """The run of that spec in the group, begun if it is not there; None where the queue is full."""
        try:
            made = self._ask("POST", "/api/groups", {"group": group, "name": name, "base": spec})
        except UserError as error:
            if error.problem.status == FULL:
                return None
            raise
        return dict(made["runs"][0])

    def command(self, run_id: str, kind: str) -> bool:
        """Give a command; whether it was taken."""
        try:
            self._ask("POST", f"/api/runs/{run_id}/commands", {"type": kind})
        except UserError:
            return False
        return True

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if content else {}
        request = Request(self.url + path, content, headers, method=method)  # noqa: S310 (the address was checked)
        try:
            with reach(request, self._folder, TIMEOUT_S) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            raise UserError(error.code, "Refused", reason_of(error)) from None
        except (URLError, OSError) as error:
            why = error.reason if isinstance(error, URLError) else error
            raise AwayError(f"the server {self.url} does not answer: {why}") from None
