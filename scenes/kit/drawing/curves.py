"""What charts of curves need: round numbers on an axis, and labels that do not touch."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing.charts import MOST_TICKS


def linear_ticks(high: float) -> list[float]:
    """Round numbers from 0 up to ``high``, few enough to be read."""
    raw = high / MOST_TICKS
    scale = 10.0 ** np.floor(np.log10(raw))
    step = next(scale * k for k in (1, 2, 5, 10) if scale * k >= raw)
    return [float(v) for v in np.arange(0, high * (1 + 1e-9), step)]


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
