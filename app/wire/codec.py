"""The binary frame that carries every event and snapshot: one JSON header, then typed arrays.

```
| u32 length of header | header: JSON, padded with spaces | array 0 | padding | array 1 | …
                         ^ payload starts on 8 bytes         ^ each array starts on 8 bytes
```
In the header an array stands as `{"$array": i}`; `arrays[i]` is `[dtype, shape, offset]`, the offset counted from
the start of the payload. static/js/wire/codec.js reads the same frames; tests/golden holds vectors for both.
Little-endian throughout. It does not know what an event means, and it never sees a Python object that is not plain.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 8
DTYPES = {"u8": "<u1", "u16": "<u2", "i16": "<i2", "i32": "<i4", "f32": "<f4", "f64": "<f8"}
_NAMES = {np.dtype(code): name for name, code in DTYPES.items()}


class FrameError(ValueError):
    """Bytes that are not one of our frames."""


def encode(message: Mapping[str, Any]) -> bytes:
    """One frame from a message of plain JSON values and numpy arrays, nested at will.

    Args:
        message: Keys are text; arrays have a dtype named in DTYPES. Non-finite numbers may stand in arrays only.

    Raises:
        FrameError: For an array type that the wire does not know, or NaN outside an array.
    """
    arrays: list[NDArray[Any]] = []
    body = _hoist(message, arrays)
    table: list[list[Any]] = []
    parts: list[bytes | memoryview] = []
    size = 0
    for array in arrays:
        gap = -size % ALIGNMENT
        table.append([_NAMES[array.dtype], list(array.shape), size + gap])
        # Joined at the end, so that the tens of megabytes of a checkpoint are copied once.
        parts += [b"\0" * gap, array.data if array.size else b""]
        size += gap + array.nbytes
    try:
        header = json.dumps({**body, "arrays": table}, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise FrameError(f"{error}: numbers in a header must be finite; put them in an array or send null") from None
    header += b" " * (-(4 + len(header)) % ALIGNMENT)
    return b"".join([struct.pack("<I", len(header)), header, *parts])


def decode_header(frame: bytes) -> dict[str, Any]:
    """The header alone, arrays still by reference.

    Raises:
        FrameError: When the bytes are not a frame.
    """
    if len(frame) < 4 or len(frame) < 4 + (length := struct.unpack_from("<I", frame)[0]):
        raise FrameError(f"frame of {len(frame)} bytes is cut short")
    try:
        header = json.loads(frame[4 : 4 + length])
    except ValueError as error:
        raise FrameError(f"header is not JSON: {error}") from None
    if not isinstance(header, dict) or not isinstance(header.get("arrays"), list):
        raise FrameError("header is not an object with a table of arrays")
    return header


def decode(frame: bytes) -> dict[str, Any]:
    """The message as it was encoded; arrays are read-only views into `frame`.

    Raises:
        FrameError: When the bytes are not a frame.
    """
    header = decode_header(frame)
    start = 4 + struct.unpack_from("<I", frame)[0]
    try:
        arrays = [
            np.frombuffer(frame, DTYPES[name], int(np.prod(shape)), start + offset).reshape(shape)
            for name, shape, offset in header.pop("arrays")
        ]
        message = _revive(header, arrays)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise FrameError(f"table of arrays does not fit the frame: {error}") from None
    assert isinstance(message, dict)
    return message


def _hoist(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype not in _NAMES:
            raise FrameError(f"array of {value.dtype}: the wire knows {', '.join(DTYPES)}")
        arrays.append(np.ascontiguousarray(value))
        return {"$array": len(arrays) - 1}
    if isinstance(value, Mapping):
        return {key: _hoist(part, arrays) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_hoist(part, arrays) for part in value]
    return value


def _revive(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"$array"}:
            return arrays[value["$array"]]
        return {key: _revive(part, arrays) for key, part in value.items()}
    if isinstance(value, list):
        return [_revive(part, arrays) for part in value]
    return value
