"""PlusOne: where the 1 in the derivative of a residual block comes from, and what it does to a chain of blocks.

Part C of the lecture note: at night, over one block of the valley, H = F + x is differentiated term by term, and the
chain rule makes of it the backward step. Then the product is ridden along, without shortcuts and with them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, RoundedRectangle, rate_functions

from scenes.figures.blocks.derivation import Derivation, Sources
from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.deck import HIGH
from scenes.figures.valley.halls import DEEP
from scenes.figures.valley.traveller import Ones, Shares, Traveller
from scenes.kit.claims import signals
from scenes.kit.claims.chapters import PLUS_ONE
from scenes.kit.drawing.camera import View
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import journeys
from scenes.kit.telling.network import beta_of, changed, following
from scenes.trip import Trip
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

linear = rate_functions.linear
BLOCK, RIDE, NEAR = 26.0, 36.0, 21.0  # widths of views: of the block that is differentiated, beside who rides, of bars
FOLLOWED = 3  # blocks that are passed slowly
LETTERS = 0.22  # of the frame's height, of the formula alone; its plate adds to it
CORNER = {True: (0.45, 0.41), False: (0.4, 0.43)}  # where the 1 waits, in shares of the frame from its middle


class PlusOne(Trip):
    """Storyboard chapter 7. Reads [highway], the network of the road, or draws a network of one's own."""

    lacks: ClassVar[str] = ""
    claims = PLUS_ONE
    poster: ClassVar[str] = "chain"

    def setup(self) -> None:
        highway = self.parameters("highway")
        (self.journey,) = journeys(self, [highway.only(Network)])[:1]
        if not any(bare(*one) for one in zip(self.journey.kinds, self.journey.factors, strict=True)):
            raise UsageError(f"--network: PlusOne derives H = F + x, and no shortcut of {self.journey.name} is bare")
        self.net = highway if self.journey.net is not None else None
        self.depth, self.facts = self.journey.depth, self.journey.record
        self.after = following(self.journey, self.narration)
        with np.errstate(invalid="ignore"):  # an exact zero or an infinite signal on both sides of a block
            gains = self.journey.log10[:, :-1] - self.journey.log10[:, 1:]  # they multiply exactly: means of logs
        self.gains = [[self.numbers.factor(float(gain)) for gain in row] for row in gains]
        self.lacking = frozenset(int(block) + 1 for block in np.flatnonzero(~self.journey.bridged))
        bridged = [block for block in range(1, self.depth + 1) if block not in self.lacking]
        below = [block for block in bridged if block % 2 == 0]  # whose halls are nearer to us than the deck
        self.block = (below or bridged or [1])[-1]
        self.stages()

    def stages(self) -> None:
        """The valley, who rides through it, and the formula before it."""
        self.figure = figure = BridgedFigure(
            self.stage,
            self.theme,
            self.names(),
            self.agreed,
            self.log10(RESIDUAL),
            self.share(),
            [0, self.depth],
            self.words(),
            self.lacking,
        )
        valley, land = figure.valley, figure.valley.land
        valley.night.dusk = valley.deck.built = valley.junctions.shown = 1.0
        palette = valley.palette
        branch, deck = self.theme.branch, palette.deck
        self.shares = Shares(valley, self.journey.share, [self.copied_words(one) for one in self.journey.share], branch)
        self.ones = Ones(valley, CORNER[self.stage.wide], self.lacking)
        ways = (land.road, figure.valley.deck.way)
        self.riders = [
            Traveller(valley, ways[skip], self.log10(skip), self.gains[skip], self.agreed, colour, bool(skip))
            for skip, colour in ((PLAIN, branch), (RESIDUAL, deck))
        ]
        exact = self.journey.copy == "exact"
        one = ["–" if block in self.lacking else "×1" for block in range(1, self.depth + 1)] if exact else [" "]
        ones = one if exact else one * self.depth
        self.pure = Traveller(valley, ways[1], np.zeros(self.depth + 1), ones, self.numbers, deck, True, exact)
        self.pure.exact = True
        low = self.block % 2 == 1  # its hall stands above the deck: the formula stands below it
        y = (-0.2 if low else 0.31 if self.stage.wide else 0.27) * self.stage.height
        sources = Sources(signals.scaled(self.facts), bool(self.journey.tail))
        room = self.stage.right - self.stage.left - 0.9
        self.formula = Derivation(self.stage, self.theme, sources, y, room, LETTERS * self.stage.height)
        self.plate = RoundedRectangle(
            width=self.formula.broad + 0.9,
            height=LETTERS * self.stage.height + 0.4,
            corner_radius=0.18,
            stroke_width=0,
            fill_color=self.theme.caption,
            fill_opacity=0.9,
        ).move_to([0, y + 0.1, 0])

    def construct(self) -> None:
        valley = self.figure.valley
        valley.shot = lambda: self.at_block(1.0)
        valley.halls.lit = 0.7
        self.figure.high.front = self.figure.low.front = valley.land.end * 9
        self.enter(valley)
        self.derive()
        self.step_back()
        self.multiply_plain()
        self.multiply_residual()
        self.divide()
        self.conclude()

    def at_block(self, times: float = 1.0) -> View:
        """The block from near: hall and deck, with room for the formula above or below them."""
        valley = self.figure.valley
        wide = valley.breadth(BLOCK) * times
        high, hall_below = wide * valley.tall, self.block % 2 == 0
        y = -2.1 + 0.085 * high if hall_below else 4.2 - 0.16 * high
        return View(float(valley.land.halls[self.block - 1]), y, wide)

    def derive(self) -> None:
        """H = F + x comes out of the block; it is differentiated, until the last term is 1."""
        valley, formula, land = self.figure.valley, self.formula, self.figure.valley.land
        u, v = land.hall(self.block)
        places = {
            "F": (u, v - DEEP, 1.4),
            "x": (u, 0.0, HIGH),
            "H": (float(land.states[self.block]), 0.0, 0.5),
        }
        whens = {"F": 0.0, "x": 0.3, "H": 0.6}
        with self.beat("sum", **self.form()) as beat:
            self.play(
                valley.turn(valley.halls, seconds=1.4, lit=1.0), self.camera_to(self.at_block(1.05), run_time=2.0)
            )
            beat.cue(1)
            self.add(self.plate, formula.holder)
            self.play(
                FadeIn(self.plate, run_time=0.6),
                formula.arrive(valley, places, whens, run_time=3.0),
                self.camera_to(self.at_block(), run_time=3.0),
            )
        with self.beat("terms") as beat:
            beat.cue(1)
            self.play(formula.differentiate(run_time=3.2), self.camera_to(self.at_block(0.94), run_time=3.2))
        with self.beat("one", **self.form()) as beat:
            beat.cue(1)
            self.play(formula.work_out(run_time=1.6), self.camera_to(self.at_block(0.9), run_time=1.6))

    def step_back(self) -> None:
        """The gradient that reaches H forks, one part through the hall, one over the deck."""
        figure, valley = self.figure, self.figure.valley
        high, low = figure.high, figure.low
        right = float(valley.land.states[self.block]) + 14.0
        high.front, low.front = float(high.way.upto(right)), float(low.way.upto(right))
        with self.beat("chain", **self.form()):
            self.play(self.formula.step_back(run_time=1.5), self.camera_to(self.at_block(), run_time=1.5))
            left = float(valley.land.states[self.block - 1])
            self.play(
                valley.turn(high, seconds=3.6, front=float(high.way.upto(left - 6.0))).set_rate_func(linear),
                valley.turn(low, seconds=3.6, front=float(low.way.upto(left - 6.0))).set_rate_func(linear),
                self.camera_to(self.at_block(1.08), run_time=3.6),
            )

    def corner(self) -> tuple[float, float]:
        """Where the 1 waits on the glass."""
        x, y = CORNER[self.stage.wide]
        return x * self.stage.width, y * self.stage.height

    # products

    def ride(self, rider: Traveller, seconds: float = 3.0, up: float = 0.0) -> None:
        """A few blocks slowly, then all of them, from the air."""
        valley, land = self.figure.valley, self.figure.valley.land
        rider.u = land.end + 4.0
        few = min(FOLLOWED, self.depth)
        slow = float(land.states[self.depth - few]) + 1.0
        shot = rider.riding(RIDE, up)
        self.play(
            valley.turn(rider, seconds=seconds, u=slow).set_rate_func(linear),
            valley.turn(rider, seconds=0.6, shown=1.0),
            self.camera_to(shot, run_time=min(1.6, seconds)),
        )
        if few < self.depth:
            self.play(
                valley.turn(rider, seconds=2.2, u=float(land.states[0]) - 1.0),
                self.camera_to(valley.wide(up), run_time=2.2),
            )
        else:
            self.play(
                valley.turn(rider, seconds=0.8, u=float(land.states[0]) - 1.0),
                self.camera_to(valley.wide(up), run_time=1.6),
            )

    def multiply_plain(self) -> None:
        figure, valley = self.figure, self.figure.valley
        rider = self.riders[PLAIN]
        with self.beat("plain", **self.told(PLAIN)):
            rider.u = valley.land.end + 4.0
            self.play(
                self.formula.let_go(self.corner(), 0.46, run_time=1.2),
                FadeOut(self.plate, run_time=0.7),
                valley.turn(valley.deck, seconds=1.2, built=0.0),
                *(valley.turn(river, seconds=0.7, shown=0.0) for river in (figure.high, figure.low)),
                valley.turn(valley.junctions, seconds=0.7, shown=0.0),
                self.camera_to(rider.riding(RIDE, 0.0), run_time=1.2),
            )
            self.ride(rider)

    def multiply_residual(self) -> None:
        valley, ones = self.figure.valley, self.ones
        plain, rider = self.riders
        with self.beat("shortcuts", **self.form(), depth=self.depth):
            self.remove(self.formula.holder)
            rider.u, ones.shown = valley.land.end + 4.0, 1.0
            self.play(
                valley.turn(plain, seconds=0.8, shown=0.0),
                valley.turn(valley.deck, seconds=2.0, built=1.0).set_rate_func(linear),
                valley.turn(valley.junctions, seconds=2.0, shown=1.0),
                self.camera_to(valley.stretch(max(1, self.depth - 1), 4.0), run_time=2.0),
            )
            valley.deck.built = 1.0
            self.play(
                valley.turn(ones, seconds=3.0, flown=1.0).set_rate_func(linear),
                self.camera_to(valley.wide(0.06), run_time=3.0),
            )
        with self.beat("residual", **self.told(RESIDUAL)):
            self.play(self.camera_to(rider.riding(RIDE, 0.04), run_time=1.2), valley.turn(ones, seconds=1.2, shown=0.0))
            self.ride(rider, up=0.04)

    def divide(self) -> None:
        """Who brought it: shortcut and branch, block by block; and the route that is left if branches bring nothing."""
        figure, valley = self.figure, self.figure.valley
        near = valley.land.states[self.block] - 0.5 * valley.pitch
        view = View(float(near), 1.2, valley.breadth(NEAR))
        away = View(float(near) - 9.0 * (self.depth > 2), 1.2, valley.breadth(NEAR))
        for river in (figure.high, figure.low):
            river.front = -1.0
        with self.beat("share", copy=self.percents(self.copied(), self.copied_digits())):
            self.play(
                self.camera_to(view, run_time=2.2),
                valley.turn(self.riders[RESIDUAL], seconds=0.8, shown=0.0),
                *(valley.turn(river, seconds=1.6, shown=1.0) for river in (figure.high, figure.low)),
            )
            self.play(valley.turn(self.shares, seconds=1.4, grown=1.0), self.camera_to(away, run_time=3.0))
        if signals.bridged(self.facts) and signals.copied(self.facts) != "changed":
            with self.beat("route", **self.form()):
                self.pure.u = float(valley.land.end) + 4.0
                self.play(
                    valley.turn(self.shares, seconds=0.8, grown=0.0),
                    *(valley.turn(river, seconds=0.9, shown=0.0) for river in (figure.high, figure.low)),
                    valley.turn(valley.halls, seconds=1.2, lit=0.0),
                    self.camera_to(self.pure.riding(RIDE, 0.04), run_time=1.4),
                )
                self.ride(self.pure, 2.0, 0.04)

    def conclude(self) -> None:
        """Both routes again, and the same with vectors."""
        figure, valley, formula = self.figure, self.figure.valley, self.formula
        with self.beat("total", **self.form()):
            self.play(
                valley.turn(self.pure, seconds=0.8, shown=0.0),
                *(valley.turn(river, seconds=1.6, shown=1.0) for river in (figure.high, figure.low)),
                valley.turn(valley.halls, seconds=1.6, lit=1.0),
                self.camera_to(lambda: self.at_block(1.5), run_time=3.4),
            )
        with self.beat("vectors", **self.form()) as beat:
            self.play(
                FadeIn(self.plate, formula.begin_again(), run_time=0.7), self.camera_to(self.at_block(), run_time=1.6)
            )
            beat.cue(1)
            self.play(formula.to_matrices(run_time=1.8), self.camera_to(self.at_block(0.9), run_time=1.8))

    # words

    def form(self) -> dict[str, Any]:
        """How a block of this network is written, and what its shortcuts do to what they carry."""
        changing = sum(not bare(*one) for one in zip(self.journey.kinds, self.journey.factors, strict=True))
        return {
            "beta": beta_of(self.facts, self.numbers),
            "after": self.after,
            "change": changed(self.journey, self.narration),
            "blocks": changing - len(self.lacking) if self.journey.change else self.depth - len(self.lacking),
        }

    def copied_words(self, share: float) -> str:
        return f"{self.percents(float(share))}{self.numbers.percent}" if np.isfinite(share) else ""


def bare(kind: str, factor: float) -> bool:
    """Whether a shortcut hands on what it is given."""
    return kind == "identity" and factor == 1
