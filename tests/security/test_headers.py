"""B4: the same protective headers on every answer, and nothing that lets another site read."""

from __future__ import annotations

import pytest

from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.web.guard import HEADERS, Guard
from tests.fakes.server import Live

PATHS = (
    "/api/health",
    "/api/runs/none",
    "/api/nothing",
    "/static/none.js",
    "/openapi.json",
    "/static/vendor/plotly.min.js",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_B4_every_answer_carries_them_and_no_cors(server: Live, path: str, method: str) -> None:
    answer = server.http.request(method, path, headers={"origin": server.url})
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers


def test_B4_errors_of_the_guard_carry_them_too(server: Live) -> None:
    answer = server.http.get("/api/health", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_B4_a_mistake_of_ours_is_a_problem_with_the_headers(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a secret inside")

    monkeypatch.setattr(server.app.state.conductor.journal, "page", broken)
    answer = server.http.get("/api/runs")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert "secret" not in answer.text


def test_B4_the_guard_is_the_first_in_the_stack() -> None:
    names = [entry.cls.__name__ for entry in create_app(Settings()).user_middleware]  # type: ignore[attr-defined]
    assert names == [Guard.__name__]
