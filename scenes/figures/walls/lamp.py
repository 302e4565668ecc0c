"""A block that has learned to do nothing: its F shines between x and the sum, and goes out like a lamp."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from scenes.figures.walls.hall import BlockHall
from scenes.figures.walls.lane import Lane
from scenes.figures.walls.residual import BLACK, NAME, PLANS
from scenes.figures.walls.wall import GREEN, PINK, together
from scenes.figures.walls.words import Words, at, on_glass
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.reading.lesson import Lesson
from sim.records.record import RESIDUAL

LEFT = 96  # px, of what F is in the end


class LampHall(BlockHall):
    """The hall of the residual block as it learns. ``words``: x, branch and total, as they are written below the walls,
    and ``end``, what is said of F when training is over, large."""

    def __init__(
        self, stage: Stage, theme: Theme, numbers: Numbers, lesson: Lesson, words: Mapping[str, str], off: bool
    ) -> None:
        super().__init__(stage, theme, numbers, lesson, words, theme.skip)
        self.plan = plan = PLANS[stage.aspect]
        room = self.room
        self.f = self.wall(plan.f, self.branch, PINK, theme.branch)
        self.h = self.wall(plan.h, partial(self.image, lesson.output, RESIDUAL), GREEN, theme.data, shine=self.mixed)
        self.x = self.wall(plan.x, self.given, GREEN, theme.skip, glass=True)
        room.lamps.insert(0, self.x.back)
        (x0, y0), (x1, y1) = plan.lane
        self.lane = Lane(room, (x0, y0, 0.0), (x1, y1, 0.0), self.x)
        self.lane.built = 1.0
        large = NAME * (1.0 if stage.wide else 0.85)
        named = zip((0, 2, 4), ("x", "branch", "total"), (theme.skip, theme.branch, theme.data), strict=True)
        self.signs = [
            Words(room, partial(str, words[key]), at(*plan.signs[place]), large, tone, wide=0.3, plate=0.45)
            for place, key, tone in named
        ]
        for sign in self.signs:
            sign.shown = 1.0
        self.end = Words(
            room,
            partial(str, words["end"]),
            on_glass(room, 0.0, 0.04 if off else 0.34),
            BLACK if off else LEFT,
            PINK if off else theme.branch,  # the room is dark then
            plate=0.0 if off else 0.6,
        )
        self.around = (*self.signs, self.lane, self.x, self.h)

    def branch(self) -> Floats:
        return self.image(self.lesson.branch, RESIDUAL)

    def given(self) -> Floats:
        return self.image(self.lesson.given, RESIDUAL)

    def mixed(self) -> Floats:
        """The light of the sum: that of x and that of F, cut where the block cuts it."""
        made = self.image(self.lesson.output, RESIDUAL)
        return np.where((np.nan_to_num(made) > 0)[..., None], together(self.given(), self.branch()), 0.0)

    def lamp(self) -> View:
        """F, as large as the frame."""
        wide = self.plan.lamp * self.f.side
        return View(self.f.x, self.f.y - 0.055 * wide * self.room.tall, wide)
