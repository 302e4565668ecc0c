"""One pipe under the road: a valve under every hall, and over it the bypass; water as wide as the signal, linearly.

The gradient comes from the loss, on the right. With bypasses, what arrives behind a valve has come two ways, and each
way is as wide as its measured share.
"""

from __future__ import annotations

import math

import numpy as np

from scenes.figures.valley.land import Floats
from scenes.figures.valley.lights import HOT
from scenes.figures.valley.valley import Valley
from scenes.figures.water.ground import TOP, grown
from scenes.kit.claims.signals import FLOOR, opposed
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Pen, mix

PIPE, BORE, WALL = 6.2, 2.0, 0.16  # of the pipe: how far down, inner width, wall; in grown units
DROP = 2.5  # from the pipe's middle down to the bypass's
REACH = 2.9  # from a valve to where its bypass leaves
SPEED, DRIPS = 3.4, 0.045  # world units a second; share of the bore below which water drips
STREAK = 2.3  # between two glints on the water


class Pipeline:
    """``log10`` (2, states): the signals, plain and residual; ``share`` (blocks,): what bypasses bring. ``lacks`` are
    blocks without one, from 1.

    ``front`` is the u down to which water has come; ``laid`` runs from 0 to 1 while bypasses are laid, from the right;
    ``wave`` while the water behind them changes from plain to residual.
    """

    def __init__(self, valley: Valley, log10: Floats, share: Floats, lacks: frozenset[int]) -> None:
        self.valley, self.log10, self.share, self.lacks = valley, log10, share, lacks
        self.parts = np.clip(np.nan_to_num(share, nan=1.0), 0, 1)
        self.against = opposed(share)
        known = 10.0 ** np.clip(log10[np.isfinite(log10)], -300, 1)
        self.full = 2.0 if known.max(initial=0.0) > 1 + 1e-9 else 1.0  # the signal that fills the pipe
        known = 10.0 ** np.clip(np.nan_to_num(log10, nan=-np.inf), -300, 300)
        self.level = np.minimum(np.where(np.isfinite(log10) | (log10 == np.inf), known, 0.0), self.full) / self.full
        self.front, self.laid, self.wave = valley.land.end + 30.0, 0.0, 0.0
        valley.above.append(self._paint)

    # what there is

    def turned(self, state: int) -> float:
        """How far the wave has come through a state: 0 plain, 1 residual."""
        depth = self.valley.land.depth
        begin = 0.75 * (depth - state) / max(depth, 1)
        return eased(self.wave, begin, begin + 0.25)

    def now(self, state: int) -> float:
        """How wide the water is at a state, as a share of the bore."""
        plain, residual = (float(row[state]) for row in self.level)
        return plain + (residual - plain) * self.turned(state)

    def signal(self, state: int) -> float:
        """log10 of the signal whose water it is."""
        return float(self.log10[int(self.turned(state) > 0.5), state])

    def beyond(self, state: int) -> bool:
        """Whether there is more than fills the pipe."""
        return bool(self.signal(state) > np.log10(self.full) + 1e-9)

    def _tone(self, value: float) -> Colour:
        palette = self.valley.palette
        hot = float(np.clip((np.nan_to_num(value, nan=0, posinf=9) - HOT[0]) / (HOT[1] - HOT[0]), 0, 1))
        return mix(palette.light, palette.hot, hot)

    # painting

    def _paint(self, pen: Pen, view: View) -> None:
        g = grown(pen)
        y, land = TOP - PIPE * g, self.valley.land
        left, right = view.seen(8.0)
        low, high = max(left, -12.0), min(right, land.end + 12.0)
        if low >= high or view.y - 0.6 * view.width * self.valley.tall > TOP:
            return
        wall = self.valley.theme.muted
        blocks = [b for b in range(1, land.depth + 1) if left < land.halls[b - 1] < right]
        for block in blocks:
            self._bypass(pen, block, y, g)
        pen.polygon([(low, y - (BORE / 2 + WALL) * g), (high, y - (BORE / 2 + WALL) * g),
                     (high, y + (BORE / 2 + WALL) * g), (low, y + (BORE / 2 + WALL) * g)]).fill(wall)  # fmt: skip
        inner = "#0B0F15" if pen.adds else "#EEF1F5"
        pen.polygon([(low, y - BORE / 2 * g), (high, y - BORE / 2 * g),
                     (high, y + BORE / 2 * g), (low, y + BORE / 2 * g)]).fill(inner)  # fmt: skip
        self._water(pen, max(low, self.front), high, y, g)
        halls = land.halls[np.array(blocks, dtype=int) - 1]
        for u, throat in zip(halls.tolist(), self._width(halls, g).tolist(), strict=True):
            self._valve(pen, u, throat, y, g)

    def _width(self, x: Floats, g: float) -> Floats:
        """How wide the water is at places x, in grown units: it changes in the valves, and in the throat of a valve
        with a bypass there is the branch's part alone."""
        land = self.valley.land
        level = np.array([self.now(state) for state in range(land.depth + 1)])
        half = self._half(g)
        at = np.stack([land.halls - half, land.halls + half], axis=1).ravel()
        wide = np.interp(x, at, np.stack([level[:-1], level[1:]], axis=1).ravel())
        block = np.clip(np.searchsorted(land.halls + land.halls[0], x), 0, land.depth - 1)
        away = np.abs(x - land.halls[block])
        laid = np.array([self._built(b + 1) for b in range(land.depth)])[block]
        turned = np.array([self.turned(b) for b in range(land.depth)])[block]
        reach = min(REACH, 0.4 * self.valley.pitch)
        inside = np.clip((reach - away) / (0.5 * reach), 0, 1) * laid * turned
        return np.asarray(wide * (1 - inside * self.parts[block]))

    def _half(self, g: float) -> float:
        """Half the width of a valve."""
        return min(0.85 * g, 0.26 * self.valley.pitch)

    def _water(self, pen: Pen, low: float, high: float, y: float, g: float) -> None:
        """A band as wide as the signal; where it is too thin to be one, drops."""
        if low >= high:
            return
        x = np.linspace(low, high, 400)
        share = self._width(x, g)
        states = np.clip(np.searchsorted(self.valley.land.halls, x), 0, self.valley.land.depth)
        for state in range(int(states.min()), int(states.max()) + 1):
            some = np.flatnonzero(states == state)
            if not len(some):
                continue
            a, b = max(0, some[0] - 1), min(len(x), some[-1] + 2)
            part, wide = x[a:b], share[a:b]
            tone = self._tone(self.signal(state))
            if wide.max() < DRIPS:
                self._drops(pen, float(part[0]), float(part[-1]), y, g, state, tone)
                continue
            half = np.maximum(wide, 0.5 * DRIPS) * BORE * g / 2
            half = half * np.sqrt(np.clip((part - self.front) / (0.7 * g), 0, 1))  # its front is round
            pen.polygon(np.concatenate([np.stack([part, y + half], 1), np.stack([part, y - half], 1)[::-1]])).fill(tone)
            self._glints(pen, part, half, y, g, hot=self.beyond(state))

    def _glints(self, pen: Pen, x: Floats, half: Floats, y: float, g: float, hot: bool) -> None:
        """Short lines that flow with the water; slanted strokes where there is far too much of it."""
        step = STREAK * max(1.0, 0.5 * g)
        drift = (SPEED * max(1.0, 0.6 * g) * self.valley.time) % step
        first = math.floor((x[0] + drift) / step)
        for i in range(first, first + int((x[-1] - x[0]) / step) + 2):
            at = i * step - drift
            if x[0] < at < x[-1]:
                h = float(np.interp(at, x, half))
                up = h * 0.7 * math.sin(2.4 * i)
                if hot:
                    pen.polygon([(at - 0.25 * g, y - h), (at + 0.25 * g, y + h)], close=False)
                elif h > 0.1 * g:
                    pen.polygon([(at, y + up), (at + 0.9 * min(g, 3.0), y + up)], close=False)
        pen.stroke("#3A0B02" if hot else "#FFFFFF", 0.09 * g if hot else 0.06 * g, 0.6 if hot else 0.5)

    def _drops(self, pen: Pen, low: float, high: float, y: float, g: float, state: int, tone: Colour) -> None:
        """A drip: fewer drops the less there is; none where less is left than is drawn."""
        value = self.signal(state)
        if not np.isfinite(value) or value < FLOOR:
            return
        step = (1.4 + 0.55 * max(0.0, -value - 1.0)) * max(1.0, 0.6 * g)
        drift = (0.6 * SPEED * max(1.0, 0.6 * g) * self.valley.time) % step
        first = math.ceil((low + drift) / step)
        radius = 0.2 * g
        for i in range(first, int((high + drift) // step) + 1):
            pen.circle(i * step - drift, y - BORE * g / 2 + 1.2 * radius, radius, 0.85).fill(tone)

    def _built(self, block: int) -> float:
        """How far the bypass of a block is laid."""
        if block in self.lacks:
            return 0.0
        depth = self.valley.land.depth
        return float(np.clip(self.laid * (depth + 2) / 3 - (depth - block) / 3, 0, 1))

    def _bypass(self, pen: Pen, block: int, y: float, g: float) -> None:
        """Under the valve, from where it leaves the pipe to where it comes back."""
        built = self._built(block)
        if built <= 0:
            return
        u = float(self.valley.land.halls[block - 1])
        reach = min(REACH, 0.4 * self.valley.pitch) - 0.1
        bend = 0.45 * reach
        t = np.linspace(0, 1, 49)[: 1 + round(48 * built)]
        x = u + reach - 2 * reach * eased_line(t, bend / reach)
        down = y - DROP * profile(t) * g
        bore = 0.8 * BORE * g * min(1.0, reach / (1.1 * g))
        line = np.stack([x, down], axis=1)
        ctx = pen.ctx
        for width, tone in (
            (bore + 2 * WALL * g, self.valley.palette.deck),
            (bore, "#0B0F15" if pen.adds else "#EEF1F5"),
        ):
            pen.polygon(line, close=False).stroke(tone, width)
        flowing = self.turned(block - 1) * self.now(block) * float(self.parts[block - 1])
        if flowing * bore > 0.01 * bore and self.front < u - reach:
            pen.polygon(line, close=False).stroke(self._tone(self.signal(block)), flowing * bore)
            if self.against[block - 1]:
                pen.polygon(line, close=False).stroke("#14060F", flowing * bore, 0.5, dash=(0.1 * g, 0.25 * g))
        ctx.set_dash([])

    def _valve(self, pen: Pen, u: float, throat: float, y: float, g: float) -> None:
        """Two flanges, a body that leaves a throat free, and the wheel on its stem."""
        tone, half = self.valley.theme.branch, self._half(g)
        gap = max(0.2, min(1.0, 1.15 * throat)) * BORE * g / 2
        for sign in (-1, 1):
            far, near = y + sign * (BORE / 2 + 0.5) * g, y + sign * gap
            edge = y + sign * BORE / 2 * g
            pen.polygon([(u - half, far), (u + half, far), (u + half, edge), (u + 0.25 * half, near),
                         (u - 0.25 * half, near), (u - half, edge)]).fill(tone)  # fmt: skip
        for side in (-1, 1):
            x = u + side * half
            flange = 0.15 * half
            pen.rounded(x - flange, y - (BORE / 2 + 0.62) * g, 2 * flange, (BORE + 1.24) * g, 0.4 * flange)
            pen.fill(mix(tone, "#000000", 0.3))
        top = y + (BORE / 2 + 0.5) * g
        pen.polygon([(u, top), (u, top + 0.75 * g)], close=False).stroke(tone, 0.22 * g)
        pen.rounded(u - 0.8 * half, top + 0.6 * g, 1.6 * half, 0.3 * g, 0.15 * g).fill(tone)


def eased_line(t: Floats, bend: float) -> Floats:
    """From 0 to 1, slow at both ends, where a bend goes down."""
    return np.asarray(t * (1 - bend) + bend * t * t * (3 - 2 * t))


def profile(t: Floats) -> Floats:
    """How far down a bypass is: quickly down, level, quickly up."""
    side = np.clip(np.minimum(t, 1 - t) / 0.3, 0, 1)
    return np.asarray(side * side * (3 - 2 * side))
