"""What PlainBlock and ResidualBlock share: the hall in which a block learns, and what its walls show at a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.figures.walls.room import Room
from scenes.figures.walls.wall import Wall
from scenes.kit.claims.trained import median
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.reading.lesson import Lesson

Spot = tuple[float, float, float, float, float]  # x, y, z, side, turned
PACE = 1.8  # steps go by slowly at first, where most is learned


@dataclass(frozen=True)
class Frame:
    """How wide one looks in a format, at which height, and how large the hall is."""

    width: float
    y: float
    half: float
    high: float


FRAMES = {
    "16:9": Frame(11.4, 2.35, 6.4, 5.6),
    "1:1": Frame(8.0, 3.2, 4.8, 7.6),
    "9:16": Frame(6.0, 4.3, 3.7, 10.2),
}


class BlockHall:
    """A hall with a block in it that has learned for ``step`` steps; fractions of a step show the step begun."""

    def __init__(
        self, stage: Stage, theme: Theme, numbers: Numbers, lesson: Lesson, words: Mapping[str, str], beam: str
    ) -> None:
        frame = FRAMES[stage.aspect]
        self.stage, self.theme, self.numbers, self.lesson, self.words = stage, theme, numbers, lesson, words
        self.main = View(0.0, frame.y, frame.width)
        self.room = Room(theme, stage, self.main, frame.half, frame.high, beam)
        self.step = 0.0
        self.error = [median(error) for error in lesson.error]  # of each side, in the median over seeds

    def image(self, what: Floats, side: int) -> Floats:
        """``given``, ``branch`` or ``output`` of a side at the step that has begun."""
        return np.asarray(what[side, self.lesson.seen(self.step)])

    def wall(self, spot: Spot, values: Callable[[], Floats], tone: str, frame: str, **rest: Any) -> Wall:
        return Wall(self.room, spot[:3], spot[3], values, tone, turned=spot[4], frame=frame, **rest)

    def percent(self, side: int) -> str:
        """The error of a side, median over seeds, as words."""
        return self.share(float(self.error[side][int(self.step + 1e-6)]))

    def share(self, value: float) -> str:
        """A ratio in percent, short enough to change many times a second."""
        if not np.isfinite(value):
            return "∞"
        if value == 0:
            return "0" + self.numbers.percent
        share = 100 * value
        if share >= 1000:
            return self.numbers.signal(float(np.log10(share))) + self.numbers.percent
        if share < 0.01:
            return "<" + self.numbers.decimal(0.01) + self.numbers.percent
        return self.numbers.decimal(share, 0 if share >= 9.95 else 1 if share >= 0.995 else 2) + self.numbers.percent

    def near(self, x: float, y: float, width: float) -> View:
        """A view of one place, a little above the middle of what captions leave free; ``width`` as in 16:9."""
        wide = width * (self.main.width / FRAMES["16:9"].width if not self.stage.wide else 1.0)
        return View(x, y - 0.05 * wide * self.room.tall, wide)
