"""The road of a trained network whose halls are taken out, and the columns behind it: one of a record of lesion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scenes.figures.valley.crane import Crane
from scenes.figures.valley.failures import Failures
from scenes.figures.valley.land import Floats
from scenes.figures.valley.valley import Valley
from scenes.kit.claims import lesions
from scenes.kit.drawing.painting import mix
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme

NUMBERED = 4  # columns with a number, at most
ALONG = 0.46  # of the view's breadth, over which a few columns are spread at least


class Operated:
    """``valley``, its roofs from dark to bright in the trained order; ``failures``, a column for every block, or for
    every number of swaps if those are more; ``crane``, which takes halls out as the record's first draw did."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        names: Sequence[Sequence[str]],
        record: Any,
        skip: int,
        percent: Callable[[float], str],
    ) -> None:
        self.record, self.skip, self.depth = record, skip, int(record.blocks[skip])
        self.valley = valley = Valley(theme, stage, self.depth, names)
        valley.sway = 0.006
        dark, bright = mix(theme.branch, "#000000", 0.55), mix(theme.branch, "#FFFFFF", 0.55)
        valley.halls.roofs = [mix(dark, bright, i / max(1, self.depth - 1)) for i in range(self.depth)]
        columns = max(self.depth, len(record.swaps))
        self.failures = failures = Failures(valley, np.zeros(columns), lesions.usual(record, skip), 1.0, percent)
        self.show(lesions.single(record, skip), valley.land.halls)
        failures.raised = np.zeros(columns)
        gone = record.removed[skip, : self.depth, 0, : self.depth]
        order = sorted(range(self.depth), key=lambda block: int(np.flatnonzero(gone[:, block])[0]))
        self.crane = Crane(valley.halls, failures, order)

    def show(self, errors: Floats, places: Floats) -> None:
        """Columns for these errors at these places from now on; those that are left are not seen."""
        count, failures = len(errors), self.failures
        failures.numbered = sorted({round(i) for i in np.linspace(0, count - 1, min(count, NUMBERED))})
        failures.values = np.append(errors, np.zeros(len(failures.values) - count))
        failures.u = np.append(places, np.full(len(failures.values) - count, places[-1]))
        failures.seen = (np.arange(len(failures.values)) < count).astype(float)

    def show_swaps(self, wide: float) -> None:
        """A column for each number of swaps, evenly along the road, in a view of that breadth."""
        errors, land = lesions.shuffled(self.record, self.skip), self.valley.land
        half = max(float(land.halls[-1] - land.halls[0]), ALONG * wide) / 2
        self.show(errors, land.end / 2 + (np.linspace(-half, half, len(errors)) if len(errors) > 1 else np.zeros(1)))

    def show_several(self) -> None:
        """A column for each number of blocks that are missing, where the halls are."""
        self.show(lesions.several(self.record, self.skip), self.valley.land.halls)

    def order(self, stop: int) -> Sequence[int]:
        """By place, the hall that stands there after so many swaps, in the first draw."""
        return list(self.record.order[self.skip, stop, 0, : self.depth])

    def lifted(self, block: int, up: float) -> Floats:
        """How high halls are if one, from 1, is lifted."""
        return up * (np.arange(self.depth) == block - 1)
