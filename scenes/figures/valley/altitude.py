"""The valley from as high as a network is deep: the loss at its right end, and the road that gets longer to the left.

One land, as deep as the deepest stop; of a shallower network one sees its right end alone, and what lies beyond its
input is dark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Animation

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.columns import Columns
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.land import PITCH, Floats, point
from scenes.figures.valley.lights import River
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix
from scenes.kit.drawing.split import Split

COLUMN = 0.3  # of the frame's height, that of the profile
POST = 46  # px at full HD, of what a post says
FAR = 320.0  # stands in for what has no number, while a picture is on its way


@dataclass(frozen=True)
class Seen:
    """One network as it is seen: mean log10 signals ``log10`` (2, depth + 1) from its input to the loss, and what its
    shortcuts hand back (depth,)."""

    log10: Floats
    share: Floats

    @property
    def depth(self) -> int:
        return self.log10.shape[1] - 1

    def on(self, deepest: int) -> tuple[Floats, Floats]:
        """Signals (2, deepest + 1) and shares (deepest,) on the states of a longer road, the loss at the right; finite.
        Beyond the input nothing changes any more."""
        known = np.nan_to_num(self.log10, nan=-FAR, posinf=FAR, neginf=-FAR)
        more = deepest - self.depth
        share = np.clip(np.nan_to_num(self.share, nan=1.0), 0, 1)
        return np.pad(known, ((0, 0), (more, 0)), mode="edge"), np.pad(share, (more, 0), constant_values=1.0)


class Profile(Columns):
    """Columns on one scale with those of the other network, and without numbers."""

    other: Profile

    def heights(self) -> tuple[Floats, float]:
        known = np.concatenate([self.log10, self.other.log10, [0.0]])
        known = known[np.abs(known) < FAR - 1]
        low = min(known.min() - 0.04 * np.ptp(known), -0.7)
        scale = self.high / (max(known.max(), 0.3) - low)
        here = np.abs(self.log10) < FAR - 1
        return np.where(here, (self.log10 - low) * scale, np.nan), -low * scale

    def _numbers(self, pen: Pen, view: View, full: Floats) -> None:
        """None: what arrives stands on the glass."""


class Altitude:
    """Two cities one above the other, plain and residual. ``blocks`` is how many one sees, as a logarithm, so that one
    rises evenly; ``post`` at how many blocks from the loss the post stands, ``posted`` how far it is seen."""

    def __init__(self, upper: Valley, figure: BridgedFigure, first: Seen, words: dict[str, str]) -> None:
        self.upper, self.lower, self.figure, self.words = upper, figure.valley, figure, words
        self.deepest = figure.valley.land.depth
        self.blocks, self.post, self.posted = math.log(first.depth), 1.0, 0.0
        land, palette = self.lower.land, self.lower.palette
        log10, share = first.on(self.deepest)
        self.plain = River(upper, land, land.road, palette, log10[0])
        self.below = River(self.lower, land, land.road, palette, log10[0], seed=5)  # as long as the two are one
        upper.below.append(self.plain.paint)
        self.lower.below.append(self.below.paint)
        figure.high.log10 = figure.low.log10 = log10[1]
        figure.high.weight, figure.low.weight = share, 1 - share
        self.columns: list[Profile] = []
        self.rivers = (self.plain, self.below, figure.high, figure.low)
        for river in self.rivers:
            river.front = river.way.length
        self.columns += [
            Profile(valley, land, palette, figure.numbers, row, self.tallest())
            for valley, row in zip((upper, self.lower), log10, strict=True)
        ]
        for one, other in zip(self.columns, self.columns[::-1], strict=True):
            one.other = other
        for valley in (upper, self.lower):
            valley.night.dusk = 1.0
            valley.above.append(self._beyond)
        upper.above.append(self._posts)
        self.arrived = ["", ""]
        place = (-0.37, 0.1) if upper.stage.wide else (-0.27, 0.11)
        self.counters = [
            Counter(valley, lambda skip=skip: self.left(skip), words[name], place, large=100)  # type: ignore[misc]
            for skip, (valley, name) in enumerate(((upper, "plain_net"), (self.lower, "residual_net")))
        ]
        self.alone = Counter(self.lower, lambda: self.left(0), words["plain_net"], place, large=100)
        self.lower.shot = self.over
        upper.shot = lambda: self.lower.shot()
        self.split = Split(upper, self.lower)

    # what one sees

    @property
    def input(self) -> float:
        """Where along the valley the input of the network is that is seen."""
        return self.lower.land.end - PITCH * math.exp(self.blocks)

    def over(self) -> View:
        """The whole network, from its input to the loss."""
        long = PITCH * math.exp(self.blocks)
        wide = 1.12 * long + 10.0
        raised = 0.07 * wide * self.lower.tall * max((one.raised for one in self.columns), default=0.0)
        return View(self.lower.land.end - long / 2 + 0.02 * wide, raised, wide)

    def tallest(self, blocks: float | None = None) -> float:
        """How high columns are, for a network of so many blocks: a good part of half a frame."""
        long = PITCH * (math.exp(self.blocks) if blocks is None else blocks)
        return COLUMN * (1.12 * long + 10.0) * self.lower.tall

    def left(self, skip: int) -> str:
        """What has come to the input, of every 1 that set out."""
        log10 = (self.plain if skip == 0 else self.figure.high).log10
        value = float(np.interp(self.input, self.lower.land.states, log10))
        exact = self.arrived[skip]
        return exact if abs(value) > FAR - 1 else self.figure.numbers.signal(value)

    # gestures

    def go_home(self, rivers: tuple[River, ...], seconds: float, rate: Any) -> list[Animation]:
        """Rivers come down to the input."""
        at = self.input - 3.0
        return [
            self.split.turn(river, seconds=seconds, front=float(river.way.upto(at))).set_rate_func(rate)
            for river in rivers
        ]

    def become(self, stop: Seen, words: list[str], seconds: float) -> list[Animation]:
        """Everything turns into another network."""
        log10, share = stop.on(self.deepest)
        self.arrived = words
        blocks = math.log(stop.depth)
        at = self.lower.land.end - PITCH * stop.depth - 3.0
        ways = [float(river.way.upto(at)) for river in (self.plain, self.figure.high, self.figure.low)]
        high, low = self.figure.high, self.figure.low
        turn = self.split.turn
        return [
            turn(self, seconds=seconds, blocks=blocks),
            turn(self.plain, seconds=seconds, log10=log10[0], front=ways[0]),
            turn(high, seconds=seconds, log10=log10[1], weight=share, front=ways[1]),
            turn(low, seconds=seconds, log10=log10[1], weight=1 - share, front=ways[2]),
            *(
                turn(one, seconds=seconds, log10=row, high=self.tallest(stop.depth))
                for one, row in zip(self.columns, log10, strict=True)
            ),
        ]

    # painting

    def _beyond(self, pen: Pen, view: View) -> None:
        """Dark before the input, where this network has no more blocks; and a gate where it begins."""
        left = view.seen()[0]
        high = view.width * self.lower.tall
        palette = self.lower.palette
        edge = self.input - 2.0
        if left < edge:
            tone = "#05070D" if pen.adds else "#C8CCD8"
            pen.polygon([(left, view.y - high), (edge, view.y - high), (edge, view.y + high), (left, view.y + high)])
            pen.fade((edge - 0.05 * view.width, 0), (edge, 0), [(0, tone, 0.86), (1, tone, 0.0)])
        x, y = point(self.input - 1.0, 0.0)
        tall = 0.07 * high
        pen.polygon([(x, y - tall), (x, y + tall)], close=False)
        pen.stroke(palette.cargo, pen.px(7), 0.9)

    def _posts(self, pen: Pen, view: View) -> None:
        if self.posted <= 0.01:
            return
        palette, em = self.lower.palette, pen.px(POST)
        u = self.lower.land.end - PITCH * self.post
        high = view.width * self.lower.tall
        x, y = point(u, 0.0)
        foot = y - 0.095 * high * eased(self.posted)
        tone = mix(palette.hot, palette.ink, 0.25)
        pen.polygon([(x, y + 0.04 * high), (x, foot)], close=False).stroke(tone, pen.px(8), self.posted)
        pen.polygon([(x - 0.6 * em, y + 0.04 * high), (x + 0.6 * em, y + 0.04 * high), (x, y + 0.01 * high)])
        pen.fill(tone, self.posted)
        half = pen.width(self.words["post"], em) / 2 + 0.5 * em
        left, right = view.seen()
        at = min(max(x, left + half), right - half)
        pen.text(self.words["post"], at, foot - 1.1 * em, em, palette.ink, alpha=self.posted, plate=palette.plate)
