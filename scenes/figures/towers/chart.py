"""The tops of the bins become the ends of curves, which draw themselves backwards through training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.curves import apart
from scenes.kit.drawing.painting import Colour, Floats, Pen
from scenes.kit.drawing.world import World

TICK, LABEL = 38, 44  # px
BOXES = {  # of the frame's width and height, from its middle
    "16:9": (-0.40, -0.24, 0.24, 0.36),
    "1:1": (-0.36, -0.22, 0.16, 0.34),
    "9:16": (-0.36, -0.16, 0.14, 0.30),
}


@dataclass(frozen=True)
class Run:
    """One network's training error in %, [check]; where its bin's top is; its colour, its dash and its label."""

    error: Floats
    top: Callable[[], tuple[float, float]]
    tone: Colour
    dash: float  # of the pattern's length that is drawn, 1 for a solid line
    label: str


class ErrorChart:
    """``runs`` over ``steps``. ``flown`` brings the ends from the roofs, ``drawn`` draws the curves back from them.
    ``words`` stand at the first step, at the last, and above."""

    def __init__(
        self, world: World, steps: Floats, runs: Sequence[Run], percent: str, words: tuple[str, str, str]
    ) -> None:
        self.world, self.steps, self.runs, self.percent, self.words = world, steps, runs, percent, words
        self.flown, self.drawn, self.shown = 0.0, 0.0, 0.0
        world.moving(self.paint)

    def box(self, view: View) -> tuple[float, float, float, float]:
        wide, high = view.width, view.width * self.world.tall
        left, bottom, right, top = BOXES[self.world.stage.aspect]
        return view.x + left * wide, view.y + bottom * high, view.x + right * wide, view.y + top * high

    def spot(self, view: View, step: float, error: float) -> tuple[float, float]:
        left, bottom, right, top = self.box(view)
        across = step / max(float(self.steps[-1]), 1.0)
        return left + (right - left) * across, bottom + (top - bottom) * min(error, 100.0) / 100.0

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        self._axes(pen, view)
        for run in self.runs:
            if np.isfinite(run.error[-1]):
                self._curve(pen, view, run)
        self._labels(pen, view)

    def _axes(self, pen: Pen, view: View) -> None:
        left, bottom, right, top = self.box(view)
        theme, em = self.world.theme, pen.px(TICK)
        edge = view.x + 0.48 * view.width
        plate = "#05070C" if pen.adds else "#FFFFFF"
        pen.rounded(left - 3.0 * em, bottom - 1.9 * em, edge - left + 3.0 * em, top - bottom + 4.0 * em, 0.5 * em)
        pen.fill(plate, 0.86 * self.shown)
        for value in (0, 50, 100):
            y = self.spot(view, 0, value)[1]
            pen.polygon([(left, y), (right, y)], close=False).stroke(theme.muted, pen.px(2), 0.5 * self.shown)
            pen.text(
                f"{value}{self.percent}", left - 0.35 * em, y - 0.35 * em, em, theme.muted, align=1.0, alpha=self.shown
            )
        pen.text(self.words[2], left, top + 0.75 * em, em, theme.ink, align=0.0, alpha=self.shown)
        for x, words, align in ((left, self.words[0], 0.0), (right, self.words[1], 1.0)):
            pen.text(words, x, bottom - 1.3 * em, em, theme.muted, align=align, alpha=self.shown)

    def end(self, view: View, run: Run) -> tuple[float, float]:
        """Where the end of a curve is now: on its roof, on its way, or in the chart."""
        (x0, y0), (x1, y1) = run.top(), self.spot(view, float(self.steps[-1]), float(run.error[-1]))
        way = eased(self.flown)
        return x0 + (x1 - x0) * way, y0 + (y1 - y0) * way

    def _curve(self, pen: Pen, view: View, run: Run) -> None:
        last = float(self.steps[-1])
        start = last * (1 - self.drawn)
        if self.flown >= 1 and self.drawn > 0:
            known = np.isfinite(run.error)
            steps, error = self.steps[known], run.error[known]
            points = [(start, float(np.interp(start, steps, error)))]
            points += [(float(s), float(e)) for s, e in zip(steps, error, strict=True) if s > start]
            line = [self.spot(view, max(step, float(steps[0])), value) for step, value in points]
            pattern = pen.px(26)
            dash = () if run.dash >= 1 else (pattern * run.dash, pattern * (1 - run.dash) + pen.px(6))
            pen.polygon(line, close=False).stroke(run.tone, pen.px(8), self.shown, dash)
        x, y = self.end(view, run)
        if pen.adds:
            pen.lights([(x, y)], pen.px(46), run.tone, 0.6 * self.shown)
        pen.circle(x, y, pen.px(15)).fill(run.tone, self.shown)

    def _labels(self, pen: Pen, view: View) -> None:
        if self.flown < 1:
            return
        em = pen.px(LABEL)
        right = self.box(view)[2] + 0.7 * em
        told = [run for run in self.runs if run.label and np.isfinite(run.error[-1])]
        if not told:
            return
        ends = np.array([self.end(view, run)[1] - 0.35 * em for run in told])
        room = view.x + 0.47 * view.width - right
        em *= min(1.0, room / max(max(pen.width(run.label, em) for run in told), 1e-9))
        for run, y in zip(told, apart(ends, 1.25 * em, self.box(view)[1] - 0.6 * em), strict=True):
            pen.text(run.label, right, float(y), em, run.tone, align=0.0, alpha=min(1.0, 3 * self.drawn) * self.shown)
