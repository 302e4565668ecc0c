"""What routes of each length contribute to the gradient, as bars, against how many routes there are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import ORIGIN, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.charts import index_marks
from scenes.kit.drawing.curves import linear_ticks
from scenes.kit.drawing.legend import stroked
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, Readout, squeezed
from scenes.kit.drawing.theme import Theme


class RouteChart:
    """``share[seed, k]`` of the signal on routes with k tolls, and ``count[k]`` of the routes, scaled to equal height.

    Bars are means over seeds, thin lines the seeds' extremes; what a length takes away hangs below the axis, hatched.
    ``words``: axis, share, share_mean, count, count_mean, highway, highway_share. Animations are returned.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        numbers: Numbers,
        share: NDArray[np.float64],
        count: NDArray[np.float64],
    ) -> None:
        self.stage, self.theme, self.words, self.numbers = stage, theme, words, numbers
        stretch = stage.stretch
        self.left, self.right = stage.left + 0.95, stage.right - 0.1
        self.bottom, self.top = stage.top - 5.6 * stretch, stage.top - (2.75 if stage.wide else 3.35) * stretch
        self.bands = (stage.top - 1.72 * stretch, stage.top - 2.2 * stretch)
        self.lengths = np.arange(len(count))
        self.pitch = (self.right - self.left) / len(count)
        self.x = self.left + self.pitch * (self.lengths + 0.5)
        self.count = count / count.max()
        self.means = (float("nan"), float(self.lengths @ (count / count.sum())))
        self.mean_share, self.extremes = np.zeros(len(count)), np.zeros((2, 0))
        if len(share):
            self.mean_share = share.mean(axis=0)
            self.extremes = np.stack([share.min(axis=0), share.max(axis=0)])
            self.means = (float(self.lengths @ self.mean_share), self.means[1])
        self.high = max(float(self.extremes.max(initial=0.0)), 1e-9) if len(share) else 1.0
        self.low = min(float(self.extremes.min(initial=0.0)), 0.0)
        self.peak = float(self.mean_share.max()) if len(share) else 1.0
        self.bars = VGroup(*(VMobject(stroke_width=0, fill_color=theme.gradient, fill_opacity=1) for _ in count))
        self.losses = VMobject(stroke_color=theme.gradient, stroke_width=3, fill_color=theme.gradient, fill_opacity=0.2)
        self.hatch = VMobject(stroke_color=theme.gradient, stroke_width=2)
        self.spread = VMobject(stroke_color=theme.ink, stroke_width=2)
        self.curve = VMobject(stroke_color=theme.muted, stroke_width=5)
        self.first = VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1)
        self.callout = self._callout() if len(share) else VGroup()
        self.still = self._axis()
        self.grid = self._grid() if len(share) else VGroup()
        self.count_flag = self._flag(1)
        self.share_flag = self._flag(0) if len(share) else VGroup()

    def height_of(self, share: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """y of a share."""
        part = (np.asarray(share, dtype=float) - self.low) / (self.high - self.low)
        return np.asarray(self.bottom + part * (self.top - self.bottom))

    @property
    def bar_width(self) -> float:
        return 0.78 * self.pitch

    # what stands still

    def _axis(self) -> VGroup:
        zero = float(self.height_of(0.0))
        line = VMobject(stroke_color=self.theme.muted, stroke_width=2.5)
        line.set_points(shapes.lines([(self.left, zero)], [(self.right, zero)]))
        marks = VGroup()
        most = 10 if self.stage.wide else 7
        for k in index_marks(int(self.lengths[-1]), most):
            marks.add(Readout(self.theme, [self.x[k], self.bottom - 0.32, 0], ORIGIN, "small", "muted").show(str(k)))
        name = squeezed(Label(self.words["axis"], self.theme, "small", "muted"), self.stage.right - self.stage.left)
        name.move_to([(self.stage.left + self.stage.right) / 2, 0, 0]).on_line(self.bottom - 0.62)
        return VGroup(line, marks, name)

    def _grid(self) -> VGroup:
        """Percentages of the signal, beside the bars; ticks alone, as lines would cross what is written there."""
        values = [v for v in linear_ticks(self.high) if 0 < v <= self.high]
        grid = VMobject(stroke_color=self.theme.muted, stroke_width=2)
        heights = [float(self.height_of(v)) for v in values]
        grid.set_points(shapes.lines([(self.left - 0.06, y) for y in heights], [(self.left, y) for y in heights]))
        marks = VGroup()
        for value, y in zip(values, heights, strict=True):
            text = self.numbers.significant(100 * value, 1 if 100 * value < 10 else 2) + self.numbers.percent
            marks.add(Readout(self.theme, [self.left - 0.12, y - 0.07, 0], RIGHT, "small", "muted").show(text))
        return VGroup(grid, marks)

    def _flag(self, which: int) -> VGroup:
        """A pole at a mean with its words, away from the other mean's pole."""
        key, role = (("share", "gradient"), ("count", "muted"))[which]
        mean, other, band = self.means[which], self.means[1 - which], self.bands[which]
        x = float(np.interp(mean, [0, self.lengths[-1]], [self.x[0], self.x[-1]]))
        lower = float(self.height_of(0.0))
        box = self.callout
        if len(box) and box.get_left()[0] - 0.1 < x < box.get_right()[0] + 0.1:
            lower = box.get_top()[1] + 0.1
        leftward = bool(which == 1 and other > mean)
        room = (x - 0.15 - self.stage.left) if leftward else (self.stage.right - x - 0.15)
        texts = self._flag_words(key, role, band, room)
        edge = texts.get_right()[0] if leftward else texts.get_left()[0]
        texts.shift([x + (-0.15 if leftward else 0.15) - edge, 0, 0])
        off = min(0.0, self.stage.right - texts.get_right()[0]) + max(0.0, self.stage.left - texts.get_left()[0])
        pole = VMobject(stroke_color=self.theme.ink, stroke_width=3)
        top = band + 0.22 if not off else texts.get_bottom()[1] - 0.08  # words that found no room stand over the pole
        pole.set_points(stroked([(x, lower), (x, top)], "dotted"))
        return VGroup(pole, texts.shift([off, 0, 0]))

    def _flag_words(self, key: str, role: str, band: float, room: float) -> VGroup:
        """Name and mean of a flag in one row, or where there is no ``room`` for it in two."""
        name = Label(self.words[key], self.theme, "body", role, "bold").on_line(band)
        value = Label(self.words[f"{key}_mean"], self.theme, "body", "ink")
        value.next_to(name, RIGHT, buff=0.2).on_line(band)
        if value.get_right()[0] - name.get_left()[0] > room:
            value.next_to(name.get_left(), RIGHT, buff=0).on_line(band - 0.34)
        return VGroup(name, value)

    def _callout(self) -> VGroup:
        """What the route without tolls brings, over its bar."""
        lines = VGroup(
            Label(self.words["highway"], self.theme, "small", "skip", "bold"),
            Label(self.words["highway_share"], self.theme, "body", "skip", "bold"),
        )
        left = float(self.x[0]) - 0.1
        under = self.x - self.bar_width / 2 < left + max(line.width for line in lines) + 0.1
        high = np.maximum(self.extremes[1], self.count * self.peak)[under]
        base = float(self.height_of(max(float(high.max()), 0.0))) + 0.2
        lines[1].next_to([left, 0, 0], RIGHT, buff=0).on_line(base)
        lines[0].next_to([left, 0, 0], RIGHT, buff=0).on_line(base + 0.32)
        leader = VMobject(stroke_color=self.theme.skip, stroke_width=3)
        start = float(self.height_of(max(self.extremes[1, 0], 0.0))) + 0.05
        if base - 0.1 > start:
            leader.set_points(shapes.lines([(self.x[0], start)], [(self.x[0], base - 0.1)]))
        return VGroup(leader, lines)

    # what moves

    def draw_count(self, **kwargs: object) -> Animation:
        """The number of routes of each length, from none to all tolls."""
        path = np.stack([self.x, self.height_of(self.count * self.peak)], axis=1)
        fine = np.linspace(0, len(path) - 1, 8 * len(path))
        path = np.stack([np.interp(fine, self.lengths, path[:, i]) for i in (0, 1)], axis=1)

        def draw(progress: float) -> None:
            self.curve.set_points(stroked(path[: max(2, round(progress * len(path)))], "dashed"))

        return Draw(self.curve, draw, **kwargs)

    def raise_bars(self, **kwargs: object) -> Animation:
        """The measured shares rise, short routes first."""
        moving = VGroup(self.bars, self.losses, self.hatch, self.spread)

        def draw(progress: float) -> None:
            late = 0.6 * self.lengths / max(len(self.lengths) - 1, 1)
            grown = np.clip((progress - late) / 0.4, 0, 1)
            self._draw_bars(self.mean_share * grown * grown * (3 - 2 * grown))
            whole = grown >= 1
            ends = [np.stack([self.x[whole], self.height_of(edge[whole])], axis=1) for edge in self.extremes]
            self.spread.set_points(shapes.lines(*ends))

        return Draw(moving, draw, **kwargs)

    def _draw_bars(self, share: NDArray[np.float64]) -> None:
        zero, y = self.height_of(0.0), self.height_of(share)
        centre = np.stack([self.x, (zero + y) / 2], axis=1)
        up, width = y > zero, self.bar_width
        radius = min(0.06, width / 3)
        for bar, place, height in zip(self.bars, centre, np.where(up, y - zero, 0.0), strict=True):
            bar.set_points(shapes.rounded_boxes([place], width, height, radius))
        down = y < zero - 0.01
        self.losses.set_points(shapes.rounded_boxes(centre[down], width, (zero - y)[down], radius))
        strokes = []
        for x, low in zip(self.x[down], y[down], strict=True):
            at = np.arange(low + 0.04, float(zero) - 0.14, 0.11)
            strokes += [((x - 0.4 * width, v), (x + 0.4 * width, v + 0.1)) for v in at]
        self.hatch.set_points(shapes.lines(*zip(*strokes, strict=True)) if strokes else shapes.NOTHING)

    def point_out_highway(self, **kwargs: object) -> Animation:
        """The bar of the route without tolls takes the colour of the shortcuts."""
        zero, y = float(self.height_of(0.0)), float(self.height_of(self.mean_share[0]))
        centre, height = [(self.x[0], (zero + y) / 2)], max(abs(y - zero), 0.05)

        def draw(progress: float) -> None:
            self.first.set_points(shapes.rounded_boxes(centre, self.bar_width * progress, height, 0.05))

        return Draw(self.first, draw, **kwargs)
