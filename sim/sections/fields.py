"""What a key of the parameter file may hold, and the table that refuses unknown keys."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator


def integer(low: int, high: int) -> Any:
    return Field(strict=True, ge=low, le=high, description=f"a whole number from {low} to {high}")


def number(low: float, high: float) -> Any:
    return Field(strict=True, ge=low, le=high, allow_inf_nan=False, description=f"a number from {low:g} to {high:g}")


def number_or_word(accept: Any, *words: str, kind: type[float] | type[int] = float) -> PlainValidator:
    """A finite number for which `accept` holds, or one of `words`. (A union would give two errors for one mistake.)"""

    def check(value: Any) -> float | str:
        if isinstance(value, str) and value in words:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and accept(value):
            return kind(value)
        raise ValueError("neither")

    return PlainValidator(check)


class Section(BaseModel):
    """A table of the parameter file: frozen, and with no room for unknown keys.

    base: the name of the table that it inherits from, if any. kept: keys that it does not inherit. See inherit.py.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    base: ClassVar[str | None] = None
    kept: ClassVar[frozenset[str]] = frozenset()

    def replace(self, **changes: Any) -> Self:
        """A copy with some keys changed, validated anew. Raises pydantic's ValidationError."""
        return type(self).model_validate({**self.model_dump(), **changes})
