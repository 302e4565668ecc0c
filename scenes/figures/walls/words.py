"""Large words that stand on the glass or ride on something, on a quiet plate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scenes.figures.walls.room import Room
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Pen

Place = Callable[[View], tuple[float, float]]
Said = Callable[[], str]


class Words:
    """``said`` gives the words as they are now, or parts with colours of their own; they stand on the place's y, the
    middle at its x, ``px`` high at full HD. What is wider than ``room`` of the frame is set smaller."""

    def __init__(
        self, room: Room, said: Said, place: Place, px: float, colour: Colour = "", *, wide: float = 0.94, plate: float = 0.6
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
        plate = self.room.paints.plate
        pen.text(words, x, y, em, self.colour, alpha=self.shown, plate=plate, plate_alpha=self.plate)


class Formula:
    """Words in colours of their own, one after the other from left to right, the middle at a place."""

    def __init__(self, room: Room, parts: Sequence[tuple[str, Colour]], place: Place, px: float) -> None:
        self.room, self.parts, self.place, self.px = room, parts, place, px
        self.shown = 0.0
        self.upto = float(len(parts))  # how many of its parts are seen
        room.lamps.append(self.paint)

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        em = pen.px(self.px)
        gap, widths = 0.32 * em, [pen.width(words, em) for words, _ in self.parts]
        x, y = self.place(view)
        wide = sum(widths) + gap * (len(widths) - 1)
        left = x - wide / 2
        pen.rounded(left - 0.4 * em, y - 0.34 * em, wide + 0.8 * em, 1.35 * em, 0.3 * em)
        pen.fill(self.room.paints.plate, 0.6 * self.shown)
        for k, ((words, colour), own) in enumerate(zip(self.parts, widths, strict=True)):
            seen = min(1.0, max(0.0, self.upto - k))
            pen.text(words, left, y, em, colour, align=0.0, alpha=self.shown * seen)
            left += own + gap


def on_glass(room: Room, across: float, up: float) -> Place:
    """A place on the frame, in widths and heights from its middle."""
    return lambda view: (view.x + across * view.width, view.y + up * view.width * room.tall)


def at(x: float, y: float) -> Place:
    """A place of the hall, in the plane z = 0."""
    return lambda view: (x, y)
