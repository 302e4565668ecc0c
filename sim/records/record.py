"""Records: what experiments hand on. Frozen dataclasses of read-only numpy arrays; torch is not needed to read them.

Axis skip: 0 plain, 1 residual, with the same weights. A training has diverged at the first step whose loss is not
finite or over a thousand times its first. Its `diverged_at` names the step (−1: it did not diverge), and its curves are
NaN from there on; NaN has no other cause unless a field says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

PLAIN, RESIDUAL = 0, 1  # the skip axis


class RecordError(ValueError):
    """Fields that do not make up a record."""


class Status(IntEnum):
    """How far a gradient signal may be trusted.

    OK: an ordinary number. ZERO: exactly zero, for the true gradient is (dead units, or a cancelling branch).
    UNDERFLOW: zero or subnormal in the dtype of the run, though the true gradient is not zero. OVERFLOW: infinite in
    that dtype. NAN: no number at all, as an overflow nearer the loss, or forward, left inf − inf behind.
    """

    OK = 0
    ZERO = 1
    UNDERFLOW = 2
    OVERFLOW = 3
    NAN = 4


def check(record: object, name: str, dtype: type, shape: tuple[int, ...]) -> None:
    """Make a field a read-only array of its own.

    Raises RecordError if its dtype or shape is not the given one.
    """
    value = getattr(record, name)
    if not isinstance(value, np.ndarray) or value.dtype != dtype or value.shape != shape:
        found = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise RecordError(f"{name} must be {np.dtype(dtype)} {shape}, not {found}")
    own = np.array(value, order="C")
    own.flags.writeable = False
    object.__setattr__(record, name, own)


def check_all(record: object, floats: Mapping[str, tuple[int, ...]], integers: Mapping[str, tuple[int, ...]]) -> None:
    """`records.check` for many fields."""
    for dtype, shapes in ((np.float64, floats), (np.int64, integers)):
        for name, shape in shapes.items():
            check(record, name, dtype, shape)


def flagged(record: object, name: str, diverged_at: NDArray[np.int64]) -> None:
    """Raises RecordError unless [..., step] is finite up to its divergence, and NaN from there on."""
    values = getattr(record, name)
    steps = np.arange(values.shape[-1])
    gone = (diverged_at[..., None] >= 0) & (steps >= diverged_at[..., None])
    if not (np.isfinite(values) == ~gone).all():
        raise RecordError(f"diverged_at contradicts {name}")


@dataclass(frozen=True, eq=False)
class Origin:
    """What was run, with which parameters (as in the TOML file), libraries, source and examples (SHA-256)."""

    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str


def shape_of(record: Any, name: str, axes: int) -> tuple[int, ...]:
    shape: tuple[int, ...] = getattr(getattr(record, name), "shape", ())
    if len(shape) != axes:
        raise RecordError(f"{name} must have {axes} axes")
    return shape


def agree(name: str, values: NDArray[Any], ok: NDArray[np.bool_], flagged_may_be_finite: bool = False) -> None:
    """Raises RecordError unless values are finite where `ok` (a leading part of their axes), and only there."""
    finite = np.isfinite(values).reshape(*ok.shape, -1).all(axis=-1)
    if (ok & ~finite).any() or (not flagged_may_be_finite and values.size and (finite & ~ok).any()):
        raise RecordError(f"status contradicts {name}")
