"""A hall of the valley that one can be in: another world, seen through its front, fills the frame from near."""

from __future__ import annotations

import cairo

from scenes.figures.valley.halls import DEEP, HIGH, LONG
from scenes.figures.valley.land import point
from scenes.figures.valley.valley import Valley
from scenes.figures.walls.room import Room
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen
from scenes.kit.drawing.stage import SHORT_SIDE
from scenes.kit.drawing.world import HD, Layer

WIDE, TALL = 1.9 * LONG, 0.79 * HIGH  # the most of a hall's front that is open
FRAME = 0.07
SEEN = 0.03  # of the frame's width: a window that is smaller is one colour


class Window:
    """The front of the hall of ``block``, as far as it has the frame's shape, through which one sees what ``room``
    shows: all of its view, however large the window is on the frame. ``dark`` is its colour from afar."""

    def __init__(self, valley: Valley, block: int, room: Room, dark: str) -> None:
        self.valley, self.room, self.dark = valley, room, dark
        u, v = valley.land.hall(block)
        self.x, self.y = point(u, v - DEEP, 0.5 * HIGH)
        self.wide = min(WIDE, TALL / valley.tall)
        self.high = self.wide * valley.tall
        room.host = valley
        self.layer = Layer(self.paint)
        corners = next(layer for layer in valley.layers if layer.draw == valley.corners.paint)
        valley.layers.insert(valley.layers.index(corners), self.layer)
        self.alone = [self.layer, corners]  # all that is painted where one sees nothing else

    def view(self) -> View:
        """From so near that the room fills the frame."""
        return View(self.x, self.y, 0.985 * self.wide)

    def fills(self, view: View) -> bool:
        """Whether nothing else is to be seen."""
        across, up = abs(view.x - self.x) + view.width / 2, abs(view.y - self.y) + view.width * self.valley.tall / 2
        return across <= self.wide / 2 + 1e-9 and up <= self.high / 2 + 1e-9

    def paint(self, pen: Pen, view: View) -> None:
        left, right = view.seen(self.wide)
        if not left < self.x < right:
            return
        room, ctx = self.room, pen.ctx
        room.time = self.valley.time
        inside = room.view
        box = (self.x - self.wide / 2, self.y - self.high / 2, self.wide, self.high)
        if self.wide < SEEN * view.width:
            pen.rounded(*box, 0.05).fill(self.dark)
        else:
            ctx.save()
            ctx.rectangle(*box)
            ctx.clip()
            if room.paints.bare:  # what is behind it is seen where it fills the frame, and not the hall's front
                pen.colour(room.paints.plate, eased(view.width / self.wide, 1.0, 1.5))
                ctx.paint()
            ctx.translate(self.x, self.y)
            ctx.scale(self.wide / inside.width, self.wide / inside.width)
            ctx.translate(-inside.x, -inside.y)
            scale = HD * room.stage.width / SHORT_SIDE / inside.width  # sizes as where the room fills the frame
            written = pen.written if self.fills(view) else []
            for layer in room.layers:
                if layer.draw == room.corners.paint:  # the valley has its own
                    continue
                layer.draw(Pen(ctx, scale, pen.adds, written, pen.size), inside)
            ctx.restore()
        if not self.fills(view):
            pen.rounded(*box, 0.05).stroke(room.theme.branch, max(FRAME, pen.px(3)))


class Indoors(Valley):
    """A valley with such a hall; nothing else is painted where one sees nothing else."""

    window: Window | None = None

    def _paint(self, ctx: cairo.Context, size: tuple[int, int]) -> None:
        every, window = self.layers, self.window
        if window is not None and window.fills(self.view):
            self.layers = window.alone
        super()._paint(ctx, size)
        self.layers = every
