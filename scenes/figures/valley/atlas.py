"""The atlas of all networks: a map of depth × weight scale for each kind, pins where networks are trained from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from scenes.figures.valley.land import Floats
from scenes.figures.valley.map import LIMIT, heat, regions
from scenes.kit.claims.trained import LEARNED
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen, Recording
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

SIDE, ACROSS, DOWN = 10.0, 14.0, 12.6  # of a map; from map to map
# Where each kind's map stands, (column, row from below), in the wide format and in tall ones.
PLACES = {True: ((0, 1), (0, 0), (1, 0), (2, 1), (2, 0)), False: ((0, 2), (1, 2), (1, 1), (0, 0), (1, 0))}
HOLE = {True: (1, 1), False: (0, 1)}  # where there is no map, and the legend stands
HEAD, COUNT, NUMBER, TICK = 46, 58, 40, 38  # px at full HD
PIN, LEAST = 0.42, 21  # radius of a pin; at least so many px
CELLS = 4.4  # width of the nearest view, in cells
DARK, PALE = "#0B0F15", "#F2F4F8"  # what is written on cells, and with what


class Atlas(World):
    """``log10`` (kinds, gains, depths) is what arrives; ``pins`` (n, 2) are places (depth, gain) among the cells, and
    ``read`` (kinds, n, checks) the percentage of digits missed there at ``checks``, as shares of the training.

    ``filled`` (kinds,) runs from 0 to 1 as a map fills, shallow networks first; ``planted`` is how far pins are seen,
    ``trained`` how long they have trained, ``counted`` fades in ``counts``, what came of it on each map.
    """

    def __init__(
        self,
        theme: Theme,
        stage: Stage,
        numbers: Numbers,
        log10: Floats,
        ticks: tuple[Sequence[tuple[float, str]], Sequence[tuple[float, str]]],
        words: Mapping[str, str],
        names: Sequence[str],
    ) -> None:
        super().__init__(theme, stage, View(0, 0, SIDE))
        self.numbers, self.log10, self.ticks, self.words, self.names = numbers, log10, ticks, words, names
        self.rows, self.columns = log10.shape[1:]
        self.filled = np.zeros(len(log10))
        self.planted, self.trained, self.counted = 0.0, 0.0, 0.0
        self.pins, self.missed, self.checks = np.zeros((0, 2)), np.zeros((len(log10), 0, 1)), np.zeros(1)
        self.counts: Sequence[str] = [""] * len(log10)
        self._maps = [Recording(partial(self._cells, kind)) for kind in range(len(log10))]
        self._regions = [regions(one) for one in log10]
        self.moving(self._paint_maps)
        self.moving(self._paint_words)
        self.moving(self._paint_pins)

    # where things are

    def corner(self, kind: int) -> tuple[float, float]:
        """The lower left corner of a map."""
        column, row = PLACES[self.stage.wide][kind]
        return column * ACROSS, row * DOWN

    def place(self, kind: int, depth: float, gain: float) -> tuple[float, float]:
        """The middle of a cell."""
        x, y = self.corner(kind)
        return x + (depth + 0.5) * SIDE / self.columns, y + (gain + 0.5) * SIDE / self.rows

    def over(self, kind: int) -> View:
        """One map, with what stands around it."""
        x, y = self.corner(kind)
        wide = max((SIDE + 5.4) / self.tall, SIDE + 5.4)
        aside = 0.7 if self.stage.wide else 0.1
        return View(x + SIDE / 2 - aside, y + SIDE / 2 - 0.05 * wide * self.tall, wide)

    def cells(self, kind: int, depth: float, gain: float) -> View:
        """A few cells from near, around one."""
        x, y = self.place(kind, depth, gain)
        wide = CELLS * max(SIDE / self.columns, SIDE / self.rows / self.tall / 1.4)
        return View(x, y - 0.05 * wide * self.tall, wide)

    def all(self) -> View:
        """All maps."""
        columns, rows = (3, 2) if self.stage.wide else (2, 3)
        long, high = (columns - 1) * ACROSS + SIDE, (rows - 1) * DOWN + SIDE
        wide = max(long + 2.6, (high + 3.9) / 0.86 / self.tall)
        return View(long / 2, high / 2 + 0.5 - 0.07 * wide * self.tall, wide)

    # painting

    def _cells(self, kind: int, pen: Pen) -> None:
        """All cells of a map, from its lower left corner."""
        wide, high = SIDE / self.columns, SIDE / self.rows
        air = 0.05 * min(wide, high)
        for gain in range(self.rows):
            for depth in range(self.columns):
                value = float(self.log10[kind, gain, depth])
                x, y = depth * wide, gain * high
                pen.rounded(x + air, y + air, wide - 2 * air, high - 2 * air, 0.04)
                if not np.isfinite(value):
                    pen.stroke(self.theme.muted, 0.04, dash=(0.1, 0.08))
                    continue
                pen.fill(heat(value))
                if value > LIMIT:
                    for k in (0.3, 0.7):
                        ends = [(x + (k - 0.15) * wide, y + 0.1 * high), (x + (k + 0.15) * wide, y + 0.9 * high)]
                        pen.polygon(ends, close=False)
                    pen.stroke("#14060F", 0.05, 0.55)

    def _paint_maps(self, pen: Pen, view: View) -> None:
        for kind, filled in enumerate(self.filled):
            x, y = self.corner(kind)
            pen.rounded(x - 0.12, y - 0.12, SIDE + 0.24, SIDE + 0.24, 0.2).stroke(self.theme.faint, 0.08)
            if filled <= 0:
                continue
            ctx = pen.ctx
            ctx.save()
            ctx.translate(x, y)
            ctx.rectangle(0, 0, filled * SIDE, SIDE)
            ctx.clip()
            self._maps[kind].replay(pen)
            ctx.restore()
            if filled < 1:
                front = x + filled * SIDE
                pen.polygon([(front, y), (front, y + SIDE)], close=False).stroke(self.theme.ink, 0.12, 0.9)

    def _paint_words(self, pen: Pen, view: View) -> None:
        near = self.over(0).width
        far = eased(view.width, 1.15 * near, 1.5 * near)
        for kind in range(len(self.names)):
            x, y = self.corner(kind)
            named = 1.0 if far < 1 else eased(float(self.filled[kind]), 0.0, 0.2)
            self._say(pen, view, self.names[kind], x + SIDE / 2, y + SIDE + 0.5, HEAD, self.theme.ink, named)
            if self.filled[kind] > 0 and view.width > 0.5 * near:
                self._around(pen, view, x, y, (1 - far) * eased(float(self.filled[kind]), 0.0, 0.2))
        self._values(pen, view, 1 - eased(view.width, 0.2 * near, 0.35 * near))
        self._legend(pen, view, far * min(1.0, float(self.filled.sum())))

    def _say(
        self,
        pen: Pen,
        view: View,
        words: str,
        x: float,
        y: float,
        px: float,
        tone: str,
        alpha: float,
        align: float = 0.5,
    ) -> None:
        """A line where nothing cuts it."""
        em = pen.px(px)
        half = pen.width(words, em)
        alpha *= self.uncut(view, x - align * half, x + (1 - align) * half, y, em)
        pen.text(words, x, y, em, tone, align=align, alpha=alpha)

    def _around(self, pen: Pen, view: View, x: float, y: float, alpha: float) -> None:
        """What stands along the axes of the map one looks at."""
        if abs(view.x - x - SIDE / 2) > 0.5 * SIDE or abs(view.y - y - SIDE / 2) > 0.5 * SIDE:
            return
        for place, words in self.ticks[0]:
            at = x + (place + 0.5) * SIDE / self.columns
            self._say(
                pen,
                view,
                words,
                at,
                y - 0.9,
                TICK,
                self.theme.ink,
                alpha,
                0.15 if words == self.ticks[0][-1][1] else 0.5,
            )
        for place, words in self.ticks[1]:
            at = y + (place + 0.5) * SIDE / self.rows - 0.2
            self._say(pen, view, words, x - 0.35, at, TICK, self.theme.ink, alpha, 1.0)
        pen.ctx.save()
        pen.ctx.translate(x - 1.5, y + SIDE / 2)
        pen.ctx.rotate(np.pi / 2)
        pen.text(self.words["gain"], 0.0, 0.0, pen.px(TICK), self.theme.muted, alpha=alpha)
        pen.ctx.restore()

    def _values(self, pen: Pen, view: View, alpha: float) -> None:
        """What arrives, on the cells that are seen from so near."""
        if alpha <= 0.01:
            return
        wide, high = SIDE / self.columns, SIDE / self.rows
        for kind in np.flatnonzero(self.filled >= 1):
            x, y = self.corner(int(kind))
            first, last = ((edge - x) / wide for edge in view.seen())
            half = view.width * self.tall / 2
            low, top = ((edge - y) / high for edge in (view.y - half, view.y + half))
            for depth in range(max(0, int(first)), min(self.columns, int(last) + 1)):
                for gain in range(max(0, int(low)), min(self.rows, int(top) + 1)):
                    at = self.place(int(kind), depth, gain)
                    value = self.numbers.signal(float(self.log10[kind, gain, depth]))
                    em = min(pen.px(54), 0.8 * em_of(pen, value, wide))
                    seen = self.uncut(view, at[0] - wide / 2, at[0] + wide / 2, at[1] - em, em)
                    seen *= alpha * eased(em * pen.scale, 32.0, 40.0)
                    pen.text(value, at[0], at[1] - 0.35 * em, em, PALE, alpha=seen, plate=DARK, plate_alpha=0.5)

    def _legend(self, pen: Pen, view: View, alpha: float) -> None:
        """What the colours mean, where there is no map."""
        if alpha <= 0.01:
            return
        column, row = HOLE[self.stage.wide]
        x, y = column * ACROSS + 0.6, row * DOWN + 0.5
        for i, (word, value) in enumerate((("dies", -6.0), ("arrives", 0.0), ("explodes", 5.0))):
            at = y + 2.9 * i
            pen.rounded(x, at, 1.9, 1.9, 0.2).fill(heat(value), alpha)
            pen.rounded(x, at, 1.9, 1.9, 0.2).stroke(self.theme.muted, 0.06, alpha)
            if value > LIMIT:
                for k in (0.3, 0.7):
                    pen.polygon([(x + 1.9 * k - 0.3, at + 0.2), (x + 1.9 * k + 0.3, at + 1.7)], close=False)
                pen.stroke("#14060F", 0.12, 0.55 * alpha)
            self._say(pen, view, self.words[word], x + 2.6, at + 0.45, HEAD, self.theme.ink, alpha, 0.0)

    # pins

    def left(self, kind: int) -> Floats:
        """The percentage missed from each pin after as much training as has been seen; NaN where it diverged."""
        return np.array([np.interp(self.trained, self.checks, one) for one in self.missed[kind]])

    def _paint_pins(self, pen: Pen, view: View) -> None:
        if self.planted <= 0.01:
            return
        near = self.over(0).width
        numbered = 1 - eased(view.width, 1.15 * near, 1.5 * near)
        for kind in range(len(self.names)):
            radius = max(PIN, pen.px(LEAST))
            written: list[tuple[float, float]] = []
            for (depth, gain), missed in zip(self.pins, self.left(kind), strict=True):
                x, y = self.place(kind, depth, gain)
                self._pin(pen, x, y + 1.6 * (1 - eased(self.planted)), radius, float(missed))
                words = f"{self.numbers.significant(missed)}{self.numbers.percent}" if np.isfinite(missed) else "?"
                long, high = pen.width(words, pen.px(NUMBER)) + 2 * radius, pen.px(1.3 * NUMBER)
                if all(abs(y - v) > high or abs(x - u) > long + pen.px(0.6 * NUMBER) for u, v in written):
                    written.append((x, y))
                    self._missed(pen, view, x, y, words, numbered)
            if self.counted > 0:
                x, y = self.corner(kind)
                seen = self.counted * (1 - numbered)
                pen.text(self.counts[kind], x + SIDE / 2, y + 0.8, pen.px(COUNT), PALE, alpha=seen, plate=DARK)

    def _missed(self, pen: Pen, view: View, x: float, y: float, words: str, alpha: float) -> None:
        """How much is still missed, to the left of its pin."""
        em = pen.px(NUMBER)
        at = x - PIN - 0.5 * em
        seen = self.uncut(view, at - pen.width(words, em), at, y, em) * alpha * eased(self.planted, 0.6, 1.0)
        pen.text(words, at, y - 0.35 * em, em, PALE, align=1.0, alpha=seen, plate=DARK)

    def _pin(self, pen: Pen, x: float, y: float, radius: float, missed: float) -> None:
        """A dial of the share of digits that are read: full is all of them."""
        seen = eased(self.planted, 0.0, 0.5)
        pen.circle(x, y, radius).fill(DARK, 0.9 * seen)
        if np.isfinite(missed):
            tone = self.theme.skip if missed < LEARNED else self.theme.danger
            ctx, turn = pen.ctx, 2 * np.pi * (1 - missed / 100)
            ctx.move_to(x, y)
            ctx.arc_negative(x, y, 0.84 * radius, np.pi / 2, np.pi / 2 - turn)
            ctx.close_path()
            pen.fill(tone, seen)
        else:
            for lean in (-1, 1):
                pen.polygon(
                    [(x - 0.5 * radius, y - lean * 0.5 * radius), (x + 0.5 * radius, y + lean * 0.5 * radius)],
                    close=False,
                )
            pen.stroke(self.theme.danger, 0.1, seen)
        pen.circle(x, y, radius).stroke(PALE, 0.07, seen)


def em_of(pen: Pen, words: str, room: float) -> float:
    """The size at which words are as wide as the room."""
    return room / max(pen.width(words, 1.0), 1e-9)
