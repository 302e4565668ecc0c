"""A formula that stands in a world: Typst sets it once, and a pen copies its outline."""

from __future__ import annotations

import numpy as np

from scenes.kit.drawing.painting import Colour, Pen, Written
from scenes.kit.drawing.text import Formula
from scenes.kit.drawing.theme import Theme

STRONG = 0.028  # of an em, by which letters are made heavier


class Sign:
    """A formula in Typst's mathematics; it has no lines, such as the bars of fractions."""

    def __init__(self, source: str, theme: Theme) -> None:
        formula = Formula(source, theme, "title")
        self.words = source
        points = formula.get_all_points()[:, :2] - formula.get_corner([-1, -1, 0])[:2]
        tall = Formula("F", theme, "title").height / 0.67  # an em, of letters as high as the text's capitals
        self.curves = points.reshape(-1, 4, 2) / tall
        self.wide, self.high = (float(side) for side in points.max(axis=0) / tall)

    def paint(
        self,
        pen: Pen,
        x: float,
        y: float,
        em: float,
        colour: Colour,
        alpha: float = 1.0,
        plate: Colour | None = None,
        most: float = np.inf,
        align: float = 0.5,
    ) -> None:
        """With its middle at the height y, ``align`` of its width left of x; on a ``plate`` of a colour if one is
        given; no wider than ``most``."""
        if alpha <= 0.01:
            return
        em = min(em, most / self.wide)
        wide, high, ctx = self.wide * em, self.high * em, pen.ctx
        left, low = x - align * wide, y - high / 2
        if plate is not None:
            pen.rounded(left - 0.32 * em, low - 0.24 * em, wide + 0.64 * em, high + 0.48 * em, 0.28 * em)
            pen.fill(plate, 0.8 * alpha)
        end = None
        ctx.new_path()
        for a, b, c, d in (self.curves * em + [left, low]).tolist():
            if end is None or abs(a[0] - end[0]) + abs(a[1] - end[1]) > 1e-3 * em:
                ctx.move_to(*a)
            ctx.curve_to(*b, *c, *d)
            end = d
        pen.colour(colour, alpha)
        ctx.fill_preserve()
        pen.stroke(colour, STRONG * em, alpha)  # its letters are thin beside those of the text
        if alpha > 0.5:
            (a, b), (c, d) = (ctx.user_to_device(left, low + high), ctx.user_to_device(left + wide, low))
            unit = pen.scale / np.hypot(*ctx.user_to_device_distance(1, 0))
            box = (float(a * unit), float(b * unit), float(c * unit), float(d * unit))
            pen.written.append(Written(self.words, box, em * pen.scale))
