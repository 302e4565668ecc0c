"""What stands on the hill: how many tolls, where the means are, what the route without tolls brings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scenes.figures.routes.hill import Hill
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.curves import index_marks
from scenes.kit.drawing.painting import Colour, Pen

TICK, FLAG, NAME = 40, 56, 38  # px at full HD


class HillWords:
    """``axis``, ``counted``, ``signalled`` and ``pointed`` fade in what stands below the hill, at the mean of all
    routes, at the mean of the signal, and over the route without tolls. ``means`` are (signal, routes), in tolls.

    ``words``: axis, count, share, highway.
    """

    def __init__(self, hill: Hill, words: Mapping[str, str], means: tuple[float, float]) -> None:
        self.hill, self.words, self.means = hill, words, means
        self.axis, self.counted, self.signalled, self.pointed = 0.0, 0.0, 0.0, 0.0
        self.marks = index_marks(len(hill.x) - 1, 6 if hill.valley.stage.wide else 4)

    @property
    def bottom(self) -> float:
        """The lowest that is drawn."""
        hill = self.hill
        low = min(float(hill.extremes.min(initial=0.0)), 0.0)
        return hill.base + low * hill.scale * float(hill.raised > 0)

    def paint(self, pen: Pen, view: View) -> None:
        hill, palette = self.hill, self.hill.valley.palette
        if self.axis > 0.01:
            em = pen.px(TICK)
            y = self.bottom - 1.15 * em
            for k in self.marks:
                self._text(pen, view, str(k), float(hill.x[k]), y, em, palette.ink, self.axis)
            name = pen.px(NAME)
            middle = (hill.left + hill.right) / 2
            self._text(pen, view, self.words["axis"], middle, y - 1.35 * name, name, palette.ink, self.axis)
        band = hill.top + 0.045 * hill.home.width * hill.valley.tall
        step = 0.075 * hill.home.width * hill.valley.tall
        self._flag(pen, view, self.words["count"], self.means[1], band, palette.ink, self.counted)
        if "share" in self.words:
            self._flag(pen, view, self.words["share"], self.means[0], band + step, palette.number, self.signalled)
        if "highway" in self.words:
            self._highway(pen, view)

    def _flag(self, pen: Pen, view: View, words: str, mean: float, y: float, colour: Colour, alpha: float) -> None:
        """A pole at a mean, with its words."""
        if alpha <= 0.01:
            return
        hill, em = self.hill, pen.px(FLAG)
        x = float(np.interp(mean, [0, len(hill.x) - 1], [hill.x[0], hill.x[-1]]))
        pen.polygon([(x, hill.base), (x, y - 0.4 * em)], close=False)
        pen.stroke(colour, pen.px(5), 0.9 * alpha, dash=(pen.px(12), pen.px(12)))
        half = pen.width(words, em) / 2 + 0.9 * em
        left, right = view.seen()
        at = min(max(x, left + half), right - half)
        self._text(pen, view, words, at, y, em, colour, alpha)

    def _highway(self, pen: Pen, view: View) -> None:
        """Over the first column, and clear of what stands beside it."""
        hill, em = self.hill, pen.px(FLAG)
        half = pen.width(self.words["highway"], em) / 2 + 0.9 * em
        x = max(float(hill.x[0]), view.seen()[0] + half)
        under = np.abs(hill.x - x) < half + hill.pitch / 2
        high = np.maximum(np.maximum(hill.extremes[1], 0.0) * hill.scale, hill.high)[under].max(initial=0.0)
        y = hill.base + float(high) + 0.9 * em
        start = hill.base + max(float(hill.extremes[1, 0]), 0.0) * hill.scale + 0.3 * em
        if self.pointed > 0.01:
            pen.polygon([(float(hill.x[0]), start), (float(hill.x[0]), y - 0.3 * em)], close=False)
            pen.stroke(hill.valley.palette.deck, pen.px(5), self.pointed)
        self._text(pen, view, self.words["highway"], x, y, em, hill.valley.palette.deck, self.pointed)

    def _text(
        self, pen: Pen, view: View, words: str, x: float, y: float, em: float, colour: Colour, alpha: float
    ) -> None:
        half = pen.width(words, em) / 2 + 0.33 * em
        seen = self.hill.valley.uncut(view, x - half, x + half, y - 0.35 * em, 1.3 * em)
        pen.text(words, x, y, em, colour, alpha=alpha * seen, plate=self.hill.valley.palette.plate)
