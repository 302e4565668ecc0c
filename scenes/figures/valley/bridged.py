"""The road with its shortcuts as it is told: lorries on the deck, sums at junctions, a river that forks and meets
again."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.figures.valley.columns import Columns
from scenes.figures.valley.convoy import Convoy, Load
from scenes.figures.valley.land import Floats
from scenes.figures.valley.lights import River
from scenes.figures.valley.plain import CHART
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import Shot
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme

RIDE, HOME = 20.0, 15.0  # widths of the views that ride along by day, and by night


class BridgedFigure:
    """The valley with shortcuts. ``log10`` (states,) is the residual network's signal, ``share`` (blocks,) what the
    shortcut of each block hands back of it; ``lacks`` are blocks without one, counted from 1. ``valley`` is one of
    one's own, if it is not made here."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        names: Sequence[Sequence[str]],
        numbers: Numbers,
        log10: Floats,
        share: Floats,
        states: Sequence[int],
        words: dict[str, str],
        lacks: frozenset[int] = frozenset(),
        valley: Valley | None = None,
    ) -> None:
        self.numbers, self.words, self.states = numbers, words, states
        self.valley = valley = Valley(theme, stage, len(log10) - 1, names, lacks) if valley is None else valley
        valley.sway = 0.006
        land, palette = valley.land, valley.palette
        self.high = River(valley, land, valley.deck.way, palette, log10, share, seed=9, broad=0.42)
        self.low = River(valley, land, land.road, palette, log10, 1 - share, seed=8)
        valley.below.append(self.low.paint)
        valley.upon.append(self.high.paint)
        wide = valley.wide()
        self.columns = Columns(valley, land, palette, numbers, log10, CHART * wide.width * valley.tall)

    def convoy(self, load: Load | None, on_deck: bool) -> Convoy:
        """Lorries that drive on the deck, or below it, with a load."""
        way = self.valley.deck.way if on_deck else self.valley.land.lane
        return Convoy(self.valley, way, load, self.states, self.numbers, self.words["likeness"], on_deck)

    def ride(self, convoy: Convoy) -> Shot:
        """Ride along with the hero of a convoy."""
        return self.valley.follow(convoy.way, lambda: convoy.hero, RIDE, ahead=2.0, up=2.4)

    def ride_home(self) -> Shot:
        """Ride on the head of the river, over the deck towards the input."""
        return self.valley.follow(self.valley.deck.way, lambda: self.high.front + 2.0, HOME, ahead=-1.5, up=0.6)
