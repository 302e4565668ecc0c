"""What a block that learned to copy digits is shown by, read from its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.01  # relative squared error: a copy that nobody would tell from the original
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """What was measured: relative error and branch ratio [skip, seed, step], and images of one digit and one seed.

    ``image`` is the digit [8, 8]. ``given``, ``branch`` and ``output`` are x, F(x) and H(x) of the last block [skip,
    snapshot, 8, 8] after ``snapshots`` steps; x is the digit where there is one block. ``kernel`` are the first weights
    of its layers [skip, layer, 9, step].
    """

    error: Floats
    ratio: Floats
    image: Floats
    given: Floats
    branch: Floats
    output: Floats
    kernel: Floats
    snapshots: NDArray[np.int64]

    @property
    def steps(self) -> int:
        return self.error.shape[-1] - 1

    def seen(self, step: float) -> int:
        """The last snapshot taken at or before a step, or the first there is."""
        return max(0, int(np.searchsorted(self.snapshots, step + 1e-9, side="right")) - 1)


def lesson_of(record: Any) -> Lesson:
    """What the figures show of a record: a stack's last block, the first digit, the seed that is like most."""
    seed, outputs = typical(record.relative_error), record.output_image[..., 0, :, :]
    image = record.input_image[0]
    first = np.broadcast_to(image, outputs[:, :, :, -1].shape)
    given = outputs[:, :, :, -2] if outputs.shape[3] > 1 else first
    return Lesson(
        record.relative_error,
        record.branch_ratio[:, :, -1],
        image,
        given[:, seed],
        record.branch_image[:, seed, :, -1, 0],
        outputs[:, seed, :, -1],
        record.kernel[:, seed],
        record.snapshot_steps,
    )


def typical(error: Floats) -> int:
    """The seed whose two blocks reach 1 % nearest to when the medians do; error [skip, seed, step]."""
    below = error <= ENOUGH
    first = np.where(below.any(axis=-1), below.argmax(axis=-1), error.shape[-1])
    return int(np.abs(first - np.median(first, axis=1, keepdims=True)).sum(axis=0).argmin())


def reached(error: Any) -> int | None:
    """The first step at which an error is at most 1 %; None if there is none."""
    at = np.flatnonzero(error <= ENOUGH)
    return int(at[0]) if len(at) else None
