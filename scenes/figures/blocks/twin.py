"""A plain and a residual network with the same weights, one above the other, over one aligned log chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from manim import LEFT, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.blocks.lane import Lane, arrows
from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.charts import LogChart, Range
from scenes.kit.drawing.legend import legend
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.drawing.page import TITLE, Page, said_rows
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, Readout, fitted
from scenes.kit.drawing.theme import Theme

UNENDING = 400.0  # stands in for an infinite logarithm while a picture is on its way from or to it


@dataclass(frozen=True)
class State:
    """What the figure shows: mean log10 relative signals ``log10[skip, k]``, k counted from the loss back, of ``depth``
    blocks of ``layers`` layers, on a chart of range ``span``, and in words what was measured (``line``).
    ``bridged[k]``: whether a block has a shortcut, counted from the loss, too; None: all have."""

    depth: float
    layers: float
    log10: NDArray[np.float64]
    span: Range
    line: str
    bridged: NDArray[np.bool_] | None = None

    def towards(self, other: State, progress: float) -> State:
        """The state on its way to ``other``; at progress 0 and 1 it is exactly the one or the other."""
        if progress <= 0 or progress >= 1:
            return self if progress <= 0 else other
        mix = 1 - progress
        depth = self.depth + (other.depth - self.depth) * progress
        return State(
            depth,
            self.layers + (other.layers - self.layers) * progress,
            self.at(depth) * mix + other.at(depth) * progress,
            self.span.towards(other.span, progress),
            self.line if progress < 0.5 else other.line,
            self.bridged if progress < 0.5 else other.bridged,
        )

    def at(self, depth: float) -> NDArray[np.float64]:
        """This state's signals, finite, on the nodes of a network of another depth: at equal shares of the way back."""
        share = np.minimum(np.arange(int(depth + 1e-9) + 1) / depth, 1)
        finite = np.nan_to_num(self.log10, nan=-UNENDING, posinf=UNENDING, neginf=-UNENDING)
        return np.stack([np.interp(share * (row.size - 1), np.arange(row.size), row) for row in finite])


