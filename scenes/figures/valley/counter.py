"""A number that stands large on the glass and changes with what one sees, and the few words that say what it counts."""

from __future__ import annotations

from collections.abc import Callable

from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen

LARGE, SMALL = 118, 44  # px at full HD
PLACE = {True: (-0.27, 0.27), False: (0.0, 0.31)}  # of the frame's width and height, from its middle


class Counter:
    """``number`` says what stands there now, ``label`` what it is; ``shown`` fades both. ``place`` is where it stands,
    in widths and heights of the frame from its middle."""

    def __init__(
        self,
        valley: Valley,
        number: Callable[[], str],
        label: str,
        place: tuple[float, float] | None = None,
        colour: str = "",
        large: float = LARGE,
    ) -> None:
        self.valley, self.number, self.label = valley, number, label
        self.place = place or PLACE[valley.stage.wide]
        self.colour, self.large = colour, large
        self.shown = 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        palette = self.valley.palette
        colour = self.colour or palette.number
        x = view.x + self.place[0] * view.width
        high = view.width * self.valley.tall
        y = view.y + (self.place[1] - self.valley.lowered) * high
        words, em, small = self.number(), pen.px(self.large), pen.px(SMALL)
        room = 0.44 * view.width if self.valley.stage.wide else 0.84 * view.width
        em *= min(1.0, room / max(pen.width(words, em), 1e-9))
        wide = max(pen.width(words, em), pen.width(self.label, small))
        pen.rounded(x - wide / 2 - 0.5 * small, y - 0.5 * small, wide + small, 0.95 * em + 1.75 * small, 0.5 * small)
        pen.fill(palette.plate, 0.62 * self.shown)
        pen.text(words, x, y, em, colour, alpha=self.shown)
        pen.text(self.label, x, y + 0.95 * em, small, palette.ink, weight="semibold", alpha=self.shown)
