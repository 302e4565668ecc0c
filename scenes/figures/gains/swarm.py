"""Clouds of measured values on a shared axis: one dot a value, heaped where values crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing.curves import linear_ticks
from scenes.kit.drawing.numbers import Numbers, power

Floats = NDArray[np.float64]
LINEAR_TO = 8.0  # largest value that a linear axis still shows beside 1
FLOOR = 1e-8  # smallest value on a logarithmic axis; what is smaller lies on its edge


@dataclass(frozen=True)
class Scale:
    """Where a value lies between ``left`` and ``right``: linear from 0, or logarithmic where values spread."""

    left: float
    right: float
    low: float
    high: float
    log: bool

    @classmethod
    def for_values(cls, left: float, right: float, values: ArrayLike) -> Scale:
        """The scale that holds all finite values, and 1 well inside it."""
        flat = np.ravel(np.asarray(values, dtype=float))
        flat = flat[np.isfinite(flat)]
        highest = float(flat.max(initial=0.0))
        if highest <= LINEAR_TO:
            return cls(left, right, 0.0, max(2.0, 1.04 * highest), False)
        lowest = float(flat[flat > 0].min())
        return cls(left, right, float(np.log10(np.clip(lowest, FLOOR, 0.1))), float(np.log10(highest)) + 0.1, True)

    def x_of(self, values: ArrayLike) -> Floats:
        """x of values; beyond the scale they lie on its edge."""
        value = np.asarray(values, dtype=float)
        if self.log:
            value = np.log10(np.maximum(value, 1e-300))
        share = (np.clip(value, self.low, self.high) - self.low) / (self.high - self.low)
        return np.asarray(self.left + share * (self.right - self.left))

    def ticks(self, numbers: Numbers) -> list[tuple[float, str]]:
        """x and text of the marks on the axis, 1 always among them."""
        if not self.log:
            whole = [v for v in linear_ticks(self.high) if abs(v - 1) < 1e-9 or abs(v - 1) > 0.06 * self.high]
            at = sorted({*whole, 1.0})
            return [(float(self.x_of(v)), numbers.decimal(v, 0 if v == round(v) else 1)) for v in at if v <= self.high]
        step = max(1, int(np.ceil((self.high - self.low) / 8)))
        first = int(np.ceil(self.low / step + 0.2)) * step
        powers = range(first, int(self.high) + 1, step)
        return [(float(self.x_of(10.0**k)), power(k) if k else "1") for k in powers]


def paired(one: ArrayLike, other: ArrayLike, most: int) -> Floats:
    """Two lists of values that belong together, [2, n]: where both are numbers, of more than ``most`` those at even
    ranks of ``other``; the smallest and the largest of both lists are among them."""
    pairs = np.stack([np.ravel(np.asarray(one, dtype=float)), np.ravel(np.asarray(other, dtype=float))])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    count = pairs.shape[1]
    if count <= most:
        return pairs
    rising = np.argsort(pairs[1], kind="stable")
    some = rising[np.linspace(0, count - 1, most - 2).round().astype(int)]
    return np.asarray(pairs[:, np.union1d(some, [pairs[0].argmin(), pairs[0].argmax()])])


def heaped(x: ArrayLike, radius: float, height: float) -> Floats:
    """How far above or below the middle each dot at ``x`` (rising) lies, so that dots do not hide each other.

    Dots that share a column of one diameter stack up evenly on both sides; where the tallest column does not fit into
    ``height`` on either side, all stacks are pressed together by the same measure.
    """
    at = np.asarray(x, dtype=float)
    if not len(at):
        return np.zeros(0)
    column = np.floor((at - at[0]) / (2 * radius)).astype(int)
    first = np.searchsorted(column, column, side="left")
    count = np.searchsorted(column, column, side="right") - first
    # Within a column neighbours in value are parted by golden steps: stacked by value, the columns would lean.
    scattered = np.lexsort((np.modf(np.arange(len(at)) * 0.618034)[0], column))
    place = np.empty(len(at), dtype=int)
    place[scattered] = np.arange(len(at)) - first
    signed = place - (count - 1) / 2
    tallest = max(float(np.abs(signed).max()), 1e-9)
    return np.asarray(signed * min(2 * radius, (height - radius) / tallest))


def percent(share: float, numbers: Numbers, digits: int = 2) -> str:
    """A share as whole percents, or to one digit as tens; but a small one is not nothing, nor a large one all: <1,
    >99."""
    if not np.isfinite(share):
        return "?"
    if 0 < share < 0.005:
        return "<1"
    if 0.995 <= share < 1:
        return ">99"
    tens = digits < 2 and 0.1 <= share < 0.95
    return numbers.significant(100 * share, 1) if tens else numbers.decimal(100 * share, 0)


def rows(count: int, height: float) -> Sequence[float]:
    """Heights for ``count`` rows around 0, within ``height`` on either side."""
    return [0.0] if count == 1 else list(np.linspace(0.8 * height, -0.8 * height, count))
