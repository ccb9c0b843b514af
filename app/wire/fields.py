"""The fields of the contract as pydantic takes them: ranges, remedies and units beside each field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, create_model
from pydantic.config import JsonDict

from sab_visualiser.model import contract

TYPES: dict[contract.Kind, Any] = {"whole": int, "number": float, "flag": bool, "text": str}


def limits(path: str) -> Any:
    """Range, remedy and unit of a field of a run, as the metadata of an annotation.

    Args:
        path: `part.name`, as `model.k_top`.
    """
    return _limits(next(field for field in contract.fields() if field.path == path))


def _limits(field: contract.Field) -> Any:
    facts = field.facts
    low: dict[str, Any] = {"gt": facts.low} if facts.above else {"ge": facts.low}
    bounds = {**low, "le": facts.high} if facts.kind in ("whole", "number") else {}
    if facts.kind == "whole":
        bounds = {name: int(value) for name, value in bounds.items()}
    if facts.form:
        bounds = {"pattern": f"^(?:{facts.form})$", "max_length": 100}
    extra: JsonDict = {"remedy": facts.remedy}
    extra.update({name: said for name, said in (("unit", facts.unit), ("form", facts.form_words)) if said})
    return Field(**bounds, description=facts.help, json_schema_extra=extra)


def zero_for_null(value: Any) -> Any:
    """No cut: an explicit null says the same as 0, which is how it is kept."""
    return 0 if value is None else value


def null_is_zero(path: str) -> Any:
    """Null is accepted and means 0; the description for programs says so."""
    return BeforeValidator(zero_for_null, json_schema_input_type=Annotated[int, limits(path)] | None)


def annotation(field: contract.Field) -> Any:
    """The type of a field outside the model."""
    facts = field.facts
    plain: Any = Literal[facts.choices] if facts.choices else TYPES[facts.kind]
    if facts.zero:
        return Annotated[plain, _limits(field), null_is_zero(field.path)]
    limited = Annotated[plain, _limits(field)]
    return limited | None if facts.null else limited


def model_of(name: str, part: str, base: type[BaseModel]) -> Any:
    """The pydantic model of a part of a run, with the rules of `base`."""
    declared = contract.PARTS[part]
    made: dict[str, Any] = {
        field.name: (annotation(field), field.default) for field in contract.fields() if field.part == part
    }
    return create_model(name, __base__=base, __doc__=declared.__doc__, **made)
