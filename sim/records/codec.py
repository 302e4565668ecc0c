"""Records as files: arrays for .npz, JSON for other programs, and the digest of all that one holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.records.shapes import RecordError, dtype_of
from sim.records.shapes import arrays as arrays_of

Array = NDArray[Any]
R = TypeVar("R")


def to_arrays(record: Any) -> dict[str, Array]:
    """A record as arrays alone, for .npz: text and tables as JSON in a unicode array. No pickles."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value if isinstance(value, np.ndarray) else np.array(_json(value)) for name, value in values.items()}


def from_arrays(kind: type[R], arrays: Mapping[str, Array], *, sound: bool = False) -> R:
    """The record that `to_arrays` took apart.

    sound: the arrays, which become the record's own, are known to be those of a record, which was checked when it was
    made. Raises RecordError if fields are missing or do not fit, ValueError if text is not JSON.
    """
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in arrays:
            raise RecordError(f"{field.name} is missing")
        value = arrays[field.name]
        values[field.name] = json.loads(str(value)) if value.dtype.kind == "U" else value
    if not sound:
        return kind(**values)
    record = object.__new__(kind)
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        object.__setattr__(record, name, value)
    return record


def to_json(record: Any) -> str:
    """A record as JSON with exactly the dataclass's field names.

    Numbers keep all their digits. Those that are not finite are written as Python's json writes and reads them: the
    bare words Infinity, -Infinity and NaN.
    """
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    values = {name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in values.items()}
    return json.dumps(
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
    )


def from_json(kind: type[R], text: str) -> R:
    """The record that `to_json` wrote. Raises RecordError or ValueError if `text` is none."""
    values = json.loads(text)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(values, dict) or set(values) != set(names):
        raise RecordError(f"a {kind.__name__} has the fields {', '.join(names)}")
    for name, hint in arrays_of(kind).items():
        values[name] = np.array(values[name], dtype=dtype_of(hint))
    return kind(**values)


def digest(record: Any) -> str:
    """SHA-256 of all a record holds; equal records have equal digests."""
    return digest_of(to_arrays(record))


def digest_of(arrays: Mapping[str, Array]) -> str:
    """The same from what `to_arrays` made of it."""
    state = hashlib.sha256()
    for name, value in sorted(arrays.items()):
        state.update(f"{name} {value.dtype.str} {value.shape}\n".encode())
        state.update(np.ascontiguousarray(value).tobytes())
    return state.hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
