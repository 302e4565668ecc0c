"""How much a block stretches gradients, as clouds of measured values: the branch alone, and with its shortcut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.gains.swarm import Scale, heaped, rows, thinned
from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Formula, Label, Readout
from scenes.kit.drawing.theme import Theme

RADIUS = 0.034
DIM = 0.6  # opacity of dots below 1


@dataclass(frozen=True)
class Cloud:
    """Values of one kind: ``values`` flat, a dot each; or ``extremes[row, 2]``, largest and smallest, a line each."""

    values: NDArray[np.float64]
    extremes: bool
    role: str
    source: str  # a formula, or nothing
    name: str
    below: str  # the share below 1 in words, or nothing
    most: int  # dots that it may have

    @property
    def drawn(self) -> int:
        """How many dots stand for the values."""
        return len(thinned(self.values, self.most))


class Strip(VGroup):
    """One cloud along a scale, its name above it; ``y`` is the middle of the cloud, ``height`` its reach from there."""

    def __init__(self, cloud: Cloud, scale: Scale, y: float, height: float, stage: Stage, theme: Theme) -> None:
        self.cloud, self.scale, self.y, self.reach = cloud, scale, y, height
        colour = getattr(theme, cloud.role)
        self.unit = VMobject(stroke_color=theme.ink, stroke_width=3)
        one = float(scale.x_of(1.0))
        self.unit.set_points(shapes.dashes([(one, y - height), (one, y + height)], 0.12, 0.09))
        self.below = VMobject(stroke_width=0, fill_color=colour, fill_opacity=DIM)
        self.above = VMobject(stroke_width=0, fill_color=colour, fill_opacity=1)
        self.spans = VMobject(stroke_color=colour, stroke_width=3)
        self.heading = self._heading(stage, theme)
        super().__init__(self.spans, self.below, self.above, self.unit, self.heading)
        if cloud.extremes:
            pairs = cloud.values[np.isfinite(cloud.values).all(axis=1)]
            self.at = np.sort(pairs[np.linspace(0, len(pairs) - 1, min(len(pairs), 12)).round().astype(int)], axis=1)
            self.level = np.repeat(rows(len(self.at), height), 2) if len(self.at) else np.zeros(0)
            self.value, self.radius = self.at.ravel(), 0.075
        else:
            self.value, self.radius = thinned(cloud.values, cloud.most), RADIUS
            self.level = heaped(scale.x_of(self.value), RADIUS, height)
        self.show(1.0)

    def _heading(self, stage: Stage, theme: Theme) -> VGroup:
        line = self.y + self.reach + 0.16
        parts, at = VGroup(), stage.left
        if self.cloud.source:
            formula = Formula(self.cloud.source, theme, "heading", self.cloud.role)
            formula.next_to([at, 0, 0], RIGHT, buff=0).set_y(line + 0.07)
            parts.add(formula)
            at = formula.get_right()[0] + 0.22
        name = Label(self.cloud.name, theme, "body", self.cloud.role, "bold")
        parts.add(name.next_to([at, 0, 0], RIGHT, buff=0).on_line(line))
        if self.cloud.below:
            below = Label(self.cloud.below, theme, "body", self.cloud.role, "bold")
            parts.add(below.next_to([stage.right, 0, 0], LEFT, buff=0).on_line(line))
        return parts

    def show(self, opened: float) -> Strip:
        """Draw the cloud as far as it has opened from its middle line, 0 … 1."""
        x = self.scale.x_of(self.value)
        level = self.y + self.level * opened
        centre = np.stack([x, level], axis=1)
        radius = self.radius * min(1.0, 4 * opened)
        under = self.value < 1 - 1e-9
        self.below.set_points(shapes.circles(centre[under], radius))
        self.above.set_points(shapes.circles(centre[~under], radius))
        if self.cloud.extremes and len(centre) and opened > 0:
            self.spans.set_points(shapes.lines(centre[::2], centre[1::2]))
        else:
            self.spans.set_points(shapes.NOTHING)
        return self

    def open(self, **kwargs: object) -> Animation:
        """The cloud opens from its middle line."""
        return Draw(self, lambda progress: self.show(max(progress, 1e-6)), **kwargs)


class GainFigure:
    """Two strips over one axis, and the one guarantee there is.

    ``pairs`` are (branch, with shortcut) by name, shown one pair after the other on the same axis. ``words``: axis,
    guarantee. Animations are returned.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        numbers: Numbers,
        pairs: Mapping[str, tuple[Cloud, Cloud]],
        norm: float,
        bound: float,
    ) -> None:
        self.theme, self.words, self.stage, self.bound = theme, words, stage, bound
        stretch = stage.stretch
        every = np.concatenate([cloud.values.ravel() for pair in pairs.values() for cloud in pair])
        self.scale = Scale.for_values(stage.left + 0.25, stage.right - 0.15, every)
        height = 0.74 * stretch
        middles = [stage.top - 2.6 * stretch, stage.top - 4.52 * stretch]
        self.strips = {
            name: [Strip(cloud, self.scale, y, height, stage, theme) for cloud, y in zip(pair, middles, strict=True)]
            for name, pair in pairs.items()
        }
        self.floor, self.reach = stage.top - 5.66 * stretch, height
        self.still = self._axis(numbers)
        self.norm, self.bar_y = norm, (middles[0] - height - 0.1, middles[1] - height - 0.14)
        self.bar = VMobject(stroke_color=theme.branch, stroke_width=7)
        self.ends = VMobject(stroke_color=theme.branch, stroke_width=4)
        self.forbidden = VMobject(stroke_color=theme.muted, stroke_width=2)
        self.label = Label(words["guarantee"], theme, "small", "branch", "bold")
        self.label.next_to([float(self.scale.x_of(1.0)) + 0.2, 0, 0], RIGHT, buff=0).on_line(self.bar_y[1] - 0.08)
        self.middle = middles[1]

    def _axis(self, numbers: Numbers) -> VGroup:
        line = VMobject(stroke_color=self.theme.faint, stroke_width=2.5)
        ticks, marks = self.scale.ticks(numbers), VGroup()
        strokes = [((self.scale.left, self.floor), (self.scale.right, self.floor))]
        strokes += [((x, self.floor), (x, self.floor - 0.08)) for x, _ in ticks]
        line.set_points(shapes.lines([a for a, _ in strokes], [b for _, b in strokes]))
        for x, text in ticks:
            role, weight = ("ink", "bold") if text == "1" else ("muted", "regular")
            marks.add(Readout(self.theme, [x, self.floor - 0.32, 0], ORIGIN, "small", role, weight).show(text))
        name = Label(self.words["axis"], self.theme, "small", "muted")
        name.move_to([(self.stage.left + self.stage.right) / 2, 0, 0]).on_line(self.floor - 0.62)
        return VGroup(line, marks, name)

    def guarantee(self, **kwargs: object) -> Animation:
        """The most that the branch stretches, 0 to ‖J‖, is laid off from 1 downwards: no value lies below its end."""
        moving = VGroup(self.bar, self.ends, self.forbidden)

        def draw(progress: float) -> None:
            grown, moved = min(1.0, 3 * progress), float(np.clip((progress - 0.4) / 0.45, 0, 1))
            moved = moved * moved * (3 - 2 * moved)
            end = self.norm * grown * (1 - moved) + moved
            start = end - self.norm * grown
            y = self.bar_y[0] + (self.bar_y[1] - self.bar_y[0]) * moved
            a, b = (float(self.scale.x_of(v)) for v in (start, end))
            self.bar.set_points(shapes.lines([(a, y)], [(b, y)]))
            stops = [b] if start < -1e-9 else [a, b]  # an end that lies beyond the axis has no stop
            self.ends.set_points(shapes.lines([(x, y - 0.09) for x in stops], [(x, y + 0.09) for x in stops]))
            self.forbidden.set_points(self._hatching(float(np.clip((progress - 0.85) / 0.15, 0, 1))))

        return Draw(moving, draw, **kwargs)

    def _hatching(self, share: float) -> NDArray[np.float64]:
        """Slanted strokes where the guarantee lets no value lie, from 0 to the bound."""
        left, right = self.scale.left, float(self.scale.x_of(self.bound))
        if share <= 0 or right - left < 0.05 or self.bound <= 0:
            return shapes.NOTHING
        at = np.arange(left, right, 0.16)
        high, low = self.middle + self.reach * share, self.middle - self.reach * share
        lean = np.minimum(0.5, right - at)
        rise = np.where(lean < 0.5, (high - low) * lean / 0.5, high - low)
        start = np.stack([at, np.full(len(at), low)], axis=1)
        edge = shapes.lines([(right, low)], [(right, high)])
        return np.concatenate([shapes.lines(start, np.stack([at + lean, low + rise], axis=1)), edge])

    @property
    def can_lay_off(self) -> bool:
        """Whether lengths can be carried along the axis: they can where it is linear."""
        return not self.scale.log
