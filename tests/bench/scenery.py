"""What the map saves: the standing world of a shot painted once and cropped, beside painting all of it at every frame.

python tests/bench/scenery.py [--lines 480 1080]     CPU a frame, for a camera that follows, and one that pulls back
"""

from __future__ import annotations

import argparse
import time

import cairo

from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, still
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import DARK

FRAMES = 60  # a second at 60 frames
DEPTH = 10


def shots(valley: Valley) -> dict[str, list[View]]:
    close, wide = valley.close(0.0, 0.0, 19.0), valley.wide()
    following = [View(close.x + 0.18 * i, close.y, close.width) for i in range(FRAMES)]
    return {"follows": following, "pulls back": [close.towards(wide, i / (FRAMES - 1)) for i in range(FRAMES)]}


def cost(valley: Valley, views: list[View], lines: int, mapped: bool) -> float:
    """Milliseconds of CPU that a frame's ground, road, trees and backs of halls take."""
    size = (round(lines * 16 / 9), lines)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    anew = (valley.scenery.paint, valley.halls._backs.paint)
    begun = time.process_time()
    for view in views:
        valley.shot = still(view)
        for layer, draw in zip(valley.layers, anew, strict=False):
            ctx = cairo.Context(surface)
            (layer.draw if mapped else draw)(valley.pen(ctx, view, size, []), view)
    return 1000 * (time.process_time() - begun) / len(views)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", nargs="+", type=int, default=[480, 1080])
    for lines in parser.parse_args().lines:
        for name in ("follows", "pulls back"):
            found = []
            for mapped in (False, True):
                valley = Valley(DARK, stage_for("16:9"), DEPTH, [["1"], ["2"]])
                found.append(cost(valley, shots(valley)[name], lines, mapped))
            print(f"{lines} lines, a camera that {name}: all anew {found[0]:.1f} ms a frame, cropped {found[1]:.1f} ms")


if __name__ == "__main__":
    main()
