"""The plain road as it is told: a lorry by day, the river of the gradient by night, columns that become the chart."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scenes.figures.valley.columns import Columns
from scenes.figures.valley.convoy import Convoy, Load
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.land import Floats
from scenes.figures.valley.lights import River
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import Shot
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme

CHART = 0.40  # of the frame's height, that of the columns
FLEET = 19.0  # width of the view that follows the river
FOLLOWED = 4  # halls through which it is followed


class PlainFigure:
    """The valley without shortcuts. ``log10`` (states,) is the signal, ``states`` those whose cargo is shown."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        names: Sequence[Sequence[str]],
        numbers: Numbers,
        log10: Floats,
        load: Load | None,
        states: Sequence[int],
        words: dict[str, str],
    ) -> None:
        self.numbers, self.words = numbers, words
        self.valley = valley = Valley(theme, stage, len(log10) - 1, names)
        valley.sway = 0.006
        land = valley.land
        self.convoy = Convoy(valley, land.lane, load, states, numbers, words["likeness"])
        self.river = River(valley, land, land.road, valley.palette, log10)
        valley.below.append(self.river.paint)
        wide = valley.wide()
        self.columns = Columns(valley, land, valley.palette, numbers, log10, CHART * wide.width * valley.tall)
        self.counter = Counter(valley, self.left, words["left"])

    def left(self) -> str:
        """What is left where the river has come to."""
        return left(self.numbers, float(self.river.left(self.river.front)), float(self.river.log10[0]))

    def fleet(self) -> Shot:
        """Follow the river's head, back along the road."""
        return self.valley.follow(self.valley.land.road, self._head, FLEET, ahead=-2.0, up=0.8)

    def _head(self) -> float:
        return self.river.front + 3.0

    def loss(self) -> float:
        """Where the gradient sets out, on the road."""
        return float(self.river.stops[-1]) + 9.0

    def behind(self, halls: int) -> float:
        """Where the river's head is when it has come through so many halls, and a little more."""
        block = max(1, self.valley.land.depth - halls + 1)
        u = self.valley.land.halls[block - 1]
        return float(self.valley.land.road.upto(u)) - 9.0


def left(numbers: Numbers, here: float, end: float) -> str:
    """What is left of a signal at some place, both given by log10: of a power of ten that set out, where at most one of
    ten arrives at the end; else of one."""
    if math.isfinite(end) and end <= -1:
        exponent, few = numbers.parts(end)
        return few if here <= end + 1e-9 else numbers.count(max(here + exponent, 0.0))
    return numbers.count(here) if 1 <= here < math.inf else numbers.signal(here)
