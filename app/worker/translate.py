"""From what a person asked for (RunSpec) to what the model is built from (model/config.py), and back.

Two values are written differently on both sides: no cut is 0 outside and None in the model, and a k_top that reads
every memory is the largest number that the wire takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import ModelSpec, Parameters, RunSpec, TaskSpec, TrainingSpec
from sab_visualiser.model.config import ModelConfig, RunConfig, TaskConfig, TrainingConfig
from sab_visualiser.model.contract import ALL_MEMORIES, KNOBS, LARGEST_UPDATE, PARTS, fields
from sab_visualiser.model.contract.data import know, short_name
from sab_visualiser.model.contract.files.folder import find, sought_in
from sab_visualiser.model.contract.judge import Found, judged
from sab_visualiser.model.tasks import data
from sab_visualiser.model.training import checkpoint
from sab_visualiser.model.training.checkpoint import Checkpoint, CheckpointError

FREE = {*KNOBS, "updates", "until"}
"""What a branch may have otherwise than the checkpoint that it begins with."""
_ZERO_IS_NONE = frozenset(field.name for field in fields() if field.facts.zero)
_LARGEST = {field.name: int(field.facts.high) for field in fields() if field.name == "k_top"}


def run_config(spec: RunSpec) -> RunConfig:
    """The model's configuration for a spec."""
    return RunConfig(
        TaskConfig(**spec.task.model_dump()),
        ModelConfig(**to_model(spec.model.model_dump())),
        TrainingConfig(**spec.training.model_dump()),
    )


def run_spec(config: RunConfig) -> RunSpec:
    """The spec that would build `config`."""
    values = config.to_dict()
    return RunSpec(
        task=TaskSpec(**values["task"]),
        model=ModelSpec(**to_wire(values["model"])),
        training=TrainingSpec(**values["training"]),
    )


def told_spec(document: Mapping[str, Any]) -> RunSpec:
    """The spec that the document of a checkpoint tells of, held to what the API accepts before any of it is built.

    Raises:
        UserError: A field of its config, its knobs in force or its update is not accepted (422).
    """
    config = document.get("config")
    if not isinstance(config, dict) or not all(isinstance(config.get(part), dict) for part in PARTS):
        raise field_error("config", type(config).__name__, f"an object of {', '.join(PARTS)}", "upload another file")
    spec = validate(RunSpec, {**config, "model": _as_wire(config["model"])})
    if isinstance(knobs := document.get("parameters"), dict):
        validate(Parameters, _as_wire(knobs))
    update = document.get("update")
    if isinstance(update, bool) or not isinstance(update, int) or not 0 <= update <= LARGEST_UPDATE:
        raise field_error("update", update, f"0 … {LARGEST_UPDATE}, whole number", "upload another file")
    return spec


def _as_wire(values: Mapping[str, Any]) -> dict[str, Any]:
    """As `to_wire`, of values that may be anything: only the two that are written differently are changed."""
    plain = {name: 0 if value is None and name in _ZERO_IS_NONE else value for name, value in values.items()}
    return {n: _LARGEST[n] if n in _LARGEST and value == ALL_MEMORIES else value for n, value in plain.items()}


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields or knobs as the model takes them."""
    return {name: (value or None) if name in _ZERO_IS_NONE else value for name, value in values.items()}


def to_wire(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields or knobs as they are written everywhere else."""
    plain = {name: value or 0 if name in _ZERO_IS_NONE else value for name, value in values.items()}
    return {name: min(value, _LARGEST[name]) if name in _LARGEST else value for name, value in plain.items()}


def going_on(stored: bytes, config: RunConfig) -> Checkpoint:
    """The checkpoint, to be trained for as long as `config` says: a branch may go on for longer than its parent.

    Raises:
        CheckpointError: Anything is wrong with it, or it is of another training.
    """
    found = checkpoint.loads(stored)
    wanted = config.training
    for part, values in config.to_dict().items():
        for name, value in values.items():
            other = found.config.to_dict()[part].get(name)
            if name not in FREE and other != value:
                raise CheckpointError(f"it is of another training: {part}.{name} = {other}, and the run has {value}")
    training = replace(found.config.training, updates=wanted.updates, until=wanted.until)
    return replace(found, config=replace(found.config, training=training))


def bring_data(spec: Mapping[str, Any] | None, fetch: Callable[[str], bytes]) -> None:
    """Have the data set that a spec names in this process; without effect where it is bundled, or here.

    Args:
        spec: Of a run.
        fetch: Asks the server for what has a sha256.

    Raises:
        LinkLostError: When the server is gone.
        UserError: When it is neither in the folder of this machine nor sent by the server.
    """
    task = (spec or {}).get("task") or {}
    name = str(task.get("data") or "")
    word, _, sha256 = name.partition("@")
    if not sha256 or data.is_here(sha256):
        return
    found = find(sought_in(), name) or _sent(task, word, sha256, fetch)
    if found is None:
        raise _absent(name)
    know(found.facts)
    data.bring(data.made_of(found))


def _sent(task: Mapping[str, Any], word: str, sha256: str, fetch: Callable[[str], bytes]) -> Found | None:
    """A text, from the server; images are too large to travel."""
    if task.get("name") == "pixels":
        return None
    try:
        return judged({word: fetch(sha256)}, word)
    except UserError:
        return None


def _absent(name: str) -> UserError:
    where = sought_in() or "no folder was named"
    word = name.partition("@")[0]
    told = (
        f"task.data = {short_name(name)}: its files are not on the machine of this worker ({where});"
        f" put them there, below {word}/, and start the worker with --data-files FOLDER;"
        f" sab data check {word} must say sha256 {name.partition('@')[2]}"
    )
    return UserError(422, "No such data here", told)
