"""The templates of the page, and what all of them may ask: the fields of a run, its methods, the files they load."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context

from sab_visualiser.app.page.files import page_folder, page_modules, panel_styles
from sab_visualiser.app.wire.requests import BranchModel, BranchTraining
from sab_visualiser.model.contract import MAX_STEPS, METHODS, PARTS, Field, fields


def environment(asset: Callable[[str], str]) -> Environment:
    """The templates, escaping whatever they are given.

    Args:
        asset: The address of a file below static/.
    """
    folder = page_folder()
    found = Environment(loader=FileSystemLoader(folder / "templates"), autoescape=True)
    found.globals |= {
        "asset": addressed(asset),
        "form_groups": form_groups(),
        "form_label": form_label,
        "branch_fields": branch_fields(),
        "max_steps": MAX_STEPS,
        "methods": METHODS,
        "modules": page_modules(folder / "static" / "js"),
        "table_modules": page_modules(folder / "static" / "js", "runs.js"),
        "results_modules": page_modules(folder / "static" / "js", "results.js"),
        "panel_styles": panel_styles(folder / "static"),
    }
    return found


def addressed(asset: Callable[[str], str]) -> Callable[[Context, str], str]:
    """The address of a file as it is from the page in hand, whatever prefix a proxy put before both.

    Args:
        asset: The address of a file as it is from the root, with a slash before it; empty for none.
    """

    @pass_context
    def relative(context: Context, name: str) -> str:
        found = asset(name)
        return f"{context.get('root') or ''}{found}" if found else found

    return relative


def root_of(path: str) -> str:
    """The way from a page back to the root: `.` from `/` and `/runs`, `../..` from `/runs/group/ID`."""
    return "/".join([".."] * (path.count("/") - 1)) or "."


@cache
def unaddressed() -> Environment:
    """The templates of files that name no other: made once, since they read which modules the page has."""
    return environment(lambda name: "")


def form_label(field: Field) -> str:
    """What stands beside a field in the form of a run: `T, steps`, `hidden size`; knobs keep their names."""
    name = field.name if field.facts.knob and field.part == "model" else field.name.replace("_", " ")
    name = {"task.name": "task", "task.T_min": "shortest T"}.get(field.path, name)
    return f"{name}, {field.facts.unit}" if name.endswith("T") else name


def form_groups() -> list[tuple[str, list[Field]]]:
    """The fields of a run as the form shows them: the task, the network, what can be turned later, and the rest."""
    knobs = [field for field in fields() if field.facts.knob]
    of = {part: [field for field in fields() if field.part == part and field not in knobs] for part in PARTS}
    return [("Task", of["task"]), ("Network", of["model"]), ("Knobs", knobs), ("Training", of["training"])]


def branch_fields() -> list[Field]:
    """The fields of a run that a branch may have otherwise, in the order of the contract."""
    free = {f"model.{name}" for name in BranchModel.model_fields}
    free |= {f"training.{name}" for name in BranchTraining.model_fields}
    return [field for field in fields() if field.path in free]
