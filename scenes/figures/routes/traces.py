"""The last blocks of the road at night: one light takes both ways at every crossing, and each route leaves a trace."""

from __future__ import annotations

from functools import cached_property
from itertools import product

import cairo
import numpy as np

from scenes.figures.valley.deck import LOW, height
from scenes.figures.valley.land import PITCH, Floats, middle, seen
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Pen

Taken = tuple[bool, ...]  # by block, from the last one back: True is the toll
SAMPLES = 33  # points of a trace in a block
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
            for count in range(not toll, self.blocks + 1):
                self._paint_all(pen, count, toll)
        self._go_on(pen, view, toll)

    def _paint_all(self, pen: Pen, count: int, toll: bool) -> None:
        """All traces of the block that is crossed as number ``count``, as one path; 0 is the way to the first one."""
        done = self.driven - count + 1
        if done <= 0:
            return
        ways = [way for taken, way in self._ways[count] if not count or taken[-1] == toll]
        share = min(done, 1.0)
        tips = [self._tip(way, share) for way in ways]
        for way, tip in zip(ways, tips, strict=True):
            pen.polygon(np.concatenate([way[: int(share * (len(way) - 1)) + 1], [tip]]), close=False)
        self._stroke(pen, WIDTH[count])
        if done < 1 or (count in (0, self.blocks) and done == 1 and self.faded < 1):
            beat = 1.15 + 0.12 * float(np.sin(3 * self.valley.time)) if not count else 1 - 0.13 * count
            for tip in tips:
                self._head(pen, tip, beat)

    @cached_property
    def _ways(self) -> list[list[tuple[Taken, Floats]]]:
        """Traces by how many crossings they have come through: first the one light's way to the first of them."""
        end = self.valley.land.end
        u = np.linspace(end + COMES, end, 2 * SAMPLES)
        rows: list[list[tuple[Taken, Floats]]] = [[((), seen(u, middle(u), LOW))]]
        for count in range(1, self.blocks + 1):
            rows.append([(taken, way) for taken, way in self._stretches.items() if len(taken) == count])
        return rows

    def _tip(self, way: Floats, share: float) -> Floats:
        at = share * (len(way) - 1)
        return np.array([np.interp(at, np.arange(len(way)), way[:, axis]) for axis in (0, 1)])

    def _stroke(self, pen: Pen, width: float) -> None:
        """The path, as a trace of light."""
        there, palette, ctx = 1 - 0.62 * self.faded, self.valley.palette, pen.ctx
        lines = [(palette.light, 3.2 * width, 0.16), (palette.light, width, 0.9), (palette.core, 0.45 * width, 0.9)]
        ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        ctx.set_dash([])
        for tone, wide, alpha in lines[: 3 if pen.adds else 2]:
            pen.colour(tone, alpha * there)
            ctx.set_line_width(wide)
            ctx.stroke_preserve()
        ctx.new_path()

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
        u = np.linspace(start, here, max(2, int((start - here) * (2.2 if view.width < 200 else 1.1))))
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
