"""How many digits of a mean the seeds agree on: no more than those are told, and one quantity has one rounding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MOST_DIGITS = 2  # that are told of what was measured


def logs_of(record: Any) -> Floats:
    """log10 of the gradient signal of a profile, relative to the last state: [skip, seed, state]."""
    with np.errstate(all="ignore"):
        logs = np.log10(record.gradient_signal)
        return np.asarray(logs - logs[..., -1:])


def digits_of_logs(logs: ArrayLike) -> NDArray[np.int64]:
    """How many digits, 0 to 2, of 10 to the mean of ``logs`` over seeds, their first axis, may be told.

    A digit counts if the mean is uncertain by one unit of it at most, by its standard error; 0 leaves the order of
    magnitude. One seed agrees with itself.
    """
    logs = np.asarray(logs, dtype=float)
    seeds = len(logs)
    if seeds == 1:
        return np.full(logs.shape[1:], MOST_DIGITS)
    with np.errstate(all="ignore"):
        mean, error = logs.mean(axis=0), logs.std(axis=0, ddof=1) / np.sqrt(seeds)
        return _counted(mean - np.floor(mean), np.log10(np.expm1(np.log(10) * error)))


def digits_of(values: ArrayLike) -> int:
    """The same of a mean of values, at least 1: what stands in plain notation has a digit."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2 or not values.mean():
        return MOST_DIGITS
    with np.errstate(all="ignore"):
        mean, error = np.abs(values.mean()), values.std(ddof=1) / np.sqrt(len(values))
        digits = _counted(np.log10(mean) - np.floor(np.log10(mean)), np.log10(error / mean))
    return max(1, int(digits))


def _counted(mantissa: ArrayLike, error: ArrayLike) -> NDArray[np.int64]:
    """Digits whose unit is no smaller than a relative error, both as log10; all of what has no number."""
    units = np.asarray(mantissa)[..., None] + np.asarray(error)[..., None] <= -np.arange(MOST_DIGITS)
    known = np.isfinite(np.asarray(mantissa)[..., None])
    return np.asarray(np.where(known, units, True).sum(axis=-1))


def known_digits(logs: Sequence[Floats] | Floats) -> tuple[tuple[float, int], ...]:
    """How far from 1 the signals of a record are, as log10, and how many digits of each may be told; ``logs`` are
    [skip, seed, state]."""
    known = []
    for row in logs:
        with np.errstate(all="ignore"):
            mean = np.abs(row.mean(axis=0))
        known += [(float(m), int(d)) for m, d in zip(mean, digits_of_logs(row), strict=True) if np.isfinite(m)]
    return tuple(known)
