"""What stands still in the valley: fields, ponds and trees, and the carriageway between its verges."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from scenes.figures.valley.land import HALF, MARGIN, PITCH, Land, Way, middle, point, seen
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Pen, mix
from scenes.kit.drawing.world import Slices

FIELD, FAR = 12.0, 65.0  # a field along the valley; how far away and near there are any
TREES = 100  # tried in a stretch of FIELD
DETAILS = (42.0, 170.0)  # widths of views beyond which trees and fields are drawn with less detail
COARSER = (3, 6, 12)  # of the road's points, which lie closer than pixels: one in so many, at each detail
SEED = 11


@lru_cache(maxsize=6)
def scenery_of(depth: int, palette: Palette) -> Scenery:
    """The scenery of a valley, which is recorded once in a process: it depends on nothing else."""
    return Scenery(Land.of(depth), palette)


class Scenery:
    """Ground, road and trees of a valley; nothing but the road where the ground is left out."""

    def __init__(self, land: Land, palette: Palette) -> None:
        self.land, self.palette = land, palette
        low, high = -10 * FIELD, land.end + 10 * FIELD
        self._fields = Slices(self._sow, low, high, FIELD, 40.0, DETAILS)
        self._road = Slices(self._pave, -MARGIN, land.end + MARGIN, 2 * PITCH, 8.0, DETAILS)
        self._trees = Slices(self._plant, low, high, FIELD, 20.0, DETAILS)

    def paint(self, pen: Pen, view: View) -> None:
        if not self.palette.bare:
            pen.colour(self.palette.ground)
            pen.ctx.paint()
            self._fields.paint(pen, view)
        self._road.paint(pen, view)
        if not self.palette.bare:
            self._trees.paint(pen, view)

    # ground

    def _sow(self, pen: Pen, low: float, high: float, detail: int) -> None:
        rng = np.random.default_rng([SEED, 1, round(low) + 1000])
        for v in np.arange(-FAR, FAR + 30, 13.0):
            if rng.random() < 0.25:
                continue
            u0, v0 = low + rng.uniform(-1.2, 1.2), v + rng.uniform(-1.2, 1.2)
            wide, deep = rng.uniform(8, 11.4), rng.uniform(8, 12.4)
            tone, furrowed = self.palette.fields[rng.integers(4)], rng.random() < 0.5
            corners = [(u0, v0), (u0 + wide, v0), (u0 + wide, v0 + deep), (u0, v0 + deep)]
            pen.polygon([point(*corner) for corner in corners]).fill(tone, 0.6)
            if furrowed and detail == 0:
                for i in range(1, int(deep / 0.9)):
                    across = v0 + deep * i / int(deep / 0.9)
                    pen.polygon([point(u0, across), point(u0 + wide, across)], close=False)
                pen.stroke(mix(tone, "#000000", 0.1), 0.1, 0.4)
        self._pond(pen, low)

    def _pond(self, pen: Pen, low: float) -> None:
        spot = self._pond_at(low)
        if spot is None:
            return
        u, v, radius = spot
        turn = np.linspace(0, 2 * np.pi, 60)
        shape = radius * (1 + 0.12 * np.sin(3 * turn + u) + 0.07 * np.sin(5 * turn))
        water = self.palette.water
        for grow, tone in ((1.09, self.palette.shore), (1.0, water), (0.72, mix(water, "#FFFFFF", 0.07))):
            pen.polygon(seen(u + grow * shape * np.cos(turn), v + grow * shape * np.sin(turn))).fill(tone)

    @staticmethod
    def _pond_at(low: float) -> tuple[float, float, float] | None:
        """Where there is a pond in a stretch: in one of three."""
        rng = np.random.default_rng([SEED, 2, round(low) + 1000])
        if rng.random() > 0.34:
            return None
        return low + rng.uniform(3, 9), rng.choice([-1, 1]) * rng.uniform(19, 25), rng.uniform(4, 6)

    # road

    def _pave(self, pen: Pen, low: float, high: float, detail: int) -> None:
        palette, road, every = self.palette, self.land.road, COARSER[detail]
        low, high = low - 0.02, high + 0.02  # slices overlap by a hair: no seam
        if not palette.bare:
            for half, alpha in ((HALF + 1.15, 0.55), (HALF + 0.62, 1.0)):
                pen.polygon(road.strip(half, low, high, every)).fill(palette.verge, alpha if detail < 2 else 1.0)
            pen.polygon(road.strip(HALF + 0.16, low, high, every) + [0.05, -0.1]).fill("#000000", 0.8 * palette.shadow)
        pen.polygon(road.strip(HALF + 0.085, low, high, every)).fill(palette.kerb)
        pen.polygon(road.strip(HALF, low, high, every)).fill(palette.road)
        if detail == 2:
            return
        pen.polygon(self.land.lane.strip(0.3, low, high, every)).fill(mix(palette.road, "#FFFFFF", 0.05))
        first, last = (math.ceil(s / 1.25) for s in road.upto([low, high]))
        for i in range(first, last):
            u, v, _, _ = road.at(np.linspace(1.25 * i, 1.25 * i + 0.62, 5))
            pen.polygon(Way(u, v).strip(0.055))
        pen.fill(palette.dash, 0.9)

    # trees

    def _plant(self, pen: Pen, low: float, high: float, detail: int) -> None:
        ponds = [spot for k in (-1, 0, 1) if (spot := self._pond_at(low + k * FIELD)) is not None]
        rng = np.random.default_rng([SEED, 3, round(low) + 1000])
        u, v = rng.uniform(low, high, TREES), rng.uniform(-36, 46, TREES)
        size, kind, kept = rng.uniform(0.42, 0.74, TREES), rng.random(TREES), rng.random(TREES)
        near = np.abs(self.land.road.u - (low + high) / 2) < 3 * FIELD
        way = np.stack([self.land.road.u[near], self.land.road.v[near]], axis=-1)[::6]
        away = (
            np.hypot(*(way[None] - np.stack([u, v], axis=-1)[:, None]).transpose(2, 0, 1)).min(axis=1)
            if len(way)
            else 99
        )
        free = (away > HALF + 1.45) & ~((np.abs(v) < 1.9) & (u > -3) & (u < self.land.end + 3))
        free &= ~((np.abs(np.mod(u, PITCH) - PITCH / 2) < 3.4) & (np.abs(v - middle(u)) < 3.8))
        free &= (away < 6) | (kept < (0.45, 0.4, 0.16)[detail])
        for pond_u, pond_v, radius in ponds:
            free &= np.hypot(u - pond_u, v - pond_v) > radius + 0.8
        for i in sorted(np.flatnonzero(free), key=lambda i: -v[i]):
            self._tree(pen, float(u[i]), float(v[i]), float(size[i]), float(kind[i]), detail)

    def _tree(self, pen: Pen, u: float, v: float, size: float, kind: float, detail: int) -> None:
        dark, mid, pale = self.palette.trees
        pen.circle(*point(u + 0.45 * size, v - 0.1 * size), 1.25 * size, 0.5).fill("#000000", 0.9 * self.palette.shadow)
        if kind < 0.6:
            layers: list[tuple[float, float, Colour]] = [
                (0.3, 1.0, dark),
                (0.62, 0.86, mix(dark, mid, 0.6)),
                (0.92, 0.62, mid),
                (1.12, 0.34, pale),
            ]
        else:
            steps = [(0.25, 0.92, 0.0), (0.65, 0.72, 0.45), (1.1, 0.5, 0.8), (1.5, 0.26, 1.0)]
            layers = [(up, wide, mix(dark, mid, tone)) for up, wide, tone in steps]
        for up, wide, tone in (layers, layers[1::2], layers[2:3])[detail]:
            pen.circle(*point(u - 0.06 * up, v, up * size * 1.25), size * wide, 0.8).fill(tone)
