"""Standing scenery as a map in tiles: painted once at some scale, then cropped and scaled as the camera moves.

Scales go in steps, and tiles lie on a grid of the world, so that a frame does not depend on which frames were drawn
before it, or by whom.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

import cairo
import numpy as np

from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Pen

STEP = 1.35  # from one scale to the next
BORDER = 2  # px around a tile, so that no seam shows where it is scaled
KEPT = 24  # whole tiles for which there is room, at least: some two frames' worth
ROOM = 96 << 20  # bytes of tiles that are kept, if those are fewer: where one has been, one comes by again
MAPPED, ALONE, LEFT_OUT = "mapped", "alone", "left out"
Dark = tuple[Colour, float]  # a colour that covers what is painted, and how much
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


def darken(pen: Pen, dark: Dark) -> None:
    """Cover what has been painted, and nothing else, with a colour."""
    pen.ctx.set_operator(cairo.OPERATOR_ATOP)
    pen.colour(*dark)
    pen.ctx.paint()
    pen.ctx.set_operator(cairo.OPERATOR_OVER)


class Tile(NamedTuple):
    """A picture, cut to what is painted on it, and where its corner lies on the tile with its border."""

    picture: cairo.ImageSurface
    left: int
    top: int


@dataclass
class Level:
    """The tiles of a map at one scale, None where nothing is painted, and how many bytes they take."""

    tiles: dict[tuple[int, int], Tile | None] = field(default_factory=dict)
    size: int = 0

    def add(self, place: tuple[int, int], tile: Tile | None) -> None:
        self.tiles[place] = tile
        self.size += tile.picture.get_stride() * tile.picture.get_height() if tile else 0


class Tiles:
    """Maps of scenery, one for each ``look``: what ``draw(pen, view)`` paints must follow from it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Hashable, ...], Level] = OrderedDict()

    def paint(self, pen: Pen, view: View, look: Hashable, draw: Callable[[Pen, View], object]) -> None:
        """Paint the part of a map that a view shows."""
        ctx, (wide, high) = pen.ctx, pen.size
        ctx.save()
        ctx.identity_matrix()
        clip = ctx.clip_extents()  # half of the frame, where two worlds share it
        ctx.set_antialias(cairo.ANTIALIAS_NONE)
        tile = (math.ceil(wide / 2), math.ceil(high / 2))
        scale = wide / view.width  # px in a world unit
        level = math.ceil(math.log(scale) / math.log(STEP) - 1e-9)
        finer = STEP**level
        shrunk = scale / finer
        left, top = view.x * finer - wide / (2 * shrunk), -view.y * finer - high / (2 * shrunk)  # in the map's px
        rows = range(math.floor((top + clip[1] / shrunk) / tile[1]), math.floor((top + clip[3] / shrunk) / tile[1]) + 1)
        kept = self._level(look, level, tile)
        tiles = kept.tiles
        for i in range(math.floor(left / tile[0]), math.floor((left + wide / shrunk) / tile[0]) + 1):
            for j in rows:
                if (i, j) not in tiles:
                    kept.add((i, j), self._made(draw, (i, j), finer, tile, wide / finer, pen.adds))
                part = tiles[i, j]
                if part is None:
                    continue
                x, y = (i * tile[0] - left) * shrunk, (j * tile[1] - top) * shrunk
                right, bottom = round(x + tile[0] * shrunk), round(y + tile[1] * shrunk)
                ctx.save()
                ctx.rectangle(round(x), round(y), right - round(x), bottom - round(y))
                ctx.clip()
                ctx.translate(x + (part.left - BORDER) * shrunk, y + (part.top - BORDER) * shrunk)
                ctx.scale(shrunk, shrunk)
                ctx.set_source_surface(part.picture, 0, 0)
                ctx.get_source().set_filter(cairo.FILTER_BILINEAR)
                ctx.paint()
                ctx.restore()
        ctx.restore()

    def _level(self, look: Hashable, level: int, tile: tuple[int, int]) -> Level:
        """A map at a scale; those seen longest ago are given up where they take too much room."""
        key = (look, level, *tile)
        self._kept[key] = kept = self._kept.pop(key, None) or Level()
        room = max(ROOM, KEPT * 4 * tile[0] * tile[1])
        while len(self._kept) > 1 and sum(each.size for each in self._kept.values()) > room:
            self._kept.popitem(last=False)
        if kept.size > room:
            self._kept[key] = kept = Level()
        return kept

    @staticmethod
    def _made(
        draw: Callable[[Pen, View], object],
        place: tuple[int, int],
        scale: float,
        tile: tuple[int, int],
        frame: float,
        adds: bool,
    ) -> Tile | None:
        """A tile; None if nothing is on it."""
        (i, j), (wide, high) = place, tile
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, wide + 2 * BORDER, high + 2 * BORDER)
        ctx = cairo.Context(surface)
        ctx.set_matrix(cairo.Matrix(scale, 0, 0, -scale, BORDER - i * wide, BORDER - j * high))
        ctx.set_tolerance(0.15)
        centre = ((i + 0.5) * wide / scale, -(j + 0.5) * high / scale)
        draw(Pen(ctx, scale, adds), View(*centre, (wide + 2 * BORDER) / scale, frame))
        return _plainest(surface)


def _plainest(surface: cairo.ImageSurface) -> Tile | None:
    """The same picture in the form that is painted fastest: none, if it is empty; without alpha, if it is opaque; and
    no more of it than is painted, with a pixel around it into which scaling blurs."""
    surface.flush()
    wide, high, stride = surface.get_width(), surface.get_height(), surface.get_stride()
    pixels = np.ndarray((high, wide, 4), np.uint8, surface.get_data(), strides=(stride, 4, 1))
    alpha = pixels[..., 3]
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not len(rows):
        return None
    if alpha.min() == 255:
        opaque = cairo.ImageSurface.create_for_data(surface.get_data(), cairo.FORMAT_RGB24, wide, high, stride)
        return Tile(opaque, 0, 0)
    left, top = max(0, int(columns[0]) - 1), max(0, int(rows[0]) - 1)
    part = pixels[top : rows[-1] + 2, left : columns[-1] + 2].copy()
    high, wide = part.shape[:2]
    return Tile(cairo.ImageSurface.create_for_data(part.data, cairo.FORMAT_ARGB32, wide, high, 4 * wide), left, top)
