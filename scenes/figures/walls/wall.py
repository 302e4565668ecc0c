"""Walls of light: an image of 8×8 numbers as panes that shine, and panes on their way from one wall to another."""

from __future__ import annotations

import math
from collections.abc import Callable

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.figures.walls.room import Point, Room
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Floats, Pen, mix, rgb

SIDE = 8
EXPOSURE = 0.75  # one for every wall of the film
GAP = 0.055  # of a pane, on each side
BEZEL = 0.03  # of a wall
FAINT = 0.02  # light that is not drawn
GREEN, PINK, WHITE, EMBER = "#4CE0B0", "#F08CC8", "#F6FAFF", "#FF7A50"


def light(values: Floats, tone: Colour) -> Floats:
    """One colour of light, [8, 8] → [8, 8, 3]; less than nothing is dark, what is bright goes white."""
    shine = np.maximum(np.nan_to_num(values), 0.0)[..., None] ** EXPOSURE
    return np.asarray(shine * np.array(rgb(tone) if isinstance(tone, str) else tone) + np.maximum(shine - 1, 0) * 0.6)


def together(x: Floats, branch: Floats) -> Floats:
    """The light of a sum: x shines green and F pink, which are complementary; where both shine it turns white."""
    parts = [np.maximum(np.nan_to_num(part), 0.0) for part in (x, branch)]
    total = np.maximum(np.nan_to_num(x) + np.nan_to_num(branch), 0.0)
    whole = np.maximum(parts[0] + parts[1], 1e-9)
    mixed = sum(part[..., None] * np.array(rgb(tone)) for part, tone in zip(parts, (GREEN, PINK), strict=True))
    return np.asarray(mixed / whole[..., None] * (total**EXPOSURE)[..., None])


class Wall:
    """A wall of light whose middle is at (x, y, z), ``side`` high, ``turned`` about its upright axis.

    ``values`` gives [8, 8] as it stands now, and ``shine`` the light of each pane, [8, 8, 3]. Negative values are
    hollow panes: they take light away. Values that are no number are crosses. A ``glass`` wall lets one see what is
    behind it and adds its light to it. ``shown`` fades it.
    """

    def __init__(
        self,
        room: Room,
        at: Point,
        side: float,
        values: Callable[[], Floats],
        tone: Colour,
        *,
        turned: float = 0.0,
        shine: Callable[[], Floats] | None = None,
        glass: bool = False,
        frame: Colour | None = None,
    ) -> None:
        self.room, self.side, self.turned, self.glass = room, side, turned, glass
        self.x, self.y, self.z = (float(part) for part in at)
        self.values, self.tone, self.frame = values, tone, frame if frame is not None else tone
        self.shine = shine or (lambda: light(values(), tone))
        self.shown, self.bloom = 1.0, 1.0
        room.lamps.append(self.paint)

    def place(self) -> dict[str, float]:
        """Where it stands, for whoever goes there."""
        return {"x": self.x, "y": self.y, "z": self.z, "side": self.side, "turned": self.turned}

    def corner(self, u: float, v: float, view: View) -> tuple[float, float]:
        """Where a point of the wall is seen: u from 0, left, to 1, right; v from 0, below, to 1."""
        away, up = (u - 0.5) * self.side, (v - 0.5) * self.side
        at = self.x + away * math.cos(self.turned), self.y + up, self.z + away * math.sin(self.turned)
        return self.room.at(at, view)

    def corners(self, u: Floats, v: Floats, view: View) -> Floats:
        """Where many points of the wall are seen: (…, 2)."""
        away = (u - 0.5) * self.side
        x, y = self.x + away * math.cos(self.turned), self.y + (v - 0.5) * self.side
        nearer = self.room.scales(self.z + away * math.sin(self.turned), view)
        return np.stack([view.x + (x - view.x) * nearer, view.y + (y - view.y) * nearer], axis=-1)

    def panes(self, view: View, gap: Floats | float = GAP) -> Floats:
        """The corners of all panes, rows from above: (8, 8, 4, 2). ``gap``: (8, 8) or one for all."""
        row, column = np.mgrid[SIDE - 1 : -1 : -1, :SIDE]
        a, b, low, high = column + gap, column + 1 - gap, row + gap, row + 1 - gap
        u, v = np.stack([a, b, b, a], axis=-1), np.stack([low, low, high, high], axis=-1)
        return self.corners(u / SIDE, v / SIDE, view)

    def pane(self, i: int, j: int, view: View) -> list[tuple[float, float]]:
        """The corners of the pane in row i from above, column j."""
        a, b, low, high = ((j + GAP), (j + 1 - GAP), (SIDE - 1 - i + GAP), (SIDE - i - GAP))
        return [self.corner(u / SIDE, v / SIDE, view) for u, v in ((a, low), (b, low), (b, high), (a, high))]

    def outline(self, view: View, by: float = BEZEL) -> list[tuple[float, float]]:
        return [self.corner(u, v, view) for u, v in ((-by, -by), (1 + by, -by), (1 + by, 1 + by), (-by, 1 + by))]

    def above(self, view: View) -> tuple[float, float]:
        """The middle of its upper edge."""
        return self.corner(0.5, 1 + BEZEL, view)

    def below(self, view: View) -> tuple[float, float]:
        return self.corner(0.5, -BEZEL, view)

    def back(self, pen: Pen, view: View) -> None:
        """The dark panel behind the panes; that of a glass wall is behind what the glass lies on."""
        if self.shown > 0.01:
            pen.polygon(self.outline(view)).fill(self.room.paints.panel, self.shown)

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        quad = self.outline(view)
        values, shine = self.values(), self.shine()
        if self.glass:
            pen.polygon(quad).fill(mix(self.tone, "#000000", 0.75), 0.2 * self.shown)
        else:
            self.back(pen, view)
        pen.ctx.save()
        if self.glass:
            pen.ctx.set_operator(cairo.OPERATOR_ADD)  # light upon light, in every theme
        cell = self.side / SIDE * self.room.scale(self.z, view)
        self._panes(pen, view, values, shine)
        pen.ctx.restore()
        self._glow(pen, view, shine, cell)
        pen.polygon(quad).stroke(self.room.shaded(self.frame), max(0.014 * self.side, pen.px(3)), self.shown)

    def _panes(self, pen: Pen, view: View, values: Floats, shine: Floats) -> None:
        dark = np.array(rgb("#141A24" if not self.glass else "#000000"))
        level = np.clip(shine.max(axis=-1), 0, 1)
        tones = np.clip(dark * (1 - level[..., None]) + shine, 0, 1)
        drawn = level >= FAINT if self.glass else np.ones_like(level, dtype=bool)
        for corners, tone in zip(self.panes(view)[drawn].tolist(), tones[drawn].tolist(), strict=True):
            pen.polygon(corners).fill(tuple(tone), self.shown)
        for i, j in np.argwhere(drawn & ~np.isfinite(values)):
            pen.polygon([self.corner((j + u) / SIDE, 1 - (i + v) / SIDE, view) for u, v in CROSS], close=False)
            pen.stroke(self.room.theme.danger, 0.008 * self.side, 0.8 * self.shown)
        hollow = drawn & np.isfinite(values) & (values < -FAINT)
        if hollow.any():
            inner = 0.5 - 0.38 * np.sqrt(np.clip(-np.nan_to_num(values), 0, 1))
            for corners in self.panes(view, inner)[hollow].tolist():
                pen.polygon(corners)
            pen.stroke(self.tone, 0.008 * self.side, 0.9 * self.shown)

    def _glow(self, pen: Pen, view: View, shine: Floats, cell: float) -> None:
        """Light that spills over the panes' edges, and not beyond the wall's."""
        if not pen.adds or self.bloom <= 0:
            return
        level = np.clip(shine.max(axis=-1), 0, 2)
        bright = np.argwhere(level > 0.25)
        if not len(bright):
            return
        places = self.corners((bright[:, 1] + 0.5) / SIDE, 1 - (bright[:, 0] + 0.5) / SIDE, view)
        pen.ctx.save()
        pen.polygon(self.outline(view))
        pen.ctx.clip()
        strength = 0.22 * level[level > 0.25] * self.shown * self.bloom
        pen.lights(places, cell * 1.15, self.tone, strength)
        pen.ctx.restore()


