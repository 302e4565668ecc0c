"""Painting straight with cairo what would be too many mobjects: scenery, lights, crowds.

A :class:`Pen` paints in the units of a world; it knows manim's order of colours, the font of the project, and what it
has written. :class:`Recording` keeps what stands still as cairo's own commands, which are replayed at any zoom without
a loop of Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import cairo
import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing.sprites import RGB, sheet
from scenes.kit.drawing.text import outline

Floats = NDArray[np.float64]
Colour = str | RGB
FINE = 128.0  # recorded units in one of the world's: cairo keeps 8 bits after the point
LETTER = 1024.0  # units of a kept letter in an em, for the same reason


@cache
def rgb(colour: str) -> RGB:
    """A colour as ``#RRGGBB``, as three numbers from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def numbers(colour: Colour) -> RGB:
    """A colour as three numbers from 0 to 1, however it is given."""
    return rgb(colour) if isinstance(colour, str) else colour


def mix(a: Colour, b: Colour, share: float) -> RGB:
    """The colour at ``share`` of the way from one to another."""
    one, two = numbers(a), numbers(b)
    red, green, blue = (p + (q - p) * share for p, q in zip(one, two, strict=True))
    return red, green, blue


@dataclass(frozen=True)
class Written:
    """A text that a pen has written: its words, its box on the frame in pixels at full HD from the frame's upper left
    corner (left, top, right, bottom), and the size of an em there."""

    words: str
    box: tuple[float, float, float, float]
    px: float


class Pen:
    """A cairo context in world units, y up.

    ``scale`` is the number of pixels at full HD (short side 1080) in a world unit, ``adds`` whether light adds to what
    lies below it (on dark grounds; on light ones it covers), ``size`` are the pixels of the whole frame. Texts that it
    writes are put on ``written``.
    """

    def __init__(
        self,
        ctx: cairo.Context,
        scale: float,
        adds: bool,
        written: list[Written] | None = None,
        size: tuple[int, int] = (0, 0),
    ) -> None:
        self.ctx, self.scale, self.adds, self.size = ctx, scale, adds, size
        self.written = written if written is not None else []

    def px(self, pixels: float) -> float:
        """World units that so many pixels at full HD are."""
        return pixels / self.scale

    def colour(self, colour: Colour, alpha: float = 1.0) -> Pen:
        red, green, blue = numbers(colour)
        self.ctx.set_source_rgba(blue, green, red, alpha)  # manim's surface has red and blue exchanged
        return self

    # paths

    def polygon(self, points: Iterable[Sequence[float]] | Floats, close: bool = True) -> Pen:
        corners = iter(points.tolist() if isinstance(points, np.ndarray) else points)
        self.ctx.move_to(*next(corners))
        line_to = self.ctx.line_to
        for x, y in corners:
            line_to(x, y)
        if close:
            self.ctx.close_path()
        return self

    def circle(self, x: float, y: float, radius: float, squash: float = 1.0) -> Pen:
        """A circle, or an ellipse ``squash`` times as high as it is wide."""
        ctx = self.ctx
        ctx.save()
        ctx.translate(x, y)
        ctx.scale(radius, radius * squash)
        ctx.new_sub_path()
        ctx.arc(0, 0, 1, 0, 2 * math.pi)
        ctx.restore()
        return self

    def circles(self, places: Iterable[Sequence[float]], radius: float) -> Pen:
        """Circles of one size, as one path."""
        for x, y in places:
            self.ctx.new_sub_path()
            self.ctx.arc(x, y, radius, 0, 2 * math.pi)
        return self

    def rounded(self, x: float, y: float, width: float, height: float, radius: float) -> Pen:
        """A box from its lower left corner."""
        r = min(radius, width / 2, height / 2)
        ctx = self.ctx
        ctx.new_sub_path()
        ctx.arc(x + width - r, y + r, r, -math.pi / 2, 0)
        ctx.arc(x + width - r, y + height - r, r, 0, math.pi / 2)
        ctx.arc(x + r, y + height - r, r, math.pi / 2, math.pi)
        ctx.arc(x + r, y + r, r, math.pi, 1.5 * math.pi)
        ctx.close_path()
        return self

    def fill(self, colour: Colour, alpha: float = 1.0) -> Pen:
        self.colour(colour, alpha)
        self.ctx.fill()
        return self

    def stroke(self, colour: Colour, width: float, alpha: float = 1.0, dash: Sequence[float] = ()) -> Pen:
        self.colour(colour, alpha)
        self.ctx.set_line_width(width)
        self.ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        self.ctx.set_dash(dash)
        self.ctx.stroke()
        return self

    def fade(self, start: Sequence[float], end: Sequence[float], stops: Iterable[tuple[float, Colour, float]]) -> Pen:
        """Fill the path with colours that blend from ``start`` to ``end``: (share of the way, colour, alpha)."""
        gradient = cairo.LinearGradient(*start, *end)
        for share, tone, alpha in stops:
            red, green, blue = numbers(tone)
            gradient.add_color_stop_rgba(share, blue, green, red, alpha)
        self.ctx.set_source(gradient)
        self.ctx.fill()
        return self

    # light

    def lights(
        self,
        places: ArrayLike,
        radius: ArrayLike,
        colour: Colour,
        alpha: ArrayLike = 1.0,
        core: bool = False,
        halo: tuple[Colour, float, ArrayLike] | None = None,
    ) -> Pen:
        """Soft discs at places (n, 2), radius and alpha numbers or (n,); ``core`` ones are brighter in the middle.
        A ``halo`` around each has a colour, so many times its radius, and an alpha of its own."""
        at = np.asarray(places, dtype=float).reshape(-1, 2)
        ctx, matrix = self.ctx, self.ctx.get_matrix()
        around = None if halo is None else np.asarray(halo[2], dtype=float)
        kind = sheet(numbers(colour), core, None if halo is None else (numbers(halo[0]), halo[1]), self.adds)
        # In the device's own pixels, sizes and strengths in steps: a picture of each is kept, and only copied.
        x = at[:, 0] * matrix.xx + at[:, 1] * matrix.xy + matrix.x0
        y = at[:, 0] * matrix.yx + at[:, 1] * matrix.yy + matrix.y0
        size = np.asarray(radius, dtype=float) * math.hypot(matrix.xx, matrix.yx)
        ctx.save()
        ctx.identity_matrix()
        ctx.set_operator(cairo.OPERATOR_ADD if self.adds else cairo.OPERATOR_OVER)
        source, paint = ctx.set_source_surface, ctx.paint
        for picture in kind.placed(x, y, size, np.asarray(alpha, dtype=float), around):
            source(*picture)
            paint()
        ctx.restore()
        return self

    # images and words

    def image(
        self, x: float, y: float, side: float, values: Floats, alpha: float = 1.0, tint: Colour = "#FFFFFF"
    ) -> Pen:
        """A grey image, rows from the top, values from 0 (black) to 1 (``tint``), centred on a point."""
        shown = np.clip(np.nan_to_num(np.asarray(values, dtype=float), nan=0.5), 0, 1)
        rows, columns = shown.shape
        data = np.full((rows, columns, 4), 255, np.uint8)
        data[..., :3] = np.round(255 * shown[..., None] * np.array(numbers(tint)))
        stride = cairo.ImageSurface.format_stride_for_width(cairo.FORMAT_ARGB32, columns)
        surface = cairo.ImageSurface.create_for_data(data.data, cairo.FORMAT_ARGB32, columns, rows, stride)
        height = side * rows / columns
        ctx = self.ctx
        ctx.save()
        ctx.rectangle(x - side / 2, y - height / 2, side, height)
        ctx.clip()
        ctx.translate(x - side / 2, y + height / 2)
        ctx.scale(side / columns, -height / rows)
        ctx.set_source_surface(surface, 0, 0)
        ctx.get_source().set_filter(cairo.FILTER_NEAREST)
        ctx.paint_with_alpha(alpha)
        ctx.restore()
        return self

    def width(self, words: str, em: float, weight: str = "bold") -> float:
        """How wide a text of that size is."""
        return _breadth(words, weight) * em

    def text(
        self,
        words: str,
        x: float,
        y: float,
        em: float,
        colour: Colour,
        *,
        weight: str = "bold",
        align: float = 0.5,
        alpha: float = 1.0,
        plate: Colour | None = None,
        plate_alpha: float = 0.8,
    ) -> Pen:
        """A line that stands on y; ``align`` of its width lies left of x. On a ``plate`` of a colour, if one is
        given."""
        if not words or alpha <= 0.01:
            return self
        wide, ctx = self.width(words, em, weight), self.ctx
        left = x - align * wide
        if plate is not None:
            self.rounded(left - 0.32 * em, y - 0.34 * em, wide + 0.64 * em, 1.3 * em, 0.28 * em)
            self.fill(plate, plate_alpha * alpha)
        ctx.save()
        ctx.translate(left, y)
        ctx.scale(em / LETTER, em / LETTER)
        ctx.new_path()
        ctx.append_path(_letters(words, weight))
        ctx.restore()
        self.fill(colour, alpha)
        if alpha > 0.5:
            (a, b), (c, d) = (ctx.user_to_device(left, y + 0.7 * em), ctx.user_to_device(left + wide, y))
            unit = self.scale / math.hypot(*ctx.user_to_device_distance(1, 0))  # px at full HD in a device's px
            self.written.append(Written(words, (a * unit, b * unit, c * unit, d * unit), em * self.scale))
        return self


