"""All routes of the network as a hill of sand by the tolls they pay, and over its foot the light that they bring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.figures.routes.bricks import Bricks, Frame
from scenes.figures.valley.land import Floats
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix

GRAINS = 2000
FLIGHT = 0.5  # of the time, one grain
SEED = 4


class Hill:
    """``count[k]`` routes pay k tolls; ``share[k]`` of the signal is theirs, or there is none (empty); ``extremes``
    are the least and the greatest of several networks, (2, k).

    Stands in the world where ``home``, the view of the whole, has the place ``box`` (left, bottom, right, top) on its
    glass. Both are drawn to scale, each as high as its greatest. ``poured``, 0 to 1: bricks have turned into sand, and
    sand into the hill; ``lit``: grains shine as much as their length brings; ``raised``: columns of light, short routes
    first; ``pointed`` paints the first one in the colour of shortcuts; ``dark``: no light comes.
    """

    def __init__(
        self,
        bricks: Bricks,
        home: View,
        box: tuple[float, float, float, float],
        count: Floats,
        share: Floats,
        extremes: Floats,
    ) -> None:
        self.bricks, self.valley, self.home = bricks, bricks.valley, home
        self.poured, self.lit, self.raised, self.pointed, self.dark = 0.0, 0.0, 0.0, 0.0, 0.0
        self.share, self.extremes = share, extremes
        frame = Frame(home, self.valley.tall)
        (self.left, bottom), (self.right, self.top) = frame.place(np.array([box[:2], box[2:]]))
        self.pitch = min((self.right - self.left) / len(count), 0.16 * home.width)
        self.x = (self.left + self.right) / 2 + self.pitch * (np.arange(len(count)) - (len(count) - 1) / 2)
        high, low = (max(float(extremes.max()), 1e-9), min(float(extremes.min()), 0.0)) if len(share) else (1.0, 0.0)
        self.scale = (self.top - bottom) / (high - low)
        self.base = bottom - low * self.scale
        peak = float(share.max()) if len(share) else 1.0
        self.count = count / count.max()
        self.high = self.count * peak * self.scale  # of the hill over each number of tolls
        self._sow(count / count.sum())

    # sand

    def _sow(self, part: Floats) -> None:
        """Which column each grain belongs to, where in it, and from where it comes."""
        rank = (np.arange(GRAINS) + 0.5) / GRAINS
        self.column = np.minimum(np.searchsorted(np.cumsum(part), rank), len(part) - 1)
        number = np.bincount(self.column, minlength=len(part))
        self.side = float(np.sqrt(self.pitch * self.high.sum() / GRAINS))
        row = max(1, round(self.pitch / self.side))
        first = np.concatenate([[0], np.cumsum(number)[:-1]])
        place = np.arange(GRAINS) - first[self.column]
        rows = -(-number // row)
        step = np.divide(self.high, rows, out=np.zeros_like(self.high), where=rows > 0)
        self.grain = min(self.side, self.pitch / row)
        x = self.x[self.column] + self.pitch * ((place % row + 0.5) / row - 0.5)
        self.at = np.stack([x, self.base + step[self.column] * (place // row + 0.5)], axis=1)
        rng = np.random.default_rng(SEED)
        self.at += rng.uniform(-0.12, 0.12, self.at.shape) * self.grain
        corners = self.bricks.corners()
        brick = np.minimum((rank * len(corners)).astype(int), len(corners) - 1)
        inside = rng.uniform(0.04, 0.96, self.at.shape)
        self.start = corners[brick, 0] + inside * (corners[brick, 1] - corners[brick, 0])
        late = 0.55 * place // row / max(1, int(rows.max())) + 0.45 * rng.random(GRAINS)
        self.late = 0.06 + (0.94 - FLIGHT) * late / max(1.0, float(late.max()))
        self.shade = rng.random(GRAINS)

    def _grains(self, view: View) -> tuple[Floats, Floats]:
        """Where grains are now, and how far they have come."""
        t = np.clip((self.poured - self.late) / FLIGHT, 0, 1)
        t = t * t * (3 - 2 * t)
        begin = Frame(view, self.valley.tall).place(self.start)
        way = begin + (self.at - begin) * t[:, None]
        way[:, 1] += 0.06 * view.width * self.valley.tall * np.sin(np.pi * t)
        return way, t

    def paint(self, pen: Pen, view: View) -> None:
        if self.poured <= 0:
            return
        self._ground(pen, view)
        self._sand(pen, view)
        if len(self.share):
            self._glow(pen)
            self._columns(pen)

    def _ground(self, pen: Pen, view: View) -> None:
        """What the hill stands on."""
        palette, shown = self.valley.palette, eased(self.poured, 0.3, 0.8)
        edge = 0.6 * self.pitch
        line = [(self.x[0] - edge, self.base), (self.x[-1] + edge, self.base)]
        pen.polygon(line, close=False).stroke(palette.ink, 0.0022 * self.home.width, 0.75 * shown)

    def _sand(self, pen: Pen, view: View) -> None:
        way, t = self._grains(view)
        small = pen.px(9.0)
        side = small + (self.grain - small) * t if self.poured < 1 else np.full(GRAINS, self.grain)
        side = 0.9 * side
        left, right = view.seen(self.grain)
        kept = (way[:, 0] > left) & (way[:, 0] < right)
        dark, pale = self._tones(pen)
        boxes = np.column_stack([way - side[:, None] / 2, side])
        shades = (self.shade * 3).astype(int)
        alpha = eased(self.poured, 0.0, 0.06)
        ctx = pen.ctx
        for shade in range(3):
            for x, y, s in boxes[kept & (shades == shade)].tolist():
                ctx.rectangle(x, y, s, s)
            pen.fill(mix(dark, pale, 0.35 + 0.3 * shade), alpha)
        if self.lit > 0 and len(self.share):
            self._shine(pen, boxes, kept)

    def _tones(self, pen: Pen) -> tuple[str | tuple[float, float, float], ...]:
        palette = self.valley.palette
        fresh = "#C9B68A" if pen.adds else "#9C7F45"
        low = "#2A2F47" if pen.adds else "#6B7290"
        away = max(0.8 * self.lit, self.dark)
        return mix(mix(fresh, "#000000", 0.35), low, away), mix(mix(fresh, palette.ink, 0.12), low, away)

    def _shine(self, pen: Pen, boxes: Floats, kept: NDArray[np.bool_]) -> None:
        """Grains of the lengths that bring something."""
        bright = np.clip(self.share / max(float(self.share.max()), 1e-9), 0, 1) ** 0.6 * self.lit
        ctx = pen.ctx
        for k in np.flatnonzero(bright > 0.02):
            some = boxes[kept & (self.column == k)].tolist()
            for x, y, s in some:
                ctx.rectangle(x, y, s, s)
            if some:
                pen.fill(self.valley.palette.light, float(bright[k]))

    def _glow(self, pen: Pen) -> None:
        """Light on the ground, as strong as what a length brings."""
        part = np.clip(self.share / max(float(self.share.max()), 1e-9), 0, 1)
        alpha = 0.7 * self.lit * part * (1 if pen.adds else 0.6)
        some = alpha > 0.01
        size = min(max(1.6 * self.pitch, 0.05 * self.home.width), 0.09 * self.home.width)
        pen.lights(
            np.stack([self.x, np.full_like(self.x, self.base)], axis=1)[some],
            size,
            self.valley.palette.light,
            alpha[some],
        )

    # light

    def grown(self) -> Floats:
        """How far each column has risen."""
        lengths = np.arange(len(self.x))
        late = 0.6 * lengths / max(len(lengths) - 1, 1)
        t = np.clip((self.raised - late) / 0.4, 0, 1)
        return np.asarray(t * t * (3 - 2 * t))

    def _columns(self, pen: Pen) -> None:
        if self.raised <= 0:
            return
        palette, wide, grown = self.valley.palette, 0.68 * self.pitch, self.grown()
        least = 0.0015 * self.home.width
        for k, x in enumerate(self.x.tolist()):
            high = float(self.share[k] * self.scale * grown[k])
            if grown[k] <= 0 or (abs(high) < 0.1 * least and k):
                continue
            tone = mix(palette.light, palette.deck, self.pointed) if k == 0 else palette.light
            if high < 0:
                self._loss(pen, x, wide, high, tone)
                continue
            high = max(high, least) if k == 0 else high
            if pen.adds:
                pen.lights([(x, self.base + high)], 1.3 * wide, tone, 0.5 * min(1.0, high / wide))
            pen.rounded(x - wide / 2, self.base, wide, high, 0.2 * wide)
            pen.fade((x, self.base), (x, self.base + high), [(0, tone, 0.95), (1, mix(tone, "#FFFFFF", 0.2), 0.95)])
        self._spread(pen, grown)

    def _loss(self, pen: Pen, x: float, wide: float, high: float, tone: str | tuple[float, float, float]) -> None:
        """What routes of a length take away hangs below, hatched."""
        pen.rounded(x - wide / 2, self.base + high, wide, -high, 0.2 * wide).fill(tone, 0.3)
        pen.rounded(x - wide / 2, self.base + high, wide, -high, 0.2 * wide).stroke(tone, 0.08 * wide)
        for y in np.arange(self.base + high + 0.1 * wide, self.base - 0.4 * wide, 0.45 * wide).tolist():
            pen.polygon([(x - 0.4 * wide, y), (x + 0.4 * wide, y + 0.35 * wide)], close=False)
        pen.stroke(tone, 0.07 * wide)

    def _spread(self, pen: Pen, grown: Floats) -> None:
        """The seeds' extremes, as thin lines."""
        for k in np.flatnonzero((grown >= 1) & (np.ptp(self.extremes, axis=0) * self.scale > 0.002 * self.home.width)):
            ends = [(float(self.x[k]), float(self.base + edge * self.scale)) for edge in self.extremes[:, k]]
            pen.polygon(ends, close=False)
        pen.stroke(self.valley.palette.ink, 0.0016 * self.home.width, 0.9)
