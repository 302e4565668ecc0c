"""Lorries that carry the data, as stacks of slices, and the images they carry, as plates on a pole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cairo
import numpy as np

from scenes.figures.valley.land import ASIDE, AWAY, Floats, point
from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.painting import Colour, Pen, mix

LONG, BROAD = 0.95, 0.34  # half a lorry's length and breadth
POLE = 0.45  # height over the road at which a plate's pole begins


def lorry(
    pen: Pen, place: tuple[float, float, float, float], palette: Palette, size: float = 1.0, step: float = 0.03
) -> None:
    """A lorry at (u, v, h, heading); slices ``step`` apart."""
    u, v, h, angle = place
    cos, sin = math.cos(angle), math.sin(angle)
    ctx, body = pen.ctx, palette.cargo

    def cut(
        up: float, start: float, end: float, broad: float, tone: Colour, alpha: float = 1.0, r: float = 0.1
    ) -> None:
        """A slice at a height: a box along the lorry, in halves of its length."""
        x, y = point(u, v, h + up * size)
        ctx.save()
        ctx.transform(cairo.Matrix(cos + ASIDE * sin, AWAY * sin, -sin + ASIDE * cos, AWAY * cos, x, y))
        long, wide = LONG * size, BROAD * size
        pen.rounded(start * long, -broad * wide, (end - start) * long, 2 * broad * wide, r * size).fill(tone, alpha)
        ctx.restore()

    for spread, alpha in ((1.18, 0.1), (1.08, 0.14), (1.0, 0.18)):
        cut(-0.02, -spread + 0.12, spread + 0.12, 1.15 * spread, "#000000", alpha, 0.15)
    dark = mix(body, "#0B1B2B", 0.62)
    for up in np.arange(0.03, 0.2, step):  # wheels and chassis
        for x in (-0.78, -0.5, 0.62):
            cut(up, x - 0.13, x + 0.13, 1.04, "#0E1116", r=0.05)
        cut(up + 0.03, -0.98, 0.98, 0.8, "#1A222D")
    for up in np.arange(0.2, 0.34, step):  # flatbed
        cut(up, -1.0, 0.44, 1.0, mix(dark, body, 0.25))
    cut(0.35, -1.0, 0.44, 1.0, mix(dark, body, 0.5))
    cut(0.36, -0.93, 0.38, 0.88, "#22303F")
    for up in np.arange(0.2, 0.92, step):  # cab
        t = (up - 0.2) / 0.72
        tone: Colour = mix(mix(body, "#0B1B2B", 0.42), body, t)
        if 0.42 < t < 0.82:
            tone = mix("#0E1A26", "#2B4358", (t - 0.42) / 0.4)  # windows
        cut(up, 0.46, 1.0 - 0.16 * max(0.0, t - 0.35), 0.98 - 0.1 * t, tone, r=0.09)
    cut(0.93, 0.5, 0.87, 0.86, mix(body, "#FFFFFF", 0.22), r=0.08)


@dataclass(frozen=True)
class Plate:
    """An image of ``side`` world units that stands up and faces us, centred on (x, y), the words over it and a note
    over these.

    ``foot`` is where its pole stands. ``em`` is the size of its words, ``alpha`` how much is seen of it.
    """

    x: float
    y: float
    side: float
    image: Floats
    words: str = ""
    em: float = 0.3
    alpha: float = 1.0
    foot: tuple[float, float] | None = None
    frame: Colour | None = None
    below: bool = False  # whether the words stand under it
    note: str = ""

    def paint(self, pen: Pen, palette: Palette) -> None:
        if self.alpha <= 0.01:
            return
        side, line = self.side, 0.034 * self.side
        left, low = self.x - side / 2 - line, self.y - side / 2 - line
        if self.foot is not None:
            pole = [self.foot, (self.x, self.y - side / 2)]
            pen.polygon(pole, close=False).stroke(palette.cargo_ink, 0.04 * side, 0.9 * self.alpha)
        pen.rounded(left + 0.06 * side, low - 0.05 * side, side + 2 * line, side + 2 * line, 0.06 * side)
        pen.fill("#000000", 1.4 * palette.shadow * self.alpha)
        pen.rounded(left, low, side + 2 * line, side + 2 * line, 0.05 * side).fill(
            self.frame or palette.cargo, self.alpha
        )
        pen.image(self.x, self.y, side, self.image, self.alpha)
        rows, columns = self.image.shape
        if side * pen.scale > 150:  # seams between pixels, where there is room for them
            for k in range(1, columns):
                x = self.x - side / 2 + side * k / columns
                pen.polygon([(x, self.y - side / 2), (x, self.y + side / 2)], close=False)
            for k in range(1, rows):
                y = self.y - side / 2 + side * k / rows
                pen.polygon([(self.x - side / 2, y), (self.x + side / 2, y)], close=False)
            pen.stroke("#05070A", 0.012 * side, 0.7 * self.alpha)
        if self.words:
            y = low - 1.25 * self.em if self.below else self.y + side / 2 + line + 0.5 * self.em
            for words, over, em in ((self.words, y, self.em), (self.note, y + 1.4 * self.em, 0.85 * self.em)):
                pen.text(words, self.x, over, em, palette.cargo_ink, alpha=self.alpha, plate=palette.plate)
