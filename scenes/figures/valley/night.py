"""Dusk that sweeps over the valley from the loss, and the dark corners of the picture."""

from __future__ import annotations

from collections.abc import Hashable

import cairo
import numpy as np

from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.dimming import multiply
from scenes.kit.drawing.painting import Pen, mix, rgb
from scenes.kit.drawing.world import World

SOFT = 0.5  # of the frame's breadth: how long dusk is


class Night:
    """``dusk`` runs from 0, day, to 1, night; it comes from the right. ``dark`` is how much light it takes away."""

    def __init__(self, world: World, palette: Palette) -> None:
        self.world, self.palette = world, palette
        self.dusk, self.dark = 0.0, 1.0

    def depth(self) -> float:
        """How dark it is in the middle of the picture, 0 to 1."""
        return self.dark * min(1.0, max(0.0, (self.dusk * (1 + SOFT) - 0.5) / SOFT))

    def paint(self, pen: Pen, view: View) -> None:
        """Over all that has been painted: multiply it, or cover it where the ground is left out."""
        if self.dusk <= 0:
            return
        line = 0.5 - self.dusk * (1 + SOFT)  # in breadths from the middle: where dusk ends, and day begins to its left
        if self.palette.bare:
            self._cover(pen.ctx, view.x + line * view.width, SOFT * view.width)
        else:
            wide = pen.size[0] if self.dusk < 1 else 1
            share = np.clip(((np.arange(wide) + 0.5) / wide - 0.5 - line) / SOFT, 0, 1)[:, None]
            multiply(pen.ctx, 1 + (np.array(mix("#FFFFFF", self.palette.night, self.dark)) - 1) * share)

    def look(self) -> Hashable | None:
        """What it does alike to the whole picture; None while dusk sweeps over it."""
        return None if 0 < self.dusk < 1 else (self.dusk, self.dark)

    def _cover(self, ctx: cairo.Context, line: float, soft: float) -> None:
        gradient = cairo.LinearGradient(line, 0, line + soft, 0)
        red, green, blue = rgb("#0A0F22")
        gradient.add_color_stop_rgba(0, blue, green, red, 0)
        gradient.add_color_stop_rgba(1, blue, green, red, 0.6 * self.dark)
        ctx.set_operator(cairo.OPERATOR_ATOP)
        ctx.set_source(gradient)
        ctx.paint()
        ctx.set_operator(cairo.OPERATOR_OVER)


class Corners:
    """Dark corners that lead the eye to the middle: one picture for a size of the frame."""

    def __init__(self, strength: float) -> None:
        self.strength = strength
        self._kept: tuple[tuple[float, float], cairo.ImageSurface] | None = None

    def paint(self, pen: Pen, view: View) -> None:
        if self.strength <= 0:
            return
        ctx = pen.ctx
        left, low, right, high = ctx.clip_extents()
        size = (round((right - left) * abs(ctx.get_matrix().xx)), round((high - low) * abs(ctx.get_matrix().yy)))
        if self._kept is None or self._kept[0] != size:
            self._kept = size, self._picture(*size)
        ctx.save()
        ctx.identity_matrix()
        ctx.set_source_rgb(0, 0, 0)
        ctx.mask_surface(self._kept[1], 0, 0)
        ctx.restore()

    def _picture(self, wide: int, high: int) -> cairo.ImageSurface:
        picture = cairo.ImageSurface(cairo.FORMAT_A8, wide, high)
        ctx = cairo.Context(picture)
        ctx.scale(wide / 2, high / 2)
        ctx.translate(1, 1)
        gradient = cairo.RadialGradient(0, 0, 0.55, 0, 0, 1.5)
        gradient.add_color_stop_rgba(0, 0, 0, 0, 0)
        gradient.add_color_stop_rgba(1, 0, 0, 0, self.strength)
        ctx.set_source(gradient)
        ctx.paint()
        return picture
