"""The safetensors container of a checkpoint: one JSON document in the header, tensors behind it, one digest over all.

Checks here need no knowledge of networks: sizes, counts, the schema, the digest. What the tensors must be for a
config is checked in model/training/checkpoint.py. Deliberately never here: pickle, in either direction.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors
from torch import Tensor

SCHEMA = 1
"""Version of the document's shape; a reader refuses every other."""
MAX_HEADER_BYTES = 1 << 20
MAX_TENSORS = 1000
_LENGTH_BYTES = 8
_KEY = "sab_checkpoint"

Shapes = dict[str, tuple[str, tuple[int, ...]]]
"""For each tensor its safetensors dtype ("F32") and its shape."""


class CheckpointError(ValueError):
    """A checkpoint cannot be written or read; the message says what is wrong with it."""


def pack(document: dict[str, Any], tensors: dict[str, Tensor]) -> bytes:
    """Put a document and its tensors into one safetensors file; equal content gives equal bytes.

    Args:
        document: Plain values for JSON, without NaN; `schema` and `sha256` are added.
        tensors: CPU tensors by name.

    Returns:
        The bytes of the file.

    Raises:
        CheckpointError: The document holds something JSON does not.
    """
    document = {**document, "schema": SCHEMA}
    document["sha256"] = _digest(document, tensors)
    # One metadata key alone: safetensors writes several in random order, and the store knows files by their bytes.
    return safetensors.save({name: t.contiguous() for name, t in tensors.items()}, {_KEY: _json(document)})


def read_header(data: bytes) -> tuple[dict[str, Any], Shapes]:
    """Read document and tensor shapes from the header alone, before anything large is touched.

    Raises:
        CheckpointError: It is no safetensors file, or none of ours, or larger than a checkpoint's header can be.
    """
    if len(data) < _LENGTH_BYTES:
        raise CheckpointError(f"{len(data)} bytes: too short for a safetensors file")
    size_bytes = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if size_bytes > MAX_HEADER_BYTES:
        raise CheckpointError(f"header of {size_bytes} bytes: a checkpoint's has at most {MAX_HEADER_BYTES}")
    if size_bytes > len(data) - _LENGTH_BYTES:
        raise CheckpointError(f"header of {size_bytes} bytes in a file of {len(data)}: the file is cut short")
    header = _parse(data[_LENGTH_BYTES : _LENGTH_BYTES + size_bytes], "header")
    metadata = header.pop("__metadata__", None)
    if len(header) > MAX_TENSORS:
        raise CheckpointError(f"{len(header)} tensors: a checkpoint has at most {MAX_TENSORS}")
    if not isinstance(metadata, dict) or not isinstance(metadata.get(_KEY), str):
        raise CheckpointError(f"metadata {_KEY} is missing: these weights were not written by this program")
    document = _parse(metadata[_KEY], f"metadata {_KEY}")
    if document.get("schema") != SCHEMA or isinstance(document["schema"], bool):
        raise CheckpointError(f"schema {document.get('schema')!r}: this program reads schema {SCHEMA}")
    try:
        return document, {name: (str(e["dtype"]), tuple(e["shape"])) for name, e in header.items()}
    except (TypeError, KeyError) as error:
        raise CheckpointError(f"header entry of a tensor is malformed: {error!r}") from error


def read_tensors(data: bytes, document: dict[str, Any]) -> dict[str, Tensor]:
    """Read the tensors of a file whose header has passed, and compare the digest.

    Raises:
        CheckpointError: Offsets and data do not fit, or a byte has changed since the file was written.
    """
    try:
        tensors = safetensors.load(data)
    except (SafetensorError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise CheckpointError(f"tensors cannot be read: {error}") from error
    if _digest(document, tensors) != document.get("sha256"):
        raise CheckpointError("sha256 differs from the one in the file: the content has been damaged or changed")
    return tensors


def require_finite(tensors: dict[str, Tensor]) -> None:
    """Raise CheckpointError naming the first tensor that holds NaN or infinity."""
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise CheckpointError(f"{name}: holds non-finite numbers")


def _digest(document: dict[str, Any], tensors: dict[str, Tensor]) -> str:
    content = {key: value for key, value in document.items() if key != "sha256"}
    digest = hashlib.sha256(_json(content).encode())
    for name in sorted(tensors):
        tensor = tensors[name].detach()
        digest.update(f"\0{name}:{tensor.dtype}:{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _json(document: dict[str, Any]) -> str:
    try:
        return json.dumps(document, sort_keys=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"the document cannot be written as JSON: {error}") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _parse(text: str | bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{what} is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{what} is not a JSON object")
    return value
