"""The shapes that a record's fields say in their types, checked: the same word is the same size in all of them."""

from __future__ import annotations

from typing import Any, get_type_hints

import numpy as np

KNOWN: dict[type[Any], dict[str, Any]] = {}


class RecordError(ValueError):
    """Fields that do not make up a record."""


def arrays(kind: type[Any]) -> dict[str, Any]:
    """The fields of a record that are arrays, by name: their jaxtyping types."""
    if kind not in KNOWN:
        from jaxtyping import Float64, Int64  # a tenth of a second, which reading a known record does without

        hints = get_type_hints(kind, localns={"Float64": Float64, "Int64": Int64})
        KNOWN[kind] = {name: hint for name, hint in hints.items() if hasattr(hint, "dim_str")}
    return KNOWN[kind]


def dtype_of(hint: Any) -> type[Any]:
    """The dtype that a field's type says."""
    return np.int64 if "int64" in hint.dtypes else np.float64


def check_shapes(record: Any) -> None:
    """Raises RecordError for the first field that is not of its dtype and shape, or does not fit to those before it."""
    from jaxtyping import jaxtyped

    hints = arrays(type(record))
    # Sums, as in depth+1, need their words to be known.
    in_order = sorted(hints.items(), key=lambda item: "+" in item[1].dim_str)
    with jaxtyped("context"):
        for name, hint in in_order:
            value = getattr(record, name)
            if not isinstance(value, hint):
                found = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
                sizes = ", ".join(f"{other} {np.shape(getattr(record, other))}" for other, _ in in_order)
                raise RecordError(
                    f"{name} must be {np.dtype(dtype_of(hint))} [{hint.dim_str.strip()}], not {found}; all: {sizes}"
                )
