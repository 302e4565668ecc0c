"""Words in large letters: what came by the bypass and what through the valve, and whose water it is."""

from __future__ import annotations

from scenes.figures.valley.valley import Valley
from scenes.figures.water.ground import TOP, grown
from scenes.figures.water.pipeline import BORE, DROP, PIPE
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen

SIZE = 58  # px at full HD


class Tags:
    """``words`` of the bypass of a ``block`` and of its valve; ``shown`` fades them."""

    def __init__(self, valley: Valley, block: int, words: tuple[str, ...]) -> None:
        self.valley, self.block, self.words, self.shown = valley, block, words, 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        palette, g, em = self.valley.palette, grown(pen), pen.px(SIZE)
        x, y = float(self.valley.land.halls[self.block - 1]), TOP - PIPE * g
        by, through = self.words
        below = y - (DROP + 0.55 * BORE) * g - 1.1 * em
        pen.text(by, x, below, em, palette.deck, alpha=self.shown, plate=palette.plate)
        over = y + (BORE / 2 + 1.7) * g
        pen.text(through, x, over, em, self.valley.theme.branch, alpha=self.shown, plate=palette.plate)


class Heading:
    """What network it is, on the glass above all; ``shown`` fades it."""

    def __init__(self, valley: Valley, words: str) -> None:
        self.valley, self.words, self.shown = valley, words, 0.0
        valley.above.append(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        palette, em = self.valley.palette, pen.px(SIZE)
        em *= min(1.0, 0.86 * view.width / pen.width(self.words, em))
        y = view.y + 0.4 * view.width * self.valley.tall
        pen.text(self.words, view.x, y, em, palette.deck, alpha=self.shown, plate=palette.plate)
