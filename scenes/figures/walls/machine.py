"""The layers of a block as a machine in the hall: a cabinet for each, with nine knobs that turn as its weights do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from scenes.figures.walls.room import Point, Room
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Floats, Pen, mix

ROWS = 3
TURN = 2.4  # radians that a knob is turned to either side, by the largest weight that is ever seen
NAME = 40  # px


class Cabinet:
    """A layer's cabinet whose middle is at (x, y, z), ``side`` wide. ``weights`` gives [9] as they stand now, ``most``
    is the size of weight that turns a knob all the way; ``name`` are lines below the knobs. ``lamp`` lights it up."""

    def __init__(
        self, room: Room, at: Point, side: float, weights: Callable[[], Floats], most: float, name: Sequence[str]
    ) -> None:
        self.room, self.side, self.weights, self.most, self.name = room, side, weights, most, name
        self.x, self.y, self.z = (float(part) for part in at)
        self.shown, self.lamp = 1.0, 0.0
        room.lamps.append(self.paint)

    def door(self, view: View) -> tuple[float, float]:
        return self.room.at((self.x, self.y, self.z), view)

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        room, theme = self.room, self.room.theme
        x, y = self.door(view)
        near = room.scale(self.z, view)
        side = self.side * near
        pen.rounded(x - side / 2, y - side / 2, side, side, 0.08 * side)
        pen.fill(mix(theme.panel, theme.branch, 0.12 + 0.35 * self.lamp), self.shown)
        pen.rounded(x - side / 2, y - side / 2, side, side, 0.08 * side)
        pen.stroke(theme.branch, max(0.02 * side, pen.px(3)), self.shown)
        values, pitch = self.weights(), side / (ROWS + 0.35)
        for k, weight in enumerate(values):
            row, column = divmod(k, ROWS)
            self._knob(pen, x + (column - 1) * pitch, y + (1 - row) * pitch, 0.38 * pitch, float(weight))
        em = pen.px(NAME)
        for i, words in enumerate(self.name):
            tone = room.paints.ink if i else theme.branch
            low, half = y - side / 2 - (1.15 + 1.2 * i) * em, pen.width(words, em) / 2
            seen = self.shown * room.uncut(view, x - half, x + half, low, em)
            plate = room.paints.plate if theme.opacity < 1 else None  # on a slide there is no wall behind it
            pen.text(words, x, low, em, tone, alpha=seen, plate=plate, plate_alpha=0.6)

    def _knob(self, pen: Pen, x: float, y: float, radius: float, weight: float) -> None:
        """It points up at 0, to the right for more, to the left for less; an arc says how far."""
        theme = self.room.theme
        share = float(np.clip(weight / self.most, -1, 1)) if math.isfinite(weight) else 0.0
        angle = math.pi / 2 - TURN * share
        pen.circle(x, y, radius).fill("#10141C", self.shown)
        ctx = pen.ctx
        ctx.new_path()
        (ctx.arc if share < 0 else ctx.arc_negative)(x, y, 1.0 * radius, math.pi / 2, angle)
        pen.stroke(theme.gradient if share < 0 else theme.data, 0.26 * radius, self.shown)
        tip = x + 0.72 * radius * math.cos(angle), y + 0.72 * radius * math.sin(angle)
        tone = "#F2F4F8" if math.isfinite(weight) else theme.danger
        pen.polygon([(x, y), tip], close=False).stroke(tone, 0.24 * radius, self.shown)
