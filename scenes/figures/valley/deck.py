"""The shortcuts: from state to state an overpass, straight, on pillars; where it comes down, road and shortcut add."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from scenes.figures.valley.land import PITCH, Floats, Land, Way, point, seen
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix
from scenes.kit.drawing.world import Slices, World

HIGH, LOW, RAMP = 2.1, 0.25, 2.9  # of the deck over the ground, at the states, and how long it takes to climb
HALF, THICK = 0.62, 0.24
PILLARS = (2.3, 4.5, 6.7)  # along a stretch
JUNCTION = 1.25  # radius of the place where road and shortcut meet


def height(u: ArrayLike) -> Floats:
    """How high the deck runs over a place along the valley."""
    within = np.mod(np.asarray(u, dtype=float), PITCH)
    climb = np.clip(np.minimum(within, PITCH - within) / RAMP, 0, 1)
    return LOW + (HIGH - LOW) * climb * climb * (3 - 2 * climb)


class Deck:
    """``built`` runs from 0 to 1: pillars rise stretch by stretch from the left, and over them the deck snaps shut.

    ``lacks`` are the blocks without a shortcut of their own.
    """

    def __init__(self, world: World, land: Land, palette: Palette, lacks: frozenset[int] = frozenset()) -> None:
        self.world, self.land, self.palette, self.lacks = world, land, palette, lacks
        self.built = 1.0
        self.shade: Callable[[], float] = lambda: 0.0
        u = np.linspace(0, land.end, max(2, int(40 * land.end)))
        self.way = Way(u, np.zeros_like(u), height(u))
        self._whole = Slices(self._paint_stretches, 0, land.end, PITCH, 3.0, (170.0,))

    def add(self) -> None:
        self.world.mapped(self._paint, lambda: self.shade() * (self.built > 0), lambda: self.built < 1, deepest=0.42)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.built >= 1:
            self._whole.paint(pen, view)
            return
        left, right = view.seen(PITCH)
        for i in range(self.land.depth if self.built > 0 else 0):
            if left < i * PITCH < right:
                self._stretch(pen, i, min(1.0, max(0.0, self._reached() - i) / 3), int(view.width > 170))

    def _reached(self) -> float:
        """Up to which stretch work has begun: the first ones take half of the time, of however many."""
        depth = self.land.depth
        hurry = max(1.0, math.log2((depth + 3) / 7))
        return (depth + 3) * self.built**hurry

    def _paint_stretches(self, pen: Pen, low: float, high: float, detail: int) -> None:
        self._stretch(pen, round(low / PITCH), 1.0, detail)

    def _stretch(self, pen: Pen, i: int, done: float, detail: int) -> None:
        """One overpass, ``done`` from 0 to 1: pillars first, then the deck from both ends."""
        if i >= self.land.depth or i + 1 in self.lacks or done <= 0:
            return
        colour, start = self.palette.deck, i * PITCH
        up = eased(done, 0.0, 0.5)
        u = start + np.linspace(0, PITCH, 61 if detail == 0 else 13)
        h = height(u)
        grown = eased(done, 0.45, 1.0)
        for side in ((u <= start + PITCH / 2 * grown + 1e-9), (u >= start + PITCH * (1 - grown / 2) - 1e-9)):
            if grown > 0 and side.sum() > 1 and not self.palette.bare:
                pen.polygon(np.concatenate([seen(u[side], -0.8), seen(u[side], 0.4)[::-1]]) + [0.3, -0.06])
                pen.fill("#000000", 1.1 * self.palette.shadow)
        if detail == 0:
            for x in PILLARS:
                top = float(height(start + x)) * up
                post = [(-0.15, 0), (0.15, 0), (0.15, top), (-0.15, top)]
                pen.polygon([point(start + x + du, -0.35, z) for du, z in post]).fill(mix(colour, "#0F1218", 0.55))
        for side in ((u <= start + PITCH / 2 * grown + 1e-9), (u >= start + PITCH * (1 - grown / 2) - 1e-9)):
            if grown > 0 and side.sum() > 1:
                self._slab(pen, u[side], h[side], detail)

    def _slab(self, pen: Pen, u: Floats, h: Floats, detail: int) -> None:
        colour = self.palette.deck
        pen.polygon(np.concatenate([seen(u, -HALF, h), seen(u, -HALF, h - THICK)[::-1]])).fill(
            mix(colour, "#0F1218", 0.45)
        )
        pen.polygon(np.concatenate([seen(u, HALF, h), seen(u, -HALF, h)[::-1]])).fill(colour)
        if detail == 0:
            for v in (HALF - 0.07, 0.07 - HALF):
                pen.polygon(seen(u, v, h), close=False).stroke(mix(colour, "#FFFFFF", 0.4), 0.06)
            pen.polygon(seen(u, 0.0, h), close=False).stroke(mix(colour, "#0F1218", 0.6), 0.08, dash=(0.55, 0.6))


class Junctions:
    """Where a road and a shortcut meet, each with the sign of a sum; ``seen`` fades them in."""

    def __init__(self, world: World, land: Land, palette: Palette, lacks: frozenset[int] = frozenset()) -> None:
        self.land, self.palette, self.lacks = land, palette, lacks
        self.shown = 0.0
        world.moving(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01 or view.width > 170:
            return
        left, right = view.seen(2.0)
        for block in range(1, self.land.depth + 1):
            u = float(self.land.states[block])
            if left < u < right and block not in self.lacks:
                x, y = point(u, 0.0, LOW + 0.05)
                grow = JUNCTION * (0.6 + 0.4 * self.shown)
                pen.circle(x, y, grow, 0.62).fill(mix(self.palette.deck, "#0F1218", 0.55), 0.95 * self.shown)
                pen.circle(x, y, grow, 0.62).stroke(mix(self.palette.deck, "#FFFFFF", 0.35), 0.08, self.shown)
                for a, b in (((-0.55, 0.0), (0.55, 0.0)), ((0.0, -0.36), (0.0, 0.36))):
                    bar = [(x + a[0] * grow, y + a[1] * grow), (x + b[0] * grow, y + b[1] * grow)]
                    pen.polygon(bar, close=False).stroke("#FFFFFF", 0.16, self.shown)
