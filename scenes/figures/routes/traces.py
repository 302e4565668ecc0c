"""The last blocks of the road at night: one light takes both ways at every crossing, and each route leaves a trace."""

from __future__ import annotations

from functools import cached_property
from itertools import product

import numpy as np

from scenes.figures.valley.deck import LOW, height
from scenes.figures.valley.land import PITCH, Floats, middle, seen
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Pen

Taken = tuple[bool, ...]  # by block, from the last one back: True is the toll
SAMPLES = 41  # points of a trace in a block
SPREAD = 1.1  # how broad the bundle of all traces is
WIDTH = (0.34, 0.26, 0.2, 0.14)  # of a trace, after so many crossings
NEAR = 140.0  # width of views up to which one trace can be told from another
COMES = 13.5  # world units of road that the light comes from beyond the loss


def order(blocks: int) -> list[Taken]:
    """All routes through so many blocks: those with fewer tolls first."""
    routes: list[Taken] = list(product((False, True), repeat=blocks))
    return sorted(routes, key=lambda taken: (sum(taken), taken[::-1]))


class Traces:
    """``driven`` counts the blocks that the lights have come through since the loss, −1 … ``blocks``; ``faded`` is how
    much of the traces has been taken away; ``beyond``, 0 to 1, how far light has gone on through all other blocks.
    """

    def __init__(self, valley: Valley, blocks: int) -> None:
        self.valley, self.blocks = valley, blocks
        self.driven, self.faded, self.beyond = -0.1, 0.0, 0.0
        self.routes = order(blocks)
        valley.below.append(lambda pen, view: self._paint(pen, view, True))
        valley.upon.append(lambda pen, view: self._paint(pen, view, False))

    # where

    def stretch(self, taken: Taken) -> Floats:
        """The trace of the last block of a beginning of a route, (SAMPLES, 2), from right to left, on the picture."""
        return self._stretches[taken]

    @cached_property
    def _stretches(self) -> dict[Taken, Floats]:
        begun = [tuple(some) for count in range(1, self.blocks + 1) for some in product((False, True), repeat=count)]
        return {taken: self._stretch(taken) for taken in begun}

    def _stretch(self, taken: Taken) -> Floats:
        land, count = self.valley.land, len(taken)
        share = np.linspace(0, 1, SAMPLES)
        u = land.states[land.depth - count + 1] - PITCH * share
        turned = share * share * (3 - 2 * share)
        lane = self._lane(taken[:-1]) + (self._lane(taken) - self._lane(taken[:-1])) * turned
        if not taken[-1]:
            return seen(u, -0.8 * lane, height(u) + 0.05)
        v = middle(u)
        angle = np.unwrap(np.arctan2(np.gradient(v), np.gradient(-u)) + np.pi)
        near = np.minimum(share, 1 - share) / 0.12  # at a crossing, lanes lie as they do on the deck
        bent = np.clip(near, 0, 1)
        return seen(u - bent * lane * np.sin(angle), v - lane * (bent * np.abs(np.cos(angle)) + 0.8 * (1 - bent)), LOW)

    @staticmethod
    def _lane(taken: Taken) -> float:
        """How far from the middle: those who part take the two halves of what they had."""
        lane = 0.0
        for i, toll in enumerate(taken):
            lane += SPREAD * (0.25 if toll else -0.25) / 2**i
        return lane

    def whole(self, taken: Taken) -> list[Floats]:
        """A whole route, stretch by stretch from the loss back."""
        return [self.stretch(taken[: i + 1]) for i in range(len(taken))]

    @property
    def lights(self) -> int:
        """How many lights there are now."""
        return int(2 ** np.clip(np.ceil(self.driven - 1e-9), 0, self.blocks))

    # painting

    def _paint(self, pen: Pen, view: View, toll: bool) -> None:
        if view.width <= NEAR and self.driven > -1:
            self._come(pen, toll)
            for taken, way in self._stretches.items():
                done = self.driven - len(taken) + 1
                if taken[-1] == toll and done > 0:
                    self._trace(pen, way, min(done, 1.0), WIDTH[len(taken)])
                    if done < 1 or (len(taken) == self.blocks and done == 1 and self.faded < 1):
                        self._head(pen, self._tip(way, min(done, 1.0)), 1 - 0.13 * len(taken))
        self._go_on(pen, view, toll)

    def _come(self, pen: Pen, toll: bool) -> None:
        """The one light, before the first crossing."""
        if not toll:
            return
        end = self.valley.land.end
        u = np.linspace(end + COMES, end, SAMPLES)
        way = seen(u, middle(u), LOW)
        share = min(1.0, self.driven + 1)
        self._trace(pen, way, share, WIDTH[0])
        if self.driven <= 0:
            tip = self._tip(way, share)
            self._head(pen, tip, 1.15 + 0.12 * float(np.sin(3 * self.valley.time)))

    def _tip(self, way: Floats, share: float) -> Floats:
        at = share * (len(way) - 1)
        return np.array([np.interp(at, np.arange(len(way)), way[:, axis]) for axis in (0, 1)])

    def _trace(self, pen: Pen, way: Floats, share: float, width: float) -> None:
        there = 1 - 0.62 * self.faded
        points = np.concatenate([way[: int(share * (len(way) - 1)) + 1], [self._tip(way, share)]])
        palette = self.valley.palette
        for tone, wide, alpha in ((palette.light, 3.2 * width, 0.16), (palette.light, width, 0.9)):
            pen.polygon(points, close=False).stroke(tone, wide, alpha * there)
        if pen.adds:
            pen.polygon(points, close=False).stroke(palette.core, 0.45 * width, 0.9 * there)

    def _head(self, pen: Pen, at: Floats, size: float) -> None:
        shine, palette = 1 - self.faded, self.valley.palette
        pen.lights([at], 2.6 * size, palette.light, 0.55 * shine)
        pen.lights([at], 0.62 * size, palette.core, shine, core=True)

    def _go_on(self, pen: Pen, view: View, toll: bool) -> None:
        """Through all other blocks: too many routes to be told apart."""
        land = self.valley.land
        start = float(land.states[land.depth - self.blocks])
        if self.beyond <= 0 or start <= 0:
            return
        here = max(start * (1 - self.beyond), view.seen(12.0)[0])
        start = land.end if view.width > NEAR else start
        u = np.linspace(start, here, max(2, int(2.2 * (start - here))))
        way = seen(u, middle(u), LOW) if toll else seen(u, 0.0, height(u) + 0.05)
        width, palette = max(0.5, pen.px(3.5)), self.valley.palette
        tone: Colour = palette.light
        for wide, alpha in ((3.0 * width, 0.16), (width, 0.75)):
            pen.polygon(way, close=False).stroke(tone, wide, alpha)
        if self.beyond < 1:
            self._glimmer(pen, way[-1], view)

    def _glimmer(self, pen: Pen, at: Floats, view: View) -> None:
        size = 0.02 * view.width * eased(1 - self.beyond, 0.0, 0.08)
        pen.lights([at], 1.6 * size, self.valley.palette.light, 0.6)
        pen.lights([at], 0.4 * size, self.valley.palette.core, 1.0, core=True)
