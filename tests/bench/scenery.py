"""What painting saves: the standing world of a shot painted once and cropped, beside painting all of it at every frame,
and beside a naive version in which every field, tree and stretch of road is a mobject of manim's.

python tests/bench/scenery.py [--lines 480 1080]     CPU a frame, for a camera that follows, and one that pulls back
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence

import cairo
import numpy as np
from manim import Circle, ManimColor, MovingCamera, VMobject

from scenes.figures.valley.scenery import DETAILS, FIELD, Scenery
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, still
from scenes.kit.drawing.painting import Colour, rgb
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import DARK

FRAMES = 60  # a second at 60 frames
FEW = 6  # of them are drawn as mobjects
DEPTH = 10


def shots(valley: Valley) -> dict[str, list[View]]:
    close, wide = valley.close(0.0, 0.0, 19.0), valley.wide()
    following = [View(close.x + 0.18 * i, close.y, close.width) for i in range(FRAMES)]
    return {"follows": following, "pulls back": [close.towards(wide, i / (FRAMES - 1)) for i in range(FRAMES)]}


def painted(valley: Valley, views: list[View], lines: int, mapped: bool) -> float:
    """Milliseconds of CPU that a frame's ground, road and trees take."""
    size = (round(lines * 16 / 9), lines)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    draw = valley.layers[0].draw if mapped else valley.scenery.paint
    begun = time.process_time()
    for view in views:
        valley.shot = still(view)
        draw(valley.pen(cairo.Context(surface), view, size, []), view)
    return 1000 * (time.process_time() - begun) / len(views)


class MobjectPen:
    """A pen that makes a mobject of whatever it fills or strokes."""

    def __init__(self) -> None:
        self.made: list[VMobject] = []
        self._path: list[np.ndarray] = []

    def polygon(self, points: Iterable[Sequence[float]], close: bool = True) -> MobjectPen:
        corners = [(x, y, 0.0) for x, y in points]
        if corners:  # none of a road that has ended
            self._path.append(VMobject().set_points_as_corners([*corners, *(corners[:1] if close else [])]).points)
        return self

    def circle(self, x: float, y: float, radius: float, squash: float = 1.0) -> MobjectPen:
        self._path.append(Circle(radius).stretch(squash, 1).shift([x, y, 0]).points)
        return self

    def _finish(self, **look: object) -> MobjectPen:
        if self._path:
            self.made.append(VMobject(**look).set_points(np.concatenate(self._path)))
        self._path = []
        return self

    def fill(self, colour: Colour, alpha: float = 1.0) -> MobjectPen:
        return self._finish(fill_color=_colour(colour), fill_opacity=alpha, stroke_width=0)

    def stroke(self, colour: Colour, width: float, alpha: float = 1.0) -> MobjectPen:
        return self._finish(stroke_color=_colour(colour), stroke_opacity=alpha, stroke_width=100 * width)


def _colour(colour: Colour) -> ManimColor:
    return ManimColor(rgb(colour) if isinstance(colour, str) else colour)


def mobjects(scenery: Scenery, detail: int) -> list[VMobject]:
    """All that stands in the valley, from the farthest to the nearest."""
    pen = MobjectPen()
    low, high = -10 * FIELD, scenery.land.end + 10 * FIELD
    for draw in (scenery._sow, scenery._pave, scenery._plant):
        for start in np.arange(low, high, FIELD):
            draw(pen, low=start, high=start + FIELD, detail=detail)  # type: ignore[arg-type]
    return pen.made


def naive(valley: Valley, views: list[View], lines: int) -> tuple[float, int]:
    """The same as :func:`painted` with mobjects, and how many there are. The camera moves: all are drawn anew."""
    detail = sum(max(view.width for view in views) > limit for limit in DETAILS)
    all_of_it = mobjects(valley.scenery, detail)
    camera = MovingCamera(pixel_width=round(lines * 16 / 9), pixel_height=lines, background_color=valley.palette.ground)
    some = views[:: len(views) // FEW]
    begun = time.process_time()
    for view in some:
        camera.frame.set(width=view.width).move_to([view.x, view.y, 0])
        camera.reset()
        camera.capture_mobjects(all_of_it)
    return 1000 * (time.process_time() - begun) / len(some), len(all_of_it)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", nargs="+", type=int, default=[480, 1080])
    for lines in parser.parse_args(arguments).lines:
        for name in ("follows", "pulls back"):
            valley = Valley(DARK, stage_for("16:9"), DEPTH, [["1"], ["2"]])
            views = shots(valley)[name]
            anew, cropped = (painted(valley, views, lines, mapped) for mapped in (False, True))
            slow, count = naive(valley, views, lines)
            told = f"cropped {cropped:.1f} ms a frame, painted anew {anew:.1f} ms, as {count} mobjects {slow:.0f} ms"
            print(f"{lines} lines, a camera that {name}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