class TwinFigure(Page):
    """The figure's parts and how they move.

    ``still`` parts: ``frame`` (title, chart), ``plain_still``, ``residual_still``; ``moving`` redraws itself as
    :meth:`show` says. ``words`` are the texts: title, plain, residual, input, loss, chart, legend_plain,
    legend_residual, width_legend, below. Animations are returned, not played.
    """

    def __init__(self, stage: Stage, theme: Theme, words: Mapping[str, str], numbers: Numbers, state: State) -> None:
        self.stage, self.theme, self.words, self.numbers = stage, theme, words, numbers
        self.state, self.reveal, self.skips = state, [0.0, 0.0], 0.0
        self.axis = Axis(stage.left + (1.6 if stage.wide else 1.35), stage.right - (1.25 if stage.wide else 1.1))
        rows = (2.02, 3.72, 4.38, 4.66, 6.08) if stage.wide else (2.95, 4.4, 5.05, 5.32, 6.08)
        stretch = stage.stretch
        plain_y, residual_y, chart_y, chart_top, chart_bottom = (stage.top - row * stretch for row in rows)
        self.lanes = [Lane(self.axis, plain_y, theme, skip=False), Lane(self.axis, residual_y, theme, skip=True)]
        self.chart = LogChart(self.axis, chart_bottom, chart_top, theme)
        self.arrived = [self._readout(lane.y) for lane in self.lanes]
        self.line = said_rows(stage, theme)
        self.frame = VGroup(
            self._left(words["title"], stage.top - TITLE, "title", weight="bold"), self._chart_title(chart_y)
        )
        self.plain_still = self._ends(0, words["plain"], plain_y + 0.62)
        self.residual_still = self._ends(1, words["residual"], residual_y + 0.8)
        if stage.wide:
            self.plain_still.add(self._width_legend(plain_y + 0.62))
        self.moving = VGroup(*self.lanes, self.chart, *self.arrived, self.line)
        self.show(state)

    # what stands still

    def _ends(self, skip: int, name: str, y: float) -> VGroup:
        """Heading, and the names of the two ends of a chain with the loss's own signal, 1."""
        lane, left, right = self.lanes[skip], self.stage.left, self.stage.right
        source = Label(self.words["input"], self.theme, "small", "data", "bold")
        source.next_to([left, 0, 0], RIGHT, buff=0).on_line(lane.y + 0.09)
        loss = Label(self.words["loss"], self.theme, "small", "gradient", "bold")
        loss.next_to([right, 0, 0], LEFT, buff=0).on_line(lane.y + 0.09)
        one = Label("1", self.theme, "heading", "gradient", "bold").move_to(loss).on_line(lane.y - 0.29)
        return VGroup(self._left(name, y, "heading", weight="bold"), source, loss, one)

    def _readout(self, y: float) -> Readout:
        return Readout(self.theme, [self.stage.left, y - 0.29, 0], LEFT, "heading", "gradient", "bold")

    def _chart_title(self, y: float) -> VGroup:
        title = self._left(self.words["chart"], y, "small", "muted")
        entries = [(self.words["legend_plain"], "danger", "dashed"), (self.words["legend_residual"], "skip", "solid")]
        return VGroup(title, legend(entries, self.theme, title.get_right()[0] + 0.5, y))

    def _width_legend(self, y: float) -> VGroup:
        """Arrows of known signals with their numbers, and the ring for what is too weak to draw."""
        at, row = self.stage.right, VGroup()
        floor = Label(self.words["below"], self.theme, "small", "muted")
        floor.next_to([at, 0, 0], LEFT, buff=0).on_line(y)
        ring = VMobject(stroke_color=self.theme.gradient, stroke_width=2)
        ring.set_points(shapes.dashed_circles([(floor.get_left()[0] - 0.2, y + 0.08)], 0.09))
        at = ring.get_left()[0] - 0.3
        row.add(floor, ring)
        for exponent in (-4, 0):
            label = Label(power(exponent) if exponent else "1", self.theme, "small", "muted")
            label.next_to([at, 0, 0], LEFT, buff=0).on_line(y)
            arrow = VMobject(stroke_width=0, fill_opacity=1)
            arrow.set_points(arrows([label.get_left()[0] - 0.28], y + 0.08, [0.36], signal.width([float(exponent)])))
            arrow.set_fill(self.theme.gradient, float(signal.colour([float(exponent)], self.theme)[0, 3]))
            at = arrow.get_left()[0] - 0.3
            row.add(label, arrow)
        name = Label(self.words["width_legend"], self.theme, "small", "muted")
        return row.add(name.next_to([at, 0, 0], LEFT, buff=0).on_line(y))

    # what moves

    def show(self, state: State) -> None:
        """Draw a state as far as the sweeps have revealed it."""
        self.state = state
        for i, lane in enumerate(self.lanes):
            if i and not self.skips:
                continue
            lane.show(state.depth, state.layers, state.log10[i], self.reveal[i], self.skips, state.bridged)
            self.arrived[i].show(self.numbers.signal(float(state.log10[i, -1])) if self.reveal[i] >= 1 else "")
        self.chart.show(state.depth, state.log10, state.span, self.reveal)
        for row, text in zip(self.line, fitted(state.line, self.stage.right - self.stage.left, "small"), strict=True):
            row.show(text)

    def sweep(self, skip: int, upto: float = 1.0, **kwargs: object) -> Animation:
        """The signal travels back through one network, and its line is drawn below it."""
        begin = 0.0 if self.reveal[skip] >= upto else self.reveal[skip]

        def draw(progress: float) -> None:
            self.reveal[skip] = begin + (upto - begin) * progress
            self.show(self.state)

        return Draw(self.moving, draw, **kwargs)

    def raise_overpasses(self, **kwargs: object) -> Animation:
        """The residual network's blocks appear and an overpass rises over each."""

        def draw(progress: float) -> None:
            self.skips = max(progress, 1e-6)
            self.show(self.state)

        return Draw(self.moving, draw, **kwargs)

    def turn(self, other: State, **kwargs: object) -> Animation:
        """The figure changes from the state it shows to another."""
        begin = self.state
        return Draw(self.moving, lambda progress: self.show(begin.towards(other, progress)), **kwargs)
