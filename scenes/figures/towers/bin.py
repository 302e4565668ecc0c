"""A bin of a hundred places on a roof: as many beads as of a hundred training digits are misread."""

from __future__ import annotations

import math

from scenes.kit.drawing.painting import Colour, Pen, mix

SIDE = 10
GLASS = "#BFE3FB"


def paint_bin(
    pen: Pen, x: float, y: float, side: float, wrong: float, tone: Colour, *, alpha: float = 1.0, ghost: bool = False
) -> None:
    """A glass box whose floor's middle is at (x, y). ``wrong`` of 100, NaN for none that is a number: the box is
    crossed out. A ghost has an outline and rings only."""
    left, deep, pitch = x - side / 2, 0.09 * side, side / (SIDE + 0.6)
    corners = [(left, y), (left + side, y), (left + side, y + side), (left, y + side)]
    glass = GLASS if pen.adds else "#4A6E8C"
    if not ghost:
        back = [(px + deep, py + deep) for px, py in corners]
        pen.polygon([corners[0], corners[1], back[1], back[2], back[3], corners[3]]).fill("#05080F", 0.72 * alpha)
        pen.polygon(back).stroke(glass, 0.008 * side, 0.3 * alpha)
        if pen.adds and math.isfinite(wrong) and wrong > 0:
            pen.lights([(x, y + side * wrong / 200)], side * 0.8, tone, 0.5 * alpha * min(1.0, wrong / 60))
    whole = wrong if math.isfinite(wrong) else 0.0
    count = round(whole)
    corner = left + 0.8 * pitch, y + 0.8 * pitch
    places = [(corner[0] + k % SIDE * pitch, corner[1] + k // SIDE * pitch) for k in range(SIDE * SIDE)]
    if ghost:
        pen.circles(places[:count], 0.38 * pitch).stroke(tone, 0.09 * pitch, 0.7 * alpha)
    else:
        pen.circles(places[:count], 0.43 * pitch).fill(mix(tone, "#200806", 0.25), alpha)
        shining = [(px - 0.08 * pitch, py + 0.1 * pitch) for px, py in places[:count]]
        pen.circles(shining, 0.28 * pitch).fill(mix(tone, "#FFFFFF", 0.22), alpha)
        pen.circles(places[count:], 0.07 * pitch).fill(GLASS, 0.25 * alpha)
    if not math.isfinite(wrong):
        for a, b in ((0, 2), (1, 3)):
            pen.polygon([corners[a], corners[b]], close=False)
        pen.stroke(tone, 0.05 * side, 0.9 * alpha)
    dash = (0.06 * side, 0.05 * side) if ghost else ()
    pen.polygon(corners).stroke(glass, 0.014 * side, (0.6 if ghost else 0.9) * alpha, dash)
