"""A stretch of road with a toll and an overpass per block, and the routes back along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import PI, VGroup, VMobject
from numpy.typing import NDArray

from . import shapes
from .legend import stroked
from .theme import Theme

SAMPLES = 40  # points of a route in one block
TOLL = (0.62, 0.6)  # width and height of a toll


class RouteRoad(VGroup):
    """Blocks 1 … ``blocks`` from x = ``left`` to ``right`` around height ``y``; the gradient comes from the right.

    ``road`` lies there from the first; :meth:`show` draws ``arches`` and ``gates`` of as many of the last blocks as
    there are so far; :meth:`route` gives the points of one way back. What travels goes over the arches, under the
    gates.
    """

    def __init__(
        self, left: float, right: float, y: float, blocks: int, theme: Theme, wave: float = 0.24, rise: float = 0.86
    ) -> None:
        self.left, self.right, self.y, self.blocks = left, right, y, blocks
        self.pitch = (right - left) / blocks
        self.wave, self.rise = wave, rise
        self.ground = VMobject(stroke_color=theme.faint, stroke_width=30)
        self.dashes = VMobject(stroke_color=theme.muted, stroke_width=2)
        self.arches = VMobject(stroke_color=theme.skip, stroke_width=9)
        self.tolls = VMobject(stroke_color=theme.branch, stroke_width=4, fill_color=theme.panel, fill_opacity=1)
        self.bars = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        way = self._by_road(np.linspace(right, left, SAMPLES * blocks))
        self.ground.set_points(shapes.polyline(way))
        self.dashes.set_points(stroked(way, "dashed"))
        self.road = VGroup(self.ground, self.dashes)
        self.gates = VGroup(self.tolls, self.bars)
        super().__init__(self.road, self.arches, self.gates)
        self.show(0.0)

    def centre(self, block: int) -> float:
        """x of a block's toll; blocks count from 1 at the left."""
        return self.left + self.pitch * (block - 0.5)

    def _by_road(self, x: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        return np.stack([x, self.y + self.wave * np.sin(PI * (x - self.left) / self.pitch)], axis=1)

    def route(self, taken: Sequence[bool]) -> NDArray[np.float64]:
        """The way back through the last ``len(taken)`` blocks, (points, 2), from the right end on.

        ``taken[0]`` is the last block's: True is the road and its toll, False the overpass.
        """
        parts = []
        for i, toll in enumerate(taken):
            start = self.right - self.pitch * i
            share = np.linspace(0, 1, SAMPLES)
            x = start - self.pitch * share
            angle = PI * share
            over = np.stack([start - self.pitch * (1 - np.cos(angle)) / 2, self.y + self.rise * np.sin(angle)], axis=1)
            parts.append(self._by_road(x) if toll else over)
        return np.concatenate(parts)

    def show(self, grown: float) -> RouteRoad:
        """Draw the last ``grown`` blocks; a fraction of a block is one on its way in."""
        i = np.arange(self.blocks)
        size = np.clip(grown - i, 0, 1)
        start = self.right - self.pitch * i
        standing = [(a, s) for a, s in zip(start, size, strict=True) if s > 0]
        arches = [shapes.overpasses([a], [a - self.pitch * s], self.y, self.rise * s) for a, s in standing]
        self.arches.set_points(np.concatenate([shapes.NOTHING, *arches]))
        middle = self._by_road(start - self.pitch / 2)
        self.tolls.set_points(shapes.rounded_boxes(middle, TOLL[0] * size, TOLL[1] * size, 0.1))
        two = np.concatenate([middle + [0, 0.13], middle - [0, 0.13]])
        self.bars.set_points(shapes.rounded_boxes(two, np.tile(0.4 * size, 2), np.tile(0.15 * size, 2), 0.03))
        return self
