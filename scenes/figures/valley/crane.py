"""Who lifts halls off the road: one after the other, more and more of them, or all those that change places."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scenes.figures.valley.failures import Failures
from scenes.figures.valley.halls import Halls
from scenes.kit.drawing.camera import eased

LIFTED, FLOWN = 7.0, 4.5  # world units over the road: of a hall that is taken out, and of one that changes places
SPELL = 1.8  # halls' turns that one is off the road


class Crane:
    """Moves ``halls``, and with them the columns of ``failures``; each of its numbers is a gesture's.

    ``each`` runs from 0 to the number of halls: one after the other is lifted and set down again, and its column grows.
    ``gone`` likewise, in the order of ``sequence`` (halls from 0): they stay away, and a column grows for each number.
    ``flight`` runs from 0 to 1: halls fly from where they stand to ``places`` (halls,), set by :meth:`fly_to`.
    """

    def __init__(self, halls: Halls, failures: Failures, sequence: Sequence[int]) -> None:
        self.halls, self.failures, self.sequence = halls, failures, list(sequence)
        self._each = self._gone = self._flight = 0.0
        self._start = self._places = halls.at

    @property
    def each(self) -> float:
        return self._each

    @each.setter
    def each(self, turns: float) -> None:
        self._each = turns
        begun = turns - np.arange(len(self.halls.up))
        self.halls.up = np.array([
            LIFTED * eased(t, 0.0, 0.6) * (1 - eased(t, SPELL - 0.6, SPELL)) for t in begun
        ])  # fmt: skip
        raised = self.failures.raised.copy()
        raised[: len(begun)] = [eased(t, 0.4, 1.3) for t in begun]
        self.failures.raised = raised

    @property
    def gone(self) -> float:
        return self._gone

    @gone.setter
    def gone(self, halls: float) -> None:
        self._gone = halls
        share = np.array([eased(halls - i, 0.0, 1.0) for i in range(len(self.sequence))])
        up = np.zeros(len(self.sequence))
        up[self.sequence] = LIFTED * share
        self.halls.up = up
        raised = self.failures.raised.copy()
        raised[: len(share)] = share
        self.failures.raised = raised

    def fly_to(self, order: Sequence[int]) -> Crane:
        """The places for an order: by place, the hall that is to stand there."""
        self._start, self._places, self._flight = self.halls.at, np.argsort(order).astype(float), 0.0
        return self

    @property
    def flight(self) -> float:
        return self._flight

    @flight.setter
    def flight(self, share: float) -> None:
        self._flight = share
        far = self._places - self._start
        self.halls.at = self._places if share == 1 else self._start + far * eased(share, 0.15, 0.85)
        high = math.sin(math.pi * share) if 0 < share < 1 else 0.0
        self.halls.up = FLOWN * high * (far != 0)
