"""Small grey images, pixel for pixel, that change from frame to frame."""

from __future__ import annotations

import numpy as np
from manim import ManimColor, VGroup, VMobject
from manim.typing import Point3DLike
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.theme import Theme

SHARP = 24  # colour stops a pixel: an edge is blurred over a 24th of it
BLACK, WHITE = np.zeros(3), np.ones(3)


class PixelImage(VGroup):
    """An image of values in [0, 1] (black … white) as squares, framed; ``side`` is its width in scene units.

    Values outside [0, 1] are drawn black or white; :attr:`values` keeps them as they were given.
    """

    def __init__(self, values: ArrayLike, theme: Theme, side: float, role: str = "faint") -> None:
        self.side = side
        self.frame = VMobject(stroke_color=getattr(theme, role), stroke_width=4)
        self.frame.set_points(shapes.rounded_boxes([(0, 0)], side + 0.07, side + 0.07, 0.04))
        self.rows = VGroup(*(shapes.Ribbon() for _ in np.asarray(values)))
        super().__init__(self.rows, self.frame)
        self.show(values)

    def show(self, values: ArrayLike) -> PixelImage:
        """Draw values of shape (rows, columns), as many rows as at first."""
        self.values = np.asarray(values, dtype=float)
        rows, columns = self.values.shape
        left, middle = self.frame.get_center()[0] - self.side / 2, self.frame.get_center()[1]
        size = self.side / columns
        top = middle + size * rows / 2
        for i, (ribbon, line) in enumerate(zip(self.rows, self.values, strict=True)):
            # Each row reaches under the next one, drawn later: no seam shows between them.
            low, high = top - (i + 1 + 0.5 * (i + 1 < rows)) * size, top - i * size
            corners = [[(left, low), (left + self.side, low), (left + self.side, high), (left, high)]]
            ribbon.paint(shapes.polygons(corners), grey(np.repeat(line, SHARP)))
        return self

    def place(self, centre: Point3DLike) -> PixelImage:
        """Move the whole to a place."""
        self.move_to(centre)
        return self.show(self.values)

    def resize(self, centre: Point3DLike, side: float) -> PixelImage:
        """Stand somewhere else in another size; a size of zero leaves nothing."""
        self.side = side
        x, y = np.asarray(centre, dtype=float)[:2]
        if side <= 0.02:
            for part in (self.frame, *self.rows):
                part.set_points(shapes.NOTHING)
            return self
        self.frame.set_points(shapes.rounded_boxes([(x, y)], side + 0.07, side + 0.07, 0.04))
        return self.show(self.values)

    def recolour(self, role: str, theme: Theme) -> PixelImage:
        """Give the frame the colour of a role."""
        self.frame.set_stroke(ManimColor(getattr(theme, role)))
        return self


def grey(values: ArrayLike) -> NDArray[np.float64]:
    """RGBA of values in [0, 1]; what lies outside is clipped, what is no number is drawn mid-grey."""
    level = np.clip(np.nan_to_num(np.asarray(values, dtype=float), nan=0.5), 0, 1)[:, None]
    return np.concatenate([BLACK * (1 - level) + WHITE * level, np.ones_like(level)], axis=1)
