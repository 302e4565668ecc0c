"""The clock of the race: two hands on one dial, each of which stops where its runner arrives."""

from __future__ import annotations

import math

from scenes.figures.walls.room import Room
from scenes.figures.walls.words import Place
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Pen

TICKS = 12
STEP, NUMBER = 40, 104  # px


class Clock:
    """``step`` of ``steps`` have gone by; ``arrived`` are the steps at which runners do, None where they do not;
    ``tones`` are theirs. ``radius`` is in widths of the view."""

    def __init__(
        self,
        room: Room,
        steps: int,
        arrived: tuple[int | None, ...],
        tones: tuple[Colour, ...],
        word: str,
        place: Place,
        radius: float,
    ) -> None:
        self.room, self.steps, self.arrived, self.tones = room, max(steps, 1), arrived, tones
        self.word, self.place, self.radius = word, place, radius
        self.step, self.shown = 0.0, 0.0
        room.lamps.append(self.paint)

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        x, y = self.place(view)
        radius, paints = self.radius * view.width, self.room.paints
        pen.circle(x, y, 1.22 * radius).fill(paints.plate, 0.92 * self.shown)
        pen.circle(x, y, 1.22 * radius).stroke(paints.muted, 0.03 * radius, 0.7 * self.shown)
        for k in range(TICKS):
            angle = 2 * math.pi * k / TICKS
            pen.polygon([(x + r * radius * math.sin(angle), y + r * radius * math.cos(angle)) for r in (1.12, 1.18)])
        pen.stroke(paints.muted, 0.025 * radius, self.shown)
        for k, (at, tone) in enumerate(zip(self.arrived, self.tones, strict=True)):
            end = self.step if at is None else min(self.step, at)
            self._hand(pen, x, y, (1.0 - 0.23 * k) * radius, end / self.steps, tone)
        em, small = pen.px(NUMBER) * min(1.0, radius / pen.px(150)), pen.px(STEP)
        pen.text(str(int(self.step + 1e-6)), x, y - 0.42 * em, em, paints.ink, alpha=self.shown)
        pen.text(self.word, x, y + 0.45 * em, small, paints.muted, alpha=self.shown)

    def _hand(self, pen: Pen, x: float, y: float, radius: float, share: float, tone: Colour) -> None:
        pen.circle(x, y, radius).stroke(self.room.paints.muted, 0.16 * radius, 0.14 * self.shown)
        if share <= 0:
            return
        top, end = math.pi / 2, math.pi / 2 - 2 * math.pi * min(share, 0.9999)
        pen.ctx.new_path()
        pen.ctx.arc_negative(x, y, radius, top, end)
        pen.stroke(tone, 0.16 * radius, self.shown)
        tip = x + radius * math.cos(end), y + radius * math.sin(end)
        if pen.adds:
            pen.lights([tip], 0.5 * radius, tone, 0.7 * self.shown)
        pen.circle(*tip, 0.09 * radius).fill("#FFFFFF", self.shown)
