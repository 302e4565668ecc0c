"""The smallest residual block, one number wide: what its shortcut adds, what its branch takes, and what remains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.legend import stroked
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Formula, Label, Readout, squeezed
from scenes.kit.drawing.theme import Theme

SHAFT, HEAD = 0.16, 0.3  # of the arrows


class ScalarFigure:
    """The gain ``gain[w]`` of x + wx as a curve, and beside it, on the same height, the sum that makes it.

    ``words``: at_least, shortcut, branch, total. ``still`` stands; ``moving`` follows the weight.
    Animations are returned.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        numbers: Numbers,
        w: NDArray[np.float64],
        gain: NDArray[np.float64],
    ) -> None:
        self.theme, self.numbers, self.w, self.gain = theme, numbers, w, gain
        stretch = stage.stretch
        self.left, self.bottom, self.top = stage.left + 0.5, stage.top - 5.62 * stretch, stage.top - 1.75 * stretch
        self.right = stage.left + 0.6 * (stage.right - stage.left)
        self.high = max(2.0, float(gain.max()))
        beside = np.linspace(self.right, stage.right, 8)[[2, 4, 6]]
        self.columns = dict(zip(("shortcut", "branch", "total"), beside, strict=True))
        self.roles = {"shortcut": "skip", "branch": "branch", "total": "gradient"}
        self.still = VGroup(self._axes(), self._claim(words["at_least"], stage))
        self.curve = VMobject(stroke_color=theme.gradient, stroke_width=6)
        self.name = Formula("abs(1 + w)", theme, "heading", "gradient")
        self.name.next_to([self.x_of(0.7 * w[-1]) - 0.25, self.y_of(0.85 * gain[-1]), 0], LEFT, buff=0.1)
        slope = Formula("(dif H) / (dif x) = 1 + w", theme, "title", "ink")
        room = stage.right - self.right - 0.4
        squeezed(slope, room).move_to([stage.right - room / 2, self.y_of(0.8 * self.high), 0])
        self.names = VGroup(slope, self.name, *self._names(words))
        self.guides = VMobject(stroke_color=theme.muted, stroke_width=2)
        self.dot = VMobject(stroke_width=0, fill_color=theme.gradient, fill_opacity=1)
        self.bars = {
            key: VMobject(stroke_width=0, fill_color=getattr(theme, role), fill_opacity=1)
            for key, role in self.roles.items()
        }
        self.values = {
            key: Readout(theme, [self.columns[key], self.bottom - 0.74, 0], ORIGIN, "heading", role, "bold")
            for key, role in self.roles.items()
        }
        self.moving = VGroup(self.guides, self.curve, *self.bars.values(), self.dot, *self.values.values())
        self.weight, self.drawn = 0.0, 0.0

    def x_of(self, w: float) -> float:
        return float(np.interp(w, [self.w[0], self.w[-1]], [self.left, self.right]))

    def y_of(self, gain: float) -> float:
        return float(self.bottom + gain / self.high * (self.top - self.bottom))

    # what stands still

    def _axes(self) -> VGroup:
        grid = VMobject(stroke_color=self.theme.faint, stroke_width=1.5)
        heights = [self.y_of(v) for v in range(int(self.high) + 1) if v != 1]
        grid.set_points(shapes.lines([(self.left, y) for y in heights], [(self.right, y) for y in heights]))
        marks = VGroup()
        for value in range(int(self.high) + 1):
            anchor = [self.left - 0.14, self.y_of(value) - 0.08, 0]
            marks.add(Readout(self.theme, anchor, RIGHT, "small", "muted").show(str(value)))
        for value in range(int(self.w[0]), int(self.w[-1]) + 1):
            anchor = [self.x_of(value), self.bottom - 0.32, 0]
            marks.add(Readout(self.theme, anchor, ORIGIN, "small", "muted").show(self.numbers.decimal(value, 0)))
        name = Formula("w", self.theme, "heading", "muted").move_to([self.x_of(0.5), self.bottom - 0.3, 0])
        return VGroup(grid, marks, name)

    def _claim(self, words: str, stage: Stage) -> VGroup:
        """The line at 1, and the ground under it where nothing should ever be."""
        ground = VMobject(stroke_width=0, fill_color=self.theme.danger, fill_opacity=0.13)
        low, high = self.bottom, self.y_of(1)
        corners = [(self.left, low), (self.right, low), (self.right, high), (self.left, high)]
        ground.set_points(shapes.polygons([corners]))
        line = VMobject(stroke_color=self.theme.ink, stroke_width=3)
        line.set_points(stroked([(self.left, self.y_of(1)), (stage.right, self.y_of(1))], "dashed"))
        label = Label(words, self.theme, "body", "ink", "bold")
        label.move_to([self.x_of(-1), 0, 0]).on_line(self.y_of(1) + 0.14)
        return VGroup(ground, line, label)

    def _names(self, words: Mapping[str, str]) -> VGroup:
        names = VGroup()
        for key, role in self.roles.items():
            label = Label(words[key], self.theme, "small", role, "bold")
            names.add(label.move_to([self.columns[key], 0, 0]).on_line(self.bottom - 0.32))
        return names

    # what moves

    def show(self) -> None:
        """Draw the state: the weight, and the curve as far as it is drawn."""
        seen = self.w <= self.w[0] + self.drawn * (self.w[-1] - self.w[0]) + 1e-9
        points = [(self.x_of(w), self.y_of(g)) for w, g in zip(self.w[seen], self.gain[seen], strict=True)]
        self.curve.set_points(shapes.polyline(points))
        total = float(np.interp(self.weight, self.w, self.gain))
        spans = {"shortcut": (0.0, 1.0), "branch": (1.0, 1.0 + self.weight), "total": (0.0, total)}
        for key, (start, end) in spans.items():
            self.bars[key].set_points(self._arrow(self.columns[key], start, end))
        place = (self.x_of(self.weight), self.y_of(total))
        self.dot.set_points(shapes.circles([place], 0.13))
        ends = [(self.columns["branch"] + 0.2, self.y_of(total)), (self.columns["total"] + 0.25, self.y_of(total))]
        along = stroked([(place[0] + 0.2, place[1]), (self.columns["branch"] - 0.25, place[1])], "dotted")
        self.guides.set_points(np.concatenate([along, stroked(ends, "dotted")]))
        shown = {"shortcut": "1", "branch": self.numbers.decimal(self.weight), "total": self.numbers.decimal(total)}
        for key, text in shown.items():
            self.values[key].show(text)

    def _arrow(self, x: float, start: float, end: float) -> NDArray[np.float64]:
        """An upright arrow from one value to another; a short bar where it has no length."""
        low, high = self.y_of(start), self.y_of(end)
        length = abs(high - low)
        if length < 0.02:
            return shapes.rounded_boxes([(x, low)], 0.42, 0.07, 0.03)
        head, up = min(HEAD, 0.6 * length), np.sign(high - low)
        neck = high - up * head
        half, wing = SHAFT / 2, SHAFT / 2 + 0.35 * head
        corners = [
            (x, high),
            (x + wing, neck),
            (x + half, neck),
            (x + half, low),
            (x - half, low),
            (x - half, neck),
            (x - wing, neck),
        ]
        return shapes.polygons([corners])

    def draw_curve(self, **kwargs: object) -> Animation:
        """The curve is drawn from the smallest weight to the largest."""

        def draw(progress: float) -> None:
            self.drawn = progress
            self.show()

        return Draw(self.moving, draw, **kwargs)

    def slide(self, weight: float, **kwargs: object) -> Animation:
        """The weight changes to another; dot, arrows and numbers follow."""
        begin = self.weight

        def draw(progress: float) -> None:
            self.weight = begin + (weight - begin) * progress
            self.show()

        return Draw(self.moving, draw, **kwargs)
