"""PlainBlock: x and H(x) face each other, two layers stand between them, and what differs burns above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from scenes.figures.walls.hall import BlockHall, Spot
from scenes.figures.walls.machine import Cabinet
from scenes.figures.walls.sweep import Sweep
from scenes.figures.walls.wall import EMBER, PINK, WHITE, Flight, Wall
from scenes.figures.walls.words import Place, Words, at
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.reading.lesson import ENOUGH, Lesson
from sim.records.record import PLAIN

NAME, NUMBER, STEP = 92, 96, 68  # px


@dataclass(frozen=True)
class Plan:
    """Where things stand in a format: walls, the first cabinet and its side, lines of words, the chart's box."""

    x: Spot
    h: Spot
    miss: Spot
    cabinet: tuple[float, float, float]
    names: float
    number: tuple[float, float]
    step: float
    chart: tuple[float, float, float, float]


PLANS = {
    "16:9": Plan(
        x=(-3.85, 2.45, 0.9, 3.0, 0.5),
        h=(3.85, 2.45, 0.9, 3.0, -0.5),
        miss=(0.0, 3.35, 0.4, 2.35, 0.0),
        cabinet=(0.78, 0.92, 1.12),
        names=0.28,
        number=(0.0, 1.68),
        step=4.75,
        chart=(-3.6, 0.85, 4.6, 4.0),
    ),
    "1:1": Plan(
        x=(-2.05, 4.75, 0.3, 2.9, 0.3),
        h=(2.05, 4.75, 0.3, 2.9, -0.3),
        miss=(0.0, 1.32, 0.0, 1.9, 0.0),
        cabinet=(2.45, 1.5, 1.35),
        names=2.72,
        number=(0.0, 2.45),
        step=6.45,
        chart=(-2.3, 1.0, 3.3, 5.2),
    ),
    "9:16": Plan(
        x=(-1.5, 7.2, 0.2, 2.5, 0.25),
        h=(1.5, 7.2, 0.2, 2.5, -0.25),
        miss=(0.0, 3.95, 0.0, 2.75, 0.0),
        cabinet=(0.8, 1.3, 1.0),
        names=5.48,
        number=(0.0, 2.05),
        step=8.85,
        chart=(-1.7, 1.4, 2.5, 6.8),
    ),
}


class PlainHall(BlockHall):
    """The hall of the plain block. ``layers`` are the names of its two layers."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        numbers: Numbers,
        lesson: Lesson,
        words: Mapping[str, str],
        layers: Sequence[str],
    ) -> None:
        super().__init__(stage, theme, numbers, lesson, words, theme.branch)
        self.plan = plan = PLANS[stage.aspect]
        room = self.room
        self.x = self.wall(plan.x, lambda: lesson.image, WHITE, theme.data)
        self.h = self.wall(plan.h, self.arrived, PINK, theme.branch)
        self.miss = self.wall(plan.miss, self.missed, EMBER, theme.danger)
        self.miss.shown = 0.0
        self.cabinets = self.machines(layers)
        made = Wall(room, plan.h[:3], plan.h[3], self.made, PINK, turned=plan.h[4])
        made.shown = 0.0  # where panes fly to
        self.through = Flight(room, self.x, made, self.cabinets[0].door)
        self.meet = [Flight(room, wall, self.miss, None) for wall in (self.x, self.h)]
        large = 1.0 if stage.wide else 0.75
        self.called = [
            Words(room, partial(str, word), self.under(wall), NAME * large, tone)
            for word, wall, tone in ((words["x"], self.x, theme.data), ("H(x)", self.h, theme.branch))
        ]
        self.count = Words(room, lambda: f"{words['step']} {int(self.step + 1e-6)}", at(0.0, plan.step), STEP)
        self.wrong = Words(
            room, lambda: f"{words['error']} {self.percent(PLAIN)}", at(*plan.number), NUMBER * large, theme.danger
        )
        self.sweep = Sweep(
            room,
            self.error[PLAIN],
            plan.chart,
            self.miss,
            ENOUGH,
            numbers,
            lambda step: f"{words['step']} {step}",
        )

    def machines(self, layers: Sequence[str]) -> list[Cabinet]:
        across, up, side = self.plan.cabinet
        kernel = self.lesson.kernel[PLAIN]
        known = np.abs(kernel[np.isfinite(kernel)])
        most = float(known.max(initial=1e-9))

        def weights(layer: int) -> Floats:
            return np.asarray(kernel[layer, :, int(self.step + 1e-6)])

        return [
            Cabinet(self.room, (x, up, 0.0), side, partial(weights, k), most, [name])
            for k, (x, name) in enumerate(zip((-across, across), layers, strict=True))
        ]

    def under(self, wall: Wall) -> Place:
        names = self.plan.names

        def place(view: View) -> tuple[float, float]:
            return self.room.at((wall.x, names, wall.z), view)

        return place

    def made(self) -> Floats:
        """What the block makes of x now."""
        return self.image(self.lesson.output, PLAIN)

    def arrived(self) -> Floats:
        """What of it has arrived on its wall."""
        return np.where(self.through.landed(), self.made(), 0.0)

    def missed(self) -> Floats:
        return np.abs(self.made() - self.lesson.image)
