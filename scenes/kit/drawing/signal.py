"""How a measured signal looks: its width and colour on a log scale, and the word for what became of it."""

from __future__ import annotations

import numpy as np
from manim import ManimColor
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing.theme import Theme

FLOOR = -8.0  # log10 of the weakest signal that is still drawn; below it, an empty dashed ring
CEILING = 8.0  # log10 of the strongest; beyond it, arrows grow no more
WIDTHS = (0.025, 0.24, 0.44)  # shaft of an arrow, in scene units, at the floor, at 1 and at the ceiling
# Upper ends in log10. What arrives does so within a factor of 2.
BOUNDS = {"vanishes": -3.0, "fades": -0.301, "arrives": 0.301, "grows": 3.0}
WORDS = (*BOUNDS, "explodes", "zero", "lost")


def width(log10: ArrayLike) -> NDArray[np.float64]:
    """Shaft widths of signals given by log10; 0 below the floor and where there is no number."""
    value = np.asarray(log10, dtype=float)
    drawn = np.interp(np.nan_to_num(value, nan=FLOOR, posinf=CEILING, neginf=FLOOR), [FLOOR, 0, CEILING], WIDTHS)
    return np.where(value >= FLOOR, drawn, 0.0)


def colour(log10: ArrayLike, theme: Theme) -> NDArray[np.float64]:
    """RGBA of signals: the gradient's colour, dimming towards the floor, turning to danger from 1 to 1000."""
    value = np.nan_to_num(np.asarray(log10, dtype=float), nan=FLOOR, posinf=CEILING, neginf=FLOOR)
    calm, danger = (np.array(ManimColor(c).to_rgb()) for c in (theme.gradient, theme.danger))
    heat = np.interp(value, [0, 3], [0, 1])[..., None]
    alpha = np.interp(value, [FLOOR, 0], [0.35, 1.0])[..., None]
    return np.concatenate([calm * (1 - heat) + danger * heat, alpha], axis=-1)


def verdict(log10: float) -> str:
    """What became of a signal by the time it reaches the input: the word that chooses the caption.

    ``zero`` and ``lost`` are exact zeros and signals without a number (overflow, NaN).
    """
    if np.isneginf(log10):
        return "zero"
    if not np.isfinite(log10):
        return "lost"
    return next((word for word, bound in BOUNDS.items() if log10 < bound), "explodes")
