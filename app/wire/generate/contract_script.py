"""The contract as a module of the page: fields, knobs, methods and tasks, one line each."""

from __future__ import annotations

import json
from typing import Any

from sab_visualiser.model import contract

HEAD = """\
// The contract of a run, made from model/contract: change that, then run `make generated`.

/**
 * @typedef {{path: string, kind: "whole" | "number" | "choice" | "flag" | "text", help: string, unit: string,
 *   remedy: string,
 *   default: number | string | boolean | null, low: number, high: number, choices: readonly string[], null: string,
 *   slider: readonly [number, number] | null, log: boolean, backward: boolean}} Field
 */
"""


def source() -> str:
    """The whole file."""
    fields = [_table(field.path, _field(field)) for field in contract.fields()]
    names = sorted(contract.TASKS, key=list(contract.TASKS).index)
    tasks = [_table(name, _task(name)) for name in names]
    called = [_table(name, facts.called) for name, facts in contract.METHODS.items()]
    methods = [_table(name, sorted(contract.METHODS[name].fixes)) for name in contract.METHODS]
    parts = [
        _words("KNOBS", contract.KNOBS, "What may change while a run trains."),
        _words("HEALTH", contract.HEALTH, "Figures of a network's health, in the order of tables."),
        _words("PROBE_KNOBS", contract.PROBE_KNOBS, "The knobs that a probe may turn too."),
        _value("MAX_STEPS", contract.MAX_STEPS, "Longest T, in steps."),
        _value("PROBE_EXAMPLES", contract.PROBE_EXAMPLES, "Examples of the probe batch."),
        _value("LOOK_EVERY", contract.LOOK_EVERY, "Updates between looks at fresh examples."),
        _value("RISKY_RATE", contract.RISKY_RATE, "A learning rate from which on a trained network is lost."),
        _value("DEFAULT_SHARE", contract.DEFAULT_SHARE, "Share of the skip credit in the shown paths."),
        _value("NO_CUT", contract.NO_CUT, "How k_trunc is shown when there is no cut."),
        _value("ALL", contract.ALL, "How a k_top is shown that reads every memory."),
        _object("FIELDS", fields, "Record<string, Field>", "Every field of a run by its path."),
        _object(
            "FIXED", methods, "Record<string, readonly string[]>", "The fields of the network that a method fixes."
        ),
        _object(
            "CALLED",
            called,
            'Record<Wire.TraceParameters["method"], string>',
            "What a method is called in pictures and sentences.",
        ),
        _object("ITEMS", tasks, "Record<Wire.TaskName, number>", "How many things a task lets one remember by itself."),
    ]
    return HEAD + "\n" + "\n".join(parts)


def _field(field: contract.Field) -> dict[str, Any]:
    facts = field.facts
    names = ("kind", "help", "unit", "remedy", "low", "high", "choices", "null", "slider", "log", "backward")
    return {"path": field.path, "default": field.default, **{name: getattr(facts, name) for name in names}}


def _task(name: contract.TaskName) -> int:
    own = contract.TASKS[name].items
    return own.default if own else 0


def _words(name: str, values: tuple[str, ...], comment: str) -> str:
    return f"/** {comment} */\nexport const {name} = /** @type {{const}} */ ({json.dumps(values)});\n"


def _value(name: str, value: float | str, comment: str) -> str:
    return f"/** {comment} */\nexport const {name} = {json.dumps(value, ensure_ascii=False)};\n"


def _object(name: str, lines: list[str], kind: str, comment: str) -> str:
    inside = "".join(f"  {line},\n" for line in lines)
    return f"/** {comment} @type {{{kind}}} */\nexport const {name} = {{\n{inside}}};\n"


def _table(key: str, value: Any) -> str:
    return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
