"""A stretch of the road with a toll and an overpass per block, and the routes back along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.figures.road.road import Road, RoadPlan
from scenes.kit.drawing.theme import Theme

LIFT = 0.78  # overpasses stand high enough here for a route to be told from its neighbours
SAMPLES = 60  # points of a route in one block


class RouteRoad(Road):
    """Blocks 1 … ``blocks`` from x = ``left`` to ``right`` around height ``y``; the gradient comes from the right.

    The ground lies there from the first; :meth:`show` draws tolls and overpasses of as many of the last blocks as there
    are so far; :meth:`route` gives the points of one way back. What travels goes over overpasses and under tolls.
    """

    def __init__(self, left: float, right: float, y: float, blocks: int, theme: Theme) -> None:
        super().__init__(RoadPlan(np.linspace(left, right, blocks + 1), y, lift=LIFT), theme, layers=2, skip=True)
        self.left, self.right, self.pitch, self.blocks = left, right, self.plan.pitch, blocks
        self.show(0.0)

    def centre(self, block: int) -> float:
        """x of a block's toll; blocks count from 1 at the left."""
        return float(self.plan.tolls[block - 1, 0])

    def route(self, taken: Sequence[bool]) -> NDArray[np.float64]:
        """The way back through the last ``len(taken)`` blocks, (points, 2), from the right end on.

        ``taken[0]`` is the last block's: True is the road and its toll, False the overpass.
        """
        parts = []
        for i, toll in enumerate(taken):
            stretch = self.blocks - 1 - i
            if toll:
                begin, end = self.course.distance(self.plan.x[[stretch + 1, stretch]])
                parts.append(self.course.place(np.linspace(begin, end, SAMPLES)))
            else:
                parts.append(self.plan.overpass(stretch).back().points)
        return np.concatenate(parts)

    def show(self, grown: float) -> RouteRoad:
        """Draw the last ``grown`` blocks; a fraction of a block is one on its way in."""
        size = np.clip(grown - np.arange(self.blocks), 0, 1)[::-1]
        self.place_tolls(size)
        self.stand(size)
        return self
