"""Requests that schemathesis makes from the server's own OpenAPI document, fitting ones and others, on one seed.

Used by benchmarks/trust.py and by a test. What is answered is held to the document too: its status, its type, its form.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from requests.exceptions import InvalidHeader, InvalidURL
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fakes.server import Live

EXPECTED = (503, 504, 507)
"""Statuses from 500 on that say what is so: no worker, no answer in time, no room."""
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
SMALL: dict[str, Any] = {
    "task": {"T": 6, "items": 2},
    "model": {"hidden_size": 6, "attention_size": 4},
    "training": {"batch_size": 2, "updates": 3},
}


Operation = APIOperation[Any, Any, Any, Any]


class Asking:
    """A server that is asked, and what came of it."""

    def __init__(self, live: Live) -> None:
        self.live, self.session, self.asked = live, requests.Session(), 0
        self.session.trust_env = False
        self.unexpected: Counter[str] = Counter()
        self.breaks: Counter[str] = Counter()
        self.run = ""

    def begin(self) -> None:
        """Have a run that can be asked for; the one before may have been deleted."""
        if not self.run or self.live.http.get(f"/api/runs/{self.run}").status_code == 404:
            self.run = self.live.start(**SMALL)

    def ask(self, case: Case[Operation]) -> None:
        """Send one request, and look at its answer."""
        if "run_id" in (case.path_parameters or {}) and self.asked % 4:
            case.path_parameters["run_id"] = self.run
        self.asked += 1
        with suppress(InvalidURL, InvalidHeader, UnicodeError):  # no client could send these
            answer = case.call(base_url=self.live.url, session=self.session, timeout=60)
            name = f"{case.operation.label}: {answer.status_code}"
            if answer.status_code >= 500:
                self.unexpected[name] += answer.status_code not in EXPECTED
                return
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as failures:
                self.breaks[f"{name}: {'; '.join(one.title for one in failures.exceptions)}"] += 1


def modes(operation: Operation) -> list[GenerationMode]:
    """Fitting cases, and others where a query or a body of JSON can be wrong; a file and a place in a path cannot."""
    parts = {part.media_type for part in operation.body}
    wrong = bool(operation.query) or "application/json" in parts
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if wrong else [])]


def examples(
    operation: Operation, mode: GenerationMode, count: int, seed: int, ask: Callable[[Case[Operation]], None]
) -> None:
    """At most so many cases of one operation; none where a mode has none."""

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def one(case: Case[Operation]) -> None:
        ask(case)

    with suppress(hypothesis.errors.Unsatisfiable):
        one()


def from_document(live: Live, count: int, seed: int = 4) -> dict[str, Any]:
    """So many requests; those that came to a status nobody expects, and answers that are not as the document says."""
    schema = schemathesis.openapi.from_dict(live.http.get("/openapi.json").json(), config=schemathesis.Config())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    asking, each = Asking(live), math.ceil(count / len(operations) / 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of hypothesis, about strategies that are not ours
        while asking.asked < count:
            for operation, mode in [(one, mode) for one in operations for mode in modes(one)]:
                asking.begin()
                examples(operation, mode, max(min(each, count - asking.asked), 1), seed, asking.ask)
            seed += 1
    asking.session.close()
    return {
        "requests": asking.asked,
        "operations": len(operations),
        "unexpected": dict(+asking.unexpected),
        "breaks": dict(asking.breaks),
    }
