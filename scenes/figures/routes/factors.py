"""What each way counts: words, and then the factors of a product, on the halls and over the shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.figures.routes.sign import Sign
from scenes.figures.routes.traces import Taken, order
from scenes.figures.valley.land import point
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen
from scenes.kit.drawing.theme import Theme

LARGE = 60  # px at full HD
PRODUCT, SUM = 84, 64  # of the product, and of what it becomes multiplied out
TOLL, TOLL_INK = "#8A2F66", "#FFFFFF"


class Factors:
    """1 over the shortcut, the branch's derivative on the hall, for each of the last blocks; where an activation
    follows the sum, its slope at the crossing.

    ``form``: how a block is written, as the claims tell it. ``names`` fades in what the two ways are called, ``shown``
    the factors, block by block from the loss, and on the glass their product; ``left`` takes the ones away, ``told``
    the other. ``unseen`` blocks lie before those of the
    valley.
    """

    def __init__(
        self, valley: Valley, theme: Theme, blocks: int, form: str, words: tuple[str, str], unseen: int = 0
    ) -> None:
        self.valley, self.blocks, self.words = valley, blocks, words
        self.scaled, self.post = "scaled" in form, "post" in form
        self.shortcut_ink = "#FFFFFF" if theme.name.endswith("light") else "#06240F"
        self.names, self.shown, self.left, self.told = 0.0, 0.0, 0.0, 1.0
        depth = valley.land.depth
        self.halls = [depth - i for i in range(blocks)]
        self.numbers = [hall + unseen for hall in self.halls]
        self.one = Sign("1", theme)
        self.branches = [Sign(f"{'beta ' * self.scaled}F'_{block}", theme) for block in self.numbers]
        self.slopes = [Sign(f"phi'_{block}", theme) for block in self.numbers] if self.post else []
        self.products = [Sign(self.product(count), theme) for count in range(1, blocks + 1)]
        summands = " + ".join(self.summand(taken) for taken in order(2))
        self.sum = Sign(f"= {summands}", theme) if blocks >= 2 and not self.post else None
        valley.above.append(self._paint)

    def product(self, count: int) -> str:
        """The factors of the last ``count`` blocks, as a formula."""
        factors = [f"(1 + {'beta ' * self.scaled}F'_{block})" for block in self.numbers[:count]]
        if self.post:
            factors = [f"phi'_{block} {f}" for block, f in zip(self.numbers, factors, strict=False)]
        return " ".join(reversed(factors))

    def summand(self, taken: Taken) -> str:
        """What one route brings: the product of the tolls it pays."""
        return term([block for block, toll in zip(self.numbers, taken, strict=False) if toll], self.scaled)

    def _paint(self, pen: Pen, view: View) -> None:
        left = 1 - self.left
        names = eased(self.names, 0.68, 1.0) * left * (1 - eased(self.shown, 0.0, 0.5))
        if names > 0.01:
            self._label(pen, self.valley.land.depth, self.words, names)
        for i, branch in enumerate(self.branches):
            seen = eased(self.shown, i + 0.4, i + 1.0) * left
            if seen > 0:
                self._factors(pen, view, self.halls[i], branch, self.slopes[i : i + 1], seen)
        self._product(pen, view)

    def _product(self, pen: Pen, view: View) -> None:
        """The product, on the glass: it grows to the left, as the road does; of two blocks, multiplied out."""
        palette, stage = self.valley.palette, self.valley.stage
        high = view.width * self.valley.tall
        over = stage.aspect == "9:16"
        middle = view.x + (0.0 if over else 0.11) * view.width
        y, below = view.y + (0.455 if over else 0.425) * high, view.y + (0.412 if over else 0.32) * high
        most = (0.9 if over else 0.66) * view.width
        now = eased(self.shown, 0.35, 0.75)
        if now > 0:
            ems = [min(pen.px(PRODUCT), most / sign.wide) for sign in self.products]
            last = min(int(self.shown - 0.35), self.blocks - 1)
            comes = eased(self.shown - last, 0.35, 0.75) if last else 1.0
            em = ems[last - 1] + (ems[last] - ems[last - 1]) * comes if last else ems[0]
            ends = [middle + self.products[i].wide * ems[i] / 2 for i in (max(last - 1, 0), last)]
            right = ends[0] + (ends[1] - ends[0]) * comes  # what stays, stays: factors join at the left
            if comes < 1:
                self.products[last - 1].paint(pen, right, y, em, palette.ink, self.told, palette.plate, align=1.0)
            alpha = self.told * (comes if last else now)
            self.products[last].paint(pen, right, y, em, palette.ink, alpha, palette.plate, align=1.0)
        if self.sum is not None:
            seen = eased(self.shown, 1.6, 2.0) * (1 - eased(self.shown, 2.0, 2.4)) * self.told
            self.sum.paint(pen, middle, below, pen.px(SUM), palette.number, seen, palette.plate, most)

    def _places(self, pen: Pen, block: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Over a hall, and over the shortcut."""
        u, v = self.valley.land.hall(block)
        (x, y), (over, high) = point(u, v, 3.9), point(u, 0.6, 2.2)
        return (x, y + pen.px(LARGE)), (over, high + pen.px(LARGE))

    def _label(self, pen: Pen, block: int, words: tuple[str, str], alpha: float) -> None:
        (x, y), (over, high) = self._places(pen, block)
        em = pen.px(LARGE)
        pen.text(words[0], x, y, em, TOLL_INK, alpha=alpha, plate=TOLL, plate_alpha=0.95)
        deck = self.valley.palette.deck
        pen.text(words[1], over, high, em, self.shortcut_ink, alpha=alpha, plate=deck, plate_alpha=0.95)

    def _factors(self, pen: Pen, view: View, block: int, branch: Sign, slopes: Sequence[Sign], alpha: float) -> None:
        (x, y), (over, high) = self._places(pen, block)
        em = pen.px(LARGE)
        branch.paint(pen, x, y, em, TOLL_INK, alpha, TOLL)
        self.one.paint(pen, over, high, em, self.shortcut_ink, alpha, self.valley.palette.deck)
        for slope in slopes:
            x, y = point(float(self.valley.land.states[block]), 0.0)
            edge = view.seen()[1] - (slope.wide / 2 + 0.4) * em
            slope.paint(
                pen,
                min(x + 0.9 * em, edge),
                y + 1.6 * em,
                em,
                self.valley.palette.ink,
                alpha,
                self.valley.palette.plate,
            )


def term(paid: Sequence[int], scaled: bool) -> str:
    """The product of the derivatives of some branches, as a formula; 1 of none."""
    beta = ("beta " if len(paid) == 1 else f"beta^{len(paid)} ") if paid and scaled else ""
    return beta + " ".join(f"F'_{block}" for block in sorted(paid)) or "1"
