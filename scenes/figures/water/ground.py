"""The ground opens under the halls: earth in layers, and how large what lies in it must be to be seen from afar."""

from __future__ import annotations

from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix

TOP = -10.5  # y at which the cut through the ground begins, in front of all halls
DIAL = 1.7  # radius of a gauge, from near; everything below is in proportion
LEAST = 58.0  # px at full HD, that a gauge's radius has at least
DEEP = 10.6  # how far down all this reaches


def grown(pen: Pen) -> float:
    """How many times larger than from near things are drawn."""
    return max(1.0, pen.px(LEAST) / DIAL)


class Ground:
    """``opened`` runs from 0 to 1: the cut widens from the middle of the picture to both sides."""

    def __init__(self, valley: Valley) -> None:
        self.valley, self.opened = valley, 0.0
        dark = not valley.theme.name.endswith("light")
        self.layers = (
            ("#2A2019", "#221B19", "#1B171B", "#14131A") if dark else ("#D9C4A5", "#CBB595", "#BDA88B", "#AE9B82")
        )
        self.grass = "#2F5A44" if dark else "#8FB57C"
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.opened <= 0 or self.valley.palette.bare:
            return
        half = 0.5 * view.width * eased(self.opened) * 1.02
        left, right = view.x - half, view.x + half
        high = view.width * self.valley.tall
        low, each = min(view.y - high, TOP - 1.0), 3.4 * grown(pen)
        top = TOP
        for i, tone in enumerate(self.layers):
            bottom = low if i == len(self.layers) - 1 else top - each
            pen.polygon([(left, top), (right, top), (right, bottom), (left, bottom)]).fill(tone)
            top = bottom
        lip = 0.35 * grown(pen)
        pen.polygon([(left, TOP), (right, TOP), (right, TOP - lip), (left, TOP - lip)]).fill(self.grass)
        self._stones(pen, left, right, each)

    def _stones(self, pen: Pen, left: float, right: float, each: float) -> None:
        """Pebbles at even places, as many as are seen."""
        step = 1.7 * each
        first = int(left // step)
        for i in range(first, first + int((right - left) // step) + 2):
            x, y = i * step + 0.4 * each * ((i * 7919) % 5), TOP - each * (0.8 + 0.7 * ((i * 104729) % 4))
            if left < x < right:
                tone = mix(self.layers[(i + 1) % 3], "#FFFFFF", 0.08)
                pen.circle(x, y, each * (0.06 + 0.02 * (i % 3)), 0.7).fill(tone)
