"""ResidualBlock: x travels under the roof and lies down on F, which goes out like a lamp; then both blocks race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from scenes.figures.walls.hall import BlockHall, Spot
from scenes.figures.walls.lane import Hinge, Lane
from scenes.figures.walls.race import Clock
from scenes.figures.walls.wall import GREEN, PINK, SIDE, Flight, Wall, together
from scenes.figures.walls.words import Words, at, on_glass
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats, Pen
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import DARK, Theme
from scenes.kit.reading.lesson import Lesson, reached
from sim.records.record import PLAIN, RESIDUAL

NAME, RATIO, STEP, BLACK, GOAL = 92, 84, 64, 170, 44  # px
Line = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Where things stand in a format: walls, the five signs of the formula, the lane's ends; and in the race, the two
    walls, their names and numbers, the clock and its radius in widths of the view. ``lamp`` is how wide one looks at F,
    in its sides."""

    x: Spot
    f: Spot
    h: Spot
    signs: tuple[Line, ...]
    lane: tuple[Line, Line]
    lamp: float
    sides: tuple[Line, Line]
    racers: tuple[Spot, Spot]
    names: tuple[Line, Line]
    numbers: tuple[Line, Line]
    clock: tuple[float, float, float]
    goal: Line


PLANS = {
    "16:9": Plan(
        x=(-3.85, 2.5, 0.0, 2.75, 0.0),
        f=(-0.2, 2.5, 0.35, 2.75, 0.0),
        h=(3.75, 2.5, 0.2, 2.75, -0.12),
        signs=((-3.85, 0.33), (-2.05, 0.33), (-0.2, 0.33), (1.75, 0.33), (3.75, 0.33)),
        lane=((-6.4, 4.35), (1.35, 4.35)),
        lamp=2.3,
        sides=((-0.37, 0.0), (0.37, 0.0)),
        racers=((-3.3, 2.62, 0.0, 2.9, 0.0), (3.3, 2.62, 0.0, 2.9, 0.0)),
        names=((-3.3, 4.35), (3.3, 4.35)),
        numbers=((-3.3, 0.35), (3.3, 0.35)),
        clock=(0.0, 2.7, 0.094),
        goal=(0.0, 0.95),
    ),
    "1:1": Plan(
        x=(-2.7, 3.7, 0.0, 2.3, 0.0),
        f=(0.0, 3.7, 0.3, 2.3, 0.0),
        h=(2.7, 3.7, 0.0, 2.3, 0.0),
        signs=((-2.7, 1.6), (-1.35, 1.6), (0.0, 1.6), (1.25, 1.6), (2.7, 1.6)),
        lane=((-4.8, 5.5), (1.2, 5.5)),
        lamp=1.75,
        sides=((-0.26, 0.42), (0.26, 0.42)),
        racers=((-2.35, 3.75, 0.0, 2.7, 0.0), (2.35, 3.75, 0.0, 2.7, 0.0)),
        names=((-2.35, 5.4), (2.35, 5.4)),
        numbers=((-2.35, 1.5), (2.35, 1.5)),
        clock=(0.0, 3.75, 0.094),
        goal=(0.0, 0.65),
    ),
    "9:16": Plan(
        x=(0.35, 7.75, 0.0, 2.3, 0.0),
        f=(0.35, 5.05, 0.2, 2.3, 0.0),
        h=(0.35, 2.35, 0.0, 2.3, 0.0),
        signs=((-1.75, 7.6), (-1.75, 6.3), (-1.75, 4.9), (-1.75, 3.6), (-1.75, 2.2)),
        lane=((1.95, 10.2), (1.95, 4.0)),
        lamp=1.3,
        sides=((-0.24, 0.36), (0.24, 0.36)),
        racers=((0.0, 7.2, 0.0, 2.6, 0.0), (0.0, 2.75, 0.0, 2.6, 0.0)),
        names=((0.0, 8.72), (-1.85, 4.3)),
        numbers=((-1.7, 5.45), (0.0, 0.7)),
        clock=(0.0, 4.98, 0.088),
        goal=(1.75, 4.3),
    ),
}


