"""One light that rides back from the loss, and a product that is felt: what it is multiplied by at each block, and what
is left of it. And the 1 that flies to every junction."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scenes.figures.valley.deck import HIGH, LOW, height
from scenes.figures.valley.halls import HIGH as ROOF
from scenes.figures.valley.halls import LONG
from scenes.figures.valley.land import Floats, Way, point
from scenes.figures.valley.lights import HOT
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import Shot, View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen, mix

PRODUCT, FACTOR, CLOSE_FACTOR = 120, 46, 84  # px at full HD
LARGEST = 190.0  # px, radius of the largest light


def thinned(number: int, apart: float, needed: float) -> float:
    """How far one of many in a row is seen, if ``needed`` of them would stand ``apart``: every other one goes, again
    and again, the one of number 0 never."""
    level = 60 if number == 0 else (number & -number).bit_length() - 1
    return eased(apart * 2.0 ** min(level, 40), needed, 1.2 * needed)


class Traveller:
    """``log10`` (states,) is the signal, ``factors`` (blocks,) what stands at each block; ``u`` is where it is on
    ``way``, from the right to the left. ``shown`` fades it, ``labelled`` the factors that it has passed.

    Its size is linear in what is left, and never below that of a spark. Without numbers, ``counted`` is false.
    """

    def __init__(
        self,
        valley: Valley,
        way: Way,
        log10: Floats,
        factors: Sequence[str],
        numbers: Numbers,
        colour: str,
        on_deck: bool = False,
        counted: bool = True,
    ) -> None:
        self.valley, self.way, self.numbers, self.colour, self.on_deck = valley, way, numbers, colour, on_deck
        self.log10, self.factors, self.counted = np.asarray(log10, dtype=float), list(factors), counted
        self.exact = False  # whether every factor is 1, by mathematics
        self.u, self.shown, self.labelled = valley.land.end + 4.0, 0.0, 1.0
        valley.above.append(self._paint)

    @property
    def spots(self) -> Floats:
        """Where along the valley each block multiplies: in its hall, or at the middle of its deck."""
        return self.valley.land.halls

    def value(self) -> float:
        """log10 of what is left where it is; it changes while it passes a block."""
        at = np.stack([self.spots - LONG, self.spots + LONG], axis=1).ravel()
        levels = np.nan_to_num(self.log10, nan=0.0, posinf=300, neginf=-300)
        return float(np.interp(self.u, at, np.stack([levels[:-1], levels[1:]], axis=1).ravel()))

    def words(self) -> str:
        """What is left, as it is said: at a state as the record has it."""
        if self.exact:
            return "1"
        state = int(np.searchsorted(self.spots - LONG, self.u))
        if abs(self.u - self.spots[min(state, len(self.spots) - 1)]) > LONG or not np.isfinite(self.log10).all():
            behind = int(np.searchsorted(self.spots, self.u))
            return "1" if behind == len(self.spots) else self.numbers.signal(float(self.log10[behind]))
        return self.numbers.signal(self.value())

    def riding(self, width: float, up: float) -> Shot:
        """Beside it, as it rides: the valley's middle line, ``up`` of the frame's height more above it."""
        valley, wide = self.valley, self.valley.breadth(width)
        return lambda: View(self.u - 0.06 * wide, up * wide * valley.tall, wide)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        self._factors(pen, view)
        u, v, h, _ = (float(part) for part in self.way.at(self.way.upto(self.u)))
        x, y = point(u, v, h + 0.3)
        value, palette = self.value(), self.valley.palette
        hot = min(1.0, max(0.0, (value - HOT[0]) / (HOT[1] - HOT[0])))
        tone = mix(palette.light, palette.hot, hot)
        part = min(1.0, 10 ** (value - max(0.0, float(np.nan_to_num(self.log10, nan=0, posinf=9).max()))))
        radius = pen.px(LARGEST) * max(0.16, math.sqrt(part))  # its area is what is left
        pen.lights([(x, y)], 1.0 * radius, tone, 0.75 * self.shown)
        pen.lights([(x, y)], 0.42 * radius, mix(palette.core, palette.hot, hot), self.shown, core=True)
        if self.counted:
            self._product(pen, view, x, hot)

    def _product(self, pen: Pen, view: View, x: float, hot: float) -> None:
        palette, em = self.valley.palette, pen.px(PRODUCT)
        high = view.width * self.valley.tall
        words = self.words()
        half = pen.width(words, em) / 2 + 0.5 * em
        left, right = view.seen()
        at = min(max(x, left + half), right - half)
        over = view.y + 0.27 * high  # the deck; from near, the valley's middle is free where there is none
        far = 1.0 if self.on_deck else eased(math.log(view.width), math.log(40.0), math.log(70.0))
        y = over * far - 0.35 * em * (1 - far)
        tone = mix(palette.number, palette.hot, hot)
        pen.text(words, at, y, em, tone, alpha=self.shown, plate=palette.plate, plate_alpha=0.72)

    def _factors(self, pen: Pen, view: View) -> None:
        palette, land = self.valley.palette, self.valley.land
        near = eased(-math.log(view.width), -math.log(90.0), -math.log(40.0))
        px = FACTOR + (CLOSE_FACTOR - FACTOR) * near
        em = pen.px(px)
        widest = max(1.25 * max(pen.width(word, em) for word in self.factors), view.width / 7)
        left, right = view.seen(4.0)
        for block in range(land.depth, 0, -1):
            u = float(self.spots[block - 1])
            if not left < u < right or self.u > u + LONG:
                continue
            seen = thinned(land.depth - block, self.valley.pitch, widest) * self.labelled * self.shown
            popped = eased(u + LONG - self.u, 0.0, 2.5)
            x, y = self._spot(u, block, em)
            size = em * (0.6 + 0.4 * popped)
            half = pen.width(self.factors[block - 1], size) / 2 + 0.4 * size
            if x - half < view.x - view.width / 2 or x + half > view.x + view.width / 2:
                continue  # the frame would cut it
            pen.text(
                self.factors[block - 1], x, y, size, self.colour, alpha=seen * popped,
                plate=palette.plate, plate_alpha=0.7,
            )  # fmt: skip

    def _spot(self, u: float, block: int, em: float) -> tuple[float, float]:
        """Over a hall's roof, or over the deck."""
        if self.on_deck:
            return point(u, 0.0, HIGH + 0.5)[0], point(u, 0.0, HIGH + 0.5)[1] + 0.55 * em
        hall_u, hall_v = self.valley.land.hall(block)
        x, y = point(hall_u, hall_v, ROOF)
        return x, y + 0.7 * em


