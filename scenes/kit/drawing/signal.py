"""How a measured signal looks: its width and colour on a log scale."""

from __future__ import annotations

import numpy as np
from manim import ManimColor
from numpy.typing import ArrayLike, NDArray

from scenes.kit.claims.signals import BOUNDS, FLOOR
from scenes.kit.drawing.theme import Theme

__all__ = ["BOUNDS", "CEILING", "FLOOR", "WIDTHS", "colour", "width"]
CEILING = 8.0  # log10 of the strongest; beyond it, arrows grow no more
WIDTHS = (0.025, 0.24, 0.44)  # shaft of an arrow, in scene units, at the floor, at 1 and at the ceiling


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
