"""Charts bound to arrays: a log chart that shares its x positions with what stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import ORIGIN, RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.legend import stroked
from scenes.kit.drawing.numbers import power
from scenes.kit.drawing.text import Readout
from scenes.kit.drawing.theme import Theme

STEPS = (1, 2, 4, 5, 10, 20, 40, 50, 100, 200, 500)  # decades between grid lines
MOST_TICKS = 5


@dataclass(frozen=True)
class Range:
    """Lowest and highest power of ten on a chart."""

    low: float
    high: float

    @classmethod
    def around(cls, *values: ArrayLike) -> Range:
        """The range that holds all finite values, 1 (power 0) among them, with some air."""
        flat = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in values])
        flat = np.append(flat[np.isfinite(flat)], 0.0)
        air = max(0.06 * (flat.max() - flat.min()), 0.25)
        return cls(float(flat.min() - air), float(flat.max() + air))

    def towards(self, other: Range, progress: float) -> Range:
        """This range on its way to another."""
        mix = 1 - progress
        return Range(self.low * mix + other.low * progress, self.high * mix + other.high * progress)

    def ticks(self) -> list[int]:
        """Powers of ten that carry a grid line, 0 among them."""
        step = next(s for s in STEPS if (self.high - self.low) / s <= MOST_TICKS)
        return [
            k for k in range(-step * (int(-self.low) // step), int(self.high) + 1, step) if self.low <= k <= self.high
        ]


class LogChart(VGroup):
    """Plain (dashed, danger) and residual (solid, skip) signals over the blocks, on a log axis.

    x positions are those of ``axis``, index k counted from the loss back. A value below the range, or an exact zero, is
    a dashed ring on the lower edge: never a point.
    """

    def __init__(self, axis: Axis, bottom: float, top: float, theme: Theme) -> None:
        self.axis, self.bottom, self.top, self.theme = axis, bottom, top, theme
        self.grid = VMobject(stroke_color=theme.faint, stroke_width=1.5)
        self.unit = VMobject(stroke_color=theme.muted, stroke_width=2)
        self.powers = VGroup(*(self._tick(RIGHT) for _ in range(2 * MOST_TICKS + 2)))
        self.indices = VGroup(*(self._tick(ORIGIN) for _ in range(6)))
        plain = VMobject(stroke_color=theme.danger, stroke_width=5)
        residual = VMobject(stroke_color=theme.skip, stroke_width=5)
        self.lines = VGroup(plain, residual)
        self.dots = VGroup(
            *(VMobject(stroke_width=0, fill_color=c, fill_opacity=1) for c in (theme.danger, theme.skip))
        )
        self.rings = VMobject(stroke_color=theme.danger, stroke_width=2)
        super().__init__(self.grid, self.unit, self.powers, self.indices, self.lines, self.dots, self.rings)

    def _tick(self, side: NDArray[np.float64]) -> Readout:
        return Readout(self.theme, ORIGIN, side, "small", "muted")

    def show(
        self, depth: float, log10: NDArray[np.float64], span: Range, reveal: Sequence[float] = (1.0, 1.0)
    ) -> LogChart:
        """Draw both networks' signals for ``depth`` blocks. ``span`` is the chart's range; ``reveal`` how
        far back each line has been drawn, 0 … 1."""
        self._draw_axes(depth, span)
        rings = []
        for i, values in enumerate(log10):
            x = self.axis.nodes(depth)
            value = np.asarray(values, dtype=float)[: len(x)]
            upto = reveal[i] * (len(x) - 1)
            below = ~(value >= span.low)
            y = self.height_of(np.clip(np.nan_to_num(value, nan=span.low, posinf=span.high), span.low, span.high), span)
            path = np.stack([x, y], axis=1)
            seen = np.arange(len(x)) <= upto + 1e-9
            drawn = path[seen]
            if reveal[i] > 0 and 0 < upto < len(x) - 1:
                part = upto - int(upto)
                drawn = np.concatenate([drawn, [path[int(upto)] * (1 - part) + path[int(upto) + 1] * part]])
            drawn = drawn if reveal[i] > 0 else drawn[:0]
            self.lines[i].set_points(stroked(drawn, "solid" if i else "dashed"))
            pitch = self.axis.pitch(depth)
            radius = float(np.interp(pitch, [0.22, 0.35], [0, 0.065]))  # dots only where there is room between them
            visible = seen & (reveal[i] > 0)
            self.dots[i].set_points(shapes.circles(path[visible & ~below], radius))
            rings.append(path[visible & below])
        lowest = np.concatenate(rings)
        self.rings.set_points(shapes.dashed_circles(lowest, 0.07 if self.axis.pitch(depth) > 0.2 else 0.04))
        return self

    def height_of(self, log10: ArrayLike, span: Range) -> NDArray[np.float64]:
        """y of a power of ten."""
        share = (np.asarray(log10, dtype=float) - span.low) / (span.high - span.low)
        return self.bottom + share * (self.top - self.bottom)

    def _draw_axes(self, depth: float, span: Range) -> None:
        left, right = self.axis.left - 0.15, self.axis.right + 0.15
        ticks = span.ticks()
        y = self.height_of(ticks, span)
        others = [v for k, v in zip(ticks, y, strict=True) if k]
        self.grid.set_points(
            shapes.lines([(left, v) for v in others], [(right, v) for v in others]) if others else shapes.NOTHING
        )
        one = float(self.height_of(0, span))
        self.unit.set_points(shapes.lines([(left, one)], [(right, one)]))
        for i, label in enumerate(self.powers):
            label.show(
                (power(ticks[i]) if ticks[i] else "1") if i < len(ticks) else "",
                (left - 0.12, y[min(i, len(y) - 1)] - 0.06, 0),
            )
        last = int(depth + 1e-9)
        marks = index_marks(last, len(self.indices))
        pitch = self.axis.pitch(depth)
        for i, label in enumerate(self.indices):
            mark = marks[min(i, len(marks) - 1)]
            label.show(
                str(mark) if i < len(marks) else "", (self.axis.right - pitch * (last - mark), self.bottom - 0.27, 0)
            )


def index_marks(depth: int, most: int) -> list[int]:
    """Block numbers that stand under the chart: 0, depth, and round numbers between with room around them."""
    step = next(s for s in (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500) if depth / s <= most - 1)
    inner = [k for k in range(step, depth, step) if depth - k >= 0.6 * step]
    return [0, *inner, depth]
