"""A gauge over the pipe at every state: a face with a needle, linear, and the number."""

from __future__ import annotations

import math

from scenes.figures.valley.traveller import thinned
from scenes.figures.valley.valley import Valley
from scenes.figures.water.ground import DIAL, TOP, grown
from scenes.figures.water.pipeline import BORE, PIPE, WALL, Pipeline
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen, mix

MIDDLE = 2.9  # how far down a face's middle is, in grown units
SWEEP = math.radians(240)  # from the least to the greatest pressure
NUMBER = 38  # px at full HD, of a number, at least
AWAY = 1.6  # how far water has flowed past a gauge when its needle has come to rest


class Dials:
    """``shown`` fades them. Faces end with what fills the pipe, in both networks; more pushes the needle beyond."""

    def __init__(self, valley: Valley, pipe: Pipeline, numbers: Numbers) -> None:
        self.valley, self.pipe, self.numbers = valley, pipe, numbers
        self.end = pipe.full
        self.shown = 1.0
        valley.above.append(self._paint)

    def needle(self, state: int) -> float:
        """Where a needle stands, as a share of the face: linear in the signal; NaN where there is no number."""
        plain, residual = (self._share(float(row[state])) for row in self.pipe.log10)
        turned = self.pipe.turned(state)
        value = plain if turned == 0 else residual if turned == 1 else plain + (residual - plain) * turned
        come = eased(float(self.valley.land.states[state]) - self.pipe.front, -AWAY, AWAY)
        return value * come

    def words(self, state: int) -> str:
        """What stands on a face."""
        if self.pipe.front > float(self.valley.land.states[state]):
            return "0"
        value = self.pipe.signal(state)
        return "1" if state == self.valley.land.depth and value == 0 else self.numbers.signal(value)

    def _share(self, log10: float) -> float:
        return math.nan if math.isnan(log10) else min(10 ** min(log10, 12.0) / self.end, 1.06)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        g, land = grown(pen), self.valley.land
        left, right = view.seen(2 * DIAL * g)
        if view.y - 0.6 * view.width * self.valley.tall > TOP:
            return
        needed = 2.15 * DIAL * g
        longest = max(pen.width(self.words(state), pen.px(NUMBER)) for state in range(land.depth + 1))
        apart = max(view.width / 8, 1.15 * longest + pen.px(NUMBER))
        for state in range(land.depth, -1, -1):
            u = float(land.states[state])
            seen = thinned(land.depth - state, self.valley.pitch, needed) * self.shown
            if left < u < right and seen > 0.02:
                told = thinned(land.depth - state, self.valley.pitch, max(needed, apart)) * seen
                self._dial(pen, u, TOP - MIDDLE * g, DIAL * g, state, seen, told)

    def _dial(self, pen: Pen, x: float, y: float, r: float, state: int, seen: float, told: float) -> None:
        theme = self.valley.theme
        foot = y - r - 0.1 * r
        pipe_top = TOP - (PIPE - BORE / 2 - WALL) * (r / DIAL)
        pen.polygon([(x - 0.1 * r, pipe_top), (x + 0.1 * r, pipe_top), (x + 0.1 * r, foot), (x - 0.1 * r, foot)])
        pen.fill(theme.muted, seen)
        pen.circle(x, y, 1.08 * r).fill(mix(theme.muted, "#000000", 0.35), seen)
        pen.circle(x, y, 0.98 * r).fill("#F4F1E8", seen)
        value = self.needle(state)
        self._scale(pen, x, y, r, seen)
        if math.isnan(value):
            pen.circle(x, y, 0.4 * r).stroke("#5A5F6B", 0.06 * r, seen, dash=(0.12 * r, 0.1 * r))
        else:
            angle = self._angle(value)
            cos, sin = math.cos(angle), math.sin(angle)
            tip, back = (x + 0.76 * r * cos, y + 0.76 * r * sin), (x - 0.18 * r * cos, y - 0.18 * r * sin)
            aside = (-0.055 * r * sin, 0.055 * r * cos)
            hot = self.pipe.beyond(state)
            pen.polygon([tip, (back[0] + aside[0], back[1] + aside[1]), (back[0] - aside[0], back[1] - aside[1])])
            pen.fill("#BC2B0F" if hot else "#14171C", seen)
        pen.circle(x, y, 0.09 * r).fill("#14171C", seen)
        words, em = self.words(state), max(0.42 * r, pen.px(NUMBER))
        half = pen.width(words, em) / 2 + 0.35 * em
        left, right = self.valley.view.seen()
        if left < x - half and x + half < right:
            pen.text(words, x, y - 0.74 * r, em, "#7A3B00", alpha=told, plate="#F4F1E8", plate_alpha=0.95)

    def _angle(self, share: float) -> float:
        """The direction of a share of the face: from the lower left over the top to the lower right."""
        return math.pi / 2 + SWEEP / 2 - SWEEP * share

    def _scale(self, pen: Pen, x: float, y: float, r: float, seen: float) -> None:
        for i in range(11):
            angle = self._angle(i / 10)
            near = 0.78 if i % 5 == 0 else 0.85
            cos, sin = math.cos(angle), math.sin(angle)
            pen.polygon([(x + near * r * cos, y + near * r * sin), (x + 0.92 * r * cos, y + 0.92 * r * sin)], False)
        pen.stroke("#3A3F4A", 0.035 * r, seen)
        if r * pen.scale < 170:
            return
        for share, words in ((0.0, "0"), (1.0, f"{self.end:.0f}")):
            angle = self._angle(share)
            pen.text(
                words, x + 0.56 * r * math.cos(angle), y + 0.56 * r * math.sin(angle) - 0.05 * r, 0.2 * r, "#3A3F4A"
            )
