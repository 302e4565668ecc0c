"""The road of part B: cars take the data to the right by day, messengers bring the gradient back by night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from manim import LEFT, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.road.cargo import Cargo, Shelf, SumOfImages
from scenes.figures.road.road import Road, RoadPlan
from scenes.figures.road.sky import Sky
from scenes.figures.road.streams import Fork, Stream, finite
from scenes.figures.road.traffic import Cars, hatched, radius
from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.charts import LogChart, Range
from scenes.kit.drawing.course import Course
from scenes.kit.drawing.legend import legend
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.drawing.page import TITLE, Page
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, Readout
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]
ENDS = (("input", "data"), ("loss", "gradient"))
UNDER = 0.98  # how far below a road the names of its ends stand where there is no room beside it


@dataclass(frozen=True)
class Trip:
    """What a road shows of a network of ``depth`` blocks of ``layers`` layers.

    ``blocks`` are drawn, ``states`` lie between them. ``log10[skip, state]`` is the mean log10 relative signal at every
    hidden state 0 … depth, ``share[stretch]`` what the shortcut of each drawn block hands back of the gradient,
    ``images[skip, i]`` (8×8, 0 … 1) and ``likeness[skip, i]`` the cargo at each of ``states``.
    """

    depth: int
    layers: int
    blocks: Sequence[int]
    states: Sequence[int]
    log10: Floats
    share: Floats
    images: Floats
    likeness: Floats

    def with_signal(self, log10: Floats) -> Trip:
        """The same road with other weights: another signal."""
        return replace(self, log10=log10)


class Rows:
    """Heights on the stage, from the top down; formats that are not wide need a row more for each legend."""

    def __init__(self, stage: Stage) -> None:
        self.stretch = stretch = stage.stretch
        narrow = 0.0 if stage.wide else 0.3

        def row(y: float, moved: float = 0.0) -> float:
            return stage.top - (y + moved * narrow) * stretch

        self.title = stage.top - TITLE
        self.heading, self.legend = row(1.42, 0.5), row(1.42, 1.5)
        self.cargo, self.road = row(2.0, 1), row(3.12, 1)
        self.shelf, self.values = row(4.5, 1), row(5.24, 0.6)
        self.bars = (row(6.32), 0.8 * stretch) if stage.wide else (row(6.1), 0.42 * stretch)
        self.likeness = self.bars[0] + self.bars[1] / 2 if stage.wide else row(6.42)
        self.sum = row(5.18, 0.3)
        self.chart_title, self.chart = row(4.42, 0.7), (row(6.0), row(4.68, 0.7))
        self.twins = (row(2.16, 2), row(3.66, 1.6))
        self.twin_title, self.twin_chart = row(4.66, 1), (row(6.0), row(4.92, 0.9))


class RoadFigure(Page):
    """The figure's parts and how they move; animations are returned, not played.

    Still parts: ``title``, ``ends``, ``key`` (which size is which signal), ``chart_title``, and the road's ground.
    ``day`` and ``night`` are what moves, in the order of drawing: vehicles that the tolls hide, tolls, overpasses,
    vehicles on these.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        numbers: Numbers,
        trip: Trip,
        traffic: int,
        skip: bool,
    ) -> None:
        self.stage, self.theme, self.words, self.numbers, self.trip = stage, theme, words, numbers, trip
        self.skip, self.traffic = skip, traffic
        self.rows = rows = Rows(stage)
        self.left, self.right = stage.left + (1.6 if stage.wide else 1.05), stage.right - (1.25 if stage.wide else 0.45)
        self.plan = RoadPlan.between(self.left, self.right, rows.road, trip.states)
        self.road = Road(self.plan, theme, trip.layers, skip)
        if skip:
            self.road.raise_overpasses(0)
        self.title, self.ends = self._chapter_head(words["title"], words["line"], 0.8), self._ends()
        self.sky = Sky(theme).place([stage.right - 0.32, rows.title + 0.14, 0])
        room = self.plan.motorway().length / (len(self.plan.x) - 1) / traffic  # from car to car
        self.cars, self.high_cars = Cars(theme, room), Cars(theme, room)
        log10 = trip.log10[int(skip), list(trip.states)]
        self.stream: Stream | Fork = (
            Fork(self.plan, theme, log10, trip.share, traffic) if skip else Stream(self.plan, theme, log10, traffic)
        )
        self.cargo = Cargo(theme, rows.cargo, 0.72 * min(rows.stretch, 1.5), trip.images[int(skip), 0])
        self.shelf = Shelf(theme, self.plan.x, rows.shelf, rows.values, rows.bars, 0.86 if stage.wide else 0.6, numbers)
        self.likeness_title = self._left(words["likeness"], rows.likeness, "small", "muted")
        self.key = self._key(rows.legend)
        self.axis = Axis(self.left, self.right)
        self.chart = LogChart(self.axis, *rows.chart, theme)
        self.chart_title = self.named_chart(rows.chart_title, [skip])
        self.span = Range.around(trip.log10[int(skip)])
        self.arrived = self._readout(rows.road)
        self.reveal = [0.0, 0.0]

    # what stands still

    def _ends(self) -> VGroup:
        """The road's name, and what lies at its two ends: beside them where there is room, else below."""
        rows, stage = self.rows, self.stage
        name = self._left(self.words["name"], rows.heading, "heading", weight="bold")
        source, loss = (Label(self.words[key], self.theme, "small", role, "bold") for key, role in ENDS)
        if stage.wide:
            source.next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(rows.road - 0.08)
            loss.next_to([stage.right, 0, 0], LEFT, buff=0).on_line(rows.road - 0.08)
        else:
            source.next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(rows.road - UNDER)
            loss.next_to([stage.right, 0, 0], LEFT, buff=0).on_line(rows.road - UNDER)
        return VGroup(name, source, loss)

    def _key(self, y: float) -> VGroup:
        """Which size of a messenger stands for which signal, from the right."""
        row, at = VGroup(), self.stage.right
        floor = Label(self.words["below"], self.theme, "small", "muted").next_to([at, 0, 0], LEFT, buff=0).on_line(y)
        ring = VMobject(stroke_color=self.theme.gradient, stroke_width=2)
        ring.set_points(shapes.dashed_circles([(floor.get_left()[0] - 0.2, y + 0.08)], 0.1))
        row.add(floor, ring)
        at = ring.get_left()[0] - 0.3
        for exponent in (-4, 0, 4):
            value = np.array([float(exponent)])
            size = float(radius(value)[0])
            label = Label(power(exponent) if exponent else "1", self.theme, "small", "muted")
            label.next_to([at, 0, 0], LEFT, buff=0).on_line(y)
            at = label.get_left()[0] - 0.1 - size
            rgba = signal.colour(value, self.theme)[0]
            disc = VMobject(stroke_width=0).set_points(shapes.circles([(at, y + 0.08)], size))
            disc.fill_rgbas = rgba[None]
            row.add(label, disc)
            if value >= signal.BOUNDS["grows"]:
                hatch = VMobject(stroke_color=self.theme.background, stroke_width=2)
                row.add(hatch.set_points(hatched(np.array([[at, y + 0.08]]), np.array([size]))))
            at -= size + 0.28
        name = Label(self.words["size_legend"], self.theme, "small", "muted")
        return row.add(name.next_to([at, 0, 0], LEFT, buff=0).on_line(y))

    def named_chart(self, y: float, sides: Sequence[bool]) -> VGroup:
        """The chart's title, and keys to the lines of its plain (False) and residual (True) sides."""
        title = self._left(self.words["chart"], y, "small", "muted")
        entries = [(self.words["plain_net"], "danger", "dashed"), (self.words["residual_net"], "skip", "solid")]
        keys = legend([entries[side] for side in sides], self.theme, 0, y)
        keys.shift([self.stage.right - keys.get_right()[0], 0, 0])
        return VGroup(title, keys)

    def _readout(self, y: float) -> Readout:
        """What has arrived, at the input."""
        if self.stage.wide:
            return Readout(self.theme, [self.stage.left, y - 0.48, 0], LEFT, "heading", "gradient", "bold")
        return Readout(self.theme, [self.stage.left + 1.2, y - UNDER, 0], LEFT, "body", "gradient", "bold")

    # data, by day

    def build(self, **kwargs: object) -> Animation:
        """The road is built from left to right, toll by toll."""
        return Draw(self.road, self.road.build, **kwargs)

    def raise_overpasses(self, **kwargs: object) -> Animation:
        """An overpass rises over each toll."""
        return Draw(self.road.overpasses, self.road.raise_overpasses, **kwargs)

    def load(self, images: Floats, likeness: Floats, ways: Sequence[str]) -> RoadFigure:
        """A convoy is ready at the input to drive along each of ``ways`` (road, motorway).

        The cargo of the first car on the first way will be ``images`` (states, 8, 8) in turn; ``likeness`` (states,) is
        how like the input it is.
        """
        road = self.plan.road().beside(self.plan.width / 4)
        self.courses = [
            (self.high_cars, self.plan.motorway()) if way == "motorway" else (self.cars, road) for way in ways
        ]
        self.shelf.fill(images, likeness)
        self._drive(0.0)
        return self

    def drive(self, **kwargs: object) -> Animation:
        """The convoys drive from input to loss, all equally fast: who takes the shorter way arrives sooner."""
        return Draw(self.day, self._drive, **kwargs)

    def _drive(self, progress: float) -> None:
        """All after a share of the longest course."""
        first = self.courses[0][1]
        driven = progress * max(course.length for _, course in self.courses)
        gap = first.length / (len(self.plan.x) - 1) / self.traffic
        for cars, course in self.courses:
            s = driven - gap * np.arange(int(course.length / gap) + 1)
            s = np.minimum(s, course.length - gap * np.arange(len(s)))  # who has arrived makes no room for the next
            cars.show(course.place(s), course.heading(s), s >= 0)
        x, y = first.place(np.array([min(driven, first.length)]))[0]
        passed = int(np.searchsorted(self.plan.tolls[:, 0], x))
        self.cargo.carry(self.shelf.images[passed], x, y)
        self.shelf.show(int(np.searchsorted(self.plan.x, x + 1e-6, side="right")))

    def split(self, i: int, **kwargs: object) -> Animation:
        """Over stretch i, one car takes the overpass and one the toll, which is the longer way."""
        high, low = self.plan.overpass(i), self._stretch(i)

        def draw(progress: float) -> None:
            driven = progress * low.length
            for cars, course in ((self.cars, low), (self.high_cars, high)):
                s = np.array([min(driven, course.length)])
                cars.show(course.place(s), course.heading(s))

        return Draw(VGroup(self.cars, self.road.tolls, self.road.overpasses, self.high_cars), draw, **kwargs)

    def _stretch(self, i: int) -> Course:
        course = self.plan.road()
        begin, end = course.distance(self.plan.x[i : i + 2])
        return Course.through(course.place(np.linspace(begin, end, 60))).beside(self.plan.width / 4)

    def sum_of_images(self, x: Floats, F: Floats, H: Floats) -> SumOfImages:
        """x + F(x) = H, large."""
        names = [self.words[key] for key in ("x", "branch", "total")]
        side = min(1.3, 0.17 * (self.stage.right - self.stage.left))
        return SumOfImages(self.theme, (x, F, H), names, self.rows.sum, side)

    # gradients, by night

    def fall_night(self, back: bool = False, **kwargs: object) -> Animation:
        """Day turns to night, or ``back``."""

        def draw(progress: float) -> None:
            night = 1 - progress if back else progress
            self.road.darken(night)
            self.sky.turn(night)

        return Draw(VGroup(self.road, self.sky), draw, **kwargs)

    def send_back(self, **kwargs: object) -> Animation:
        """Messengers set out from the loss; the chart's line follows the first of them."""
        side = int(self.skip)

        def draw(progress: float) -> None:
            front = self.stream.show(progress)
            self.reveal[side] = 1.0 if progress >= 1 else float((self.right - front) / (self.right - self.left))
            self._draw_chart()
            value = self.trip.log10[side, 0]
            self.arrived.show(self.numbers.signal(float(value)) if progress >= 1 else "")

        return Draw(self.night, draw, **kwargs)

    @property
    def night(self) -> VGroup:
        """What moves by night, from the road up."""
        levels = (self.stream.low, self.road.tolls, self.road.overpasses, self.stream.high)
        return VGroup(*levels, self.chart, self.arrived)

    @property
    def day(self) -> VGroup:
        """What moves by day, from the road up."""
        levels = (self.cars, self.road.tolls, self.road.overpasses, self.high_cars)
        return VGroup(*levels, self.cargo, self.shelf)

    def _draw_chart(self) -> None:
        self.chart.show(self.trip.depth, self.trip.log10[:, ::-1], self.span, self.reveal)

    def turn(self, other: Trip, **kwargs: object) -> Animation:
        """The weights change: messengers, chart and number with them."""
        begin, start = finite(self.trip.log10), self.span
        end, goal = finite(other.log10), Range.around(other.log10[int(self.skip)])

        def draw(progress: float) -> None:
            whole = progress >= 1
            mixed = other.log10 if whole else begin + (end - begin) * progress
            self.trip = self.trip.with_signal(mixed)
            self.span = goal if whole else start.towards(goal, progress)
            self.stream.log10 = mixed[int(self.skip), list(other.states)]
            self.stream.show(1.0)
            self._draw_chart()
            self.arrived.show(self.numbers.signal(float(mixed[int(self.skip), 0])))

        return Draw(self.night, draw, **kwargs)
