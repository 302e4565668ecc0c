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

from sim.records.shapes import RecordError, arrays, check_shapes

PLAIN, RESIDUAL = 0, 1  # the skip axis


class Status(IntEnum):
    """How far a gradient signal may be trusted.

    OK: an ordinary number. ZERO: exactly zero, for the true gradient is (dead units, or a cancelling branch).
    UNDERFLOW: subnormal in the dtype of the run, or zero though the true gradient is not. OVERFLOW: infinite in that
    dtype. NAN: no number at all, as an overflow nearer the loss, or forward, left inf − inf behind.
    """

    OK = 0
    ZERO = 1
    UNDERFLOW = 2
    OVERFLOW = 3
    NAN = 4


@dataclass(frozen=True, eq=False)
class Record:
    """What every record begins with: what was run, with which parameters (as in the TOML file), libraries, source and
    examples (SHA-256).

    Fields that are arrays say their shape and dtype in their type. Whoever makes a record has them checked, and keeps
    read-only copies: RecordError if they, or what `check` asks for, do not hold.
    """

    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        check_shapes(self)
        for name in arrays(type(self)):
            own = np.array(getattr(self, name), order="C")
            own.flags.writeable = False
            object.__setattr__(self, name, own)
        self.check()

    def check(self) -> None:
        """What must hold beside shapes. Raises RecordError."""


def flagged(record: object, name: str, diverged_at: NDArray[np.int64]) -> None:
    """Raises RecordError unless [..., step] is finite up to its divergence, and NaN from there on."""
    values = getattr(record, name)
    steps = np.arange(values.shape[-1])
    gone = (diverged_at[..., None] >= 0) & (steps >= diverged_at[..., None])
    if not (np.isfinite(values) == ~gone).all():
        raise RecordError(f"diverged_at contradicts {name}")


def agree(name: str, values: NDArray[Any], ok: NDArray[np.bool_], flagged_may_be_finite: bool = False) -> None:
    """Raises RecordError unless values are finite where `ok` (a leading part of their axes), and only there."""
    finite = np.isfinite(values).reshape(*ok.shape, -1).all(axis=-1)
    if (ok & ~finite).any() or (not flagged_may_be_finite and values.size and (finite & ~ok).any()):
        raise RecordError(f"status contradicts {name}")
