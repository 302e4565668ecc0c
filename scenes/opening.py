"""Opening: the night of a plain road, the two characters that change it, and the film's title over the lit valley."""

from __future__ import annotations

from typing import ClassVar

from manim import ORIGIN, FadeIn, FadeOut, RoundedRectangle, VGroup, rate_functions

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.lights import River
from scenes.figures.valley.plain import left
from scenes.kit.drawing.text import Label, squeezed
from scenes.trip import Trip
from sim.records.record import PLAIN, RESIDUAL

linear = rate_functions.linear
FOLLOWED = 3  # halls through which one follows the river
PACE = 14.0  # world units a second


class Opening(Trip):
    """The title card. What shines is measured, as in PlainRoad and Shortcuts."""

    lacks: ClassVar[str] = ""

    def construct(self) -> None:
        self.figure = figure = BridgedFigure(
            self.stage,
            self.theme,
            self.names(),
            self.agreed,
            self.log10(RESIDUAL),
            self.share(),
            self.shown,
            self.words(),
        )
        valley, land = figure.valley, figure.valley.land
        self.name_halls(valley)
        river = River(valley, land, land.road, valley.palette, self.log10(PLAIN))
        valley.below.append(river.paint)
        figure.high.shown = figure.low.shown = 0.0
        figure.high.front = figure.low.front = -1.0
        valley.night.dusk = 1.0
        self.spot = float(river.stops[-1]) + 6.0  # where one looks, on the road
        follow = valley.follow(land.road, lambda: self.spot, 17.0, ahead=-1.0, up=0.8)
        valley.shot = follow
        river.front = 0.0
        counter = Counter(valley, lambda: self.left(river), self.narration.text("left"))
        counter.shown = 1.0
        self.enter(valley, "")
        with self.beat("question"):
            halls = min(FOLLOWED, self.depth)
            to = float(land.road.upto(land.halls[self.depth - halls])) - 8.0
            self.play(valley.turn(self, seconds=(self.spot - to) / PACE, spot=to).set_rate_func(linear))
            plain, added = self.formula()
            self.play(
                self.camera_to(valley.wide(0.0), run_time=2.6),
                FadeIn(plain, run_time=0.8),
                valley.turn(self, seconds=2.6, spot=float(land.road.upto(-4.0))),
            )
            self.play(FadeIn(added, run_time=0.5), valley.turn(counter, seconds=0.5, shown=0.0))
            self.play(
                valley.turn(valley.deck, seconds=1.6, built=1.0),
                valley.turn(river, seconds=1.2, shown=0.0),
                *(valley.turn(one, seconds=1.6, shown=1.0) for one in (figure.high, figure.low)),
            )
            self.play(FadeOut(plain, added, run_time=0.6), FadeIn(self.name(), run_time=0.9))

    def left(self, river: River) -> str:
        """What is left of the signal where one looks."""
        return left(self.agreed, float(river.left(self.spot)), self.end(PLAIN))

    def formula(self) -> tuple[VGroup, VGroup]:
        """x = F(x) on the glass, and what is added to it."""
        first = Label(self.narration.text("formula"), self.theme, "title", weight="bold").scale(1.9)
        second = Label(self.narration.text("added"), self.theme, "title", "skip", "bold").scale(1.9)
        y, gap = (0.26 if self.stage.wide else 0.17) * self.stage.height, 0.35
        wide = first.width + gap + second.width
        x = 0.12 * self.stage.width if self.stage.wide else 0.0  # beside the counter, or below it
        first.move_to([x - wide / 2 + first.width / 2, 0, 0]).on_line(y)
        second.move_to([x + wide / 2 - second.width / 2, 0, 0]).on_line(y)
        return VGroup(self.plate(x, wide + 1.0, 1.5, y + 0.3), first), VGroup(second)

    def name(self) -> VGroup:
        """The film's name, and what it is about."""
        width, y = self.stage.right - self.stage.left, 0.24 * self.stage.height
        name = (
            Label(self.narration.text("name"), self.theme, "title", weight="bold")
            .scale(2.6)
            .move_to(ORIGIN)
            .on_line(y + 0.3)
        )
        line = (
            squeezed(Label(self.narration.text("title"), self.theme, "caption"), width - 0.8)
            .move_to(ORIGIN)
            .on_line(y - 0.5)
        )
        return VGroup(self.plate(0.0, max(name.width, line.width) + 1.0, 2.4, y + 0.35), name, line)

    def plate(self, x: float, width: float, height: float, y: float) -> RoundedRectangle:
        """What words on the glass stand on."""
        return RoundedRectangle(
            width=width,
            height=height,
            corner_radius=0.18,
            stroke_width=0,
            fill_color=self.theme.caption,
            fill_opacity=0.86,
        ).move_to([x, y, 0])
