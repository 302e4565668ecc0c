"""Two worlds on one frame, one above the other: what is compared is seen at the same time."""

from __future__ import annotations

import cairo

from scenes.kit.drawing.camera import Shot, View
from scenes.kit.drawing.painting import Written
from scenes.kit.drawing.world import World


class Split(World):
    """``lower`` fills the frame while ``share`` is 0; at 1 ``upper`` has the upper half. Each has a camera of its own;
    gestures of the camera move that of the lower one."""

    def __init__(self, upper: World, lower: World) -> None:
        self.upper, self.lower = upper, lower
        super().__init__(lower.theme, lower.stage, View(0, 0, 1))
        self.share = 0.0
        self.time = 0.0
        upper.host = lower.host = self

    @property
    def shot(self) -> Shot:
        return self.lower.shot

    @shot.setter
    def shot(self, shot: Shot) -> None:
        if hasattr(self, "share"):  # not yet while it is being made
            self.lower.shot = shot

    @property
    def time(self) -> float:
        return self.lower.time

    @time.setter
    def time(self, seconds: float) -> None:
        self.lower.time = self.upper.time = seconds

    def _paint(self, ctx: cairo.Context, size: tuple[int, int]) -> None:
        wide, high = size
        line = high / 2 * self.share
        self.written = []
        for world, top, bottom in ((self.lower, line, float(high)), (self.upper, line - high / 2, line)):
            if bottom <= top or (world is self.upper and self.share <= 0):
                continue
            ctx.save()
            ctx.identity_matrix()
            ctx.rectangle(0, top, wide, bottom - top)
            ctx.clip()
            world.lowered = ((top + bottom) / 2 - high / 2) / high
            world._paint(ctx, size)
            world.lowered = 0.0
            self.written += world.written
            ctx.restore()
        if self.share > 0:
            ctx.save()
            ctx.identity_matrix()
            ctx.set_source_rgba(*(0.02,) * 3, self.share)
            ctx.rectangle(0, line - 0.004 * high, wide, 0.008 * high)
            ctx.fill()
            ctx.restore()

    def texts(self) -> list[Written]:
        worlds = [(self.lower, self.share / 4)]
        if self.share > 0:
            worlds.append((self.upper, self.share / 2 - 0.75))
        found: list[Written] = []
        for world, lowered in worlds:
            world.lowered = lowered
            found += world.texts()
            world.lowered = 0.0
        return found
