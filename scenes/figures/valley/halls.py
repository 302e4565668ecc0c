"""The halls: one a block, across the road, its layers lit bays; before each a barrier and a traffic light."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from scenes.figures.valley.land import PITCH, Land, point
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Pen, mix
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import Slices, World

LONG, DEEP, HIGH = 1.75, 1.42, 3.05  # half its length along the road, half its depth, its height
NEAR, MIDDLING, FAR = 40.0, 75.0, 170.0  # widths of views up to which words, gates and bays can be made out
ARM, STRIPES = 1.75, 7  # of a barrier
CABLES, HOOK = 60.0, 2.6  # how far up cables run that a lifted hall hangs on, and where they part over its roof


class Halls:
    """``hero`` is the distance driven by the one for whom gates open, as far as ``go`` says; ``lit`` how bright bays
    are by themselves.

    ``names`` has the lines that stand on each bay. Two layers of the world: what is behind those who drive through, and
    what is before them; :meth:`front` adds the second.
    """

    def __init__(
        self, world: World, land: Land, theme: Theme, palette: Palette, names: Sequence[Sequence[str]]
    ) -> None:
        self.world, self.land, self.palette, self.edge = world, land, palette, theme.branch
        self.names = names
        self.hero = -100.0  # on land.lane
        self.lit = 0.0
        self.go = 0.0  # how far light and barrier have opened for the one who waits
        self.shade: Callable[[], float] = lambda: 0.0  # how dark the night is
        self.up, self.at = np.zeros(land.depth), np.arange(land.depth, dtype=float)
        self.roofs: Sequence[Colour] = ()
        self._ways = np.array([land.hall(block)[1] for block in range(1, land.depth + 1)])
        self._backs = Slices(self._paint_backs, 0, land.end, PITCH, 6.0)
        self._fronts = Slices(self._paint_fronts, 0, land.end, PITCH, 6.0, (FAR,))
        self._boards: Sequence[Sequence[str]] = ()

    def board(self, names: Sequence[str]) -> None:
        """Put a name of its own on every hall, in the place of what stands on its bays."""
        self._boards = [[name] for name in names]

    def back(self) -> None:
        self.world.mapped(partial(self._standing, self._backs, self._paint_backs), unfinished=self.moved)

    def front(self) -> None:
        fronts = partial(self._standing, self._fronts, self._paint_fronts)
        self.world.mapped(fronts, lambda: self.shade(), self.moved, deepest=0.6)
        self.world.moving(self._alive)

    def gone_through(self, s: float, block: int) -> float:
        """How far somebody at s of the lane is through a hall: 0 before it, 1 behind it."""
        u = float(self.land.lane.at(s)[0])
        return min(1.0, max(0.0, (u - self.land.halls[block - 1] + LONG) / (2 * LONG)))

    # where they stand

    def moved(self) -> bool:
        """Whether a hall is not where it was built."""
        return bool(self.up.any() or (self.at != np.arange(self.land.depth)).any())

    def spot(self, block: int) -> tuple[float, float, float]:
        """Where a hall is now, (u, v, h)."""
        at = float(self.at[block - 1])
        return (at + 0.5) * PITCH, float(np.interp(at, np.arange(len(self.at)), self._ways)), float(self.up[block - 1])

    def _standing(self, slices: Slices, paint: Callable[..., object], pen: Pen, view: View) -> None:
        """As recorded, as long as all stand where they were built."""
        if self.moved():
            paint(pen, *view.seen(6.0), int(view.whole > FAR))
        else:
            slices.paint(pen, view)

    def _within(self, low: float, high: float) -> list[tuple[int, float, float, float]]:
        """The halls from one u to another, the farthest first: each with where it is."""
        here = np.flatnonzero(((self.at + 0.5) * PITCH >= low) & ((self.at + 0.5) * PITCH < high))
        halls = [(int(i) + 1, *self.spot(int(i) + 1)) for i in here]
        return sorted(halls, key=lambda hall: (-hall[2], hall[3]))

    # what stands

    def _paint_backs(self, pen: Pen, low: float, high: float, detail: int) -> None:
        for _, u, v, h in self._within(low, high):
            if not self.palette.bare:
                pen.polygon([
                    point(u - LONG, v - DEEP), point(u + LONG + 0.9, v - DEEP - 0.25),
                    point(u + LONG + 1.5, v + DEEP - 0.1), point(u + LONG, v + DEEP),
                ]).fill("#000000", 1.1 * self.palette.shadow / (1 + 0.2 * h))  # fmt: skip
            side = [(-DEEP, 0), (DEEP, 0), (DEEP, HIGH), (-DEEP, HIGH)]
            pen.polygon([point(u + LONG, v + dv, h + z) for dv, z in side]).fill(self.palette.mouth)

    def _paint_fronts(self, pen: Pen, low: float, high: float, detail: int) -> None:
        for block, u, v, h in self._within(low, high):
            if h > 0:
                self._cables(pen, u, v, h)
            self._hall(pen, (u, v, h), self.roofs[block - 1] if self.roofs else self.palette.roof, detail)

    def _hall(self, pen: Pen, at: tuple[float, float, float], roof: Colour, detail: int) -> None:
        (u, v, h), wall = at, self.palette.wall
        front = [point(u + du, v - DEEP, h + z) for du, z in ((-LONG, 0), (LONG, 0), (LONG, HIGH), (-LONG, HIGH))]
        corners = ((-LONG, -DEEP), (LONG, -DEEP), (LONG, DEEP), (-LONG, DEEP))
        top = [point(u + du, v + dv, h + HIGH) for du, dv in corners]
        if detail == 0:
            for a, b in ((-DEEP, 0.26 - DEEP), (DEEP - 0.26, DEEP)):  # jambs of the way out
                jamb = [(a, 0), (b, 0), (b, HIGH), (a, HIGH)]
                pen.polygon([point(u + LONG, v + dv, h + z) for dv, z in jamb]).fill(mix(wall, "#000000", 0.3))
            lintel = [(-DEEP, HIGH - 0.5), (DEEP, HIGH - 0.5), (DEEP, HIGH), (-DEEP, HIGH)]
            pen.polygon([point(u + LONG, v + dv, h + z) for dv, z in lintel]).fill(mix(wall, "#000000", 0.3))
        pen.polygon(top).fill(roof)
        pen.polygon(front).fade(
            front[0], front[3], [(0, mix(wall, "#000000", 0.15), 1), (1, mix(wall, "#FFFFFF", 0.05), 1)]
        )
        if detail == 0:
            for share in (-0.5, 0.0, 0.5):
                line = [point(u + share * LONG, v + dv, h + HIGH) for dv in (-DEEP, DEEP)]
                pen.polygon(line, close=False).stroke(self.edge, 0.05, 0.3)
        pen.polygon(top).polygon(front).stroke(self.edge, (0.08, 0.3)[detail])

    def _cables(self, pen: Pen, u: float, v: float, h: float) -> None:
        """What a lifted hall hangs on."""
        hook = point(u, v, h + HIGH + HOOK)
        for du, dv in ((-LONG, -DEEP), (LONG, -DEEP), (LONG, DEEP), (-LONG, DEEP)):
            pen.polygon([point(u + du, v + dv, h + HIGH), hook], close=False)
        pen.polygon([hook, (hook[0], hook[1] + CABLES)], close=False)
        pen.stroke(mix(self.palette.ink, self.palette.road, 0.4), max(0.09, pen.px(2.5)), 0.9)

    # what moves and shines

    def _alive(self, pen: Pen, view: View) -> None:
        if view.width > FAR:
            return
        left, right = view.seen(3.0)
        for block, u, v, h in self._within(left, right):
            self._bays(pen, block, (u, v, h), view)
            if view.width < MIDDLING and h == 0:
                ahead = float(self.land.lane.upto(u - LONG)) - self.hero
                go = self.go if -9 < ahead < 12 else 0.0
                self._traffic_light(pen, u - LONG - 1.0, v - DEEP - 0.1, go)
                self._barrier(pen, u - LONG - 0.35, v - DEEP + 0.25, eased(go, 0.3, 1.0))

    def _bays(self, pen: Pen, block: int, at: tuple[float, float, float], view: View) -> None:
        count, high, through = len(self.names), 1.5, self.gone_through(self.hero, block)
        wide = 1.3 if count == 2 else 2.2
        u, v, h = at
        x, y = point(u, v - DEEP, h + HIGH / 2 - 0.12)
        for i, lines in enumerate(self._boards[block - 1 : block] or self.names):
            turn = 0.3 * i if count == 2 else 0.2
            on = max(eased(through, 0.05 + turn, 0.25 + turn) * (1 - eased(through, 0.5 + turn, 0.7 + turn)), self.lit)
            here = x + (i - (count - 1) / 2) * (wide + 0.22)
            if on > 0:
                pen.lights([(here, y)], 1.9, self.edge, 0.55 * on)
            tone = mix(self.palette.bay, self.palette.lit, on)
            dark = 0.55 * self.shade() * (1 - on)
            pen.rounded(here - wide / 2, y - high / 2, wide, high, 0.16).fill(mix(tone, "#0A0F22", dark))
            if view.width < NEAR:
                self._letter(Pen(pen.ctx, pen.scale, pen.adds), lines, here, y)

    def _letter(self, pen: Pen, lines: Sequence[str], x: float, y: float) -> None:
        """What is done in a layer, as large as its bay leaves room for. Nobody has to read it."""
        wide = 1.16 if len(self.names) == 2 else 2.0
        pitch = min(0.42, 1.36 / len(lines))
        for i, words in enumerate(lines):
            em = min(0.3, 0.74 * pitch, wide / max(pen.width(words, 1.0), 1e-6))
            up = ((len(lines) - 1) / 2 - i) * pitch - 0.35 * em
            pen.text(words, x, y + up, em, self.palette.bay_ink)

    def _traffic_light(self, pen: Pen, u: float, v: float, go: float) -> None:
        x, y = point(u, v)
        pen.polygon([(x - 0.055, y), (x + 0.055, y), (x + 0.055, y + 1.25), (x - 0.055, y + 1.25)]).fill("#39424F")
        pen.rounded(x - 0.24, y + 1.15, 0.48, 1.22, 0.14).fill("#10141A")
        for i, (lamp, on) in enumerate((("#3BE39A", go), ("#FFC04D", 0.0), ("#FF6E4A", 1 - go))):
            at = y + 1.39 + 0.37 * i
            pen.circle(x, at, 0.14).fill(mix("#1C222B", lamp, 0.15 + 0.85 * on))
            if on > 0.05:
                pen.lights([(x, at)], 0.75, lamp, 0.6 * on)

    def _barrier(self, pen: Pen, u: float, v: float, up: float) -> None:
        x, y = point(u, v)
        pen.rounded(x - 0.13, y, 0.26, 0.75, 0.05).fill("#D9DEE6")
        angle = math.radians(12 + 70 * up)
        reach = [i / STRIPES * ARM for i in range(STRIPES + 1)]
        spots = [point(u, v + r * math.cos(angle), 0.72 + r * math.sin(angle)) for r in reach]
        for i, (a, b) in enumerate(pairwise(spots)):
            pen.polygon([a, b], close=False).stroke("#FF6E4A" if i % 2 == 0 else "#F2F4F8", 0.15)
