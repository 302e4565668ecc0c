"""PlainRoad and Shortcuts: the road with its tolls, and the overpasses built over them.

Part B of the lecture note as a measurement. By day a lorry carries a digit to the right, and each hall makes of it what
the block really does; by night lights bring the gradient back, and every hall lets through the measured share.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import rate_functions

from scenes.figures.valley.plain import FOLLOWED, PlainFigure
from scenes.trip import Trip
from scenes.kit.drawing import signal
from scenes.kit.drawing.camera import View
from sim.records.record import PLAIN

linear, smooth = rate_functions.linear, rate_functions.smooth
verdict = signal.verdict


def of_signal(word: str) -> Any:
    """The claim that the plain network's signal comes to that."""
    return lambda trip: verdict(trip.end(PLAIN)) == word


WHAT_BECOMES = {word: of_signal(word) for word in ("vanishes", "fades", "arrives", "grows", "explodes", "zero", "lost")}


class PlainRoad(Trip):
    """Storyboard chapter 4: one long road, where every toll changes the cargo and multiplies the signal."""

    claims: ClassVar = {
        "drive": {"sim": lambda trip: trip.net is not None, "own": lambda trip: trip.net is None},
        "arrived": {
            "any": lambda trip: trip.forgets(PLAIN),
            "alike": lambda trip: trip.word(PLAIN) == "alike",
            "changed": lambda trip: trip.word(PLAIN) == "changed",
            "unlike": lambda trip: trip.word(PLAIN) == "unlike",
            "gone": lambda trip: trip.word(PLAIN) == "gone",
            "read": lambda trip: trip.read(PLAIN) >= 0.5,
            "unread": lambda trip: trip.read(PLAIN) < 0.5,
        },
        "back": WHAT_BECOMES,
        "count": WHAT_BECOMES,
        "first": {word: lambda trip, w=word: verdict(trip.weights(PLAIN)) == w for word in WHAT_BECOMES},
        "strong": {word: lambda trip, w=word: verdict(trip.strong_end(PLAIN)) == w for word in WHAT_BECOMES},
        "lesson": {"many": lambda trip: trip.depth > 1, "one": lambda trip: trip.depth == 1},
    }

    def construct(self) -> None:
        self.facts = self
        self.figure = PlainFigure(
            self.stage,
            self.theme,
            self.names(),
            self.numbers,
            self.log10(PLAIN),
            self.load(PLAIN),
            self.shown,
            self.words(),
        )
        self.enter(self.figure.valley)
        self.day()
        self.night()
        self.larger()

    def day(self) -> None:
        """The lorry drives up to the first hall and through it; then one sees what became of its cargo at every hall."""
        figure, valley, convoy = self.figure, self.figure.valley, self.figure.convoy
        convoy.hero = convoy.start(24.0)
        valley.shot = valley.follow(valley.land.lane, lambda: convoy.hero)
        valley.halls.hero = convoy.hero

        def drive(to: float, seconds: float, rate: Any = linear) -> list[Any]:
            return [valley.turn(part, seconds=seconds, hero=to).set_rate_func(rate) for part in (convoy, valley.halls)]

        with self.beat("road"):
            self.play(*drive(convoy.start(8.0), 4.6))
        with self.beat("drive", digit=self.digit) as beat:
            self.play(*drive(convoy.start(3.2), 2.4, rate_functions.ease_out_sine))
            self.play(valley.turn(valley.halls, seconds=1.0, go=1.0))
            beat.cue(1)
            near = valley.follow(valley.land.lane, lambda: convoy.hero, 9.0, up=2.5)
            self.play(*drive(convoy.behind(1), 3.6, smooth), self.camera_to(near, run_time=3.6))
        with self.beat("arrived", **self.arrived(PLAIN)) as beat:
            far = min(float(convoy.stops[1]) - 2.0, convoy.behind(1) + 7.0)
            self.play(
                *drive(far, 4.2, smooth),
                valley.turn(convoy, seconds=4.2, others=1.0),
                self.camera_to(valley.wide(), run_time=4.2),
            )
            beat.cue(1)
            self.play(valley.turn(convoy, seconds=2.2, row=1.0))

    def night(self) -> None:
        """Night falls; one follows the gradient until it is gone; the road becomes the chart."""
        figure, valley = self.figure, self.figure.valley
        river, land = figure.river, figure.valley.land
        river.front = figure.loss()
        depth = land.depth
        with self.beat("night") as beat:
            gone = [valley.turn(figure.convoy, seconds=1.2, shown=0.0)] if figure.convoy else []
            self.play(valley.turn(valley.night, seconds=2.4, dusk=1.0), *gone)
            beat.cue(1)
            self.play(self.camera_to(figure.fleet(), run_time=2.6))
        with self.beat("back", **self.told(PLAIN)):
            halls = min(FOLLOWED, depth)
            way = river.front - figure.behind(halls)
            self.play(
                valley.turn(figure.counter, seconds=0.6, shown=1.0),
                valley.turn(river, seconds=way / 12.0, front=figure.behind(halls)).set_rate_func(linear),
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
        if self.net is not None and self.strong_matters:
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
