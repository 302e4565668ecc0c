"""A place larger than the frame, painted in layers at every frame as the camera sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import cairo
from manim import Animation, Camera, config

from scenes.kit.drawing.camera import CameraMove, Painter, Shot, Turn, View, still
from scenes.kit.drawing.painting import Pen, Reader, Recording, Written
from scenes.kit.drawing.stage import SHORT_SIDE, Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.tiles import ALONE, LEFT_OUT, MAPPED, Dark, Tiles, darken, painted

CAPTIONS = 0.36  # of the frame's height: how far below its middle captions begin
SWAYS = 0.42  # radians a second
NIGHT, DUSK = "#0A0F22", "#5A679B"  # what covers standing things at night, on dark and on light grounds
HD = 1080  # px of the short side, in which the sizes of texts are given


@dataclass
class Layer:
    """What is painted by ``draw(pen, view)``. ``watches`` gives what a standing layer depends on beside the view; a
    layer that moves has none, and is painted anew at every frame."""

    draw: Callable[[Pen, View], object]
    watches: Callable[[], object] | None = None
    wordless: bool = False  # whether it surely writes nothing
    look: Callable[[], Hashable | None] = lambda: None  # what a map of it would show; None while that changes
    stamp: Callable[[Pen, View], object] = lambda pen, view: None  # paints it on a map
    washes: bool = False  # whether it changes all that is below it
    _kept: tuple[object, cairo.ImageSurface] | None = field(default=None, repr=False)

    def picture(self, world: World, view: View, size: tuple[int, int]) -> cairo.ImageSurface:
        """A standing layer as a picture; the last one, if nothing has changed since."""
        key = (view, size, self.watches() if self.watches else None)
        if self._kept is None or self._kept[0] != key:
            surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
            ctx = cairo.Context(surface)
            self.draw(world.pen(ctx, view, size, []), view)
            self._kept = key, surface
        return self._kept[1]


@dataclass
class Mapped:
    """What :meth:`World.mapped` adds."""

    world: World
    draw: Callable[[Pen, View], object]
    shade: Callable[[], float]
    unfinished: Callable[[], bool]
    deepest: float

    def _dark(self) -> Dark | None:
        cover = self.deepest * self.shade()
        if cover <= 0:
            return None
        return (NIGHT, cover) if self.world.adds else (DUSK, 0.58 * cover)

    def look(self) -> Hashable | None:
        """Whether all of the night has fallen, or nothing of it; None in between, and while it is unfinished."""
        return None if 0 < self.shade() < 1 or self.unfinished() else (self._dark(),)

    def stamp(self, pen: Pen, view: View) -> None:
        self._covered(pen, lambda: self.draw(pen, view))

    def paint(self, pen: Pen, view: View) -> None:
        """By itself."""
        if painted() == LEFT_OUT:
            return
        if painted() == ALONE or self.unfinished():
            self.stamp(pen, view)
        else:
            self._covered(pen, lambda: self.world.maps.paint(pen, view, id(self), self.draw))

    def _covered(self, pen: Pen, draw: Callable[[], object]) -> None:
        """Draw, and cover what has been drawn, and nothing else, with the night."""
        dark = self._dark()
        if dark is None:
            draw()
            return
        pen.ctx.push_group()
        draw()
        darken(pen, dark)
        pen.ctx.pop_group_to_source()
        pen.ctx.paint()


class World(Painter):
    """Layers from the farthest to the nearest, a camera, and parts whose attributes gestures change.

    ``shot`` is where the camera looks. ``time`` are the seconds that have been told, for what never rests. A frame is a
    function of these and of the parts' attributes.
    """

    def __init__(self, theme: Theme, stage: Stage, view: View) -> None:
        super().__init__()
        self.theme, self.stage = theme, stage
        self.shot: Shot = still(view)
        self.time = 0.0
        self.sway = 0.0  # of the camera, in widths of the view: it never quite rests
        self.lowered = 0.0  # how far below the frame's middle the view's centre is, in heights of the frame
        self.host: Painter = self  # the mobject of the scene that paints it
        self.layers: list[Layer] = []
        self.maps = Tiles()
        self.written: list[Written] = []

    @property
    def view(self) -> View:
        """What the camera sees now."""
        at, angle = self.shot(), SWAYS * self.time
        if self.lowered:
            at = View(at.x, at.y + self.lowered * at.width * self.tall, at.width)
        if not self.sway:
            return at
        return View(
            at.x + self.sway * at.width * math.sin(angle), at.y, at.width * (1 - self.sway * (1 - math.cos(angle)))
        )

    @property
    def adds(self) -> bool:
        """Whether light adds to what lies below it: not on light grounds, which it covers."""
        return not self.theme.name.endswith("light")

    @property
    def tall(self) -> float:
        """How high the frame is, in widths."""
        return self.stage.height / self.stage.width

    def standing(self, draw: Callable[[Pen, View], object], watches: Callable[[], object] = lambda: None) -> None:
        """Add a layer that is painted anew only if the camera moves, or what it ``watches`` changes."""
        self.layers.append(Layer(draw, watches))

    def mapped(
        self,
        draw: Callable[[Pen, View], object],
        shade: Callable[[], float] = lambda: 0.0,
        unfinished: Callable[[], bool] = lambda: False,
        deepest: float = 1.0,
    ) -> None:
        """Add a layer that never changes and is kept as a map: only cropped and scaled as the camera moves.

        ``shade`` says how much of the night that covers what it paints has fallen, 0 to 1; all of it is ``deepest``
        dark. While it is ``unfinished`` it is painted anew at every frame.
        """
        layer = Mapped(self, draw, shade, unfinished, deepest)
        self.layers.append(Layer(layer.paint, wordless=True, look=layer.look, stamp=layer.stamp))

    def washed(self, paint: Callable[[Pen, View], object], look: Callable[[], Hashable | None]) -> None:
        """Add a layer that changes all that lies below it: on one map with it, while it has a ``look`` that stays, and
        all of that has."""
        self.layers.append(Layer(paint, wordless=True, look=look, stamp=paint, washes=True))

    def moving(self, draw: Callable[[Pen, View], object]) -> None:
        """Add a layer that is painted at every frame."""
        self.layers.append(Layer(draw))

    def uncut(self, view: View, left: float, right: float, y: float, em: float) -> float:
        """How much is to be seen of words that stand on y: 0 where the frame or the captions would cut them, 1 where
        there is room, and less and less in between."""
        (start, end), high = view.seen(), view.width * self.tall
        room = min(left - start, end - right, y - view.y + CAPTIONS * high, view.y + 0.5 * high - y - em)
        return min(1.0, max(0.0, room / (0.5 * em)))

    # gestures

    def camera_to(self, target: View | Shot, **kwargs: Any) -> Animation:
        """The camera goes to a view, or to a shot that follows something."""
        return CameraMove(self.host, self, target, **kwargs)

    def turn(self, part: object, /, *, seconds: float | None = None, **targets: Any) -> Animation:
        """Attributes of ``part`` (or of the world itself) go to other values."""
        return Turn(self.host, part, targets, **({} if seconds is None else {"run_time": seconds}))

    # painting

    def pen(
        self, ctx: cairo.Context, view: View, size: tuple[int, int], written: list[Written], kind: type[Pen] = Pen
    ) -> Pen:
        """A pen for a context of ``size`` pixels, in the world's units."""
        wide, high = size
        scale = wide / view.width
        ctx.set_matrix(cairo.Matrix(scale, 0, 0, -scale, wide / 2 - view.x * scale, high / 2 + view.y * scale))
        ctx.set_tolerance(0.15)
        in_hd = HD * self.stage.width / SHORT_SIDE / view.width
        return kind(ctx, in_hd, self.adds, written, size)

    def paint(self, ctx: cairo.Context, camera: Camera) -> None:
        self._paint(ctx, (camera.pixel_width, camera.pixel_height))

    def _paint(self, ctx: cairo.Context, size: tuple[int, int]) -> None:
        view = self.view
        self.written = []
        for layers, look in self._in_a_row():
            ctx.save()
            layer = layers[0]
            if look is not None:
                self.maps.paint(self.pen(ctx, view, size, []), view, look, partial(_stamped, layers))
            elif layer.watches is not None:
                ctx.identity_matrix()
                ctx.set_source_surface(layer.picture(self, view, size), 0, 0)
                ctx.paint()
            else:
                layer.draw(self.pen(ctx, view, size, self.written), view)
            ctx.restore()

    def _in_a_row(self) -> Iterator[tuple[list[Layer], Hashable | None]]:
        """The layers, one by one; those together that stand one upon the other on the same map, with their look."""
        run: list[tuple[Layer, Hashable]] = []
        for i, layer in enumerate(self.layers):
            look = layer.look() if painted() == MAPPED and not (layer.washes and len(run) < i) else None
            if look is not None:
                run.append((layer, look))
                continue
            yield from _together(run)
            run = []
            yield [layer], None
        yield from _together(run)

    def texts(self) -> list[Written]:
        """What is written in the world as it stands now, for whoever looks at the layout."""
        size = (int(config.pixel_width), int(config.pixel_height))
        ctx = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, cairo.Rectangle(0, 0, *size)))
        ctx.rectangle(0, 0, 1, 1)
        ctx.clip()  # of what is painted, hardly anything need be kept
        view = self.view
        found: list[Written] = []
        for layer in self.layers:
            if layer.watches is None and not layer.wordless:
                ctx.save()
                layer.draw(self.pen(ctx, view, size, found, Reader), view)
                ctx.restore()
        return found