class ResidualHall(BlockHall):
    """The hall of the residual block, and beside it, in the race, the plain one's wall. ``rounded`` is the formula of
    a block with an activation after its sum, or empty. ``arrivals`` is what is said of each side that has arrived."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        numbers: Numbers,
        lesson: Lesson,
        words: Mapping[str, str],
        rounded: str,
        arrivals: Sequence[str],
    ) -> None:
        super().__init__(stage, theme, numbers, lesson, words, theme.skip)
        self.arrivals = arrivals
        self.plan = plan = PLANS[stage.aspect]
        room = self.room
        self.f = self.wall(plan.f, self.branch, PINK, theme.branch)
        self.h = self.wall(plan.h, self.arrived, GREEN, theme.data, shine=self.mixed)
        self.plain = self.wall(plan.racers[0], partial(self.image, lesson.output, PLAIN), PINK, theme.branch)
        self.plain.shown = 0.0
        sum_here = Wall(room, plan.f[:3], plan.f[3], self.made, GREEN, shine=self.whole)
        sum_here.shown = 0.0  # where panes set out
        self.x = self.wall(plan.x, self.given, GREEN, theme.skip, glass=True)
        room.lamps.insert(0, self.x.back)
        (x0, y0), (x1, y1) = plan.lane
        self.lane = Lane(room, (x0, y0, 0.0), (x1, y1, 0.0), self.x)
        self.leave = Flight(room, sum_here, self.h, None)
        self.signs = [
            Words(room, partial(str, sign), at(*spot), NAME * (1.0 if stage.wide else 0.85), tone, plate=0.45)
            for sign, spot, tone in zip(
                ("x", "+", "F(x)", "=", "H(x)"), plan.signs, (theme.skip, "", theme.branch, "", theme.data), strict=True
            )
        ]
        self.after = Words(room, partial(str, rounded), on_glass(room, 0.0, 0.4 if stage.wide else 0.3), NAME * 0.6)
        (across, up), (over, high) = plan.sides
        below = 0.09 if stage.wide else 0.045
        self.ratio = Words(room, self.ratio_words, on_glass(room, across, up), RATIO, theme.branch)
        self.of_x = Words(room, partial(str, words["of_x"]), on_glass(room, across, up - below), GOAL, theme.muted)
        self.count = Words(room, lambda: f"{words['step']} {int(self.step + 1e-6)}", on_glass(room, over, high), STEP)
        self.hinge = Hinge(room, self.f)
        tone = DARK.branch if theme.opacity == 1 else theme.branch  # on black, or on what a slide has behind it
        self.dark = Words(room, lambda: "F(x) = 0", on_glass(room, 0.0, 0.04), BLACK, tone, plate=0.0)
        self.enter_race()

    def enter_race(self) -> None:
        """Names, numbers and the clock; they are seen when the race is on."""
        room, plan, theme, words = self.room, self.plan, self.theme, self.words
        self.done = [reached(error) for error in self.error]
        tones = (theme.branch, theme.skip)
        self.names = [
            Words(room, partial(str, words[key]), at(*spot), STEP, theme.muted)
            for key, spot in zip(("plain", "residual"), plan.names, strict=True)
        ]
        self.scores = [
            Words(room, partial(self.score, side), at(*spot), RATIO * (1.0 if self.stage.wide else 0.7), tones[side])
            for side, spot in enumerate(plan.numbers)
        ]
        x, y, radius = plan.clock
        steps = self.lesson.steps
        self.clock = Clock(room, steps, (self.done[0], self.done[1]), tones, words["step"], at(x, y), radius)
        self.goal = Words(room, partial(str, words["goal"]), at(*plan.goal), GOAL)
        room.lamps.append(self.mistakes)

    # what walls show

    def given(self) -> Floats:
        return self.image(self.lesson.given, RESIDUAL)

    def branch(self) -> Floats:
        return self.image(self.lesson.branch, RESIDUAL)

    def made(self) -> Floats:
        return self.image(self.lesson.output, RESIDUAL)

    def arrived(self) -> Floats:
        return np.where(self.leave.landed(), self.made(), 0.0)

    def whole(self) -> Floats:
        """The light of H: that of x and that of F, one on the other; cut where the block cuts its sum."""
        seen = together(self.given(), self.branch())
        return np.where((np.nan_to_num(self.made()) > 0)[..., None], seen, 0.0)

    def mixed(self) -> Floats:
        return np.where(self.leave.landed()[..., None], self.whole(), 0.0)

    # what words say

    def ratio_words(self) -> str:
        """How large F is beside x, in the median over seeds."""
        ratio = np.where(np.isnan(self.lesson.ratio[RESIDUAL]), np.inf, self.lesson.ratio[RESIDUAL])
        value = float(np.median(ratio[:, int(self.step + 1e-6)]))
        return self.share(value)

    def score(self, side: int) -> str:
        """The error of a racer, or when it arrived, once it has."""
        done = self.done[side]
        if done is not None and self.step >= done:
            return self.arrivals[side]
        return f"{self.words['error']} {self.percent(side)}"

    def last(self) -> int:
        """The step at which the race is over: both have arrived, or training ends."""
        return max(self.lesson.steps if done is None else done for done in self.done)

    # gestures of the race

    def lamp_view(self) -> View:
        """F, as large as the frame."""
        wide = self.plan.lamp * self.f.side
        return View(self.f.x, self.f.y - 0.055 * wide * self.room.tall, wide)

    def mistakes(self, pen: Pen, view: View) -> None:
        """A disc on every pane that is wrong, its area the squared error there; all discs together are the error."""
        shown = self.clock.shown
        if shown <= 0.01:
            return
        for side, wall in ((PLAIN, self.plain), (RESIDUAL, self.h)):
            away = np.nan_to_num(np.abs(self.image(self.lesson.output, side) - self.lesson.image))
            cell = wall.side / SIDE * self.room.scale(wall.z, view)
            for i, j in np.argwhere(away > 0.03):
                x, y = wall.corner((j + 0.5) / SIDE, 1 - (i + 0.5) / SIDE, view)
                radius = 0.56 * cell * min(0.8, float(away[i, j]))
                pen.circle(x, y, radius).fill(self.theme.danger, shown)
                pen.circle(x, y, radius).stroke("#1A0805", min(pen.px(3), radius / 3), shown)
