"""Traces roll up into bricks, one a route, that stand on one another by the tolls their routes pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenes.figures.routes.sign import Sign
from scenes.figures.routes.traces import Taken, Traces
from scenes.figures.valley.land import Floats
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix

ROLLS = 0.45  # of the time, one trace
AIR = 0.006  # of the frame's width, between bricks
GLYPH = 48.0  # px at full HD, a brick's formula


@dataclass(frozen=True)
class Frame:
    """Places in widths and heights of the frame from its middle, and back: what stands on the glass."""

    view: View
    tall: float

    @property
    def high(self) -> float:
        return self.view.width * self.tall

    def place(self, at: Floats) -> Floats:
        """World coordinates (…, 2) of places on the glass."""
        return np.asarray(at * [self.view.width, self.high] + [self.view.x, self.view.y])

    def glass(self, at: Floats) -> Floats:
        """Places on the glass of world coordinates."""
        return np.asarray((at - [self.view.x, self.view.y]) / [self.view.width, self.high])


class Bricks:
    """``rolled`` from 0 to 1: traces lift off the road, short routes first, and shrink into bricks; ``burst`` from 0 to
    1: they have turned into sand. Bricks stand on the glass, ``base`` above its middle.
    """

    def __init__(self, traces: Traces, terms: Sequence[Sign], base: float) -> None:
        self.traces, self.terms, self.base = traces, terms, base
        self.valley = traces.valley
        self.rolled, self.burst = 0.0, 0.0
        wide, blocks = self.valley.stage.wide, traces.blocks
        self.wide, self.high = (0.215, 0.112) if wide else (0.235, 0.08 if self.valley.tall > 1.2 else 0.108)
        tolls = [sum(taken) for taken in traces.routes]
        rows = [tolls[:i].count(k) for i, k in enumerate(tolls)]
        columns = (np.array(tolls) - blocks / 2) * (self.wide + AIR)
        self.slots = np.stack([columns, base + self.high * (np.array(rows) + 0.5)], axis=1)
        self.valley.above.append(self._paint)

    def corners(self) -> Floats:
        """Of each brick the lower left corner and the upper right one: (routes, 2, 2), on the glass."""
        half = np.array([self.wide / 2, self.high / 2])
        return np.stack([self.slots - half, self.slots + half], axis=1)

    def begins(self, i: int) -> float:
        """When in ``rolled`` a trace lifts off."""
        return (1 - ROLLS) * i / max(1, len(self.slots) - 1)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.rolled <= 0 or self.burst >= 1:
            return
        frame, there = Frame(view, self.valley.tall), 1 - eased(self.burst, 0.0, 0.5)
        for i, taken in enumerate(self.traces.routes):
            begun = self.begins(i)
            if self.rolled > begun:
                self._brick(pen, frame, i, taken, eased(self.rolled, begun, begun + ROLLS), there)

    def _brick(self, pen: Pen, frame: Frame, i: int, taken: Taken, share: float, there: float) -> None:
        palette, wide = self.valley.palette, self.valley.stage.wide
        (left, low), (right, top) = frame.place(self.corners()[i])
        laid = eased(share, 0.6, 1.0) * there
        pen.rounded(left, low + pen.px(3), right - left, top - low - pen.px(6), pen.px(14))
        pen.fill(palette.plate, 0.88 * laid)
        pen.rounded(left, low + pen.px(3), right - left, top - low - pen.px(6), pen.px(14))
        pen.stroke(mix(palette.light, palette.plate, 0.35), pen.px(3), laid)
        x, y = (left + right) / 2, (low + top) / 2
        words = (x + 0.22 * (right - left), y) if wide else (x, low + 0.3 * (top - low))
        room = (0.5 if wide else 0.94) * (right - left)
        self.terms[i].paint(pen, *words, pen.px(GLYPH), palette.number, laid, most=room)
        self._trace(pen, frame, i, taken, share, there)

    def _trace(self, pen: Pen, frame: Frame, i: int, taken: Taken, share: float, there: float) -> None:
        """The trace itself, on its way from the road to its brick: shortcuts green, tolls amber."""
        palette = self.valley.palette
        width = (1 - share) * 0.3 + share * pen.px(7)
        for stretch, goal, toll in zip(self.traces.whole(taken), self._small(i, taken), taken, strict=True):
            way = frame.glass(stretch)
            way = way + (goal - way) * share + [0.0, 0.07 * np.sin(np.pi * share)]
            tone = mix(palette.light, palette.light if toll else palette.deck, share)
            points = frame.place(way)
            pen.polygon(points, close=False).stroke(tone, 2.8 * width, 0.14 * there)
            pen.polygon(points, close=False).stroke(tone, width, there)

    def _small(self, i: int, taken: Taken) -> list[Floats]:
        """A trace in its brick, stretch by stretch, on the glass."""
        wide = self.valley.stage.wide
        way = self.traces.whole(taken)
        land, blocks = self.valley.land, self.traces.blocks
        middle = land.end - blocks * self.valley.pitch / 2
        box = np.array([0.44 * self.wide, 0.7 * self.high]) if wide else np.array([0.8 * self.wide, 0.42 * self.high])
        scale = box / [blocks * self.valley.pitch + 2.0, 12.5]
        centre = self.slots[i] + ([-0.23 * self.wide, 0.0] if wide else [0.0, 0.2 * self.high])
        return [(stretch - [middle, 0.0]) * scale + centre for stretch in way]
