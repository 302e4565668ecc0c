"""A formula that stands in a world: Typst sets it once, and a pen copies its outline."""

from __future__ import annotations

from functools import lru_cache

import cairo
import numpy as np

from scenes.kit.drawing.painting import LETTER, Colour, Floats, Pen, Written
from scenes.kit.drawing.text import Formula
from scenes.kit.drawing.theme import Theme

STRONG = 0.028  # of an em, by which letters are made heavier


class Sign:
    """A formula in Typst's mathematics; it has no lines, such as the bars of fractions."""

    def __init__(self, source: str, theme: Theme) -> None:
        self.words = source
        self.path, self.wide, self.high = _set(source, theme)

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
        ctx.save()
        ctx.translate(left, low)
        ctx.scale(em / LETTER, em / LETTER)
        ctx.new_path()
        ctx.append_path(self.path)
        ctx.restore()
        pen.colour(colour, alpha)
        ctx.fill_preserve()
        pen.stroke(colour, STRONG * em, alpha)  # its letters are thin beside those of the text
        if alpha > 0.5:
            (a, b), (c, d) = (ctx.user_to_device(left, low + high), ctx.user_to_device(left + wide, low))
            unit = pen.scale / np.hypot(*ctx.user_to_device_distance(1, 0))
            box = (float(a * unit), float(b * unit), float(c * unit), float(d * unit))
            pen.written.append(Written(self.words, box, em * pen.scale))


@lru_cache(maxsize=256)
def _set(source: str, theme: Theme) -> tuple[cairo.Path, float, float]:
    """A formula's outline, its width and its height in em, of letters as high as the text's capitals."""
    formula = Formula(source, theme, "title")
    points = formula.get_all_points()[:, :2] - formula.get_corner([-1, -1, 0])[:2]
    tall = _em(theme)
    wide, high = (float(side) for side in points.max(axis=0) / tall)
    return path_of(points.reshape(-1, 4, 2) / tall * LETTER), wide, high


@lru_cache(maxsize=8)
def _em(theme: Theme) -> float:
    return float(Formula("F", theme, "title").height) / 0.67


def path_of(curves: Floats) -> cairo.Path:
    """Cubic curves (n, 4, 2) as a path of cairo's, which is copied without a loop of Python."""
    ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    end = None
    for a, b, c, d in curves.tolist():
        if end is None or abs(a[0] - end[0]) + abs(a[1] - end[1]) > 1e-3 * LETTER:
            ctx.move_to(*a)
        ctx.curve_to(*b, *c, *d)
        end = d
    return ctx.copy_path()
