"""Pressure gauges: round dials whose needles show a measured signal on a log scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.drawing.stage import PX
from scenes.kit.drawing.text import SIZES, Label, Readout
from scenes.kit.drawing.theme import Theme

Array = NDArray[np.float64]
DANGER = signal.BOUNDS["grows"]  # log10 at which the danger zone begins
TICKS = np.arange(signal.FLOOR, signal.CEILING + 1, 2)


def direction(log10: ArrayLike) -> Array:
    """Unit vectors (…, 2) in which needles point: straight up at 1, the ends of the scale at floor and ceiling."""
    value = np.clip(np.asarray(log10, dtype=float), signal.FLOOR, signal.CEILING)
    angle = np.pi / 2 - 0.75 * np.pi * value / signal.CEILING
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


class Dials(VGroup):
    """The faces of gauges of radius ``radius`` round ``centres`` (gauges, 2): rim, ticks, danger zone."""

    def __init__(self, centres: ArrayLike, radius: float, theme: Theme) -> None:
        c = np.asarray(centres, dtype=float)
        face = VMobject(stroke_color=theme.muted, stroke_width=3, fill_color=theme.panel, fill_opacity=1)
        face.set_points(shapes.circles(c, radius))
        zone = VMobject(stroke_color=theme.danger, stroke_width=16 * radius)
        arc = direction(np.linspace(DANGER, signal.CEILING, 12)) * 0.82 * radius
        zone.set_points(np.concatenate([shapes.polyline(middle + arc) for middle in c]))
        bars = VMobject(stroke_color=theme.panel, stroke_width=2)  # the danger zone is hatched, too
        across = direction(np.linspace(DANGER, signal.CEILING, 7)[1:-1])
        bars.set_points(_radial(c, across, 0.72 * radius, 0.92 * radius))
        ticks = VMobject(stroke_color=theme.muted, stroke_width=2)
        ticks.set_points(_radial(c, direction(TICKS), 0.76 * radius, 0.92 * radius))
        one = VMobject(stroke_color=theme.ink, stroke_width=4)
        one.set_points(_radial(c, direction([0.0]), 0.68 * radius, 0.95 * radius))
        super().__init__(face, zone, bars, ticks, one)


class Needles(VGroup):
    """The needles of gauges, and the number under each; ``values`` (gauges,) are log10 of what they show."""

    def __init__(
        self, centres: ArrayLike, radius: float, values: ArrayLike, theme: Theme, numbers: Numbers, below: str
    ) -> None:
        self.centres, self.radius = np.asarray(centres, dtype=float), radius
        self.values, self.theme = np.asarray(values, dtype=float), theme
        self.words = [reading(value, numbers, below) for value in self.values]
        self.hands = VMobject(stroke_color=theme.ink, stroke_width=5)
        self.pins = VMobject(stroke_width=0, fill_color=theme.ink, fill_opacity=1)
        self.rings = VMobject(stroke_color=theme.gradient, stroke_width=3)
        drop = radius + 0.1 + 0.72 * SIZES["body"] * PX
        self.figures = VGroup()
        for (x, y), value in zip(self.centres, self.values, strict=True):
            role = "danger" if value >= DANGER or np.isnan(value) else "gradient"
            self.figures.add(Readout(theme, [x, y - drop, 0], ORIGIN, "body", role, "bold"))
        super().__init__(self.hands, self.pins, self.rings, self.figures)
        self.show(np.zeros(len(self.values)))

    def show(self, risen: ArrayLike) -> Needles:
        """Draw the needles as far as each has risen (gauges,), 0 … 1, from the low end of its scale."""
        far = np.asarray(risen, dtype=float)
        wet = (self.values >= signal.FLOOR) | (far < 0.5)
        goal = np.nan_to_num(self.values, nan=signal.FLOOR, posinf=signal.CEILING, neginf=signal.FLOOR)
        at = signal.FLOOR + (np.clip(goal, signal.FLOOR, signal.CEILING) - signal.FLOOR) * far
        tips, r, c = direction(at)[wet], self.radius, self.centres
        self.hands.set_points(shapes.lines(c[wet] - 0.18 * r * tips, c[wet] + 0.74 * r * tips))
        self.pins.set_points(shapes.circles(c[wet], 0.13 * r))
        self.rings.set_points(shapes.dashed_circles(c[~wet], 0.36 * r))
        for figure, words, one in zip(self.figures, self.words, far, strict=True):
            figure.show(words if one > 0.9 else "")
        return self


def reading(log10: float, numbers: Numbers, below: str) -> str:
    """What stands under a gauge: the number, or that it is below the scale."""
    if np.isfinite(log10) and log10 < signal.FLOOR:
        return below
    return "1" if log10 == 0 else numbers.signal(log10)


def gauge_key(right: float, y: float, radius: float, theme: Theme, words: Sequence[str]) -> VGroup:
    """How to read a gauge: one dial, its middle at height ``y``, with the numbers of its scale, and words beside it."""
    low, high = (Label(power(int(end)), theme, "small", "muted") for end in (signal.FLOOR, signal.CEILING))
    x = right - high.width - 0.1 - 0.75 * radius
    dial = Dials([(x, y)], radius, theme)
    one = Label("1", theme, "small", "muted").move_to([x, 0, 0]).on_line(y + radius + 0.07)
    low.next_to([x - 0.75 * radius - 0.1, 0, 0], LEFT, buff=0).on_line(y - 0.95 * radius)
    high.next_to([x + 0.75 * radius + 0.1, 0, 0], RIGHT, buff=0).on_line(y - 0.95 * radius)
    danger = Label(power(int(DANGER)), theme, "small", "danger")
    danger.next_to([x + 0.78 * radius + 0.1, 0, 0], RIGHT, buff=0).on_line(y + 0.5 * radius)
    key = VGroup(dial, one, low, high, danger)
    for row, text in enumerate(words):
        label = Label(text, theme, "small", "muted")
        key.add(label.next_to([low.get_left()[0] - 0.2, 0, 0], LEFT, buff=0).on_line(y + 0.12 - 0.3 * row))
    return key


def _radial(centres: Array, out: Array, inner: float, outer: float) -> shapes.Points:
    """Strokes from radius ``inner`` to ``outer`` in every direction of ``out`` round every centre."""
    start, end = centres[:, None] + inner * out, centres[:, None] + outer * out
    return shapes.lines(start.reshape(-1, 2), end.reshape(-1, 2))
