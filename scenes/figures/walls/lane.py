"""The glass lane under the roof of a hall, along which x travels to the sum; and the hinge that keeps F at zero."""

from __future__ import annotations

import math

from scenes.figures.walls.room import Point, Room
from scenes.figures.walls.wall import BEZEL, Wall
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen, mix

WIDE, HIGH = 0.34, 0.15  # of the beam
PULSES = 7


class Lane:
    """A beam from one point to another (x, y, z); ``built`` is how much of it there is, from its beginning. ``load``
    hangs from it, to its side that is nearer."""

    def __init__(self, room: Room, start: Point, end: Point, load: Wall) -> None:
        self.room, self.start, self.end, self.load = room, start, end, load
        self.built, self.shown = 0.0, 1.0
        room.lamps.append(self.paint)

    def paint(self, pen: Pen, view: View) -> None:
        if self.built <= 0 or self.shown <= 0.01:
            return
        room, green = self.room, self.room.theme.skip
        (x0, y0, z), (x1, y1, _) = self.start, self.end
        x1, y1 = x0 + (x1 - x0) * self.built, y0 + (y1 - y0) * self.built
        long = math.hypot(x1 - x0, y1 - y0) or 1.0
        across = (-(y1 - y0) / long * HIGH, (x1 - x0) / long * HIGH)
        for away, alpha in ((WIDE / 2, 0.30), (-WIDE / 2, 0.45)):
            ends = ((x0, y0), (x1, y1), (x1 + across[0], y1 + across[1]), (x0 + across[0], y0 + across[1]))
            quad = [room.at((x, y, z + away), view) for x, y in ends]
            pen.polygon(quad).fill(green, alpha * self.shown)
            pen.polygon(quad).stroke(mix(green, "#FFFFFF", 0.4), pen.px(3), 0.9 * self.shown)
        if pen.adds:
            phase = (0.35 * room.time) % 1.0
            shares = [(k + phase) / PULSES for k in range(PULSES)]
            places = [room.at((x0 + (x1 - x0) * s, y0 + (y1 - y0) * s + HIGH / 2, z), view) for s in shares]
            pen.lights(places, 0.5, green, 0.35 * self.shown)
        self._hangers(pen, view, x1, y1)

    def _hangers(self, pen: Pen, view: View, x1: float, y1: float) -> None:
        """Two ropes from the beam to what hangs from it."""
        load = self.load
        if load.shown <= 0.01:
            return
        upright = abs(self.end[0] - self.start[0]) < abs(self.end[1] - self.start[1])
        for share in (0.2, 0.8):
            if upright:
                here = load.corner(1 + BEZEL, share, view)
                there = self.room.at((self.start[0], load.y + (share - 0.5) * load.side, self.start[2]), view)
            else:
                here = load.corner(share, 1 + BEZEL, view)
                there = self.room.at((load.x + (share - 0.5) * load.side, self.start[1], self.start[2]), view)
            pen.polygon([here, there], close=False)
        pen.stroke(mix(self.room.theme.skip, "#FFFFFF", 0.3), pen.px(5), self.shown * load.shown)


class Hinge:
    """A ReLU drawn on a dark wall: what comes from the left, below zero, stays on the ground. ``drawn`` from 0 to 1."""

    def __init__(self, room: Room, wall: Wall) -> None:
        self.room, self.wall, self.drawn = room, wall, 0.0
        room.lamps.append(self.paint)

    def paint(self, pen: Pen, view: View) -> None:
        if self.drawn <= 0.01:
            return
        wall, ink = self.wall, "#F2F4F8"
        knee, start, end = (0.5, 0.3), (0.06, 0.3), (0.88, 0.86)
        rise = (knee[0] + (end[0] - knee[0]) * self.drawn, knee[1] + (end[1] - knee[1]) * self.drawn)
        pen.polygon([wall.corner(*point, view) for point in (start, knee, rise)], close=False)
        pen.stroke(ink, 0.022 * wall.side, self.drawn)
        phase = (0.4 * self.room.time) % 1.0
        for k in range(5):
            share = (k + phase) / 5
            x, y = wall.corner(start[0] + (knee[0] - start[0]) * 0.94 * share, knee[1], view)
            fall = wall.corner(0.5, knee[1] - 0.2 * (1 - share), view)[1]
            pen.polygon([(x, fall), (x, y)], close=False).stroke(self.room.theme.branch, pen.px(3), 0.6 * self.drawn)
            pen.circle(x, fall, 0.018 * wall.side).fill(self.room.theme.branch, self.drawn)
            pen.circle(x, y, 0.018 * wall.side).fill(ink, self.drawn)
        pen.text("ReLU", *wall.corner(0.3, 0.62, view), pen.px(72), ink, alpha=self.drawn)
