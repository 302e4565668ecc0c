"""The card at the film's end: what was measured, on what and with what, in lines that one can read."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen
from scenes.kit.drawing.stage import PX
from scenes.kit.drawing.text import SIZES, fitted, text_width

HEADING, SMALLEST, LARGEST = 56.0, 32.0, 44.0  # px of the heading, and of lines
PITCH, AIR = 1.5, 0.45  # from line to line, in lines; around them, in scene units


class Credits:
    """``lines`` under a ``heading``, cut between their parts where they are too long: as large as there is room for.
    ``shown`` fades the card in."""

    def __init__(self, valley: Valley, heading: str, lines: Sequence[str]) -> None:
        self.valley, self.heading, self.shown = valley, heading, 0.0
        stage = valley.stage
        self.room, high = stage.right - stage.left - 2 * AIR, stage.top - stage.caption_top - 0.3
        self.size = LARGEST
        while True:
            self.rows = [row for line in lines for row in wrapped(line, self.room * SIZES["small"] / self.size)]
            tall = (len(self.rows) + 2.0) * self.size * PX * PITCH + 2 * AIR
            if self.size <= SMALLEST or tall <= high:
                break
            self.size = max(SMALLEST, self.size - 2)
        self.tall = min(tall, high)
        widest = max(text_width(row, "small") * self.size / SIZES["small"] for row in self.rows)
        self.wide = min(self.room, max(widest, text_width(heading, "small", "bold") * HEADING / SIZES["small"]))
        self.middle = (stage.top + stage.caption_top) / 2 + 0.1
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        theme, unit = self.valley.theme, view.width / self.valley.stage.width  # world units in one of the stage's
        width, tall = (self.wide + 2 * AIR) * unit, self.tall * unit
        left, top = view.x - width / 2, view.y + self.middle * unit + tall / 2
        pen.rounded(left, top - tall, width, tall, 0.18 * unit).fill(theme.caption, 0.95 * self.shown)
        pitch = (self.tall - 2 * AIR) / (len(self.rows) + 2.0) * unit
        x, y = left + AIR * unit, top - AIR * unit - pitch
        pen.text(self.heading, x, y, pen.px(HEADING), theme.skip, align=0.0, alpha=self.shown)
        for i, row in enumerate(self.rows):
            em = pen.px(self.size)
            em *= min(1.0, self.room * unit / max(pen.width(row, em, "regular"), 1e-9))
            y_row = y - (i + 1.4) * pitch
            pen.text(row, x, y_row, em, theme.ink, weight="regular", align=0.0, alpha=self.shown)


def wrapped(line: str, width: float) -> list[str]:
    """A line in as many as it needs, cut between its parts."""
    rows = []
    while line:
        row, line = fitted(line, width, "small")
        rows.append(row)
    return rows
