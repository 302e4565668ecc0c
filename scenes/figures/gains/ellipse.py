"""What one block does to the circle of directions between the one it stretches least and the one it stretches most: an
ellipse whose half axes are these two singular values, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from scenes.figures.walls.room import Room
from scenes.figures.walls.words import Words, at
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen, mix

SPOKES, NUMBER = 48, 84
Line = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """The middle from that of the place, how large the larger of circle and ellipse may be (half of it), and from the
    middle where the numbers stand: of the long axis and of the short one."""

    middle: Line
    across: float
    up: float
    numbers: tuple[Line, Line]


PLANS = {
    "16:9": Plan((0.0, 2.55), 3.4, 2.0, ((4.15, -0.18), (0.95, 0.22))),
    "1:1": Plan((0.0, 3.6), 3.0, 2.2, ((0.0, -2.5), (0.95, 0.22))),
    "9:16": Plan((0.0, 5.0), 2.7, 2.7, ((0.0, -2.6), (0.95, 0.22))),
}


class Ellipse:
    """``most`` and ``least`` are the half axes. ``drawn`` is how far the circle is there, ``turned`` how far it has
    become the ellipse, both from 0 to 1. ``x`` is the middle of the place."""

    def __init__(self, room: Room, x: float, most: float, least: float, numbers: Numbers) -> None:
        self.room, self.most, self.least = room, most, least
        self.plan = plan = PLANS[room.stage.aspect]
        self.x, self.y = x + plan.middle[0], plan.middle[1]
        self.unit = min(plan.across / max(most, 1.0), plan.up / max(least, 1.0))
        self.drawn, self.turned = 0.0, 0.0
        room.lamps.append(self._paint)
        theme = room.theme
        tones = [theme.danger if value < 1 - 1e-9 else theme.skip for value in (most, least)]
        self.numbers = [
            Words(room, partial(str, f"×{numbers.small(value)}"), at(self.x + dx, self.y + dy), NUMBER, tone, plate=0.5)
            for value, (dx, dy), tone in zip((most, least), plan.numbers, tones, strict=True)
        ]

    def place(self, angle: float, turned: float) -> Line:
        """Where a direction goes."""
        across, up = 1 + (self.most - 1) * turned, 1 + (self.least - 1) * turned
        return self.x + self.unit * across * math.cos(angle), self.y + self.unit * up * math.sin(angle)

    def _paint(self, pen: Pen, view: View) -> None:
        left, right = view.seen(4.0)
        if self.drawn <= 0.01 or not left < self.x < right:
            return
        theme, ink = self.room.theme, self.room.paints.ink
        seen = self.drawn
        pen.circle(self.x, self.y, self.unit * max(self.most, 1.0) * 1.04 + 0.1, 1.0)
        pen.fill(self.room.paints.plate, 0.3 * seen)
        pen.circle(self.x, self.y, self.unit).stroke(ink, pen.px(5), 0.8 * seen, dash=(0.16, 0.12))
        around = [2 * math.pi * k / SPOKES for k in range(SPOKES + 1)]
        for angle in around[:-1]:
            here, there = self.place(angle, 0.0), self.place(angle, eased(self.turned))
            stretch = math.hypot(self.most * math.cos(angle), self.least * math.sin(angle))
            tone = theme.danger if stretch < 1 - 1e-9 else theme.skip
            pen.polygon([here, there], close=False).stroke(tone, 0.07, 0.75 * seen)
            radius = 0.085 * (1 if stretch >= 1 - 1e-9 else 0.8)
            pen.circle(*there, radius).fill(mix(tone, "#FFFFFF" if pen.adds else "#000000", 0.15), seen)
        turned = eased(self.turned)
        if turned > 0:
            fine = np.linspace(0, 2 * math.pi, 121)
            pen.polygon([self.place(float(a), turned) for a in fine]).stroke(theme.gradient, pen.px(6), seen * turned)
        for angle in (0.0, math.pi / 2):
            axis = [(self.x, self.y), self.place(angle, turned)]
            pen.polygon(axis, close=False).stroke(theme.gradient, pen.px(8), seen)
