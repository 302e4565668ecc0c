"""A plain and a residual network as two water pipes, one above the other, with gauges that show the same signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from manim import LEFT, RIGHT, Animation, Mobject, VGroup, VMobject, rate_functions

from scenes.figures.water.gauges import Dials, Needles, gauge_key
from scenes.figures.water.pipes import PipeCourse, Reading, eased
from scenes.figures.water.waterway import Waterway
from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.page import Page
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import Theme

RUN = 4.2  # s that the water takes from the loss to the input
SWING = 0.7  # s that a needle takes to rise


@dataclass(frozen=True)
class WaterPlan:
    """Where things stand in one format. Heights count down from the top of the stage, headings by their baseline."""

    heads: tuple[float, float]
    pipes: tuple[float, float]
    bore: float
    dial: float  # radius of a gauge
    gauges: int  # at most
    aside: float  # room left and right of the pipes, for the names of their ends
    stub: float


PLANS = {
    "16:9": WaterPlan((1.56, 4.02), (2.3, 5.04), bore=0.42, dial=0.34, gauges=8, aside=1.12, stub=0.42),
    "1:1": WaterPlan((1.66, 4.17), (2.56, 5.12), bore=0.36, dial=0.32, gauges=4, aside=0.0, stub=0.8),
    "9:16": WaterPlan((2.45, 7.75), (3.95, 9.25), bore=0.5, dial=0.5, gauges=4, aside=0.0, stub=0.8),
}


class WaterFigure(Page):
    """The figure's parts and how they move.

    ``frame`` is title and line; ``stills[i]`` the pipe of a network (0 plain, 1 residual) and ``dials[i]`` its gauges'
    faces, ``ways[i]`` its bypasses, water and bubbles, ``needles[i]`` the needles. Water that has been let in flows on
    through every animation: :meth:`flow` moves the bubbles for some seconds. Animations are returned, not played.

    ``words`` are the texts: title, line, plain, residual, input, loss, key, key_short, below, sample (may be "").
    """

    def __init__(
        self, stage: Stage, theme: Theme, words: Mapping[str, str], numbers: Numbers, readings: Sequence[Reading]
    ) -> None:
        self.stage, self.theme, self.words = stage, theme, words
        self.plan = PLANS[stage.aspect]
        self.ways: list[Waterway] = []
        self.needles: list[Needles] = []
        self.stills: list[VGroup] = []
        self.dials: list[VGroup] = []
        self.frame = self._frame()
        self.drop = 0.38 * (self.plan.pipes[1] - self.plan.pipes[0])  # alone, the plain pipe stands lower
        for i, reading in enumerate(readings):
            self._lay_out(i, self.stage.top - (0 if i else self.drop), reading, numbers)
        self.gone = [0.0, 0.0]  # how far the water of each pipe has come
        self.flowing = [False, False]

    def _lay_out(self, i: int, top: float, reading: Reading, numbers: Numbers) -> None:
        stage, theme, plan = self.stage, self.theme, self.plan
        left, right = stage.left + plan.aside, stage.right - plan.aside
        course = PipeCourse(left, right, plan.stub, top - plan.pipes[i], plan.bore, reading)
        at = gauge_places(len(course.nodes), plan.gauges)
        y = course.y - course.bore / 2 - 0.5 * plan.dial - plan.dial
        centres = np.stack([course.nodes[at], np.full(len(at), y)], axis=1)
        dials = VGroup(self._stems(course, centres), Dials(centres, plan.dial, theme))
        heading = self._left(self.words[("plain", "residual")[i]], top - plan.heads[i], "heading", weight="bold")
        way = Waterway(course, theme)
        still = VGroup(way.still, heading, *self._ends(course))
        if i == 0:
            still.add(*self._sample_note(heading))
            dials.add(self._key(heading.baseline))
        self.ways.append(way)
        self.needles.append(Needles(centres, plan.dial, reading.pressure[at], theme, numbers, self.words["below"]))
        self.stills.append(still)
        self.dials.append(dials)

    def _frame(self) -> VGroup:
        return self._chapter_head(self.words["title"], self.words["line"])

    def _key(self, y: float) -> VGroup:
        rows = self.words["key" if self.stage.wide else "key_short"].split(" · ")
        return gauge_key(self.stage.right, y, 0.88 * self.plan.dial, self.theme, rows)

    def _sample_note(self, heading: Label) -> list[Label]:
        """That not all valves are drawn, where it is so."""
        if not self.words["sample"]:
            return []
        note = Label(self.words["sample"], self.theme, "small", "muted")
        return [note.next_to([heading.get_right()[0] + 0.3, 0, 0], RIGHT, buff=0).on_line(heading.baseline)]

    def _stems(self, course: PipeCourse, centres: np.ndarray) -> VMobject:
        stems = VMobject(stroke_color=self.theme.muted, stroke_width=8)
        top = np.stack([centres[:, 0], np.full(len(centres), course.y - course.bore / 2)], axis=1)
        return stems.set_points(shapes.lines(top, centres))

    def _ends(self, course: PipeCourse) -> list[Label]:
        """The names of the two ends: beside the pipe where there is room, else above its ends."""
        source = Label(self.words["input"], self.theme, "small", "data", "bold")
        loss = Label(self.words["loss"], self.theme, "small", "gradient", "bold")
        if self.stage.wide:
            source.next_to([course.left - 0.15, 0, 0], LEFT, buff=0).on_line(course.y - 0.07)
            loss.next_to([course.right + 0.15, 0, 0], RIGHT, buff=0).on_line(course.y - 0.07)
        else:
            source.next_to([self.stage.left, 0, 0], RIGHT, buff=0).on_line(course.y + 0.72 * course.bore + 0.08)
            loss.next_to([self.stage.right, 0, 0], LEFT, buff=0).on_line(course.y + 0.72 * course.bore + 0.08)
        return [source, loss]

    def shares(self, bypass: str, valve: str) -> VGroup:
        """How much comes which way, in words, beside the residual network's heading."""
        y, at = self.stage.top - self.plan.heads[1], self.stage.right
        row = VGroup()
        for text, role in ((valve, "branch"), (bypass, "skip"))[not self.stage.wide :]:
            label = Label(text, self.theme, "small", role, "bold")
            row.add(label.next_to([at, 0, 0], LEFT, buff=0).on_line(y))
            at = label.get_left()[0] - 0.35
        return row

    # what moves

    def raise_plain(self, seconds: float) -> list[Animation]:
        """The pipe of the plain network, so far in the middle of the stage, makes room below it."""
        course, low = self.ways[0].course, self.ways[0].course.y

        def lift(progress: float) -> None:
            course.y = low + self.drop * progress  # where the bubbles drift

        parts = (self.stills[0], self.dials[0], self.ways[0].water, self.needles[0])
        return [
            *(lifted(part, self.drop, seconds) for part in parts),
            Draw(self.ways[0].bubbles, lift, run_time=seconds),
        ]

    def lay_bypasses(self, **kwargs: object) -> Animation:
        """Green bypasses are laid over the valves of the residual network's pipe."""
        way = self.ways[1]
        return Draw(way.bypasses, way.lay, **kwargs)

    def open_tap(self, i: int) -> None:
        """From the next animation on, water flows into a pipe."""
        self.flowing[i] = True

    def flow(self, seconds: float, filling: int | None = None) -> list[Animation]:
        """For so long, bubbles drift in every pipe with water; in pipe ``filling`` the front and the needles follow."""
        return [move for i, open_ in enumerate(self.flowing) if open_ for move in self._flow(i, seconds, i == filling)]

    def _flow(self, i: int, seconds: float, filling: bool) -> list[Animation]:
        way, needles, begin = self.ways[i], self.needles[i], self.gone[i]
        speed = way.length / RUN
        self.gone[i] = begin + speed * seconds

        def gone(progress: float) -> float:
            return begin + speed * seconds * progress

        def rise(progress: float) -> None:
            since = (gone(progress) - way.course.right + needles.centres[:, 0]) / (speed * SWING)
            needles.show(eased(since, [0, 1], [0, 1]))

        moves: list[Animation] = [Draw(way.bubbles, lambda progress: way.drift(gone(progress)))]
        if filling:
            moves = [Draw(way.water, lambda progress: way.pour(gone(progress))), Draw(needles, rise), *moves]
        for move in moves:
            move.run_time, move.rate_func = seconds, rate_functions.linear
        return moves


def gauge_places(states: int, most: int) -> list[int]:
    """Which of the states drawn have a gauge: the ends, and evenly between."""
    even = [count for count in range(max(3, most // 2), most + 1) if (states - 1) % (count - 1) == 0]
    count = even[-1] if even else min(most, 6, states)
    return [round(float(at)) for at in np.linspace(0, states - 1, count)]


def lifted(part: Mobject, by: float, seconds: float) -> Animation:
    """Lift a part by so much."""
    low = part.get_bottom()[1]
    return Draw(part, lambda progress: part.shift([0, low + by * progress - part.get_bottom()[1], 0]), run_time=seconds)
