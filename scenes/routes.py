"""Routes: the product of the blocks' derivatives, multiplied out into routes, and what routes of each length carry.

(1 + F′)(1 + F′)… is a sum of 2, 4, 8 … 2^L products, one for every way back along the road of part B: at every crossing
one light takes both ways. Most routes pay many tolls; what the signal really took is measured (Veit et al. 2016 took
such sums apart first).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, rate_functions

from scenes.figures.routes.bricks import Bricks
from scenes.figures.routes.factors import Factors
from scenes.figures.routes.hill import Hill
from scenes.figures.routes.sign import Sign
from scenes.figures.routes.traces import Traces
from scenes.figures.routes.words import HillWords
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.land import PITCH, middle, point
from scenes.figures.valley.valley import Valley
from scenes.kit.claims import sums
from scenes.kit.claims.chapters import ROUTES
from scenes.kit.claims.signals import activated, form
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers, power, raised
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.reading.agreement import digits_of
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import layers

linear = rate_functions.linear
SHOWN = 3  # blocks whose routes are followed one by one
SEEN = 30  # blocks that one sees from the air; the road of a deeper network goes on beyond the frame
LEAST = 130.0  # world units that one sees from the air, at least
ROOM = (-0.33, 0.23)  # from where to where of the frame's height the road is, when words stand over it
# the number of routes: its place on the glass, and its size in px at full HD
COUNTER = {"16:9": ((-0.345, 0.31), 88), "1:1": ((-0.31, 0.33), 62), "9:16": ((0.0, 0.3), 88)}
BOX = {True: (-0.44, -0.17, 0.44, 0.24), False: (-0.43, -0.17, 0.43, 0.2)}  # the hill's place on the glass


class Routes(Filmed):
    """Storyboard chapter 9. Reads [routes]."""

    lacks: ClassVar[str] = "it weighs every route by itself, which only the simulator can tell apart"
    claims = ROUTES
    drifts = 0.03
    poster: ClassVar[str] = "share"

    def setup(self) -> None:
        self.net = self.parameters("routes")
        (self.record,) = self.records("routes", [self.net])
        self.facts = self.record
        self.share = sums.shares(self.record)
        self.blocks = min(SHOWN, self.net.depth)
        self.lay_out()

    def construct(self) -> None:
        self.valley.shot = self.crossing
        self.enter(self.valley)
        self.multiply_out()
        self.count_routes()
        if len(self.share):
            self.measure()
        else:
            self.go_dark()

    # the story

    def multiply_out(self) -> None:
        """One light takes both ways, crossing after crossing; every doubling, one rises."""
        traces, turn = self.traces, self.valley.turn
        act = self.narration.text(f"network.{self.net.activation}") if activated(self.record) else ""
        with self.beat("start", act=act, source=self.narration.text(f"source.{self.net.cotangent}")):
            self.play(
                turn(traces, seconds=3.0, driven=0.0).set_rate_func(linear),
                self.camera_to(self.crossing(True), run_time=3.0),
                turn(self.factors, seconds=3.0, names=1.0).set_rate_func(linear),
            )
        for blocks in range(1, self.blocks + 1):
            with self.beat(f"routes_{2**blocks}"):
                self.play(
                    turn(traces, seconds=3.4, driven=float(blocks)).set_rate_func(linear),
                    turn(self.factors, seconds=2.4, shown=float(blocks)).set_rate_func(linear),
                    turn(self.counter, seconds=0.6, shown=1.0),
                    self.camera_to(self.over(blocks), run_time=3.2),
                )
                if blocks == self.blocks:
                    self.roll_up()

    def roll_up(self) -> None:
        """Every trace becomes a brick on those that pay as many tolls."""
        turn = self.valley.turn
        self.play(self.camera_to(self.below(), run_time=1.6), turn(self.factors, seconds=1.0, left=1.0))
        self.play(
            turn(self.bricks, seconds=1.2 + 0.35 * 2**self.blocks, rolled=1.0).set_rate_func(linear),
            turn(self.traces, seconds=1.5, faded=1.0),
        )

    def count_routes(self) -> None:
        """Light goes on through all blocks, and the routes become too many to be told apart: sand."""
        mean = self.numbers.decimal(self.means[1], 1)
        turn = self.valley.turn
        with self.beat("many", depth=self.net.depth, amount=self.amount(), mean=mean):
            self.play(
                self.camera_to(self.home, run_time=3.0),
                turn(self.traces, seconds=3.6, beyond=1.0).set_rate_func(linear),
                turn(self.hill, seconds=4.0, poured=1.0).set_rate_func(linear),
                turn(self.bricks, seconds=0.8, burst=1.0),
                turn(self.factors, seconds=0.6, told=0.0),
                turn(self.words, seconds=4.0, axis=1.0).set_rate_func(rate_functions.ease_in_quint),
            )
            self.play(turn(self.words, seconds=0.6, counted=1.0))

    def measure(self) -> None:
        """What routes of each length contribute."""
        turn, words = self.valley.turn, self.words
        with self.beat("share", mean=self.by_signal()) as beat:
            self.play(
                turn(self.hill, seconds=1.8, lit=1.0),
                self.camera_to(self.near(0.86), run_time=1.8),
                turn(self.counter, seconds=0.6, shown=0.0),
            )
            beat.cue(1)
            self.play(turn(self.hill, seconds=2.6, raised=1.0), self.camera_to(self.home, run_time=2.6))
            self.play(turn(words, seconds=0.5, signalled=1.0))
        with self.beat("highway", share=self.tollless()):
            self.play(
                self.camera_to(self.near(0.7), run_time=1.8),
                turn(self.hill, seconds=1.2, pointed=1.0),
                turn(words, seconds=1.4, pointed=1.0, counted=0.0, signalled=0.0),
            )
        with self.beat("lesson"):
            self.play(
                self.camera_to(self.home, run_time=2.6),
                turn(words, seconds=2.0, counted=1.0, signalled=1.0, pointed=0.0),
            )
            self.play(FadeIn(self.source, run_time=0.5))

    def go_dark(self) -> None:
        """No number, no light: the hill stands in the dark."""
        with self.beat("share"):
            self.play(self.valley.turn(self.hill, seconds=2.4, dark=1.0), self.camera_to(self.near(0.8), run_time=2.6))
        with self.beat("lesson"):
            self.play(self.camera_to(self.home, run_time=2.6))

    # where one looks

    def crossing(self, near: bool = False) -> View:
        """The last crossing before the loss, where the light comes from; ``near``, as large as the halls allow."""
        land = self.valley.land
        if near:
            view = self.fitted(1, 0.6, 4.6, (-0.33, 0.25 if self.stage.aspect == "9:16" else 0.42))
            return View(view.x + 0.06 * view.width, view.y, view.width)
        come = min(0.0, 0.6 * point(land.end, float(middle(land.end + PITCH / 2)))[1])
        view = self.fitted(1, 1.2 - come, 4.4, (-0.34, 0.33))
        return View(view.x + 0.08 * view.width, view.y, view.width)

    def over(self, blocks: int) -> View:
        """The last few blocks, with the halls and what stands on them, and room above."""
        return self.fitted(blocks, 1.6, 5.0, ROOM)

    def fitted(self, blocks: int, under: float, above: float, room: tuple[float, float]) -> View:
        """The last few blocks, from ``under`` the deck or the lowest hall to ``above`` the deck or the highest, in a
        part of the frame's height."""
        land, tall = self.valley.land, self.valley.tall
        levels = [point(*land.hall(land.depth - i))[1] for i in range(blocks)]
        low, top = min([*levels, 0.0]) - under, max([*levels, 0.0]) + above
        wide = max((top - low) / (room[1] - room[0]) / tall, PITCH * blocks + 4.0)
        return View(land.end - PITCH * blocks / 2, top - room[1] * wide * tall, wide)

    def below(self) -> View:
        """The same, low in the picture: bricks need room over it."""
        wide = max(self.valley.breadth(46.0 + 6.0 * self.blocks), PITCH * self.blocks + 6.0)
        return View(self.valley.land.end - PITCH * self.blocks / 2, 0.2 * wide * self.valley.tall, wide)

    def near(self, times: float) -> View:
        """The left foot of the hill, from nearer."""
        home, hill = self.home, self.hill
        wide, high = times * home.width, times * home.width * self.valley.tall
        return View(float(hill.x[0]) + 0.36 * wide, hill.base + 0.26 * high, wide)

    # words

    def by_signal(self) -> str:
        """Tolls paid on average by the signal that arrives, to the digits that seeds agree on."""
        return self.numbers.significant(self.means[0], digits_of(sums.lengths(self.record)))

    def tollless(self) -> str:
        """What the one route without a toll brings, in percent, to the same."""
        first = self.share[:, 0]
        return in_percent(float(first.mean()), self.numbers, digits_of(first))

    def amount(self) -> str:
        """The number of routes: 2³ = 8; 2²⁷, about 134 million; 2¹¹⁰, about 10³³."""
        total = float(self.record.count.sum())
        two = f"2{raised(self.net.depth)}"
        key = "exact" if total < 1e6 else "millions" if total < 1e9 else "power"
        return self.narration.text(f"amount.{key}", power=two, value=self.amount_of(total))

    def amount_of(self, total: float) -> str:
        """A number of routes: exact, in millions or as a power of ten."""
        if total < 1e6:
            return f"{total:.0f}"
        if total < 1e9:
            return f"{self.numbers.decimal(total / 1e6, 0)} {self.narration.text('millions')}"
        return power(round(float(np.log10(total))))

    def so_many(self) -> str:
        """How many routes there are so far: twice as many with every block that light has come through."""
        more = self.traces.beyond * (self.net.depth - self.blocks)
        blocks = math.log2(self.traces.lights) + math.floor(more + 1e-9)
        return self.amount_of(2.0**blocks)

    # what there is

    def lay_out(self) -> None:
        text, stage, theme = self.narration.text, self.stage, self.theme
        depth = min(self.net.depth, SEEN + 4)
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        self.valley = valley = Valley(theme, stage, depth, names)
        valley.sway, valley.night.dusk, valley.halls.lit = 0.006, 1.0, 0.7
        valley.deck.built = 1.0
        self.traces = Traces(valley, self.blocks)
        ways = (text("toll"), text("shortcut"))
        self.factors = Factors(valley, theme, self.blocks, form(self.record), ways, self.net.depth - depth)
        terms = [Sign(self.factors.summand(taken), theme) for taken in self.traces.routes]
        self.bricks = Bricks(self.traces, terms, 0.02)
        self.home = self.whole()
        count = np.asarray(self.record.count, dtype=float)
        mean = self.share.mean(axis=0) if len(self.share) else np.zeros(0)
        extremes = np.stack([self.share.min(axis=0), self.share.max(axis=0)]) if len(self.share) else np.zeros((2, 0))
        self.means = sums.mean_lengths(self.record)
        self.hill = Hill(self.bricks, self.home, BOX[stage.wide], count, mean, extremes)
        self.words = HillWords(self.hill, self.hill_words(mean), self.means)
        valley.above += [self.hill.paint, self.words.paint]
        place, large = COUNTER[stage.aspect]
        self.counter = Counter(valley, self.so_many, text("routes"), place, large=large)
        self.source = Label(self.measured_line(), theme, "heading", "ink")
        squeezed(self.source, stage.right - stage.left)
        self.source.move_to([0, 0, 0]).on_line(stage.top - 0.08)

    def whole(self) -> View:
        """The road from the air, low in the picture."""
        land = self.valley.land
        seen = min(self.net.depth, SEEN) * PITCH
        wide = max(1.07 * seen + 12.0, LEAST)
        return View(land.end - seen / 2, 0.31 * wide * self.valley.tall, wide)

    def hill_words(self, mean: Any) -> dict[str, str]:
        """What stands on the hill."""
        text, decimal = self.narration.text, self.numbers.decimal
        words = {"axis": text("chart.axis"), "count": text("chart.count", mean=decimal(self.means[1], 1))}
        if len(mean):
            if sums.lean(self.record) != "cancel":
                words["share"] = text("chart.share", mean=self.by_signal())
            words["highway"] = text("chart.highway", share=self.tollless() + self.numbers.percent)
        return words

    def measured_line(self) -> str:
        """Of how many networks this is the mean, and who took sums apart first."""
        seeds = len(self.share)
        line = [self.narration.text("network.one_seed" if seeds == 1 else "network.seeds", count=seeds)]
        if 0 < seeds < self.net.seeds:
            line[0] += f" ({self.narration.text('some_seeds', count=self.net.seeds)})"
        if seeds > 1:
            line.append(self.narration.text("spread"))
        return " · ".join([*line, self.narration.text("cited")])


def in_percent(share: float, numbers: Numbers, digits: int = 2) -> str:
    """A signed share in percent, to ``digits`` at most: 0,2; 12; −3; what is next to nothing, but is not, is ≈0."""
    percent = 100 * share
    if 0 < abs(percent) < 0.01:
        return "≈0"
    return numbers.significant(percent, min(digits, 1 + (abs(percent) >= 9.5)))
