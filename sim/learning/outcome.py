"""What came of some trainings: which diverged, and which learning rate was best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOW_UP = 1e3  # a loss this many times the network's first has diverged; batch norm would let it grow, finite, for ever


def diverged_at(loss: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first step whose loss is not finite or over BLOW_UP times the first; −1: none. loss: [network, step]."""
    with np.errstate(invalid="ignore"):
        bad = ~np.isfinite(loss) | (loss > BLOW_UP * loss[:, :1])
    return np.where(bad.any(axis=1), bad.argmax(axis=1), -1).astype(np.int64)


def erase(values: NDArray[np.float64], steps: NDArray[np.int64], diverged: NDArray[np.int64]) -> None:
    """Write NaN from the step of divergence on. values: [network, ..., step] at `steps`."""
    for row, since in zip(values, diverged, strict=True):
        if since >= 0:
            row[..., steps >= since] = np.nan


def best(*scores: NDArray[np.float64]) -> int:
    """The rule by which a learning rate is chosen, the same for all networks.

    The lowest median over seeds of the first score; among equals, of the next; among those, the lowest rate. A diverged
    run counts as infinitely bad. scores: [rate, seed] each.
    """
    medians = [np.median(np.where(np.isnan(values), np.inf, values), axis=1) for values in scores]
    return int(np.lexsort(medians[::-1])[0])
