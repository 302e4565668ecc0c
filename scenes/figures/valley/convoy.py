"""Who carries the data by day: one lorry that is followed, one behind every hall when one looks from afar, and the row
into which what they carry flies up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenes.figures.valley.halls import DEEP, HIGH, LONG
from scenes.figures.valley.land import Floats, Way, point
from scenes.figures.valley.palette import Palette
from scenes.figures.valley.valley import Valley
from scenes.figures.valley.vehicles import POLE, Plate, lorry
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Pen

NEAR, AFAR = 22.0, 60.0  # widths of views between which lorries and plates grow, so as to be seen from afar
SIDE = 1.9  # of a plate, from near
Place = tuple[float, float, float, float]  # u, v, h and heading
MOST = 11  # plates of which each has its number


@dataclass(frozen=True)
class Load:
    """What is carried: ``images`` (states, 8, 8), values from 0 to 1, ``likeness`` (states,) to the first one, and
    in ``scales`` what was done to each image so that it shows."""

    images: Floats
    likeness: Floats
    scales: Sequence[str]
    last: str  # the same of the last one, said over the row


class Convoy:
    """Lorries with a load, or without one. ``hero`` is the distance driven on ``way`` by the one that is followed;
    ``others`` fades in the lorries behind the other halls; ``row`` runs from 0 to 1 while plates fly up into a row over
    their ``states``. ``shown`` fades all.
    """

    def __init__(
        self,
        valley: Valley,
        way: Way,
        load: Load | None,
        states: Sequence[int],
        numbers: Numbers,
        word: str,
        on_deck: bool = False,
    ) -> None:
        self.valley, self.way, self.load, self.states = valley, way, load, list(states)
        self.numbers, self.word, self.on_deck = numbers, word, on_deck
        self.stops = way.upto(valley.land.states)
        self.hero, self.others, self.row, self.shown, self.said = 0.0, 0.0, 0.0, 1.0, 1.0
        (valley.upon if on_deck else valley.below).append(self._lorries)
        valley.above.append(self._plates)

    @property
    def palette(self) -> Palette:
        return self.valley.palette

    def start(self, before: float) -> float:
        """Where the hero stands ``before`` world units before the first hall; on the deck, behind the first state."""
        if self.on_deck:
            return float(self.stops[0]) + 1.2
        return float(self.way.upto(self.valley.land.halls[0] - LONG)) - before

    def behind(self, block: int, after: float = 2.6) -> float:
        """The distance at which one is just out of a hall."""
        return float(self.way.upto(self.valley.land.halls[block - 1] + LONG)) + after

    def _drivers(self) -> list[tuple[int, float, Place]]:
        """Whose hall comes next (or was last), how far they have driven, and where they are: the farthest first. Who
        has come to the end of the way waits there."""
        blocks = [1, *(s for s in self.states if s > 1 and self.others > 0)]
        driven = self.hero + self.stops[blocks] - self.stops[1]
        places = np.stack(self.way.at(np.minimum(driven, self.way.length - 0.5)), axis=1).tolist()
        drivers = [(block, s, tuple(place)) for block, s, place in zip(blocks, driven.tolist(), places, strict=True)]
        return sorted(drivers, key=lambda driver: -driver[2][1])

    def state_at(self, s: float, block: int) -> int:
        """What somebody carries that drives on the deck, or through the hall of a block."""
        if self.on_deck:
            return int(np.clip(np.searchsorted(self.stops, s, side="right") - 1, 0, self.valley.land.depth))
        passed = int(np.searchsorted(self.way.upto(self.valley.land.halls), s, side="right"))
        return min(passed, self.valley.land.depth)

    def _grown(self, view: View) -> float:
        """How much larger things are than life, so as to be seen from afar: 0 to 1."""
        return eased(math.log(view.width), math.log(NEAR), math.log(AFAR))

    def _lorries(self, pen: Pen, view: View) -> None:
        left, right = view.seen(4.0)
        far, step = self._grown(view), 0.03 if view.width < 30 else 0.1
        for block, _, place in self._drivers():
            if left < place[0] < right and (self.shown if block == 1 else self.others * self.shown) > 0.5:
                lorry(pen, place, self.palette, 1 + 0.9 * far, step)

    def _plates(self, pen: Pen, view: View) -> None:
        if self.load is None:
            return
        for driver in self._drivers():
            self._plate(pen, view, self.load, *driver)
        if 0 in self.states and self.row > 0.3:
            self._resting(pen, self.load, 0)
        self._last(pen, view, self.load)

    def _plate(self, pen: Pen, view: View, load: Load, block: int, s: float, place: Place) -> None:
        u, v, h, angle = place
        state, far = self.state_at(s, block), self._grown(view)
        up = self._risen(state)
        side = SIDE + (self._in_row() - SIDE) * max(far * 0.9, up)
        foot = point(u - 0.32 * math.cos(angle), v - 0.32 * math.sin(angle), h + POLE)
        x, y = foot[0], foot[1] + 0.42 + side / 2 + 0.9 * far
        rest = self._place(state)
        x, y = x + (rest[0] - x) * up, y + (rest[1] - y) * up
        low = (foot[0] + (rest[0] - foot[0]) * up, foot[1] + (-foot[1]) * up)
        alpha = self.shown * (1.0 if block == 1 else self.others)
        if state not in self.states:
            alpha *= 1 - eased(self.row, 0.0, 0.4)  # it has no place in the row
        clipped = not self.on_deck and up == 0 and view.width < AFAR and self._clip(pen, u, v)
        plate = Plate(
            x, y, side, load.images[state], self._words(load, state, far), self._em(pen, far), alpha,
            low if up < 1 or view.width > 20 else None, note=load.scales[state] if self._near(far) else "",
        )  # fmt: skip
        plate.paint(pen, self.palette)
        if clipped:
            pen.ctx.restore()

    def _last(self, pen: Pen, view: View, load: Load) -> None:
        """What was done to the last image of the row, over the numbers of its plates."""
        (left, y), (right, _) = self._place(self.states[0]), self._place(self.states[-1])
        em, alpha = 0.85 * self._em(pen, self._grown(view)), eased(self.row, 0.7, 1.0) * self.shown
        over = y + 0.55 * self._in_row() + 2.3 * em
        pen.text(load.last, (left + right) / 2, over, em, self.palette.cargo_ink, alpha=alpha, plate=self.palette.plate)

    def _resting(self, pen: Pen, load: Load, state: int) -> None:
        """The plate of the input, which no lorry carries any more, in the row; that it is like itself is not said."""
        x, y = self._place(state)
        side, shown = self._in_row(), eased(self.row, 0.3, 0.8) * self.shown
        Plate(x, y, side, load.images[state], "", 0.3, shown, (x, 0.0)).paint(pen, self.palette)

    def _clip(self, pen: Pen, u: float, v: float) -> bool:
        """Hide a plate in the hall that its lorry drives through. True if the pen's state was saved for it."""
        land = self.valley.land
        block = int(np.argmin(np.abs(land.halls - u))) + 1
        hall_u, hall_v = land.hall(block)
        if abs(u - hall_u) > LONG + 1.4 or abs(v - hall_v) > 3:
            return False
        pen.ctx.save()
        if u < hall_u:
            edge = point(hall_u - LONG, hall_v - DEEP)[0]
            pen.polygon([(edge - 20, -200), (edge, -200), (edge, 200), (edge - 20, 200)])
        else:
            low = point(hall_u + LONG, hall_v - DEEP)
            high = point(hall_u + LONG, hall_v + DEEP, HIGH)
            pen.polygon(
                [
                    low,
                    (low[0], high[1] - 1.6),
                    (high[0], high[1]),
                    (high[0] + 30, high[1] + 4),
                    (low[0] + 30, low[1] - 3),
                ]
            )
        pen.ctx.clip()
        return True

    # the row

    def _risen(self, state: int) -> float:
        """How far a plate is on its way up into the row: those of the left go first."""
        order = self.states.index(state) / max(1, len(self.states)) if state in self.states else 0.0
        return eased(self.row, 0.45 * order, 0.45 * order + 0.55)

    def _pitch(self) -> float:
        """World units from plate to plate in the row."""
        return self.valley.land.end / max(1, len(self.states) - 1)

    def _in_row(self) -> float:
        """The side of a plate in the row."""
        return min(0.62 * self._pitch(), 0.15 * self.valley.wide().width)

    def _place(self, state: int) -> tuple[float, float]:
        wide = self.valley.wide()
        return float(self.valley.land.states[state]), wide.y + 0.27 * wide.width * self.valley.tall

    def _em(self, pen: Pen, far: float) -> float:
        return pen.px(60 + (42 - 60) * far)

    def _words(self, load: Load, state: int, far: float) -> str:
        value = float(load.likeness[state])
        if self.said < 0.5 or 0.25 < far < 0.6:
            return ""
        if far >= 0.6 and (state not in self.states or (len(self.states) > MOST and self.states.index(state) % 2)):
            return ""  # too many numbers to be read
        said = self.numbers.decimal(value) if math.isfinite(value) else "?"
        return f"{self.word} {said}" if self._near(far) else said

    def _near(self, far: float) -> bool:
        """Whether there is room for words beside numbers."""
        return self.said >= 0.5 and far < 0.35 and self.row == 0
