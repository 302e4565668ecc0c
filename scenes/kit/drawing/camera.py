"""Where one looks: views of a world that is larger than the frame, shots that follow, and moves between them."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import cairo
import numpy as np
from manim import Animation, Camera, Mobject, VMobject
from numpy.typing import NDArray

LONG, KEPT = 40, 400  # points of an outline whose mask is worth keeping; how many are kept
Shot = Callable[[], "View"]  # where the camera looks as the world stands now


@dataclass(frozen=True)
class View:
    """A part of a world: its centre and width, in world units. What is higher or lower goes by the frame's shape."""

    x: float
    y: float
    width: float
    frame: float = 0.0  # the width of the whole frame, where this is a part of one

    @property
    def whole(self) -> float:
        """How much one sees at once, which says how much detail can be made out."""
        return self.frame or self.width

    def towards(self, other: View, share: float) -> View:
        """The view at ``share`` of the way to another: a zoom at an even rate, around the point that stays in place."""
        width = self.width * (other.width / self.width) ** share
        change = other.width - self.width
        moved = share if abs(change) < 1e-6 * self.width else (width - self.width) / change
        return View(self.x + (other.x - self.x) * moved, self.y + (other.y - self.y) * moved, width)

    def seen(self, margin: float = 0.0) -> tuple[float, float]:
        """From where to where one sees along x."""
        return self.x - self.width / 2 - margin, self.x + self.width / 2 + margin


class Painter(VMobject):
    """A mobject that paints itself with cairo instead of being a path."""

    def __init__(self) -> None:
        super().__init__(stroke_width=0, fill_opacity=0)
        self.set_points([[0, 0, 0]] * 4)  # what has no points is not drawn

    def paint(self, ctx: cairo.Context, camera: Camera) -> None:
        """Paint on a context whose units are those of the frame."""
        raise NotImplementedError


class Mask(NamedTuple):
    """Where a shape covers the picture: its coverage, and the pixel in which that begins."""

    points: NDArray[np.float64]
    matrix: cairo.Matrix
    cover: cairo.ImageSurface
    left: int
    top: int


class PaintingCamera(Camera):
    """manim's camera, which lets painters paint. It never moves: captions and titles stand on the glass, and what has
    the shape that it had in the frame before is not outlined anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._masks: OrderedDict[int, Mask] = OrderedDict()

    def display_vectorized(self, vmobject: VMobject, ctx: cairo.Context) -> PaintingCamera:
        if isinstance(vmobject, Painter):
            own = cairo.Context(ctx.get_target())  # manim leaves on its own what its last path was drawn with
            own.set_matrix(ctx.get_matrix())
            vmobject.paint(own, self)
            return self
        stroked = bool(vmobject.get_stroke_width() or vmobject.get_stroke_width(background=True))
        colours = self.get_fill_rgbas(vmobject)
        if not stroked and not np.any(colours[:, 3]):
            return self  # nothing to be seen
        if stroked or len(colours) > 1 or len(vmobject.points) < LONG:
            super().display_vectorized(vmobject, ctx)
            return self
        mask = self._mask(vmobject, ctx)
        ctx.save()
        self.set_cairo_context_color(ctx, colours, vmobject)
        ctx.identity_matrix()
        ctx.mask_surface(mask.cover, mask.left, mask.top)
        ctx.restore()
        return self

    def _mask(self, vmobject: VMobject, ctx: cairo.Context) -> Mask:
        """What a long outline covers: always painted by its mask, so that a frame does not depend on those before."""
        key, points, matrix = id(vmobject), vmobject.points, ctx.get_matrix()
        mask = self._masks.pop(key, None)
        if mask is None or mask.matrix != matrix or not np.array_equal(mask.points, points):
            corners = points.min(axis=0), points.max(axis=0)
            x, y = zip(*(ctx.user_to_device(*corner[:2]) for corner in corners), strict=True)
            left, right = max(0, math.floor(min(x)) - 1), min(self.pixel_width, math.ceil(max(x)) + 1)
            top, bottom = max(0, math.floor(min(y)) - 1), min(self.pixel_height, math.ceil(max(y)) + 1)
            cover = cairo.ImageSurface(cairo.FORMAT_A8, max(1, right - left), max(1, bottom - top))
            own = cairo.Context(cover)
            own.set_matrix(matrix * cairo.Matrix(x0=-left, y0=-top))
            self.set_cairo_context_path(own, vmobject)
            own.fill()
            mask = Mask(points.copy(), matrix, cover, left, top)
        self._masks[key] = mask
        if len(self._masks) > KEPT:
            self._masks.popitem(last=False)
        return mask


class CameraMove(Animation):
    """The camera of a world goes from where it looks to another shot, or to a view. ``host`` is the mobject that paints
    it.

    A shot is asked anew at every frame, when the world stands as it does then: the camera can follow what other
    gestures move.
    """

    def __init__(self, host: Painter, world: Any, target: View | Shot, **kwargs: Any) -> None:
        self._world, self._target = world, still(target) if isinstance(target, View) else target
        super().__init__(host, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        self._start: Shot = self._world.shot
        return self.mobject

    def interpolate(self, alpha: float) -> None:
        self._world.shot = between(self._start, self._target, float(self.rate_func(alpha)))


class Turn(Animation):
    """Attributes of a part of a world go from what they are to other values, numbers or arrays."""

    def __init__(self, host: Painter, part: object, targets: dict[str, Any], **kwargs: Any) -> None:
        self._part, self._targets = part, targets
        super().__init__(host, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        self._start = {name: getattr(self._part, name) for name in self._targets}
        return self.mobject

    def interpolate(self, alpha: float) -> None:
        share = float(self.rate_func(alpha))
        for name, target in self._targets.items():
            start = self._start[name]
            setattr(self._part, name, target if share == 1 else start + (target - start) * share)


def still(view: View) -> Shot:
    """The shot that always looks at one view."""
    return lambda: view


def between(one: Shot, other: Shot, share: float) -> Shot:
    """The shot at ``share`` of the way between two."""
    if share <= 0 or share >= 1:
        return one if share <= 0 else other
    return lambda: one().towards(other(), share)


def eased(x: float, start: float = 0.0, end: float = 1.0) -> float:
    """From 0 at ``start`` to 1 at ``end``, at rest at both."""
    t = min(1.0, max(0.0, (x - start) / (end - start)))
    return t * t * t * (t * (6 * t - 15) + 10)
