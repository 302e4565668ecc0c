"""A network as a tower: a floor for every block, a lift shaft of shortcuts, floors of glass that do nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from textwrap import wrap

from scenes.figures.towers.bin import paint_bin
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Colour, Pen, Recording, mix
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

BACK = (0.34, 0.3)  # a tower's depth: to the right and up
LATE = 0.8  # of the time in which glass floors come: when the last of many sets out
NUMBER, NAME, SMALL = 100, 52, 40  # px
NOTE = 11  # characters of a line beside glass floors
MOST = 64  # floors that are drawn; of more, every one stands for several


class Tower:
    """A tower of ``floors`` floors, ``floor`` high each and ``wide``, whose left foot is at (x, 0).

    ``wrong`` is what its bin holds, of 100; ``number`` and ``name`` are the words beside the bin and below the tower.
    Gestures change: ``shown``; ``idle`` of ``glass`` floors of nothing that have come; ``shaft``, how far up the lift
    is; ``counted`` and ``named``, whether the words are seen; ``ghost``, the bin as it was before the glass floors.
    """

    def __init__(
        self,
        world: World,
        theme: Theme,
        x: float,
        floors: int,
        floor: float,
        wide: float,
        side: float,
        wrong: Callable[[], float],
        number: Callable[[], str],
        name: str,
    ) -> None:
        self.world, self.theme, self.x, self.wide, self.side = world, theme, x, wide, side
        self.floors, self.floor, self.wrong, self.number, self.name = floors, floor, wrong, number, name
        self.glass, self.idle, self.shaft, self.ghost = 0, 0.0, 0.0, 0.0
        self.shown, self.counted, self.named = 1.0, 0.0, 1.0
        self.note, self.noted = "", 1.0  # beside glass floors, and whether it is seen
        self.unit = ""  # below the number
        self.tone = theme.danger
        self._body = Recording(self._build)
        world.moving(self.paint)

    @property
    def middle(self) -> float:
        return self.x + self.wide / 2 + 0.4 * BACK[0]

    @property
    def height(self) -> float:
        """Of its own floors."""
        return self.floors * self.floor

    @property
    def top(self) -> float:
        """The roof, on whatever stands below it."""
        return self.height + self.risen * self.floor

    @property
    def risen(self) -> float:
        """How many glass floors have lifted the roof."""
        return sum(self._came(k) for k in range(self.glass))

    def _came(self, k: int) -> float:
        lasts = max(1 - LATE, 1 / self.glass)
        start = (1 - lasts) * k / max(self.glass - 1, 1)
        return eased(self.idle, start, min(1.0, start + lasts))

    def roof(self) -> tuple[float, float]:
        """The middle of the bin's floor."""
        return self.middle, self.top + 0.4 * BACK[1]

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        ctx = pen.ctx
        faded = self.shown < 0.99
        if faded:
            ctx.push_group()
        pen.circle(self.x + 0.6 * self.wide, 0.0, 0.75 * self.wide, 0.13).fill("#000000", 0.4)
        self._body.replay(pen)
        if self.glass:
            self._glass_floors(pen)
        self._roof(pen)
        if self.shaft > 0:
            self._lift(pen)
        if self.ghost > 0.01 and self.glass:
            x, y = self.middle, self.height + 0.4 * BACK[1]
            paint_bin(pen, x, y, self.side, self.wrong(), self.tone, alpha=self.ghost, ghost=True)
        paint_bin(pen, *self.roof(), self.side, self.wrong(), self.tone)
        self._words(pen, view)
        if faded:
            ctx.pop_group_to_source()
            ctx.paint_with_alpha(self.shown)

    def _build(self, pen: Pen) -> None:
        """The floors: a block each, with its two layers as windows."""
        theme, wide, x = self.theme, self.wide, self.x
        dark = not theme.name.endswith("light")
        drawn = min(self.floors, MOST)
        high = self.height / drawn
        (bx, by), top = BACK, self.height
        side = [(x + wide, 0), (x + wide + bx, by), (x + wide + bx, top + by), (x + wide, top)]
        pen.polygon(side).fill("#0B0E16")
        pen.polygon([(x, 0), (x + wide, 0), (x + wide, top), (x, top)]).fill("#171D2A")
        for k in range(drawn):
            y = k * high
            for j in range(2):
                lamp = 0.45 + 0.12 * ((3 * k + 2 * j) % 5) if dark else 0.75
                pen.rounded(x + wide * (0.08 + 0.45 * j), y + 0.2 * high, 0.39 * wide, 0.58 * high, 0.12 * high)
                pen.fill(mix("#2A1A28", mix(theme.branch, "#FFD9EF", 0.3), lamp))
            edge = [
                (x + wide + bx * t, y + by * t + high * h)
                for t, h in ((0.2, 0.25), (0.8, 0.25), (0.8, 0.72), (0.2, 0.72))
            ]
            pen.polygon(edge).fill(mix("#1B1220", theme.branch, 0.45))
        pen.polygon([(x, 0), (x + wide, 0), (x + wide, top), (x, top)]).stroke(theme.branch, 0.045)
        pen.polygon([(x + wide, 0), (x + wide + bx, by), (x + wide + bx, top + by)], close=False)
        pen.stroke(theme.branch, 0.045)

    def _roof(self, pen: Pen) -> None:
        (bx, by), x, top, wide = BACK, self.x, self.top, self.wide
        pen.polygon([(x, top), (x + wide, top), (x + wide + bx, top + by), (x + bx, top + by)])
        pen.fill("#323C4D").polygon([(x, top), (x + wide, top), (x + wide + bx, top + by), (x + bx, top + by)])
        pen.stroke(self.theme.branch, 0.045)

    def _glass_floors(self, pen: Pen) -> None:
        """They slide in from the right, the lowest first; each lifts what is above it."""
        tone, (bx, by) = self.theme.data, BACK
        y, wide = self.height, self.wide
        for k in range(self.glass):
            came = self._came(k)
            if came <= 0:
                break
            x, high = self.x + (1 - came) * 3.2, self.floor * came
            face = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
            side = [(x + wide, y), (x + wide + bx, y + by), (x + wide + bx, y + by + high), (x + wide, y + high)]
            for part in (face, side):
                pen.polygon(part).fill(tone, 0.13 + 0.2 * (1 - came))
                pen.polygon(part).stroke(mix(tone, "#FFFFFF", 0.3), 0.02, 0.75)
            y += high

    def _lift(self, pen: Pen) -> None:
        """The shortcuts, one on the other, with a sum on every floor."""
        green, wide = self.theme.skip, 0.17 * self.wide
        x, high = self.x + self.wide / 2, self.shaft * self.height
        if pen.adds:
            for share in (0.25, 0.5, 0.75):
                pen.lights([(x, share * high)], 0.8 * self.wide, green, 0.35)
        pen.rounded(x - wide / 2, 0, wide, high, 0.2 * wide).fill(mix(green, "#000000", 0.25))
        pen.rounded(x - 0.3 * wide, 0.02, 0.6 * wide, max(high - 0.04, 0.01), 0.2 * wide).fill(
            mix(green, "#FFFFFF", 0.45)
        )
        pen.rounded(x - wide / 2, 0, wide, high, 0.2 * wide).stroke(green, 0.05)
        drawn = min(self.floors, MOST)
        step = self.height / drawn
        radius = min(0.36 * wide, 0.42 * step)
        for k in range(drawn):
            y = (k + 0.5) * step
            if y > high:
                break
            for way in (-1, 1):
                pen.polygon([(x + way * 0.6 * wide, y), (x + way * 1.5 * wide, y)], close=False)
            pen.stroke("#FFD9EF", 0.04, 0.7)
            pen.circle(x, y, radius).fill("#0A3A2D")
            for dx, dy in ((0.6, 0.0), (0.0, 0.6)):
                pen.polygon([(x - dx * radius, y - dy * radius), (x + dx * radius, y + dy * radius)], close=False)
            pen.stroke("#EFFFF8", 0.22 * radius)

    def _words(self, pen: Pen, view: View) -> None:
        x, y = self.roof()
        em, small, tone = pen.px(NUMBER), pen.px(SMALL), self.tone
        right = x + 0.62 * self.side
        if self.world.stage.wide:
            self._say(pen, view, self.number(), (right, y + 0.42 * em), em, tone, 0.0, self.counted)
            known = self.counted if math.isfinite(self.wrong()) else 0.0
            self._say(pen, view, self.unit, (right, y - 0.02 * em), small, self.theme.ink, 0.0, known)
            if self.ghost > 0.01 and self.risen * self.floor > 2.2 * em:
                low = self.height + 0.4 * BACK[1]
                self._say(pen, view, self.number(), (right, low + 0.12 * em), 0.75 * em, tone, 0.0, 0.8 * self.ghost)
        else:
            em *= 0.8
            self._say(pen, view, self.number(), (x, y + 1.1 * self.side + 0.35 * em), em, tone, 0.5, self.counted)
        em = pen.px(NAME)
        self._say(pen, view, self.name, (self.x + self.wide / 2, -1.35 * em), em, self.theme.ink, 0.5, self.named)
        if self.note and self.glass and self.idle > 0.05:
            x, align = (self.x - 0.25, 1.0) if self.world.stage.wide else (self.middle, 0.5)
            up = self.height + 0.5 * self.risen * self.floor
            for k, line in enumerate(wrap(self.note, NOTE)):
                self._say(pen, view, line, (x, up - 1.2 * k * small), small, self.theme.data, align, self.noted)

    def _say(
        self,
        pen: Pen,
        view: View,
        words: str,
        at: tuple[float, float],
        em: float,
        tone: Colour,
        align: float,
        seen: float,
    ) -> None:
        """Words in the world; they fade where the frame or the captions would cut them."""
        wide = pen.width(words, em)
        start = at[0] - align * wide
        plate = "#05070C" if pen.adds else "#FFFFFF"
        seen *= self.world.uncut(view, start, start + wide, at[1], em)
        pen.text(words, *at, em, tone, align=align, alpha=seen, plate=plate, plate_alpha=0.5)
