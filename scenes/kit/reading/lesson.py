"""What a block that learned to copy digits is shown by, read from its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.01  # relative squared error: a copy that nobody would tell from the original


@dataclass(frozen=True)
class Lesson:
    """What was measured: relative error and branch ratio [skip, seed, step], and images of one digit and one seed.

    ``image`` is x [8, 8]; ``branch`` and ``output`` are F(x) and H(x) [skip, snapshot, 8, 8] after ``snapshots`` steps.
    """

    error: NDArray[np.float64]
    ratio: NDArray[np.float64]
    image: NDArray[np.float64]
    branch: NDArray[np.float64]
    output: NDArray[np.float64]
    snapshots: NDArray[np.int64]

    @property
    def steps(self) -> int:
        return self.error.shape[-1] - 1

    def seen(self, step: float) -> int:
        """The last snapshot taken at or before a step."""
        return int(np.searchsorted(self.snapshots, step + 1e-9, side="right")) - 1


def lesson_of(record: Any) -> Lesson:
    """What the figures show of a record: a stack's last block, the first digit, the seed that ends midway."""
    final = record.relative_error[0, :, -1]
    seed = int(np.argsort(np.nan_to_num(final, nan=np.inf))[len(final) // 2])
    return Lesson(
        record.relative_error,
        record.branch_ratio[:, :, -1],
        record.input_image[0],
        record.branch_image[:, seed, :, -1, 0],
        record.output_image[:, seed, :, -1, 0],
        record.snapshot_steps,
    )


def reached(error: Any) -> int | None:
    """The first step at which an error is at most 1 %; None if there is none."""
    at = np.flatnonzero(error <= ENOUGH)
    return int(at[0]) if len(at) else None
