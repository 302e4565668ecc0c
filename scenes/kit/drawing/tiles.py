"""Standing scenery as a map in tiles: painted once at some scale, then cropped and scaled as the camera moves.

Scales go in steps, and tiles lie on a grid of the world, so that a frame does not depend on which frames were drawn
before it, or by whom.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import cairo
import numpy as np

from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen

STEP = 1.35  # from one scale to the next
BORDER = 2  # px around a tile, so that no seam shows where it is scaled
KEPT = 20  # tiles of a layer, at least: some two frames' worth at two scales
ROOM = 32 << 20  # bytes of them that are kept beyond that: where one has been, one comes by again
MAPPED, ALONE, LEFT_OUT = "mapped", "alone", "left out"
_PAINTED: ContextVar[str] = ContextVar("painted", default=MAPPED)


@contextmanager
def scenery(painted: str) -> Iterator[None]:
    """How scenery is painted in this block: ``ALONE``, without a map, which serves a whole shot, where one frame is all
    that is wanted (it is sharper by what scaling blurs); or ``LEFT_OUT``, where one only asks what else is seen."""
    token = _PAINTED.set(painted)
    try:
        yield
    finally:
        _PAINTED.reset(token)


def painted() -> str:
    """How scenery is painted now."""
    return _PAINTED.get()


class Tiles:
    """The map of what ``draw(pen, view)`` paints; it must not change."""

    def __init__(self, draw: Callable[[Pen, View], object]) -> None:
        self._draw = draw
        self._kept: OrderedDict[tuple[int, ...], cairo.ImageSurface | None] = OrderedDict()

    def paint(self, ctx: cairo.Context, view: View, size: tuple[int, int], adds: bool) -> None:
        """Paint the part that a view shows on a context of ``size`` pixels."""
        wide, high = size
        ctx.save()
        ctx.identity_matrix()
        clip = ctx.clip_extents()  # half of the frame, where two worlds share it
        ctx.restore()
        tile = (math.ceil(wide / 2), math.ceil(high / 2))
        scale = wide / view.width  # px in a world unit
        level = math.ceil(math.log(scale) / math.log(STEP) - 1e-9)
        finer = STEP**level
        shrunk = scale / finer
        left, top = view.x * finer - wide / (2 * shrunk), -view.y * finer - high / (2 * shrunk)  # in the map's px
        columns = range(math.floor(left / tile[0]), math.floor((left + wide / shrunk) / tile[0]) + 1)
        rows = range(math.floor(top / tile[1]), math.floor((top + high / shrunk) / tile[1]) + 1)
        for i in columns:
            for j in rows:
                x, y = (i * tile[0] - left) * shrunk, (j * tile[1] - top) * shrunk
                right, bottom = round(x + tile[0] * shrunk), round(y + tile[1] * shrunk)
                if right <= clip[0] or bottom <= clip[1] or x >= clip[2] or y >= clip[3]:
                    continue
                picture = self._tile(level, i, j, tile, wide / finer, adds)
                if picture is None:
                    continue
                ctx.save()
                ctx.identity_matrix()
                ctx.set_antialias(cairo.ANTIALIAS_NONE)
                ctx.rectangle(round(x), round(y), right - round(x), bottom - round(y))
                ctx.clip()
                ctx.translate(x - BORDER * shrunk, y - BORDER * shrunk)
                ctx.scale(shrunk, shrunk)
                ctx.set_source_surface(picture, 0, 0)
                ctx.get_source().set_filter(cairo.FILTER_BILINEAR)
                ctx.paint()
                ctx.restore()

    def _tile(
        self, level: int, i: int, j: int, tile: tuple[int, int], frame: float, adds: bool
    ) -> cairo.ImageSurface | None:
        """A tile; None if nothing is on it."""
        key = (level, i, j, *tile)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        scale, (wide, high) = STEP**level, tile
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, wide + 2 * BORDER, high + 2 * BORDER)
        ctx = cairo.Context(surface)
        ctx.set_matrix(cairo.Matrix(scale, 0, 0, -scale, BORDER - i * wide, BORDER - j * high))
        ctx.set_tolerance(0.15)
        centre = ((i + 0.5) * wide / scale, -(j + 0.5) * high / scale)
        self._draw(Pen(ctx, scale, adds), View(*centre, (wide + 2 * BORDER) / scale, frame))
        self._kept[key] = picture = _plainest(surface)
        while len(self._kept) > max(KEPT, ROOM // (4 * wide * high)):
            self._kept.popitem(last=False)
        return picture


def _plainest(surface: cairo.ImageSurface) -> cairo.ImageSurface | None:
    """The same picture in the form that is painted fastest: none, if it is empty; without alpha, if it is opaque."""
    surface.flush()
    alpha = np.frombuffer(surface.get_data(), np.uint8)[3::4]
    if not alpha.any():
        return None
    if alpha.min() < 255:
        return surface
    size = surface.get_width(), surface.get_height()
    return cairo.ImageSurface.create_for_data(surface.get_data(), cairo.FORMAT_RGB24, *size, surface.get_stride())
