"""A step of a network as an ONNX file: the loop over a sequence stays with who runs it (docs/ecosystem.md).

Loaded when such a file is wanted. torch writes it with onnxscript; what is not the network's own is taken out again, so
that the same weights give the same bytes on every machine.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from sab_visualiser.app.offline.elsewhere.step import Step
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.wire.errors import extra_missing
from sab_visualiser.app.worker.translate import to_wire
from sab_visualiser.model.training.checkpoint import Checkpoint

PACKAGES = ("onnx", "onnxscript")
OPSET = 18
"""Of 2022: every runtime of the last years has it."""
STATE = ("h", "c", "memories", "keys", "count", "step")
INPUTS = ("x", *STATE)
OUTPUTS = ("y", "weights", *(f"{name}_next" for name in STATE))
ABOUT = (
    "One step of a recurrent network with sparse attention over its own past. Begin with zeros, and count 1 where"
    " initial_memory is true; give every output NAME_next back as NAME at the next step. The capacity of memories and"
    " keys is initial_memory + (steps - 1) // k_att for a sequence of so many steps, or more."
    " weights[:, j] is what was read from place j: the empty memory is place 0 where there is an initial memory, the"
    " others were written every k_att steps."
)
EXAMPLES = (2, 3)
"""Examples and room for memories while the graph is traced; the file takes any number of both."""


def onnx_of(stored: Checkpoint, changes: Mapping[str, int | None]) -> bytes:
    """The ONNX file of a network.

    Args:
        stored: Its weights, and the knobs in force.
        changes: Knobs that differ, of k_top and k_att.

    Raises:
        UserError: Status 501, onnx or onnxscript is not installed.
        ValueError: A knob is out of range, or the method fixes it.
    """
    if any(importlib.util.find_spec(name) is None for name in PACKAGES):
        raise extra_missing("format", "onnx", "onnx")
    network = stored.network()
    network.set_knobs(**changes)
    step = Step(network).eval()
    state = step.start(*EXAMPLES)
    inputs_BI = torch.zeros(EXAMPLES[0], step.layer.input_size)
    model = _exported(step, (inputs_BI, *state))
    _own_words(model, _props(stored, step))
    return bytes(model.SerializeToString(deterministic=True))


def _exported(step: Step, inputs: tuple[torch.Tensor, ...]) -> Any:
    batch, capacity = torch.export.Dim("batch"), torch.export.Dim("capacity")
    rows, room = {0: batch}, {0: batch, 1: capacity}
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            step,
            inputs,
            dynamo=True,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=(rows, (rows, rows, room, room, {}, {})),
            opset_version=OPSET,
            verbose=False,
        )
    assert program is not None, "without a file to write to, torch gives the program back"
    return program.model_proto


def _props(stored: Checkpoint, step: Step) -> dict[str, str]:
    knobs = step.knobs
    in_force = to_wire({**stored.parameters, "k_top": knobs.k_top, "k_att": knobs.k_att})
    return {
        "config": json.dumps(stored.config.to_dict(), ensure_ascii=False, allow_nan=False),
        "parameters": json.dumps(in_force, allow_nan=False),
        "update": str(stored.update),
        "version": VERSION,
        "initial_memory": json.dumps(knobs.initial_memory),
        "k_att": str(knobs.k_att),
    }


def _own_words(model: Any, props: Mapping[str, str]) -> None:
    """Say what it is, and nothing of the machine that wrote it: torch notes its own files and lines at every node."""
    from onnx import helper

    for part in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    for weight in model.graph.initializer:
        del weight.metadata_props[:]
    del model.graph.metadata_props[:], model.metadata_props[:], model.functions[:]
    model.producer_name, model.producer_version, model.doc_string = "SAB Visualiser", VERSION, ABOUT
    model.graph.name = "step"
    helper.set_model_props(model, dict(props))


@contextmanager
def _quiet() -> Iterator[None]:
    """torch tells of packages that it does without, and warns of its own ways; neither is of use to anybody here."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
