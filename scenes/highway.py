"""PlainRoad and Shortcuts: the road with its tolls, and the overpasses built over them.

Part B of the lecture note as a measurement. By day a lorry carries a digit to the right, and each hall makes of it what
the block really does; by night lights bring the gradient back, and every hall lets through the measured share.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np
from manim import rate_functions

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.plain import FOLLOWED, PlainFigure
from scenes.figures.valley.sum import SumAtJunction
from scenes.kit.claims import roads
from scenes.kit.claims.chapters import PLAIN_ROAD, SHORTCUTS
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.split import Split
from scenes.kit.telling.network import beta_of
from scenes.trip import Trip
from sim.records.record import PLAIN, RESIDUAL

BOTH = 30.0  # world units: how high the frame is, at least, in which both roads are seen
linear, smooth = rate_functions.linear, rate_functions.smooth


class PlainRoad(Trip):
    """Storyboard chapter 4: one long road, where every toll changes the cargo and multiplies the signal."""

    claims = PLAIN_ROAD
    poster = "count"

    def construct(self) -> None:
        self.figure = PlainFigure(
            self.stage,
            self.theme,
            self.names(),
            self.agreed,
            self.log10(PLAIN),
            self.load(PLAIN),
            self.shown,
            self.words(),
        )
        self.name_halls(self.figure.valley)
        self.enter(self.figure.valley)
        self.day()
        self.night()
        self.larger()

    def day(self) -> None:
        """The lorry drives up to the first hall and through it; then one sees what became of its cargo at every
        hall."""
        valley, convoy = self.figure.valley, self.figure.convoy
        convoy.hero = convoy.start(24.0)
        valley.shot = valley.follow(valley.land.lane, lambda: convoy.hero)
        valley.halls.hero = convoy.hero

        def drive(to: float, seconds: float, rate: Any = linear) -> list[Any]:
            return [valley.turn(part, seconds=seconds, hero=to).set_rate_func(rate) for part in (convoy, valley.halls)]

        with self.beat("road"):
            self.play(*drive(convoy.start(8.0), 4.6))
        with self.beat("drive", **self.drawn()) as beat:
            self.play(*drive(convoy.start(3.2), 2.4, rate_functions.ease_out_sine))
            self.play(valley.turn(valley.halls, seconds=1.0, go=1.0))
            beat.cue(1)
            near = valley.follow(valley.land.lane, lambda: convoy.hero, 9.0, up=3.0)
            self.play(*drive(convoy.behind(1), 3.6, smooth), self.camera_to(near, run_time=3.6))
        with self.beat("arrived", **self.arrived(PLAIN)) if self.net is not None else nullcontext() as said:
            far = min(float(convoy.stops[1]) - 2.0, convoy.behind(1) + 7.0)
            self.play(
                *drive(far, 4.2, smooth),
                valley.turn(convoy, seconds=4.2, others=1.0),
                self.camera_to(valley.wide(), run_time=4.2),
            )
            if said is not None:
                said.cue(1)
                self.play(valley.turn(convoy, seconds=2.2, row=1.0))

    def night(self) -> None:
        """Night falls; one follows the gradient until it is gone; the road becomes the chart."""
        figure, valley = self.figure, self.figure.valley
        river, land = figure.river, figure.valley.land
        river.front = figure.loss()
        depth = land.depth
        with self.beat("night") as beat:
            gone = valley.turn(figure.convoy, seconds=1.2, shown=0.0)
            self.play(valley.turn(valley.night, seconds=2.4, dusk=1.0), gone)
            beat.cue(1)
            self.play(self.camera_to(figure.fleet(), run_time=2.6))
        with self.beat("back", **self.told(PLAIN)):
            halls = min(FOLLOWED, depth)
            way = river.front - figure.behind(halls)
            self.play(
                valley.turn(figure.counter, seconds=0.6, shown=1.0),
                valley.turn(river, seconds=way / 14.0, front=figure.behind(halls)).set_rate_func(linear),
            )
        with self.beat("count", **self.told(PLAIN)):
            self.play(
                valley.turn(river, seconds=3.4, front=figure.behind(depth + 1)).set_rate_func(smooth),
                self.camera_to(valley.wide(), run_time=3.4),
            )
            self.play(
                valley.turn(figure.columns, seconds=2.6, raised=1.0).set_rate_func(linear),
                valley.turn(figure.counter, seconds=0.8, shown=0.0),
            )
        with self.beat("first", **self.told(PLAIN)):
            self.play(self.camera_to(self.first_halls(), run_time=2.2))

    def first_halls(self) -> View:
        """The left end of the road, where the columns are lowest or highest."""
        valley = self.figure.valley
        width = min(valley.wide().width, valley.breadth(44.0))
        return View(width / 2 - 9.0, 0.16 * width * valley.tall, width)

    def larger(self) -> None:
        """The same weights, larger; and what is to be remembered."""
        figure, valley = self.figure, self.figure.valley
        if self.strong_matters:
            with self.beat("strong", **self.told_strong(PLAIN)):
                figure.river.front = figure.loss()
                figure.river.log10 = self.strong_log10(PLAIN)
                self.play(
                    self.camera_to(valley.wide(), run_time=1.6), valley.turn(figure.columns, seconds=1.2, shown=0.35)
                )
                self.play(
                    valley.turn(figure.river, seconds=3.6, front=figure.behind(valley.land.depth + 1)).set_rate_func(
                        linear
                    ),
                    valley.turn(figure.columns, seconds=3.6, log10=self.strong_log10(PLAIN), shown=1.0),
                )
        with self.beat("lesson"):
            self.play(
                self.camera_to(valley.stretch((self.depth + 1) // 2, 4.0), run_time=3.4),
                valley.turn(figure.columns, seconds=1.5, shown=0.0),
            )


class Shortcuts(Trip):
    """Storyboard chapter 5: the same road and weights, with an overpass over every toll."""

    claims = SHORTCUTS
    poster = "counted"

    def construct(self) -> None:
        arguments = self.stage, self.theme, self.names(), self.agreed
        lacks = frozenset(int(block) + 1 for block in np.flatnonzero(~self.journey.bridged))
        self.figure = BridgedFigure(*arguments, self.log10(RESIDUAL), self.share(), self.shown, self.words(), lacks)
        self.other = PlainFigure(*arguments, self.log10(PLAIN), None, self.shown, self.words())
        self.name_halls(self.figure.valley, self.other.valley)
        self.split = Split(self.other.valley, self.figure.valley)
        valley = self.figure.valley
        valley.shot = lambda: valley.stretch(min(2, self.depth), 4.0)
        self.enter(self.split)
        with self.beat("raise", beta=beta_of(self.journey.record, self.numbers)):
            self.play(
                valley.turn(valley.deck, seconds=4.4, built=1.0).set_rate_func(linear),
                self.camera_to(valley.stretch(1, 2.4), run_time=4.4),
            )
        valley.deck.built = 1.0
        if self.net is not None:
            self.day()
        self.back()
        self.compare()

    def day(self) -> None:
        """Over the deck nothing changes; where the toll adds something, road and shortcut join in a sum."""
        figure, valley = self.figure, self.figure.valley
        idle, below = figure.convoy(self.load(RESIDUAL, idle=True), True), figure.convoy(self.load(PLAIN), False)
        idle.hero, below.hero = idle.start(0), float(below.stops[0])
        idle.shown = below.shown = 0.0
        with self.beat("quiet", **self.arrived(RESIDUAL, idle=True)):
            self.play(
                *(valley.turn(one, seconds=0.5, shown=1.0) for one in (idle, below)),
                self.camera_to(figure.ride(idle), run_time=1.4),
            )
            way = min(26.0, float(idle.stops[-1]) - 2.0 - idle.hero)
            self.play(
                *(valley.turn(one, seconds=5.4, hero=one.hero + way).set_rate_func(linear) for one in (idle, below))
            )
        with self.beat("untouched", **self.arrived(RESIDUAL, idle=True)):
            self.play(
                self.camera_to(valley.wide(), run_time=3.0),
                valley.turn(idle, seconds=3.0, hero=float(idle.stops[1]) + 1.5, others=1.0),
                valley.turn(below, seconds=0.8, shown=0.0),
            )
            self.play(valley.turn(idle, seconds=1.8, row=1.0))
        self.sums(idle)

    def sums(self, idle: Any) -> None:
        figure, valley = self.figure, self.figure.valley
        ratio = np.nan_to_num(self.journey.ratio, nan=0.0, posinf=0.0)
        block = int(np.argmax(ratio)) + 1  # where the toll adds most
        names = ("x", self.branch(), self.total())
        meeting = SumAtJunction(valley, block, self.summands(block), names)
        with self.beat("sum", branch=self.added()):
            self.play(
                self.camera_to(meeting.view(), run_time=2.4),
                valley.turn(idle, seconds=0.8, shown=0.0),
                valley.turn(valley.junctions, seconds=2.4, shown=1.0),
                valley.turn(meeting, seconds=0.6, shown=1.0),
            )
            self.play(valley.turn(meeting, seconds=3.4, met=1.0).set_rate_func(linear))
        convoy = figure.convoy(self.load(RESIDUAL), True)
        convoy.hero, convoy.shown, convoy.others = float(convoy.stops[1]) + 1.5, 0.0, 1.0
        with self.beat("joined", **self.arrived(RESIDUAL)):
            self.play(
                self.camera_to(valley.wide(), run_time=2.8),
                valley.turn(meeting, seconds=0.8, shown=0.0),
                valley.turn(convoy, seconds=1.6, shown=1.0),
            )
            self.play(valley.turn(convoy, seconds=2.0, row=1.0))
        self.convoy = convoy

    def back(self) -> None:
        """The gradient at night: at every sum it forks, and meets again before the next."""
        figure, valley = self.figure, self.figure.valley
        high, low = figure.high, figure.low
        low.front = float(low.stops[-1]) + 12.0
        high.front = high.way.length
        gone = [valley.turn(self.convoy, seconds=1.0, shown=0.0)] if self.net is not None else []
        with self.beat("fork", share=self.percents(self.copied(), self.copied_digits())):
            self.play(
                valley.turn(valley.night, seconds=1.8, dusk=1.0),
                valley.turn(valley.junctions, seconds=1.0, shown=1.0),
                self.camera_to(valley.close(valley.land.end - 2.0, 0.0, 17.0), run_time=2.2),
                *gone,
            )
            self.play(valley.turn(low, seconds=1.2, front=float(low.stops[-1])).set_rate_func(linear))
            way = min(2.2 * valley.pitch, high.front)
            self.play(
                *(
                    valley.turn(river, seconds=4.0, front=river.front - way).set_rate_func(linear)
                    for river in (high, low)
                ),
                self.camera_to(figure.ride_home(), run_time=4.0),
            )
        with self.beat("arrives", **self.told(RESIDUAL)):
            self.play(
                self.camera_to(valley.wide(), run_time=3.2),
                valley.turn(high, seconds=3.2, front=-1.0),
                valley.turn(low, seconds=3.2, front=0.0),
            )
            self.play(valley.turn(figure.columns, seconds=2.0, raised=1.0).set_rate_func(linear))

    def compare(self) -> None:
        """Both roads from the air, one above the other; then the large weights again."""
        figure, other, split = self.figure, self.other, self.split
        dark = other.valley
        dark.night.dusk = 1.0
        dark.shot = lambda: dark.wide(0.0, BOTH)
        other.river.front = 0.0
        place = (-0.36, 0.1) if self.stage.wide else (-0.26, 0.1)
        counters = [
            Counter(one.valley, partial(self.arriving, skip), self.narration.text(word), place, large=84)
            for one, skip, word in ((other, PLAIN, "plain"), (figure, RESIDUAL, "residual"))
        ]
        with self.beat("counted", plain=self.said(PLAIN), residual=self.said(RESIDUAL)):
            self.play(
                split.turn(split, seconds=1.8, share=1.0),
                self.camera_to(figure.valley.wide(-0.07, BOTH), run_time=1.8),
                split.turn(figure.columns, seconds=0.8, shown=0.0),
            )
            self.play(*(split.turn(counter, seconds=0.8, shown=1.0) for counter in counters))
        with self.beat("lesson", **(self.told_strong(RESIDUAL) if self.strong_matters else {})) as beat:
            self.play(*(split.turn(counter, seconds=0.8, shown=0.0) for counter in counters))
            beat.cue(1)
            if roads.explode_anyway(self.facts):
                rivers = (other.river, figure.high, figure.low)
                for river, skip in zip(rivers, (PLAIN, RESIDUAL, RESIDUAL), strict=True):
                    river.log10, river.front = self.strong_log10(skip), river.way.length
                self.play(*(split.turn(river, seconds=3.4, front=-1.0).set_rate_func(linear) for river in rivers))
