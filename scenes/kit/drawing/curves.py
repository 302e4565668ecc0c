"""Curves over training steps: medians with the spread of the seeds, drawn as far as training has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import ORIGIN, RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.charts import MOST_TICKS, Range
from scenes.kit.drawing.legend import stroked
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.drawing.text import Readout
from scenes.kit.drawing.theme import Theme


@dataclass(frozen=True)
class Curve:
    """One line: values[seed, point] over x[point]; drawn as the median over seeds in a band from quartile to quartile.

    ``role`` is a colour of the theme, ``dash`` a name from the legend's dashes. On a log scale zeros lie on the chart's
    lower edge, marked "0"; lines end where numbers end.
    """

    x: NDArray[np.float64]
    values: NDArray[np.float64]
    role: str
    dash: str = "solid"

    @property
    def median(self) -> NDArray[np.float64]:
        with np.errstate(all="ignore"):
            return np.asarray(np.median(self.values, axis=0))


class CurveChart(VGroup):
    """A chart of :class:`Curve`; x from 0 to ``steps``, y linear from 0 to ``top`` or logarithmic over a range.

    ``box`` is (left, bottom, right, top) of the plot in scene units.
    """

    def __init__(
        self,
        box: tuple[float, float, float, float],
        curves: Sequence[Curve],
        theme: Theme,
        numbers: Numbers,
        *,
        log: bool,
        unit: str = "",
        floor: float = -9.0,
    ) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.curves, self.theme, self.numbers, self.log, self.unit = curves, theme, numbers, log, unit
        self.steps = max(float(curve.x[-1]) for curve in curves)
        self.span = self._span(floor)
        self.grid = VMobject(stroke_color=theme.faint, stroke_width=1.5)
        self.ticks, self.marks = VGroup(), VGroup()
        self.bands = VGroup(
            *(VMobject(stroke_width=0, fill_color=getattr(theme, c.role), fill_opacity=0.14) for c in curves)
        )
        self.lines = VGroup(*(VMobject(stroke_color=getattr(theme, c.role), stroke_width=5) for c in curves))
        self.heads = VGroup(
            *(VMobject(stroke_width=0, fill_color=getattr(theme, c.role), fill_opacity=1) for c in curves)
        )
        self._draw_axes()
        super().__init__(self.grid, self.ticks, self.marks, self.bands, self.lines, self.heads)
        self.show([0.0] * len(curves))

    def _span(self, floor: float) -> Range:
        values = np.concatenate([curve.values.ravel() for curve in self.curves])
        values = values[np.isfinite(values)]
        if not self.log:
            return Range(0.0, float(max(values.max(initial=0.0) * 1.05, 1e-9)))
        logs = np.log10(values[values > 0])
        return Range(max(floor, float(logs.min(initial=0.0)) - 0.3), float(logs.max(initial=0.0)) + 0.3)

    def _draw_axes(self) -> None:
        at: list[float] = list(self.span.ticks()) if self.log else linear_ticks(self.span.high)
        words = [power(int(k)) if k else "1" for k in at] if self.log else [self._plain(v) for v in at]
        if self.log and self.has_zeros:  # the lower edge is where zeros lie; ticks that crowd it make room
            lowest = self.span.low + 0.14 * (self.span.high - self.span.low)
            kept = [(k, word) for k, word in zip(at, words, strict=True) if k > lowest]
            at, words = [self.span.low, *(k for k, _ in kept)], ["0", *(word for _, word in kept)]
        y = [float(self.height_of(v)) for v in at]
        self.grid.set_points(shapes.lines([(self.left, v) for v in y], [(self.right, v) for v in y]))
        for v, word in zip(y, words, strict=True):
            self.ticks.add(Readout(self.theme, [self.left - 0.12, v - 0.06, 0], RIGHT, "small", "muted").show(word))
        for step in linear_ticks(self.steps):
            anchor = [self.x_of(step), self.bottom - 0.28, 0]
            self.marks.add(Readout(self.theme, anchor, ORIGIN, "small", "muted").show(str(round(step))))

    def _plain(self, value: float) -> str:
        whole = abs(value - round(value)) < 1e-9
        return (str(round(value)) if whole else self.numbers.significant(value, 1)) + self.unit * (value > 0)

    @property
    def has_zeros(self) -> bool:
        """Whether some median is exactly zero: what a log scale cannot show but as a mark."""
        return any((curve.median == 0).any() for curve in self.curves)

    def x_of(self, step: ArrayLike) -> NDArray[np.float64]:
        """x of a training step."""
        return np.asarray(self.left + np.asarray(step, dtype=float) / self.steps * (self.right - self.left))

    def height_of(self, place: ArrayLike) -> NDArray[np.float64]:
        """y of a power of ten (log) or of a value (linear)."""
        share = (np.asarray(place, dtype=float) - self.span.low) / (self.span.high - self.span.low)
        return np.asarray(self.bottom + share * (self.top - self.bottom))

    def _places(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(all="ignore"):
            place = np.log10(values) if self.log else values
        return np.clip(place, self.span.low, self.span.high)

    def show(self, upto: Sequence[float]) -> CurveChart:
        """Draw each curve up to its training step in ``upto``; 0 hides it."""
        for curve, step, band, line, head in zip(self.curves, upto, self.bands, self.lines, self.heads, strict=True):
            path = self._path(curve.x, self._places(curve.median), step)
            line.set_points(stroked(path, curve.dash))
            head.set_points(shapes.circles(path[-1:], 0.07))
            with np.errstate(all="ignore"):
                low = self._path(curve.x, self._places(np.percentile(curve.values, 25, axis=0)), step)
                high = self._path(curve.x, self._places(np.percentile(curve.values, 75, axis=0)), step)
            ring = np.concatenate([low, high[::-1]])
            band.set_points(shapes.polygons(ring[None]) if len(low) > 1 and len(low) == len(high) else shapes.NOTHING)
        return self

    def _path(self, x: NDArray[np.float64], place: NDArray[np.float64], step: float) -> NDArray[np.float64]:
        """Points of a curve up to a step, the last one between two points of the record; it ends where numbers end."""
        good = int(np.argmax(np.isnan(place))) if np.isnan(place).any() else len(place)
        x, place = x[:good], place[:good]
        if step <= 0 or not good:
            return np.zeros((0, 2))
        seen = x <= step
        end = min(step, float(x[-1]))
        xs, ys = np.append(x[seen], end), np.append(place[seen], np.interp(end, x, place))
        return np.stack([self.x_of(xs), self.height_of(ys)], axis=1)


def linear_ticks(high: float) -> list[float]:
    """Round numbers from 0 up to ``high``, few enough to be read."""
    raw = high / MOST_TICKS
    scale = 10.0 ** np.floor(np.log10(raw))
    step = next(scale * k for k in (1, 2, 5, 10) if scale * k >= raw)
    return [float(v) for v in np.arange(0, high * (1 + 1e-9), step)]


def apart(heights: ArrayLike, gap: float, lowest: float) -> NDArray[np.float64]:
    """Heights for labels that stand at ``heights`` where they can, ``gap`` apart at least, none below ``lowest``."""
    wanted = np.asarray(heights, dtype=float)
    order = np.argsort(wanted, kind="stable")
    placed = np.maximum(wanted[order], lowest)
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    out = np.empty_like(placed)
    out[order] = placed
    return out
