"""The contract as a module of the page: fields, knobs, methods and tasks, one line each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sab_visualiser.model import contract
from sab_visualiser.model.contract.data import TextFacts
from sab_visualiser.model.contract.told import CALLED as DATA_CALLED

HEAD = """\
// The contract of a run, made from model/contract: change that, then run `make generated`.

/**
 * @typedef {{path: string, kind: "whole" | "number" | "choice" | "flag" | "text", help: string, unit: string,
 *   remedy: string,
 *   default: number | string | boolean | null, low: number, high: number, above: boolean, choices: readonly string[],
 *   null: string, slider: readonly [number, number] | null, log: boolean, backward: boolean}} Field
 */
"""


def source() -> str:
    """The whole file."""
    fields = [_table(field.path, _field(field)) for field in contract.fields()]
    called = [_table(name, facts.called) for name, facts in contract.METHODS.items()]
    methods = [_table(name, sorted(contract.METHODS[name].fixes)) for name in contract.METHODS]
    parts = [
        _words("KNOBS", contract.KNOBS, "What may change while a run trains."),
        _words("HEALTH", contract.HEALTH, "Figures of a network's health, in the order of tables."),
        _words("PROBE_KNOBS", contract.PROBE_KNOBS, "The knobs that a probe may turn too."),
        *_values(),
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
        _words("JUDGED", judged(), "What a run is judged by: the first of these that its task has."),
        *_of_tasks(),
    ]
    return HEAD + "\n" + "\n".join(parts)


def _of_tasks() -> list[str]:
    """What is known of each task, and of the data sets that they read."""
    words, kind = "Record<string, string>", 'Record<string, "text" | "images" | "">'
    lists, numbers = "Record<string, readonly string[]>", "Record<string, number>"
    data = [_table(word, called) for word, called in DATA_CALLED.items()]
    return [
        _by_task("UNSEEN", contract.unseen, words, "What the examples of a look are called, by task."),
        _by_task("EXAMPLES", contract.examples_words, words, "What the looks of a task are at, as a plural."),
        _by_task("LENGTHS", _length, numbers, "T of a task where nobody names one."),
        _by_task("DATA", _data, words, "The data set that a task reads by itself; empty: it reads none."),
        _object("DATA_CALLED", data, words, "What people call data sets, by the word of `task.data`."),
        _by_task("READS", _reads, kind, "What kind of data set a task reads."),
        _by_task("TAKES", contract.takes, lists, "The fields of `task` that a task takes."),
        _by_task(
            "ITEMS", _task, "Record<Wire.TaskName, number>", "How many things a task lets one remember by itself."
        ),
    ]


def _by_task(name: str, said: Callable[[contract.TaskName], Any], kind: str, comment: str) -> str:
    names = sorted(contract.TASKS, key=list(contract.TASKS).index)
    return _object(name, [_table(task, said(task)) for task in names], kind, comment)


def _length(name: contract.TaskName) -> int:
    return contract.usual_T(name, None)


def _data(name: contract.TaskName) -> str:
    return contract.TASKS[name].data


def _values() -> list[str]:
    return [
        _value("MAX_STEPS", contract.MAX_STEPS, "Longest T, in steps."),
        _value("PROBE_EXAMPLES", contract.PROBE_EXAMPLES, "Examples of the probe batch."),
        _value("LOOK_EVERY", contract.LOOK_EVERY, "Updates between looks at unseen examples."),
        _value("RISKY_RATE", contract.RISKY_RATE, "A learning rate from which on a trained network is lost."),
        _value("DEFAULT_SHARE", contract.DEFAULT_SHARE, "Share of the skip credit in the shown paths."),
        _value("NO_CUT", contract.NO_CUT, "How k_trunc is shown when there is no cut."),
        _value("ALL", contract.ALL, "How a k_top is shown that reads every memory."),
        _value("CARRIED", contract.CARRIED, "How a text is read where task.carry is set."),
        _value("EACH_ALONE", contract.EACH_ALONE, "How a text is read otherwise."),
    ]


def judged() -> tuple[str, ...]:
    """The first metrics of all tasks; one that stands behind another in some task comes after it."""
    names = [[metric.name for metric in facts.metrics] for facts in contract.TASKS.values()]
    firsts = dict.fromkeys(first for first, *_ in names)
    return tuple(sorted(firsts, key=lambda name: any(name in others for _, *others in names)))


def _field(field: contract.Field) -> dict[str, Any]:
    facts = field.facts
    names = ("kind", "help", "unit", "remedy", "low", "high", "above", "choices", "null", "slider", "log", "backward")
    return {"path": field.path, "default": field.default, **{name: getattr(facts, name) for name in names}}


def _task(name: contract.TaskName) -> int:
    own = contract.TASKS[name].items
    return own.default if own else 0


def _reads(name: contract.TaskName) -> str:
    own = contract.known(contract.TASKS[name].data)
    return "" if own is None else "text" if isinstance(own, TextFacts) else "images"


def _words(name: str, values: tuple[str, ...], comment: str) -> str:
    return f"/** {comment} */\nexport const {name} = /** @type {{const}} */ ({json.dumps(values)});\n"


def _value(name: str, value: float | str, comment: str) -> str:
    return f"/** {comment} */\nexport const {name} = {json.dumps(value, ensure_ascii=False)};\n"


def _object(name: str, lines: list[str], kind: str, comment: str) -> str:
    inside = "".join(f"  {line},\n" for line in lines)
    return f"/** {comment} @type {{{kind}}} */\nexport const {name} = {{\n{inside}}};\n"


def _table(key: str, value: Any) -> str:
    return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
