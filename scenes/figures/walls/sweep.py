"""The curve that a wall sweeps out: at every step a column of light, as high as the error was, on a log scale."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from scenes.figures.walls.room import Room
from scenes.figures.walls.wall import Wall
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats, Pen

TICK = 40  # px
LEAST = 1e-4  # the lowest error that has a height of its own


class Sweep:
    """``error`` [states] from 0 on; ``box`` (left, bottom, right, top) in the plane z = 0; ``wall`` rides on the curve.

    ``step`` is how far the wall has come; changing it moves the wall. ``goal`` is an error that has a line of its own.
    An error that is no number has no column, and the curve ends before it.
    """

    def __init__(
        self,
        room: Room,
        error: Floats,
        box: tuple[float, float, float, float],
        wall: Wall,
        goal: float,
        numbers: Numbers,
        step_word: Callable[[int], str],
    ) -> None:
        self.room, self.error, self.box, self.wall, self.goal = room, error, box, wall, goal
        self.numbers, self.step_word = numbers, step_word
        self.shown, self._step = 0.0, 0.0
        self.plate = 0.16 * (box[2] - box[0]) + 0.3  # how large the wall is that rides
        known = error[np.isfinite(error)]
        self.last = int(np.flatnonzero(np.isfinite(error))[-1]) if len(known) else 0
        top, low = known.max(initial=goal), known[known > 0].min(initial=goal)
        self.low = math.log10(max(low, LEAST)) - 0.25
        self.high = max(math.log10(top), math.log10(goal) + 1) + 0.1
        room.lamps.insert(0, self.paint)  # behind what stands in the room

    @property
    def step(self) -> float:
        return self._step

    @step.setter
    def step(self, step: float) -> None:
        self._step = step
        self.wall.x, self.wall.y = self.spot(min(step, self.last))

    def spot(self, step: float) -> tuple[float, float]:
        """A point of the curve."""
        left, _, right, _ = self.box
        states = np.arange(len(self.error))
        level = np.log10(np.maximum(np.nan_to_num(self.error, nan=0.0, posinf=0.0), 10**self.low))
        return left + (right - left) * step / max(len(states) - 1, 1), self.level(float(np.interp(step, states, level)))

    def level(self, log10: float) -> float:
        _, bottom, _, top = self.box
        share = (log10 - self.low) / (self.high - self.low)
        return bottom + (top - bottom) * min(1.0, max(0.0, share))

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        left, bottom, right, top = self.box
        theme, paints = self.room.theme, self.room.paints
        pen.rounded(left - 1.25, bottom - 0.55, right - left + 1.8, top - bottom + 1.0, 0.12)
        pen.fill(paints.plate, 0.72 * self.shown)
        upto = min(self._step, self.last)
        wide = (right - left) / max(len(self.error) - 1, 1)
        for state in range(int(upto) + 1):
            x, y = self.spot(state)
            if y > bottom:
                pen.polygon(
                    [(x - 0.42 * wide, bottom), (x + 0.42 * wide, bottom), (x + 0.42 * wide, y), (x - 0.42 * wide, y)]
                )
        pen.fade((0, bottom), (0, top), [(0, theme.danger, 0.15 * self.shown), (1, theme.danger, 0.85 * self.shown)])
        line = [self.spot(state) for state in [*range(int(upto) + 1), upto]]
        if len(line) > 1:
            pen.polygon(line, close=False).stroke(theme.danger, pen.px(7), self.shown)
        self._marks(pen, left, right)

    def _marks(self, pen: Pen, left: float, right: float) -> None:
        paints, em = self.room.paints, pen.px(TICK)
        for power in range(math.ceil(self.low), math.floor(self.high) + 1):
            y, of_goal = self.level(power), math.isclose(10.0**power, self.goal)
            tone = self.room.theme.skip if of_goal else paints.muted
            dash = (0.12, 0.1) if of_goal else ()
            pen.polygon([(left, y), (right, y)], close=False)
            pen.stroke(tone, pen.px(4 if of_goal else 2), (0.95 if of_goal else 0.4) * self.shown, dash)
            words = self.numbers.significant(100 * 10.0**power, 1) + self.numbers.percent
            pen.text(words, left - 0.15, y - 0.35 * em, em, tone, align=1.0, alpha=self.shown)
        bottom = self.box[1]
        pen.polygon([(left, bottom), (right, bottom)], close=False).stroke(paints.muted, pen.px(3), self.shown)
        clear = right - 0.5 * self.plate - 0.1  # of the wall that rides
        for x, step, align in ((left, 0, 0.0), (clear, len(self.error) - 1, 1.0)):
            pen.text(self.step_word(step), x, bottom - 1.05 * em, em, paints.muted, align=align, alpha=self.shown)
