"""The presets: pretrained networks and live runs that a person can start from, as files in static/presets.

`live.json` is a list of live presets, the first is the default of an empty request; `rates.json` says how surely they
learn (`sab bench learn` writes it); every other `NAME.json` is a
pretrained one beside its `NAME.safetensors` and, where they were made, its trace `NAME.trace` and the history of
its training `NAME.history.zst` (app/presets/history.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sab_visualiser.app.runs.shapes import Rate, Spec
from sab_visualiser.app.runs.verdict import task_of
from sab_visualiser.app.wire.errors import UserError, field_error, validate
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.model.contract import chance_of

LIVE, RATES = "live.json", "rates.json"


@dataclass(frozen=True)
class Preset:
    """One preset; `checkpoint` is None for one that is trained live."""

    name: str
    title: str
    description: str
    spec: Spec
    checkpoint: Path | None = None
    trace: Path | None = None
    history: Path | None = None
    metrics: dict[str, Any] = field(default_factory=dict)
    command: str | None = None
    update: int | None = None
    learning: dict[str, Any] | None = None
    rate: Rate | None = None
    verdict: dict[str, Any] | None = None
    health: dict[str, float | None] | None = None

    def view(self) -> dict[str, Any]:
        """The preset as the API shows it."""
        said = ("name", "title", "description", "spec", "metrics", "command", "update", "learning", "verdict", "health")
        has = {"pretrained": self.checkpoint is not None, "history": self.history is not None}
        chance = chance_of(task_of(self.spec))
        return {**{name: getattr(self, name) for name in said}, **has, "chance": chance}


class Presets:
    """All presets of a folder, pretrained ones first."""

    def __init__(self, folder: Path) -> None:
        live = _read(folder / LIVE) or []
        found = (path for path in folder.glob("*.json") if path.name not in (LIVE, RATES))
        # By name without its ending; the page opens with the first one.
        names = sorted(found, key=lambda path: path.stem)
        trained = [_pretrained(path, _read(path)) for path in names]
        self.default: str | None = live[0]["name"] if live else None
        rates = _read(folder / RATES) or {}
        found_all = [*trained, *map(_live, live)]
        self._all = {one.name: _measured(one, rates.get(one.name)) for one in found_all}

    def __iter__(self) -> Any:
        return iter(self._all.values())

    def find(self, name: str) -> Preset:
        """The preset of that name.

        Raises:
            UserError: Status 422, naming those there are.
        """
        if name in self._all:
            return self._all[name]
        raise field_error("preset", name, f"one of {', '.join(self._all)}", "GET /api/presets describes them")

    def rate_of(self, spec: RunSpec) -> Rate | None:
        """How surely the preset of a run learns, where the run trains exactly that but for its seed; else None."""
        if spec.preset not in self._all:
            return None
        preset, asked = self._all[spec.preset], spec.model_dump(mode="json")
        own = {**preset.spec["training"], "seed": asked["training"]["seed"]}
        same = (asked["task"], asked["model"], asked["training"]) == (preset.spec["task"], preset.spec["model"], own)
        return preset.rate if same else None

    def fill(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The spec of the named preset (the default one for an empty request) with the explicit fields over it.

        Raises:
            UserError: Status 422 for an unknown preset.
        """
        name = asked.get("preset")
        if name is None and not asked and self.default is not None:
            name = self.default
        if not isinstance(name, str):
            return asked
        merged: dict[str, Any] = {**self.find(name).spec, "preset": name}
        for key, value in asked.items():
            base = merged.get(key)
            merged[key] = {**base, **value} if isinstance(base, dict) and isinstance(value, dict) else value
        return merged


def _measured(preset: Preset, rate: dict[str, Any] | None) -> Preset:
    """The preset with how surely it learns: seeds that reached its goal, of how many, and how fast."""
    if rate is None:
        return preset
    median, slowest = rate["updates"] or (None, None)
    seconds = rate["seconds"] and rate["seconds"][0]
    return replace(
        preset,
        learning={"reached": rate["reached"], "of": rate["of"], "seconds": seconds},
        rate=Rate(reached=rate["reached"], of=rate["of"], median=median, slowest=slowest),
    )


def _live(entry: dict[str, Any]) -> Preset:
    return Preset(entry["name"], entry["title"], entry["description"], _whole(entry["spec"]))


def _pretrained(path: Path, entry: dict[str, Any]) -> Preset:
    beside = path.with_suffix(".safetensors")
    trace = path.with_suffix(".trace")
    history = path.with_suffix(".history.zst")
    return Preset(
        name=entry.get("name", path.stem),
        title=entry["title"],
        description=entry["description"],
        spec=_whole(entry.get("spec") or entry["config"]),
        checkpoint=beside if beside.is_file() else None,
        trace=trace if trace.is_file() else None,
        history=history if history.is_file() else None,
        metrics=entry.get("metrics", {}),
        command=entry.get("command"),
        update=entry.get("update"),
        verdict=entry.get("verdict"),
        health=entry.get("health"),
    )


def _whole(spec: dict[str, Any]) -> Spec:
    """Every field of the spec, defaults filled in; the model's `None` for no cut becomes the wire's 0."""
    model = spec.get("model", {})
    if "k_trunc" in model and model["k_trunc"] is None:
        spec = {**spec, "model": {**model, "k_trunc": 0}}
    try:
        plain = validate(RunSpec, spec).model_dump(mode="json")
    except UserError as error:
        raise ValueError(f"a bundled preset is not valid: {error}") from None
    return Spec(task=plain["task"], model=plain["model"], training=plain["training"])


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.is_file() else None
