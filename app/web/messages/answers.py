"""Answers that are JSON already, written without FastAPI looking at every number again.

A route that answers so names its model as `response_model` for /openapi.json; tests/server/test_examples.py holds what
is really answered against it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pydantic_core
from fastapi import Response


class Json(Response):
    """Lists, dicts and numbers as JSON; null for a number that is not finite."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The bytes."""
        return pydantic_core.to_json(content, inf_nan_mode="null")


async def json_of(make: Callable[[], object]) -> Json:
    """The answer that `make` gives, made and written beside the loop: for traces and curves, which may be large."""
    return await asyncio.to_thread(lambda: Json(make()))
