"""WaterPipes: the same measured signal once more, as water in a pipe under the road.

Part B of the lecture note has a second analogy, water: every block is a valve, every shortcut a bypass pipe. The ground
opens under the same halls; the jet is as wide as the gradient signal, linearly, and each way as wide as its share.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from manim import rate_functions

from scenes.figures.valley.halls import DEEP
from scenes.figures.valley.land import point
from scenes.figures.valley.valley import Valley
from scenes.figures.water.dials import Dials
from scenes.figures.water.ground import DEEP as BELOW
from scenes.figures.water.ground import DIAL, LEAST, TOP, Ground
from scenes.figures.water.pipeline import DROP, PIPE, Pipeline
from scenes.figures.water.tags import Heading, Tags
from scenes.kit.claims.chapters import WATER_PIPES
from scenes.kit.claims.signals import opposed
from scenes.kit.drawing.camera import View
from scenes.kit.reading.networks import journeys
from scenes.kit.telling.network import residual_name
from scenes.trip import Trip
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

linear = rate_functions.linear
NEAR, THREE = 14.6, 27.0  # widths of views: of a valve and a gauge, of three valves
HD = 1080  # px of the frame's short side, as pens count


class WaterPipes(Trip):
    """Storyboard chapter 6. Reads [highway], the network of the road, or draws a network of one's own."""

    lacks: ClassVar[str] = ""
    claims = WATER_PIPES
    poster: ClassVar[str] = "residual"

    def setup(self) -> None:
        highway = self.parameters("highway")
        (self.journey,) = journeys(self, [highway.only(Network)])[:1]
        self.net = highway if self.journey.net is not None else None
        self.depth = self.journey.depth
        self.facts = self.journey.record
        lacks = frozenset(int(block) + 1 for block in np.flatnonzero(~self.journey.bridged))
        self.valley = valley = Valley(self.theme, self.stage, self.depth, self.names(), lacks)
        valley.sway, valley.night.dusk, valley.deck.built, valley.halls.lit = 0.006, 1.0, 0.0, 0.9
        self.ground = Ground(valley)
        self.pipe = Pipeline(valley, self.journey.log10, self.journey.share, lacks)
        self.dials = Dials(valley, self.pipe, self.agreed)
        bridged = [block for block in range(1, self.depth + 1) if block not in lacks]
        self.block = (bridged or [self.depth])[-1]  # the bypass that is looked at
        share = float(self.journey.share[self.block - 1])
        keys = {"share": self.numbers.percents(share), "rest": self.numbers.percents(1 - share, 1)}
        words = tuple(self.narration.text(key, **keys) for key in ("bypass", "valve"))
        self.heading = Heading(valley, residual_name(self.journey.record, self.narration))
        self.tags = Tags(valley, self.block, words if np.isfinite(share) else ("", ""))

    def construct(self) -> None:
        valley = self.valley
        valley.shot = self.at_hall
        self.enter(valley)
        self.open_ground()
        self.let_flow()
        self.bypasses()
        self.shares()

    # shots

    def at_hall(self) -> View:
        """The last hall before the loss, from near, and the ground before it."""
        u, v = self.valley.land.hall(self.depth)
        x, y = point(u, v - DEEP, 1.0)
        wide = self.valley.breadth(11.0)
        return View(x, y, wide)

    def near(self, state: int, width: float = NEAR, down: float = 4.4) -> View:
        """One gauge and the valve before it, as one looks back from the loss."""
        wide = self.valley.breadth(width)
        down *= self.scale_at(wide)
        return View(float(self.valley.land.states[state]) + 2.3, TOP - down - 0.065 * wide * self.valley.tall, wide)

    def scale_at(self, wide: float) -> float:
        """How much larger than from near things are in a view."""
        return max(1.0, LEAST * wide / (HD * self.stage.width / 8.0) / DIAL)

    def field(self, times: float = 1.0) -> View:
        """All halls, and under them all that lies in the ground."""
        valley = self.valley
        wide = valley.wide().width * times
        high = wide * valley.tall
        low, top = TOP - BELOW * self.scale_at(wide), 8.5
        return View(valley.land.end / 2, (low + top) / 2 - 0.05 * high, wide)

    # the story

    def open_ground(self) -> None:
        """One goes down, and the ground opens: a valve under the hall, and a gauge."""
        valley = self.valley
        with self.beat("pipe", source=self.narration.text(f"source.{self.journey.source}")):
            between = View(float(valley.land.halls[-1]), TOP + 1.0, valley.breadth(20.0))
            self.play(self.camera_to(between, run_time=2.0), valley.turn(self.ground, seconds=2.4, opened=1.0))
            self.play(self.camera_to(self.near(self.depth - 1), run_time=2.0))
        with self.beat("gauges"):
            land = valley.land
            self.pipe.front = land.end + 8.0
            self.play(
                valley.turn(self.pipe, seconds=3.2, front=float(land.states[self.depth - 1]) - 2.0).set_rate_func(
                    linear
                ),
                self.camera_to(self.near(self.depth - 1, 13.2), run_time=3.2),
            )

    def let_flow(self) -> None:
        """Valve after valve; then the field of gauges."""
        valley, land = self.valley, self.valley.land
        with self.beat("plain", **self.pressure(PLAIN)):
            few = max(0, self.depth - 3)
            wide = valley.breadth(THREE)
            view = self.near(few, THREE, PIPE - 1.9)
            three = View(float(land.states[few]) + min(3, self.depth) * valley.pitch / 2, view.y, wide)
            self.play(
                valley.turn(self.pipe, seconds=3.0, front=float(land.states[few]) - 3.0).set_rate_func(linear),
                self.camera_to(three, run_time=2.4),
            )
            self.play(
                valley.turn(self.pipe, seconds=3.0, front=-14.0).set_rate_func(linear),
                self.camera_to(self.field(), run_time=2.6),
            )

    def bypasses(self) -> None:
        """Bypasses are laid, one after the other from the loss; needles rise in a wave."""
        valley = self.valley
        with self.beat("bypass", count=int(self.journey.bridged.sum()), depth=self.depth):
            self.play(self.camera_to(self.near(self.block - 1, 22.0, 6.0), run_time=2.0))
            self.play(
                valley.turn(self.pipe, seconds=3.0, laid=1.0).set_rate_func(linear),
                self.camera_to(self.field(), run_time=3.0),
            )
        self.pipe.laid = 1.0
        with self.beat("residual", **self.pressure(RESIDUAL)):
            self.play(
                valley.turn(self.pipe, seconds=3.6, wave=1.0).set_rate_func(linear),
                valley.turn(self.heading, seconds=1.2, shown=1.0),
                self.camera_to(self.field(0.94), run_time=3.6),
            )

    def shares(self) -> None:
        """How much came each way; and what the picture of water does not show."""
        valley = self.valley
        near = self.near(self.block - 1, 19.0, PIPE + 0.2 * DROP)
        centre = View(float(valley.land.halls[self.block - 1]), near.y, near.width)
        with self.beat("shares", **self.sharing()):
            self.play(self.camera_to(centre, run_time=2.2), valley.turn(self.heading, seconds=0.6, shown=0.0))
            self.play(valley.turn(self.tags, seconds=0.7, shown=1.0))
        with self.beat("sum"):
            self.play(valley.turn(self.tags, seconds=0.8, shown=0.0), self.camera_to(self.field(1.04), run_time=3.6))

    # words

    def pressure(self, skip: int) -> dict[str, str]:
        """The pressure at the input, or why there is none."""
        return self.told(skip)

    def sharing(self) -> dict[str, object]:
        known = self.journey.share[self.journey.bridged]
        return {"share": self.percents(self.copied(), self.copied_digits()), "count": int(opposed(known).sum())}
