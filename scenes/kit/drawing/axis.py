"""The axis that a chain of blocks and the chart under it share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Axis:
    """Where block l of a network stands: h_0 at ``left``, h_L at ``right``; shared by a chain and the chart under it.

    Nodes are counted k = 0 … depth from the loss back, so that a network that deepens grows at the far end.
    """

    def __init__(self, left: float, right: float) -> None:
        self.left, self.right = left, right

    def pitch(self, depth: float) -> float:
        """Distance between the hidden states of a network of ``depth`` blocks."""
        return (self.right - self.left) / depth

    def nodes(self, depth: float) -> NDArray[np.float64]:
        """x of the hidden states k = 0 … ⌊depth⌋; between whole depths, as a dial turns, the last is on its way in."""
        return np.asarray(self.right - self.pitch(depth) * np.arange(int(depth + 1e-9) + 1), dtype=np.float64)
