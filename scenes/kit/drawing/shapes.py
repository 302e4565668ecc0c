"""Many like shapes as one path: arrays of positions and sizes in, bezier points out, no loop over shapes.

Every function returns points of shape (curves × 4, 3) for one VMobject. A shape of size zero costs nothing.
"""

from __future__ import annotations

import numpy as np
from manim import VMobject
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
KAPPA = 0.5522847498307936  # handle length of a cubic that stands for a quarter of a circle
NOTHING: Points = np.zeros((0, 3))


def polygons(corners: ArrayLike) -> Points:
    """Closed polygons from corners of shape (shapes, corners, 2)."""
    start = np.asarray(corners, dtype=float)
    end = np.roll(start, -1, axis=1)
    return _lift(np.stack([start, start + (end - start) / 3, start + (end - start) * 2 / 3, end], axis=2))


def lines(start: ArrayLike, end: ArrayLike) -> Points:
    """Straight strokes between points of shape (shapes, 2)."""
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    return _lift(np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], axis=1))


def polyline(points: ArrayLike) -> Points:
    """One open line through points of shape (points, 2)."""
    corners = np.asarray(points, dtype=float)
    return lines(corners[:-1], corners[1:]) if len(corners) > 1 else NOTHING


def dashes(points: ArrayLike, dash: float, gap: float) -> Points:
    """The line through points of shape (points, 2), dashed; lengths in scene units."""
    corners = np.asarray(points, dtype=float)
    if len(corners) < 2:
        return NOTHING
    at = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    begin = np.arange(0, at[-1], dash + gap)
    end = np.minimum(begin + dash, at[-1])

    def along(s: Points) -> Points:
        return np.stack([np.interp(s, at, corners[:, 0]), np.interp(s, at, corners[:, 1])], axis=1)

    return lines(along(begin), along(end))


def circles(centre: ArrayLike, radius: ArrayLike) -> Points:
    """Circles around points of shape (shapes, 2), radius a number or (shapes,)."""
    c = np.asarray(centre, dtype=float)
    r = np.broadcast_to(np.asarray(radius, dtype=float), len(c))
    c, r = c[r > 0], r[r > 0]
    quarter = np.array([[1, 0], [1, KAPPA], [KAPPA, 1], [0, 1]])
    turn = np.array([[0, 1], [-1, 0]])
    template = np.stack([quarter @ np.linalg.matrix_power(turn, k) for k in range(4)])  # (4, 4, 2)
    return _lift(c[:, None, None] + r[:, None, None, None] * template)


def dashed_circles(centre: ArrayLike, radius: ArrayLike, count: int = 8) -> Points:
    """Circles drawn as ``count`` short strokes: what is too small to draw but there."""
    c = np.asarray(centre, dtype=float)
    r = np.broadcast_to(np.asarray(radius, dtype=float), len(c))[:, None, None]
    angle = 2 * np.pi * np.arange(count) / count
    width = np.pi / count * 1.1
    start, end = (np.stack([np.cos(a), np.sin(a)], axis=-1) for a in (angle, angle + width))
    return lines((c[:, None] + r * start).reshape(-1, 2), (c[:, None] + r * end).reshape(-1, 2))


def rounded_boxes(centre: ArrayLike, width: ArrayLike, height: ArrayLike, radius: ArrayLike) -> Points:
    """Boxes with round corners; sizes are numbers or (shapes,)."""
    c = np.asarray(centre, dtype=float)
    w, h, r = (np.broadcast_to(np.asarray(v, dtype=float), len(c)) for v in (width, height, radius))
    some = (w > 0) & (h > 0)
    c, w, h, r = c[some], w[some], h[some], np.minimum(r, np.minimum(w, h) / 2)[some]
    k = r * (1 - KAPPA)
    x, y = w / 2, h / 2
    # anticlockwise from the right edge's lower end: edge, corner, edge, corner, …
    outline = [
        (x, -y + r), (x, y - r), (x, y - k), (x - k, y), (x - r, y),
        (-x + r, y), (-x + k, y), (-x, y - k), (-x, y - r),
        (-x, -y + r), (-x, -y + k), (-x + k, -y), (-x + r, -y),
        (x - r, -y), (x - k, -y), (x, -y + k), (x, -y + r),
    ]  # fmt: skip
    p = np.stack([np.stack(corner, axis=-1) for corner in outline], axis=1)
    curves = []
    for i in range(0, 16, 4):
        a, b = p[:, i], p[:, i + 1]
        curves += [np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], axis=1), p[:, i + 1 : i + 5]]
    return _lift(c[:, None, None] + np.stack(curves, axis=1))


def lenses(centre: ArrayLike, heading: ArrayLike, length: ArrayLike, breadth: ArrayLike) -> Points:
    """Slender shapes with two pointed ends along unit vectors ``heading``; points are (shapes, 2), sizes (shapes,)."""
    c, u, a, b = (np.asarray(v, dtype=float) for v in (centre, heading, length, breadth))
    some = (a > 0) & (b > 0)
    c, u, a, b = c[some], u[some], a[some, None] / 2, b[some, None] * 2 / 3
    along, aside = 0.4 * a * u, b * np.stack([-u[:, 1], u[:, 0]], axis=1)
    tail, tip = c - a * u, c + a * u
    there = np.stack([tail, c - along + aside, c + along + aside, tip], axis=1)
    back = np.stack([tip, c + along - aside, c - along - aside, tail], axis=1)
    return _lift(np.stack([there, back], axis=1))


def overpasses(start: ArrayLike, end: ArrayLike, base: float, height: float) -> Points:
    """Arches from x = start to x = end, each of shape (shapes,), springing from y = ``base``."""
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    m, top, rise = (a + b) / 2, np.full(len(a), base + height), base + height * KAPPA
    low, lift = np.full(len(a), base), np.full(len(a), rise)
    first = [(a, low), (a, lift), (m + (a - m) * KAPPA, top), (m, top)]
    second = [(m, top), (m + (b - m) * KAPPA, top), (b, lift), (b, low)]
    return _lift(np.stack([np.stack([np.stack(p, axis=-1) for p in half], axis=1) for half in (first, second)], axis=1))


class Ribbon(VMobject):
    """A path filled with colours that vary along x."""

    STOPS = 64

    def __init__(self) -> None:
        super().__init__(stroke_width=0, fill_opacity=1)

    def paint(self, points: Points, rgba: Points) -> None:
        """Set the path, and its colours (stops, 4) at equal distances from its left end to its right."""
        self.set_points(points)
        self.fill_rgbas = rgba

    def blend(self, points: Points, x: Points, rgba: Points) -> None:
        """Set the path, and colours (places, 4) at places x (rising); between them colours blend."""
        if len(points):
            at = np.linspace(points[:, 0].min(), points[:, 0].max(), self.STOPS)
            self.fill_rgbas = np.stack([np.interp(at, x, rgba[:, i]) for i in range(4)], axis=1)
        self.set_points(points)

    def get_gradient_start_and_end_points(self) -> tuple[Points, Points]:
        """What cairo blends between: the two ends of the path, by a quicker way than manim's own."""
        x = self.points[:, 0]
        return np.array([x.min(), 0, 0]), np.array([x.max(), 0, 0])


def _lift(plane: Points) -> Points:
    """Points in the plane, (…, 2), as a list in space, (n, 3)."""
    flat = plane.reshape(-1, 2)
    return np.concatenate([flat, np.zeros((len(flat), 1))], axis=1)