class Ones:
    """A green 1 for every junction. ``flown`` runs from 0 to 1: one comes from ``start`` on the frame (shares of its
    width and height from its middle) and, junction by junction, a copy flies on to the left. ``shown`` fades them."""

    def __init__(self, valley: Valley, start: tuple[float, float], lacks: frozenset[int], words: str = "1") -> None:
        self.valley, self.start, self.lacks, self.words = valley, start, lacks, words
        self.flown, self.shown = 0.0, 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        land = self.valley.land
        blocks = [block for block in range(land.depth, 0, -1) if block not in self.lacks]
        left, right = view.seen(3.0)
        if not blocks:
            return
        each = 3.0 / (len(blocks) + 2.0)  # of the gesture, that a flight takes
        here = (
            view.x + self.start[0] * view.width,
            view.y + self.start[1] * view.width * self.valley.tall,
        )
        for i, block in enumerate(blocks):
            begin = i * (1 - each) / max(1, len(blocks) - 1)
            share = eased(self.flown, begin, begin + each)
            x, y = self._rest(block)
            if share > 0 or i == 0:
                a, b = here if i == 0 else self._rest(blocks[i - 1])
                arc = math.sin(math.pi * share) * 0.06 * view.width
                x, y = a + (x - a) * share, b + (y - b) * share + arc
                if left < x < right:
                    seen = thinned(i, self.valley.pitch, view.width / 7)
                    self._one(pen, x, y, (1.6 - 0.6 * share) if i == 0 else 1.0, seen)

    def _rest(self, block: int) -> tuple[float, float]:
        u = float(self.valley.land.halls[block - 1])
        return point(u, 0.0, float(height(u)) + 1.3 - LOW)

    def _one(self, pen: Pen, x: float, y: float, grown: float, seen: float) -> None:
        deck = self.valley.palette.deck
        em = min(0.8 * self.valley.pitch, max(1.35, pen.px(60))) * grown
        em = max(em, pen.px(60)) if seen > 0 else em
        if seen < 1:  # too many to be read: a dot
            dot = min(pen.px(9), 0.3 * self.valley.pitch)
            pen.circle(x, y, dot).fill(deck, self.shown * (1 - seen))
        if seen <= 0:
            return
        shown = self.shown * seen
        side = max(1.05 * em, pen.width(self.words, 0.9 * em) + 0.4 * em)
        pen.rounded(x - side / 2, y - 0.52 * em, side, 1.05 * em, 0.16 * em)
        pen.fill(self.valley.palette.plate, 0.85 * shown)
        pen.rounded(x - side / 2, y - 0.52 * em, side, 1.05 * em, 0.16 * em)
        pen.stroke(deck, 0.07 * em, shown)
        pen.text(self.words, x, y - 0.32 * em, 0.9 * em, deck, alpha=shown)


class Shares:
    """Over each overpass a bar: how much of what comes back through the block its shortcut hands on, in the colour of
    the shortcut, and how much the branch. Where one takes from what the other brings, it is hatched."""

    def __init__(self, valley: Valley, share: Floats, percents: Sequence[str], colour: str) -> None:
        self.valley, self.share, self.percents, self.colour = valley, share, percents, colour
        self.grown = 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.grown <= 0.01:
            return
        land, palette = self.valley.land, self.valley.palette
        left, right = view.seen(5.0)
        long, high = 6.4, 1.15
        for block, share in enumerate(self.share, start=1):
            u = float(land.halls[block - 1])
            if not left < u < right or not np.isfinite(share):
                continue
            x, y = point(u, 0.0, HIGH + 1.1)
            wide, copy = long * self.grown, float(np.clip(share, 0, 1))
            pen.rounded(x - wide / 2, y, wide, high, 0.12).fill(self.colour)
            if copy > 0:
                pen.rounded(x + wide / 2 - copy * wide, y, copy * wide, high, 0.12).fill(palette.deck)
            if not 0 <= share <= 1:
                for k in range(int(wide / 0.5)):
                    foot = x - wide / 2 + 0.5 * k
                    pen.polygon([(foot, y), (foot + 0.4, y + high)], close=False)
                pen.stroke("#14060F", 0.09, 0.7 * self.grown)
            words = self.percents[block - 1]
            em = pen.px(54)
            pen.text(words, x, y + high + 0.35 * em, em, palette.deck, alpha=self.grown, plate=palette.plate)
