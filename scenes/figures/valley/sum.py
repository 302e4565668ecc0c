"""What happens at a junction: the image on the shortcut and the one that comes from the hall are added."""

from __future__ import annotations

from scenes.figures.valley.deck import height
from scenes.figures.valley.land import Floats, point
from scenes.figures.valley.valley import Valley
from scenes.figures.valley.vehicles import Plate, lorry
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen

SIDE, GAP = 2.5, 0.8  # of the three images, and between them


class SumAtJunction:
    """``images`` are x, βF(x) and their sum, ``names`` what stands under them; at the state behind ``block``.

    ``met`` runs from 0 to 1: two lorries come, one over the deck, one from the hall; their images meet, and a third
    drives on with the sum. ``shown`` fades all.
    """

    def __init__(self, valley: Valley, block: int, images: tuple[Floats, ...], names: tuple[str, ...]) -> None:
        self.valley, self.block, self.images, self.names = valley, block, images, names
        self.met, self.shown = 0.0, 0.0
        self.u = float(valley.land.states[block])
        self.stop = float(valley.land.lane.upto(self.u))
        valley.upon.append(self._lorries)
        valley.above.append(self._plates)

    def view(self) -> View:
        """The junction from near, with room for three images above it."""
        wide = self.valley.breadth(14.0) if self.valley.stage.wide else 11.5
        return View(self.u + 0.3, 2.1 - 0.06 * wide * self.valley.tall, wide)

    def _lorries(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.5:
            return
        palette, come = self.valley.palette, eased(self.met, 0.0, 0.5)
        if come < 1:
            u = self.u - 7.0 * (1 - come)
            lorry(pen, (u, 0.0, float(height(u)), 0.0), palette)
            u, v, h, angle = (float(part) for part in self.valley.land.lane.at(self.stop - 8.0 * (1 - come)))
            lorry(pen, (u, v, h, angle), palette)
        else:
            u = self.u + 3.4 * eased(self.met, 0.5, 1.0)
            lorry(pen, (u, 0.0, float(height(u)), 0.0), palette)

    def _plates(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        roles = (self.valley.palette.deck, self.valley.theme.branch, self.valley.palette.cargo)
        come, out = eased(self.met, 0.0, 0.5), eased(self.met, 0.5, 0.85)
        em, pitch = pen.px(56), SIDE + GAP
        y = 3.3
        deck_u = self.u - 7.0 * (1 - come)
        u, v, _, _ = (float(part) for part in self.valley.land.lane.at(self.stop - 8.0 * (1 - come)))
        begins = (point(deck_u, 0.0, float(height(deck_u)) + 2.0), point(u, v, 2.0), point(self.u, 0.0, 2.0))
        lifted = (eased(self.met, 0.15, 0.5), eased(self.met, 0.2, 0.55), out)
        for i, (image, name, role, begin, up) in enumerate(
            zip(self.images, self.names, roles, begins, lifted, strict=True)
        ):
            if i == 2 and out <= 0:
                continue
            x = begin[0] + (self.u + 0.3 + (i - 1) * pitch - begin[0]) * up
            at = begin[1] + (y - begin[1]) * up
            side = SIDE * (0.55 + 0.45 * up)
            Plate(x, at, side, image, name, em, self.shown, None, role).paint(pen, self.valley.palette)
        for i, sign in enumerate(("+", "=")):
            seen = (eased(self.met, 0.45, 0.6), out)[i] * self.shown
            x = self.u + 0.3 + (i - 0.5) * pitch
            pen.text(sign, x, y - 0.3, pen.px(90), self.valley.palette.ink, alpha=seen, plate=self.valley.palette.plate)
