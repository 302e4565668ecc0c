"""The lie of the land: where the road runs, its halls and its states, and how a place is seen from above, aslant.

A place is (u, v, h): along the valley, away from who looks, and up. One looks from above and aside, so that what is
farther away stands higher and a little to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ASIDE, AWAY, UP = 0.22, 0.58, 0.86  # how far a unit of v goes to the right and up, and a unit of h up
PITCH, SWING = 9.0, 9.4  # from hall to hall along the valley; how far bends reach away from its middle
HALF = 0.95  # of the carriageway's breadth
MARGIN = 14.0  # of road before the first state and after the last one
BEND = 2.6  # how straight the road runs between two bends


def seen(u: ArrayLike, v: ArrayLike, h: ArrayLike = 0.0) -> Floats:
    """Where places are on the picture: (…, 2) in world units."""
    away = np.asarray(v, dtype=float)
    x, y = np.asarray(u, dtype=float) + ASIDE * away, AWAY * away + UP * np.asarray(h, dtype=float)
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def point(u: float, v: float, h: float = 0.0) -> tuple[float, float]:
    """One place on the picture."""
    return u + ASIDE * v, AWAY * v + UP * h


def middle(u: ArrayLike) -> Floats:
    """v of the middle of the road at u: bends away and near in turn, a hall at the end of each."""
    return SWING * np.tanh(BEND * np.sin(np.pi * np.asarray(u, dtype=float) / PITCH)) / math.tanh(BEND)


class Way:
    """A way through places (u, v, h), tabulated by the distance driven; u rises along it."""

    def __init__(self, u: Floats, v: Floats, h: Floats | None = None) -> None:
        self.u, self.v = u, v
        self.h = np.zeros_like(u) if h is None else h
        self.s = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(u), np.diff(v)))])
        self.angle = np.unwrap(np.arctan2(np.gradient(v), np.gradient(u)))
        self._table = np.stack([self.u, self.v, self.h, self.angle])

    @property
    def length(self) -> float:
        return float(self.s[-1])

    def at(self, s: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
        """u, v, h and the heading after driving s."""
        driven = np.minimum(np.maximum(np.asarray(s, dtype=float), self.s[0]), self.s[-1])
        right = np.minimum(np.maximum(self.s.searchsorted(driven), 1), len(self.s) - 1)
        before, after = self._table[:, right - 1], self._table[:, right]
        share = (driven - self.s[right - 1]) / (self.s[right] - self.s[right - 1])
        u, v, h, angle = before + (after - before) * share
        return u, v, h, angle

    def upto(self, u: ArrayLike) -> Floats:
        """How far one has driven at u."""
        return np.asarray(np.interp(np.asarray(u, dtype=float), self.u, self.s))

    def aside(self, offset: float) -> Way:
        """The lane that runs to the right of this one by ``offset``."""
        return Way(self.u + offset * np.sin(self.angle), self.v - offset * np.cos(self.angle), self.h)

    def places(self, s: ArrayLike, offset: Floats | float = 0.0, h: float = 0.0) -> Floats:
        """Where vehicles on the picture are that drive to the right of the way's middle by ``offset``: (n, 2)."""
        u, v, up, angle = self.at(s)
        return seen(u + offset * np.sin(angle), v - offset * np.cos(angle), up + h)

    def strip(self, half: float, low: float = -math.inf, high: float = math.inf, every: int = 1) -> Floats:
        """The outline of a band along the way between two u, ``half`` as broad to each side; of its points ``every``
        so manieth, and the last one."""
        some = np.flatnonzero((self.u >= low) & (self.u <= high))
        some = np.unique(np.concatenate([some[::every], some[-1:]]))
        u, v, h, angle = self.u[some], self.v[some], self.h[some], self.angle[some]
        left = seen(u - half * np.sin(angle), v + half * np.cos(angle), h)
        right = seen(u + half * np.sin(angle), v - half * np.cos(angle), h)
        return np.concatenate([left, right[::-1]])


@dataclass(frozen=True)
class Land:
    """The valley of a network of ``depth`` blocks: ``states`` (depth + 1,) and ``halls`` (depth,) along u."""

    depth: int
    states: Floats
    halls: Floats
    road: Way
    lane: Way  # of who drives to the right, data
    back: Way  # of who drives to the left, the gradient; tabulated from left to right, too

    @classmethod
    def of(cls, depth: int) -> Land:
        end = depth * PITCH
        u = np.linspace(-MARGIN, end + MARGIN, int(60 * (end + 2 * MARGIN)))
        road = Way(u, middle(u))
        states = np.asarray(np.arange(depth + 1) * PITCH, dtype=np.float64)
        return cls(depth, states, np.asarray(states[:-1] + PITCH / 2), road, road.aside(0.46), road.aside(-0.46))

    @property
    def end(self) -> float:
        return float(self.states[-1])

    def hall(self, block: int) -> tuple[float, float]:
        """Where the middle of a hall is, (u, v); blocks count from 1."""
        u = float(self.halls[block - 1])
        return u, float(middle(u))

    def followed(self, way: Way, spread: float = 4.0) -> Way:
        """The path of who follows somebody along a way and cuts the corners: smoothed over ``spread``."""
        step = way.length / 4000 if way.length < 4000 else 1.0
        s = np.arange(0.0, way.length + step, step)
        u, v, h, _ = way.at(s)
        reach = int(3 * spread / step)
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / spread) ** 2)
        kernel /= kernel.sum()
        smooth = [np.convolve(np.pad(part, reach, mode="edge"), kernel, "valid") for part in (u, v, h)]
        path = Way(*smooth)
        path.s = s  # by the distance of the one who is followed
        return path
