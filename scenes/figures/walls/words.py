"""Large words that stand on the glass or ride on something, on a quiet plate."""

from __future__ import annotations

from collections.abc import Callable

from scenes.figures.walls.room import Room
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Pen

Place = Callable[[View], tuple[float, float]]
Said = Callable[[], str]


class Words:
    """``said`` gives the words as they are now; they stand on the place's y, the middle at its x,
    ``px`` high at full HD. What is wider than ``wide`` of the frame is set smaller."""

    def __init__(
        self,
        room: Room,
        said: Said,
        place: Place,
        px: float,
        colour: Colour = "",
        *,
        wide: float = 0.94,
        plate: float = 0.6,
    ) -> None:
        self.room, self.said, self.place, self.px, self.wide = room, said, place, px, wide
        self.colour, self.plate = colour or room.paints.ink, plate
        self.shown = 0.0
        room.lamps.append(self.paint)

    def paint(self, pen: Pen, view: View) -> None:
        words = self.said() if self.shown > 0.01 else ""
        if not words:
            return
        em = pen.px(self.px)
        em *= min(1.0, self.wide * view.width / max(pen.width(words, em), 1e-9))
        x, y = self.place(view)
        plate, wide = self.room.paints.plate, pen.width(words, em)
        seen = self.shown * self.room.uncut(view, x - wide / 2, x + wide / 2, y, em)
        pen.text(words, x, y, em, self.colour, alpha=seen, plate=plate, plate_alpha=self.plate)


def on_glass(room: Room, across: float, up: float) -> Place:
    """A place on the frame, in widths and heights from its middle."""
    return lambda view: (view.x + across * view.width, view.y + up * view.width * room.tall)


def at(x: float, y: float) -> Place:
    """A place of the hall, in the plane z = 0."""
    return lambda view: (x, y)