def _together(run: list[tuple[Layer, Hashable]]) -> Iterator[tuple[list[Layer], Hashable]]:
    """Layers that stand on one map, if there are any, and what it looks like."""
    if run:
        yield [layer for layer, _ in run], tuple((id(layer), look) for layer, look in run)


def _stamped(layers: list[Layer], pen: Pen, view: View) -> None:
    """Layers as they stand, one upon the other."""
    for layer in layers:
        layer.stamp(pen, view)


class Slices:
    """Scenery of a long world, recorded slice by slice along x when it is first seen.

    ``draw(pen, low, high, detail)`` paints all that belongs to places from ``low`` up to ``high``; nothing is cut, so
    that no seam shows, but what belongs to a slice reaches at most ``reach`` beyond it. ``details`` are the widths of
    views beyond which there is less and less of it: ``detail`` is 0, 1, …
    """

    def __init__(
        self,
        draw: Callable[..., object],
        low: float,
        high: float,
        step: float,
        reach: float,
        details: tuple[float, ...] = (),
    ) -> None:
        self._draw, self._low, self._step, self._reach, self._details = draw, low, step, reach, details
        self._count = max(1, int(-(-(high - low) // step)))
        self._parts: dict[tuple[int, int], Recording] = {}

    def paint(self, pen: Pen, view: View) -> None:
        detail = sum(view.whole > limit for limit in self._details)
        left, right = view.seen(self._reach)
        first = max(0, int((left - self._low) // self._step))
        last = min(self._count - 1, int((right - self._low) // self._step))
        for i in range(first, last + 1):
            if (i, detail) not in self._parts:
                low = self._low + i * self._step
                self._parts[i, detail] = Recording(partial(self._draw, low=low, high=low + self._step, detail=detail))
            self._parts[i, detail].replay(pen)
