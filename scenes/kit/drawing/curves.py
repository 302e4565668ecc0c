"""What charts of curves need: round numbers on an axis, and labels that do not touch."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_TICKS = 5  # on an axis


def linear_ticks(high: float) -> list[float]:
    """Round numbers from 0 up to ``high``, few enough to be read."""
    raw = high / MOST_TICKS
    scale = 10.0 ** np.floor(np.log10(raw))
    step = next(scale * k for k in (1, 2, 5, 10) if scale * k >= raw)
    return [float(v) for v in np.arange(0, high * (1 + 1e-9), step)]


def index_marks(depth: int, most: int) -> list[int]:
    """Block numbers that stand under a chart: 0, depth, and round numbers between with room around them."""
    step = next(s for s in (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500) if depth / s <= most - 1)
    inner = [k for k in range(step, depth, step) if depth - k >= 0.6 * step]
    return [0, *inner, depth]


def apart(heights: ArrayLike, gap: float, lowest: float) -> NDArray[np.float64]:
    """Heights for labels that stand at ``heights`` where they can, ``gap`` apart at least, none below ``lowest``."""
    wanted = np.asarray(heights, dtype=float)
    order = np.argsort(wanted, kind="stable")
    placed = np.maximum(wanted[order], lowest)
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    out = np.empty_like(placed)
    out[order] = placed
    return out