CROSS = ((0.3, 0.3), (0.7, 0.7), (0.5, 0.5), (0.7, 0.3), (0.3, 0.7))


class Flight:
    """The panes of one wall fly, one after the other, to their places in another, through a door between them.

    ``flown`` goes from 0 to 1. On its way a pane is what it was before the door, and what it becomes behind it.
    """

    def __init__(self, room: Room, one: Wall, other: Wall, door: Callable[[View], tuple[float, float]] | None) -> None:
        self.room, self.one, self.other, self.door = room, one, other, door
        self.flown = 0.0
        room.lamps.append(self.paint)

    def landed(self) -> NDArray[np.bool_]:
        """Which panes have arrived, [8, 8]."""
        return np.array([[self._moved(i, j) >= 1 for j in range(SIDE)] for i in range(SIDE)])

    def _moved(self, i: int, j: int) -> float:
        start = 0.5 * (j + i / SIDE) / SIDE
        return eased(self.flown, start, min(1.0, start + 0.5))

    def paint(self, pen: Pen, view: View) -> None:
        if not 0 < self.flown < 1:
            return
        before, after = (np.clip(wall.shine(), 0, 1) for wall in (self.one, self.other))
        for i in range(SIDE):
            for j in range(SIDE):
                moved = self._moved(i, j)
                if not 0 < moved < 1 or max(before[i, j].max(), after[i, j].max()) < 0.06:
                    continue
                tone = before[i, j] if moved < 0.5 else after[i, j]
                if tone.max() < 0.06:
                    continue
                pen.polygon(self._between(i, j, moved, view)).fill(tuple(tone), 0.95)

    def _between(self, i: int, j: int, moved: float, view: View) -> list[tuple[float, float]]:
        here, there = np.array(self.one.pane(i, j, view)), np.array(self.other.pane(i, j, view))
        if self.door is None:
            return [tuple(point) for point in here + (there - here) * moved]
        door = np.array(self.door(view)) + 0.12 * (here - here.mean(axis=0))
        part = 2 * moved if moved < 0.5 else 2 * moved - 1
        start, end = (here, door) if moved < 0.5 else (door, there)
        return [tuple(point) for point in start + (end - start) * part]
