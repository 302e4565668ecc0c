"""The road becomes the chart: a column of light on every state, as high as the signal there, on a log scale."""

from __future__ import annotations

from functools import lru_cache

import cairo
import numpy as np

from scenes.figures.valley.land import Floats, Land, point, seen
from scenes.figures.valley.lights import HOT
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Colour, Pen, mix
from scenes.kit.drawing.world import World

ROOM = 1.3  # widths of a number from one number to the next
LEAST = 36  # px at full HD, of a number
MOST = 10  # numbers
TONES = 12  # of a column, from calm to hot
ROUND = 14  # px at full HD: narrower columns have square tops
SLANT = 0.87  # of the strokes across what burns


@lru_cache(maxsize=64)
def _strokes(side: int, alpha: float) -> cairo.ImageSurface:
    """A square with a stroke from corner to corner."""
    square = cairo.ImageSurface(cairo.FORMAT_ARGB32, side, side)
    pen = Pen(cairo.Context(square), 1.0, False)
    for low in (-side, 0, side):
        pen.polygon([(-side, low - side), (2 * side, low + 2 * side)], close=False)
    pen.stroke("#14060F", 0.1 * side, alpha)
    return square


class Columns:
    """``log10`` (states,) is the signal, changed by gestures; ``raised`` from 0 to 1, from the loss back.

    ``high`` is the height of the whole chart in world units. Values without a column (exact zeros, no number) have a
    dashed ring on the ground. ``base`` is v where columns stand.
    """

    broadest = 1.5  # world units

    def __init__(
        self, world: World, land: Land, palette: Palette, numbers: Numbers, log10: Floats, high: float
    ) -> None:
        self.land, self.palette, self.numbers = land, palette, numbers
        self.log10, self.high, self.base = np.asarray(log10, dtype=float), high, 0.0
        self.raised, self.shown, self.labelled = 0.0, 1.0, 1.0
        world.moving(self.paint)

    def heights(self) -> tuple[Floats, float]:
        """How high each column is, NaN where there is none, and how high 1 is."""
        known = self.log10[np.isfinite(self.log10)]
        low = min(known.min(initial=0.0) - 0.08 * np.ptp(np.append(known, 0.0)), -0.7)
        top = max(known.max(initial=0.0), 0.3)
        scale = self.high / (top - low)
        return np.where(np.isfinite(self.log10), (self.log10 - low) * scale, np.nan), -low * scale

    def paint(self, pen: Pen, view: View) -> None:
        if self.raised <= 0 or self.shown <= 0.01:
            return
        full, one = self.heights()
        depth = self.land.depth
        wide = min(self.broadest, max(1.5 * view.width / 102, 0.16 * view.width / depth))
        left, right = view.seen(4.0)
        self._unit(pen, view, one)
        back = np.arange(depth, -1, -1) / max(depth, 1)
        grown = np.array([eased(self.raised, 0.72 * part, 0.72 * part + 0.28) for part in back.tolist()])
        places = seen(self.land.states, self.base)
        x, y = places[:, 0], float(places[0, 1])
        shown = (self.land.states > left) & (self.land.states < right) & (grown > 0)
        for state in np.flatnonzero(shown & np.isnan(full)):
            ring = pen.circle(float(x[state]), y, 0.8 * wide, 0.6)
            ring.stroke(self.palette.light, 0.12 * wide, self.shown, dash=(0.3 * wide,) * 2)
        shown &= ~np.isnan(full)
        hot = np.round(np.clip((self.log10[shown] - HOT[0]) / (HOT[1] - HOT[0]), 0, 1) * TONES) / TONES
        bright = (0.45 + 0.55 * full[shown] / self.high) * self.shown
        standing = np.stack([x[shown], np.maximum(full[shown] * grown[shown], 0.1 * wide)], axis=1)
        for part in np.unique(hot):
            some = hot == part
            tone = mix(self.palette.light, self.palette.hot, float(part))
            if pen.adds:  # light on the tops
                pen.lights(standing[some] + [0, y], 2.1 * wide, tone, 0.8 * bright[some])
            self._stand(pen, standing[some], y, wide, tone, part > 0.5)
        self._numbers(pen, view, full)

    def _stand(self, pen: Pen, standing: Floats, y: float, wide: float, tone: Colour, hatched: bool) -> None:
        """Columns (x, height) of one colour, all in one go."""

        def outline() -> None:
            for x, high in standing.tolist():
                if wide > pen.px(ROUND):
                    pen.rounded(x - wide / 2, y, wide, high, 0.27 * wide)
                else:
                    pen.ctx.rectangle(x - wide / 2, y, wide, high)

        top = y + float(standing[:, 1].max())
        outline()
        pen.fade((0, y), (0, top), [(0, tone, 0.95 * self.shown), (1, tone, 0.6 * self.shown)])
        if hatched:
            outline()
            pen.ctx.set_source(self._hatch(pen, y, wide))
            pen.ctx.fill()

    def _hatch(self, pen: Pen, y: float, wide: float) -> cairo.SurfacePattern:
        """Slanted strokes, one above the other, from one square of them."""
        side = max(2, round(wide * abs(pen.ctx.get_matrix().yy)))  # px
        pattern = cairo.SurfacePattern(_strokes(side, round(0.6 * self.shown, 2)))
        pattern.set_extend(cairo.EXTEND_REPEAT)
        pattern.set_filter(cairo.FILTER_BILINEAR)
        across, up = side * SLANT / wide, side / wide
        pattern.set_matrix(cairo.Matrix(xx=across, yy=up, y0=-y * up))
        return pattern

    def _unit(self, pen: Pen, view: View, one: float) -> None:
        """The height at which nothing has been lost and nothing gained."""
        (left, y), right = point(0.0, self.base), point(self.land.end, self.base)[0]
        alpha = 0.7 * eased(self.raised, 0.0, 0.3) * self.shown
        line = [(left, y + one), (right, y + one)]
        pen.polygon(line, close=False).stroke(
            self.palette.ink, 0.0016 * view.width, alpha, dash=(0.009 * view.width,) * 2
        )

    def _numbers(self, pen: Pen, view: View, full: Floats) -> None:
        """As many numbers as there is room for, those of both ends among them."""
        words = [self.numbers.signal(float(value)) for value in self.log10]
        em = pen.px(LEAST)
        widest = max(pen.width(word, em) for word in words) * ROOM
        depth = self.land.depth
        stride = max(1, int(np.ceil(widest / (self.land.states[1] - self.land.states[0]))))
        stride = max(stride, -(-(depth + 1) // MOST))
        for state in range(depth, -1, -1):
            if (depth - state) % stride and state:
                continue
            if state and state < stride and state % stride:
                continue  # too near to the last one
            back = (depth - state) / max(depth, 1)
            seen = eased(self.raised, 0.72 * back + 0.15, 0.72 * back + 0.28) * self.shown * self.labelled
            x, y = point(float(self.land.states[state]), self.base)
            if not view.seen()[0] < x < view.seen()[1]:
                continue
            half = pen.width(words[state], em) / 2 + 0.4 * em
            x = min(max(x, view.seen()[0] + half), view.seen()[1] - half)  # the first and the last are not cut
            top = 0.0 if np.isnan(full[state]) else float(full[state])
            pen.text(
                words[state],
                x,
                y + top + 0.55 * em,
                em,
                self.palette.number,
                alpha=seen,
                plate=self.palette.plate,
                plate_alpha=0.55,
            )
