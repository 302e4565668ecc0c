"""What a network gets wrong, as columns behind the road: one where each block stood, linear from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scenes.figures.valley.land import Floats, point
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen, mix

BEHIND = 14.0  # v of the ground they stand on
LEAST, MOST = 0.025, 0.6  # how broad they are at least, in widths of the view, and at most, in stretches of road
BAD = 50.0  # %, from which on a column has the whole colour of danger
NUMBER, HEAD, AIR = 42, 46, 0.5  # px at full HD of a column's number and of what they are; em between
ROOM = 0.025  # of the frame's height, over what they are


class Failures:
    """``values`` (columns,) are percents, changed by gestures; ``u`` where along the valley each column stands,
    ``raised`` how far each has grown, 0 to 1, ``seen`` how much one sees of it. ``numbered`` are the columns with a
    number. ``joined`` fades in the line through their heads: with it, they are a curve.

    ``high`` is the height of 100 % in world units, ``usual`` the percents with all blocks in place. ``head`` is what
    the columns are, on the glass.
    """

    def __init__(
        self, valley: Valley, values: Floats, usual: float, high: float, percent: Callable[[float], str]
    ) -> None:
        self.valley, self.percent, self.usual, self.high = valley, percent, usual, high
        self.values, self.u = np.asarray(values, dtype=float), valley.land.halls.copy()
        self.raised, self.seen = np.zeros(len(values)), np.ones(len(values))
        self.numbered: Sequence[int] = range(len(values))
        self.head, self.headed, self.joined = "", 0.0, 0.0
        valley.below.insert(0, self._paint)  # halls and deck stand before them
        valley.above.append(self._words)

    def _broad(self, view: View) -> float:
        return max(0.33 * self.valley.pitch, min(LEAST * view.width, MOST * self.valley.pitch))

    def _heights(self) -> Floats:
        """World units; what has no number is as high as can be."""
        return np.asarray(np.clip(np.nan_to_num(self.values, nan=100, posinf=100), 0, 100) / 100 * self.high)

    def tops(self) -> Floats:
        """Where the columns end on the picture: (columns, 2)."""
        high = self._heights() * self.raised
        return np.array([point(float(u), BEHIND) for u in self.u]) + np.stack([np.zeros_like(high), high], axis=-1)

    def _paint(self, pen: Pen, view: View) -> None:
        if not (self.raised * self.seen).any():
            return
        palette, tops = self.valley.palette, self.tops()
        broad = self._broad(view)
        for (x, top), value, raised, seen in zip(tops, self.values, self.raised, self.seen, strict=True):
            if raised * seen <= 0.01:
                continue
            y = point(0.0, BEHIND)[1]
            bad = float(np.clip(np.nan_to_num(value, nan=100, posinf=100) / BAD, 0, 1))
            tone = mix(palette.light, palette.hot, bad)
            pen.rounded(x - broad / 2, y - 0.25, broad, max(top - y, 0.0) + 0.25, 0.1)
            pen.fade((x, y), (x, top + 0.01), [(0, mix(tone, "#000000", 0.35), seen), (1, tone, seen)])
            pen.circle(x, top, broad / 2, 0.3).fill(mix(tone, "#FFFFFF", 0.3), seen)
        self._line(pen, tops)
        left, right = point(float(self.u.min()), BEHIND)[0], point(float(self.u.max()), BEHIND)[0]
        y = point(0.0, BEHIND)[1] + np.clip(np.nan_to_num(self.usual, posinf=100), 0, 100) / 100 * self.high
        pen.polygon([(left - broad, y), (right + broad, y)], close=False)
        pen.stroke(palette.ink, pen.px(4), 0.8 * float(self.raised.max()), dash=(pen.px(18), pen.px(14)))

    def _line(self, pen: Pen, tops: Floats) -> None:
        some = tops[(self.seen > 0.5) & (self.raised > 0.01)]
        if self.joined > 0.01 and len(some) > 1:
            pen.polygon(some, close=False).stroke(self.valley.palette.ink, pen.px(7), 0.9 * self.joined)

    def _words(self, pen: Pen, view: View) -> None:
        palette, em = self.valley.palette, pen.px(NUMBER)
        tops = self.tops()
        for i in self.numbered:
            words = self.percent(float(self.values[i]))
            x, top = tops[i]
            half = pen.width(words, em) / 2 + 0.4 * em
            y = top + (AIR + 0.3) * em
            seen = self.valley.uncut(view, x - half, x + half, y, em)
            shown = seen * float(self.seen[i]) * float(np.clip(2 * self.raised[i] - 1, 0, 1))
            pen.text(words, x, y, em, palette.number, alpha=shown, plate=palette.plate, plate_alpha=0.7)
        self._heading(pen, view)

    def _heading(self, pen: Pen, view: View) -> None:
        palette, em = self.valley.palette, pen.px(HEAD)
        high = view.width * self.valley.tall
        wide = pen.width(self.head, em)
        em *= min(1.0, 0.92 * view.width / max(wide, 1e-9))
        low = self.valley.lowered
        top = 0.5 - 2 * low if low >= 0 else 0.25 - low  # of the part of the frame that is this valley's
        y = view.y + (top - ROOM) * high - em
        left = view.x - 0.47 * view.width
        pen.text(self.head, left, y, em, palette.ink, align=0.0, alpha=self.headed, plate=palette.plate)
