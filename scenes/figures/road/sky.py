"""Sun and moon: whether data drive by day or the gradient by night."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject
from manim.typing import Point3DLike

from scenes.kit.drawing import shapes
from scenes.kit.drawing.theme import Theme

RADIUS = 0.17


class Sky(VGroup):
    """A sun that sets while a moon rises in its place."""

    def __init__(self, theme: Theme) -> None:
        self.sun = VMobject(stroke_width=0, fill_opacity=1, fill_color=theme.gradient)
        self.rays = VMobject(stroke_color=theme.gradient, stroke_width=3.5)
        self.moon = VMobject(stroke_width=0, fill_opacity=1, fill_color=theme.muted)
        self.centre = np.zeros(3)
        super().__init__(self.sun, self.rays, self.moon)
        self.turn(0)

    def place(self, centre: Point3DLike) -> Sky:
        self.centre = np.array(centre, dtype=float)
        return self.turn(0)

    def turn(self, night: float) -> Sky:
        """Day at 0, night at 1."""
        day = max(0.0, 1 - 2 * night)
        c = self.centre[None, :2]
        self.sun.set_points(shapes.circles(c, 0.62 * RADIUS * day))
        angle = np.arange(8) * np.pi / 4
        out = np.stack([np.cos(angle), np.sin(angle)], axis=1) * RADIUS
        self.rays.set_points(shapes.lines(c + 0.9 * out, c + 1.35 * out) if day > 0 else shapes.NOTHING)
        self.rays.set_stroke(opacity=day)
        self.moon.set_points(crescent(c[0], RADIUS * max(0.0, 2 * night - 1)))
        return self


def crescent(centre: np.ndarray, radius: float) -> shapes.Points:
    """A waxing moon as a polygon; nothing of radius 0."""
    if radius <= 0:
        return shapes.NOTHING
    horn = 0.28 * np.pi  # half the angle between its tips, seen from the centre
    outer = np.linspace(horn, 2 * np.pi - horn, 60)
    rim = np.stack([np.cos(outer), np.sin(outer)], axis=1)
    bite = np.array([0.62, 0.0])  # centre of the circle that is taken out
    reach = np.hypot(*(rim[0] - bite))
    tip = np.arctan2(*(rim[0] - bite)[::-1])
    inner = np.linspace(2 * np.pi - tip, tip, 40)
    inside = bite + reach * np.stack([np.cos(inner), np.sin(inner)], axis=1)
    tilt = np.array([[np.cos(0.5), np.sin(0.5)], [-np.sin(0.5), np.cos(0.5)]])
    return shapes.polygons((centre + radius * np.concatenate([rim, inside]) @ tilt)[None])
