"""What went wrong, in the four words of app/wire/errors.py."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

PROBLEM_EXAMPLE: JsonDict = {
    "type": "about:blank",
    "title": "Value not accepted",
    "status": 422,
    "detail": "model.k_top = -1: 0 … 10000, whole number; 0 reads no memory, 5 is the paper's",
    "errors": [
        {
            "field": "model.k_top",
            "value": -1,
            "range": "0 … 10000, whole number",
            "remedy": "0 reads no memory, 5 is the paper's",
        }
    ],
}


class FieldProblem(BaseModel):
    """What is wrong with one field, and how to mend it."""

    field: str
    value: Any = None
    range: str
    remedy: str


class Problem(BaseModel):
    """RFC 9457 problem; `errors` has one entry per bad field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []

    model_config = ConfigDict(json_schema_extra={"examples": [PROBLEM_EXAMPLE]})
