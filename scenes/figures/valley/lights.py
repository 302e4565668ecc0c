"""The gradient at night: a river of lights that drives back, of which every hall lets through the measured share.

Drawn linearly: of so many lights that set out, as many are left behind a hall as the record says. Where the signal
grows, few set out, and they become many; beyond a thousandfold they burn in the colour of danger and are hatched.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.figures.valley.land import Floats, Land, Way, seen
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen
from scenes.kit.drawing.world import World

MANY = 1000  # lights, at most
HOT = (3.0, 4.5)  # log10 from which lights turn to the colour of danger, and where they have
SPEED = 10.5  # world units a second
GLIMMER = 0.25  # height over the road
DENSITY = 13.0  # lights in a world unit of a full road, from near


def shares(log10: ArrayLike, count: int = MANY) -> Floats:
    """Of ``count`` lights, the share that there are at each state for signals log10 (…, states), linear.

    The largest signal fills the road, unless it is more than ``count`` times as large as what sets out: then one light
    sets out, and the road is full from ``count`` on.
    """
    value = np.nan_to_num(np.asarray(log10, dtype=float), nan=-np.inf, posinf=300.0)
    start = np.maximum(-np.maximum(value.max(axis=-1, keepdims=True), 0.0), -np.log10(count))
    with np.errstate(under="ignore"):
        return np.minimum(10.0 ** np.minimum(value + start, 0), 1.0)


class River:
    """Lights on a way, from its right end to its left; ``log10`` (states,) is the signal, changed by gestures.

    ``front`` is the distance on the way down to which the river has come (0: all the way), ``tail`` that from which on
    it has passed; ``shown`` fades it. ``weight`` is the share of the signal that goes this way, stretch by stretch.
    """

    def __init__(
        self,
        world: World,
        land: Land,
        way: Way,
        palette: Palette,
        log10: Floats,
        weight: ArrayLike = 1.0,
        seed: int = 5,
        broad: float = 0.7,
    ) -> None:
        self.world, self.land, self.way, self.palette = world, land, way, palette
        self.log10 = np.asarray(log10, dtype=float)
        self.weight = np.broadcast_to(np.asarray(weight, dtype=float), land.depth)
        self.stops = way.upto(land.states)
        self.front, self.tail, self.shown = way.length, way.length, 1.0
        rng = np.random.default_rng(seed)
        self.density = DENSITY
        self._rank = (rng.permutation(MANY) + 0.5) / MANY
        self._jitter = rng.uniform(-0.4, 0.4, MANY)
        self._lane = np.resize(np.linspace(-broad, broad, 5)[[0, 3, 1, 4, 2]], MANY) + rng.uniform(-0.1, 0.1, MANY)
        self._size = rng.uniform(0.8, 1.15, MANY)

    def left(self, s: ArrayLike) -> Floats:
        """log10 of the signal at distances s of the way: it changes in the middle of each hall's stretch."""
        middles = (self.stops[:-1] + self.stops[1:]) / 2
        return self.log10[np.searchsorted(middles, np.asarray(s, dtype=float))]

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01 or self.front >= self.tail:
            return
        s, index = self._seen(view)
        if not len(s):
            return
        stretch = np.clip(np.searchsorted(self.stops, s) - 1, 0, self.land.depth - 1)
        middles = (self.stops[:-1] + self.stops[1:]) / 2
        state = np.searchsorted(middles, s)
        weight = np.where((s < self.stops[0]) | (s > self.stops[-1]), 1.0, self.weight[stretch])
        part = shares(self.log10)[state] * weight
        alive = self._rank[index] < part
        s, index, state, part = s[alive], index[alive], state[alive], part[alive]
        if not len(s):
            return
        self._shine(
            pen, view, self.way.places(s, self._lane[index], GLIMMER), self._size[index], self.log10[state], part
        )

    def _seen(self, view: View) -> tuple[Floats, NDArray[np.int64]]:
        """Distances of the lights that the view may show, and which lights they are: they drive on with time."""
        gap = 1 / self._per_unit(view)
        low, high = self.way.upto(np.array(view.seen(12.0)))
        low, high = max(low, self.front), min(high, self.tail)
        moved = SPEED * self.world.time
        first, last = int(np.ceil((low + moved) / gap)), int(np.floor((high + moved) / gap))
        places = np.arange(first, last + 1)
        index = np.mod(places * 7919, MANY)
        return places * gap - moved + gap * self._jitter[index], index

    def _per_unit(self, view: View) -> float:
        """Lights in a world unit: fewer and larger ones where one looks from afar."""
        return self.density * min(1.0, 26.0 / view.width)

    def _shine(self, pen: Pen, view: View, at: Floats, size: Floats, value: Floats, part: Floats) -> None:
        far = (max(view.width, 19.0) / 19.0) ** 0.8
        few = np.clip(1 - part * 12, 0, 1)  # the last ones are larger: one looks for them
        hot = np.clip((np.nan_to_num(value, nan=0, posinf=HOT[1]) - HOT[0]) / (HOT[1] - HOT[0]), 0, 1)
        palette, grown = self.palette, size * far * (1 + 0.6 * few)
        halo = (0.05 + 0.2 * few) if pen.adds else (0.1 + 0.15 * few)
        for tone, core, share in ((palette.light, palette.core, 1 - hot), (palette.hot, palette.hot, hot)):
            some = share > 0.02
            if some.any():
                bright = share[some] * self.shown
                around = (tone, 6.0, halo[some] * bright)
                pen.lights(at[some], 0.25 * grown[some], core, 0.9 * bright, core=True, halo=around)
        self._hatch(pen, at[hot > 0.5], grown[hot > 0.5])

    def _hatch(self, pen: Pen, at: Floats, size: Floats) -> None:
        """A slanted stroke across every other hot light: one sees it without the colour."""
        for (x, y), r in zip(at[::2].tolist(), size[::2].tolist(), strict=True):
            pen.polygon([(x - 0.17 * r, y - 0.17 * r), (x + 0.17 * r, y + 0.17 * r)], close=False)
        if len(at):
            pen.stroke("#3A0B02", 0.07 * float(size.mean()), 0.9 * self.shown)


def glow(pen: Pen, u: float, v: float, h: float, radius: float, palette: Palette, alpha: float = 1.0) -> None:
    """One light that is looked at by itself."""
    at = seen([u], [v], h)
    pen.lights(at, radius, palette.light, 0.6 * alpha)
    pen.lights(at, 0.3 * radius, palette.core, alpha, core=True)
