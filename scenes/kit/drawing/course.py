"""Ways to drive along: paths tabulated by arc length once, so that many travellers cost one interpolation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """A path through ``points`` (n, 2); ``at`` (n,) is the distance driven there, ``angle`` (n,) the heading."""

    points: Floats
    at: Floats
    angle: Floats

    @classmethod
    def through(cls, points: ArrayLike) -> Course:
        """The path through points of shape (n, 2), no two in a row equal."""
        p = np.asarray(points, dtype=float)
        step = np.diff(p, axis=0)
        at = np.concatenate([[0.0], np.cumsum(np.hypot(step[:, 0], step[:, 1]))])
        slope = np.gradient(p, at, axis=0)
        return cls(p, at, np.unwrap(np.arctan2(slope[:, 1], slope[:, 0])))

    @property
    def length(self) -> float:
        """From end to end, in scene units."""
        return float(self.at[-1])

    def place(self, s: ArrayLike) -> Floats:
        """Where one is after driving s: (n, 2) from (n,). Beyond its ends the course stands still."""
        driven = np.asarray(s, dtype=float)
        return np.stack([np.interp(driven, self.at, self.points[:, axis]) for axis in (0, 1)], axis=-1)

    def heading(self, s: ArrayLike) -> Floats:
        """Which way one looks there, in radians: (n,) from (n,)."""
        return np.asarray(np.interp(np.asarray(s, dtype=float), self.at, self.angle))

    def distance(self, x: ArrayLike) -> Floats:
        """How far one has driven at x; for courses along which x rises or falls throughout."""
        order = 1 if self.points[-1, 0] > self.points[0, 0] else -1
        return np.asarray(np.interp(np.asarray(x) * order, self.points[:, 0] * order, self.at))

    def beside(self, offset: float) -> Course:
        """The lane that runs at a distance to the right of this one (left where negative)."""
        right = np.stack([np.sin(self.angle), -np.cos(self.angle)], axis=1)
        return Course.through(self.points + offset * right)

    def back(self) -> Course:
        """The same way driven in the other direction."""
        return Course.through(self.points[::-1])


def convoy(course: Course, ends: ArrayLike, progress: float, speed: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Distances driven by vehicles that stand at ``ends`` (n,) when progress is 1, and which have set out yet.

    All drive at ``speed`` scene units per unit of progress, one after the other from the course's start, so that they
    keep their distances.
    """
    s = np.asarray(ends, dtype=float) - (1 - progress) * speed
    return np.clip(s, 0, course.length), s >= 0
