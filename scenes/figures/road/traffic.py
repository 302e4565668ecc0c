"""Travellers: cars that carry data, messengers that bring the gradient back. A whole stream is a handful of paths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]
CAR = (0.27, 0.145)  # length and width
RADII = (0.03, 0.135, 0.29)  # of a messenger: at the floor, at 1 and at the ceiling
HALOS = 8


def radius(log10: ArrayLike) -> Floats:
    """Radii of messengers that carry signals given by log10; 0 below the floor and where there is no number."""
    value = np.asarray(log10, dtype=float)
    known = np.nan_to_num(value, nan=signal.FLOOR, posinf=signal.CEILING, neginf=signal.FLOOR)
    return np.where(value >= signal.FLOOR, np.interp(known, [signal.FLOOR, 0, signal.CEILING], RADII), 0.0)


class Cars(VGroup):
    """Cars seen from above, in the colour of data; smaller ones where there is little ``room`` from one to the next."""

    def __init__(self, theme: Theme, room: float = 1.0) -> None:
        size = min(1.0, 0.72 * room / CAR[0])
        self.length, width = CAR[0] * size, CAR[1] * size
        body = shapes.rounded_boxes([(0, 0)], self.length, width, 0.05 * size)
        glass = shapes.rounded_boxes(
            [(0.17 * self.length, 0), (-0.3 * self.length, 0)], [0.09 * size, 0.05 * size], 0.8 * width, 0.015
        )
        self.templates = (body[:, :2], glass[:, :2])
        self.bodies = VMobject(stroke_color=theme.background, stroke_width=1.5, fill_color=theme.data, fill_opacity=1)
        self.panes = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=0.85)
        super().__init__(self.bodies, self.panes)

    def show(self, place: Floats, heading: Floats, seen: ArrayLike = True) -> Cars:
        """Draw cars at places (cars, 2) that look along headings (cars,), those that are ``seen``."""
        keep = np.broadcast_to(np.asarray(seen, dtype=bool), len(place))
        for part, template in zip((self.bodies, self.panes), self.templates, strict=True):
            part.set_points(turned(template, place[keep], heading[keep]))
        return self


class Messengers(VGroup):
    """Discs with a chevron that points the way back; size, glow and colour are the signal, on a log scale.

    Below the floor there is only a dashed ring; beyond 1000 discs are hatched. ``most`` is the largest radius that the
    distance between two leaves room for.
    """

    def __init__(self, theme: Theme, most: float = RADII[2]) -> None:
        self.theme, self.most = theme, most
        self.halos = VGroup(*(shapes.Ribbon() for _ in range(HALOS)))
        self.discs = shapes.Ribbon()
        self.hatch = VMobject(stroke_color=theme.background, stroke_width=2, stroke_opacity=0.8)
        self.chevrons = VMobject(stroke_color=theme.background, stroke_width=4)
        self.rings = VMobject(stroke_color=theme.gradient, stroke_width=2)
        super().__init__(self.halos, self.discs, self.hatch, self.chevrons, self.rings)

    def show(self, place: Floats, log10: ArrayLike, seen: ArrayLike = True) -> Messengers:
        """Draw messengers at places (n, 2) that carry signals log10 (n,), those that are ``seen``."""
        order = np.argsort(place[:, 0], kind="stable")  # colours blend along x
        keep = order[np.broadcast_to(np.asarray(seen, dtype=bool), len(place))[order]]
        at, value = place[keep], np.asarray(log10, dtype=float)[keep]
        size = np.minimum(radius(value), self.most)
        rgba = signal.colour(value, self.theme)
        x = at[:, 0]
        self.discs.blend(shapes.circles(at, size), x, rgba)
        glow = np.interp(np.nan_to_num(value, nan=signal.FLOOR), [signal.FLOOR, 0, 4], [0.1, 1.0, 1.6])
        faint = np.concatenate([rgba[:, :3], 0.06 * rgba[:, 3:]], axis=1)
        for i, halo in enumerate(self.halos):
            reach = size + (0.012 + 0.024 * i) * glow
            halo.blend(shapes.circles(at, np.where(size > 0, reach, 0)), x, faint)
        self._mark(at, value, size)
        return self

    def _mark(self, at: Floats, value: Floats, size: Floats) -> None:
        big = size > 0.03
        arm = 0.42 * size[big][:, None]
        tip, up, down = (at[big] + arm * np.array(v) for v in ((-0.75, 0), (0.5, 1), (0.5, -1)))
        self.chevrons.set_points(_joined(up, tip, down))
        self.chevrons.set_stroke(width=float(np.clip(22 * size.max(initial=0.1), 1.5, 4)))
        hot = (value >= signal.BOUNDS["grows"]) & big
        self.hatch.set_points(hatched(at[hot], size[hot]))
        out = size == 0
        self.rings.set_points(shapes.dashed_circles(at[out], min(0.1, self.most)))


def hatched(centre: Floats, size: Floats) -> shapes.Points:
    """Slanted strokes across discs: the mark of a signal that has grown."""
    across = np.array([-0.62, 0.62])
    reach = np.sqrt(1 - across**2)
    along, off = np.array([1, 1]) / 2**0.5, np.array([1, -1]) / 2**0.5
    middle = off * across[:, None]
    start, end = (middle + sign * reach[:, None] * along for sign in (-1, 1))
    c, r = centre[:, None], size[:, None, None]
    return shapes.lines((c + r * start).reshape(-1, 2), (c + r * end).reshape(-1, 2))


def turned(template: Floats, place: Floats, heading: Floats) -> shapes.Points:
    """Copies of a shape (points, 2), each turned and moved: (copies × points, 3)."""
    if not len(place):
        return shapes.NOTHING
    cos, sin = np.cos(heading)[:, None], np.sin(heading)[:, None]
    x, y = template[:, 0], template[:, 1]
    plane = np.stack([place[:, :1] + cos * x - sin * y, place[:, 1:] + sin * x + cos * y], axis=-1).reshape(-1, 2)
    return np.concatenate([plane, np.zeros((len(plane), 1))], axis=1)


def _joined(*corners: Floats) -> shapes.Points:
    """Open lines through the same number of corners, each (lines, 2)."""
    pieces = np.stack([np.stack(pair, axis=1) for pair in pairwise(corners)], axis=1)
    return shapes.lines(pieces[:, :, 0].reshape(-1, 2), pieces[:, :, 1].reshape(-1, 2))
