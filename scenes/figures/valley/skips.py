"""What may stand on a shortcut, a number, a gate or a projection; and what comes of it, on one scale for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scenes.figures.valley.columns import Columns
from scenes.figures.valley.deck import HALF, height
from scenes.figures.valley.land import Floats, point
from scenes.figures.valley.lights import shares
from scenes.figures.valley.traveller import thinned
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix

FAR = 320.0  # log10 that stands in for what has no number, while a picture is on its way
SIGN, LEAST = 1.5, 60  # world units, and px at full HD, of an em on a sign
SHAPES, AFAR = 80.0, 120.0  # widths of views up to which gates and projections can be made out, and any sign is read
LARGE, SMALL = 62, 42  # px at full HD
HEADS, NAMES, OURS, FOOT, TALL = (0.4, 0.05), 0.3, 0.17, -0.31, 0.22  # of the frame's height, from its middle


class Measured(Columns):
    """Columns on a scale that stays: ``span`` are its ends, log10. Without numbers."""

    broadest = 5.0
    span = (-1.0, 1.0)

    def heights(self) -> tuple[Floats, float]:
        low, top = self.span
        scale = self.high / (top - low)
        here = np.abs(self.log10) < FAR - 1
        return np.where(here, (np.clip(self.log10, low, top) - low) * scale, np.nan), -low * scale

    def _numbers(self, pen: Pen, view: View, full: Floats) -> None:
        """None: what arrives stands on the glass."""


def span_of(signals: Sequence[Floats]) -> tuple[float, float]:
    """Ends of a scale, log10, on which all of these have their place."""
    known = np.concatenate([one[np.abs(one) < FAR - 1] for one in signals])
    low, top = float(known.min(initial=-0.7)), float(known.max(initial=0.3))
    return low - 0.06 * (top - low), top


class Signs:
    """On every overpass a sign with ``words``; and the ``kind`` of what stands there: a "number", a "gate" whose
    barrier is as far up as it is ``open`` (0 to 1), or a "projection", a booth. ``shown`` fades them."""

    def __init__(self, valley: Valley, words: str, kind: str = "number", wide_open: float = 1.0) -> None:
        self.valley, self.words, self.kind, self.open = valley, words, kind, wide_open
        self.shown = 0.0
        valley.above.insert(0, self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        land = self.valley.land
        left, right = view.seen(4.0)
        for block in range(land.depth, 0, -1):
            u = float(land.halls[block - 1])
            if not left < u < right:
                continue
            if self.kind != "number" and view.width < SHAPES:
                (self._gate if self.kind == "gate" else self._booth)(pen, u)
            near = eased(-math.log(view.width), -math.log(AFAR), -math.log(SHAPES))
            self._sign(pen, view, u, near * thinned(land.depth - block, self.valley.pitch, view.width / 6))

    def _sign(self, pen: Pen, view: View, u: float, seen: float) -> None:
        deck, palette = self.valley.palette.deck, self.valley.palette
        x, y = point(u, 0.0, float(height(u)) + (1.4 if self.kind == "number" else 3.4))
        if seen < 1:  # too many to be read: a dot
            pen.circle(x, y, min(pen.px(8), 0.3 * self.valley.pitch)).fill(deck, self.shown * (1 - seen))
        em = max(min(SIGN, 0.16 * view.width), pen.px(LEAST))
        side = pen.width(self.words, em) + 0.6 * em
        seen *= self.valley.uncut(view, x - side / 2, x + side / 2, y, em) * self.shown
        pen.rounded(x - side / 2, y - 0.35 * em, side, 1.3 * em, 0.2 * em).fill(palette.plate, 0.85 * seen)
        pen.rounded(x - side / 2, y - 0.35 * em, side, 1.3 * em, 0.2 * em).stroke(deck, 0.07 * em, seen)
        pen.text(self.words, x, y, em, deck, alpha=seen)

    def _gate(self, pen: Pen, u: float) -> None:
        """A barrier across the deck."""
        h, angle = float(height(u)), math.radians(8 + 74 * self.open)
        for v in (-HALF, HALF):
            foot, head = point(u, v, h), point(u, v, h + 1.1)
            pen.polygon([foot, head], close=False).stroke("#D9DEE6", 0.3, self.shown)
        reach = [i / 6 * (2 * HALF + 0.5) for i in range(7)]
        spots = [
            point(u + 1.2 * math.sin(angle) * r * 0.2, r * math.cos(angle) - HALF, h + 1 + r * math.sin(angle))
            for r in reach
        ]
        for i, (a, b) in enumerate(pairwise(spots)):
            pen.polygon([a, b], close=False).stroke("#FF6E4A" if i % 2 == 0 else "#F2F4F8", 0.26, self.shown)

    def _booth(self, pen: Pen, u: float) -> None:
        """A booth over the deck, through which all has to pass."""
        h, half, deep, high = float(height(u)), 1.0, HALF + 0.35, 2.2
        tone = mix(self.valley.palette.deck, "#0F1218", 0.35)
        side = [(-deep, 0.0), (deep, 0.0), (deep, high), (-deep, high)]
        pen.polygon([point(u + half, v, h + z) for v, z in side]).fill(mix(tone, "#000000", 0.5), self.shown)
        top = [(-half, -deep), (half, -deep), (half, deep), (-half, deep)]
        pen.polygon([point(u + du, v, h + high) for du, v in top]).fill(mix(tone, "#FFFFFF", 0.2), self.shown)
        front = [(-half, 0.0), (half, 0.0), (half, high), (-half, high)]
        pen.polygon([point(u + du, -deep, h + z) for du, z in front]).fill(tone, self.shown)


class BesideTheirs:
    """Before the darkened valley: for each of a few shortcuts (``names``) what arrives here (``log10``, said in
    ``ours``) as light, and what others have found (``theirs``, %) as a bar, ``said`` so. ``heads`` says what both rows
    are. ``shown`` fades all, ``grown`` lets the bars grow."""

    def __init__(
        self,
        valley: Valley,
        names: Sequence[str],
        ours: tuple[Sequence[float], Sequence[str]],
        theirs: tuple[Sequence[float], Sequence[str]],
        heads: tuple[str, str],
    ) -> None:
        self.valley, self.names, self.heads = valley, names, heads
        self.log10, self.ours = ours
        self.theirs, self.said = theirs
        self.shown = self.grown = 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        valley, palette, shown = self.valley, self.valley.palette, self.shown
        wide, high = view.width, view.width * valley.tall
        pen.rounded(view.x - wide / 2, view.y - high / 2, wide, high, 0.0).fill(palette.plate, 0.8 * shown)
        em, small = pen.px(LARGE), pen.px(SMALL)
        for head, up in zip(self.heads, HEADS, strict=True):
            fitted = small * min(1.0, 0.92 * wide / max(pen.width(head, small), 1e-9))
            pen.text(head, view.x, view.y + up * high, fitted, palette.ink, weight="semibold", alpha=shown)
        part = shares(np.array([self.log10]).T)[:, 0]
        for i, name in enumerate(self.names):
            x, y = view.x + (i - (len(self.names) - 1) / 2) * 0.29 * wide, view.y
            pen.text(name, x, y + NAMES * high, small, palette.deck, alpha=shown)
            pen.lights([(x, y + OURS * high + 0.4 * em)], 0.14 * wide * math.sqrt(float(part[i])), palette.light, shown)
            pen.text(self.ours[i], x, y + OURS * high, em, palette.number, alpha=shown, plate=palette.plate)
            tall = max(TALL * high * self.theirs[i] / max(self.theirs) * self.grown, 1e-6)
            tone = palette.deck if self.theirs[i] == min(self.theirs) else palette.hot
            pen.rounded(x - 0.05 * wide, y + FOOT * high, 0.1 * wide, tall, 0.006 * wide).fill(tone, 0.9 * shown)
            over = y + FOOT * high + tall + 0.35 * small
            pen.text(self.said[i], x, over, small, palette.ink, alpha=shown * self.grown)
