"""The road becomes the chart: a column of light on every state, as high as the signal there, on a log scale."""

from __future__ import annotations

import numpy as np

from scenes.figures.valley.land import Floats, Land, point
from scenes.figures.valley.lights import HOT
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen, mix
from scenes.kit.drawing.world import World

ROOM = 1.3  # widths of a number from one number to the next
LEAST = 36  # px at full HD, of a number
MOST = 10  # numbers
TONES = 12  # of the light on a column's top, from calm to hot


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
        standing: list[tuple[float, float, float, float, float]] = []  # x, y, height, how hot, how bright
        for state in range(depth, -1, -1):
            u = float(self.land.states[state])
            back = (depth - state) / max(depth, 1)
            grown = eased(self.raised, 0.72 * back, 0.72 * back + 0.28)
            if not left < u < right or grown <= 0:
                continue
            x, y = point(u, self.base)
            if np.isnan(full[state]):
                pen.circle(x, y, 0.8 * wide, 0.6).stroke(
                    self.palette.light, 0.12 * wide, self.shown, dash=(0.3 * wide,) * 2
                )
                continue
            hot = float(np.clip((self.log10[state] - HOT[0]) / (HOT[1] - HOT[0]), 0, 1))
            bright = (0.45 + 0.55 * float(full[state]) / self.high) * self.shown
            standing.append((x, y, max(float(full[state]) * grown, 0.1 * wide), hot, bright))
        if pen.adds and standing:
            self._glow(pen, wide, np.array(standing))
        for x, y, high, hot, _ in standing:
            self._column(pen, x, y, wide, high, hot)
        self._numbers(pen, view, full)

    def _glow(self, pen: Pen, wide: float, standing: Floats) -> None:
        """Light on the tops, in one go for all that are as hot."""
        x, y, high, hot, bright = standing.T
        steps = np.round(hot * TONES).astype(int)
        for step in np.unique(steps):
            some = steps == step
            tone = mix(self.palette.light, self.palette.hot, float(step / TONES))
            pen.lights(np.stack([x, y + high], axis=1)[some], 2.1 * wide, tone, 0.8 * bright[some])

    def _column(self, pen: Pen, x: float, y: float, wide: float, high: float, hot: float) -> None:
        tone = mix(self.palette.light, self.palette.hot, hot)
        pen.rounded(x - wide / 2, y, wide, high, 0.27 * wide)
        pen.fade((x, y), (x, y + high), [(0, tone, 0.95 * self.shown), (1, tone, 0.6 * self.shown)])
        if hot > 0.5:
            for k in range(int(high / wide)):
                pen.polygon([(x - 0.4 * wide, y + k * wide), (x + 0.4 * wide, y + (k + 0.7) * wide)], close=False)
            pen.stroke("#14060F", 0.1 * wide, 0.6 * self.shown)

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