class Reader(Pen):
    """A pen for whoever asks only what is written: light, which takes longest, covers no words."""

    def lights(self, *_: object, **__: object) -> Pen:
        return self


@cache
def _breadth(words: str, weight: str) -> float:
    """How wide a line of text is, in em."""
    points = outline(words, weight)
    return float(np.ptp(points[:, 0])) if len(points) else 0.0


@cache
def _letters(words: str, weight: str) -> cairo.Path:
    """A line of text as a path of cairo's, in thousandths of an em, which is copied without a loop of Python."""
    ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    end = None
    points = outline(words, weight)
    left = points[:, 0].min() if len(points) else 0.0
    for a, b, c, d in ((points[:, :2] - [left, 0]) * LETTER).reshape(-1, 4, 2).tolist():
        if end is None or abs(a[0] - end[0]) + abs(a[1] - end[1]) > 1e-3:
            ctx.move_to(*a)
        ctx.curve_to(*b, *c, *d)
        end = d
    return ctx.copy_path()


class Recording:
    """What ``draw`` paints, kept as cairo's commands from the first time on that it is asked for."""

    def __init__(self, draw: Callable[[Pen], object]) -> None:
        self._draw = draw
        self._surface: cairo.RecordingSurface | None = None

    def replay(self, pen: Pen) -> None:
        if self._surface is None:
            self._surface = cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None)
            ctx = cairo.Context(self._surface)
            ctx.scale(FINE, FINE)
            ctx.set_tolerance(0.4 / FINE)
            self._draw(Pen(ctx, FINE, pen.adds))
        ctx = pen.ctx
        ctx.save()
        # A shear too small to be seen: for a pure scale cairo replays with a factor that is rounded, up to 1 % off.
        ctx.transform(cairo.Matrix(1 / FINE, 1e-9, 1e-9, 1 / FINE, 0, 0))
        ctx.set_source_surface(self._surface, 0, 0)
        ctx.paint()
        ctx.restore()
