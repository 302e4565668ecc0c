"""The lights of each overpass come together and become a green 1: what its derivative adds."""

from __future__ import annotations

import numpy as np

from scenes.figures.valley.deck import height
from scenes.figures.valley.land import PITCH, seen
from scenes.figures.valley.traveller import Ones, thinned
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import Pen, mix

GATHERED = 9  # lights that become a 1
MOST = 14  # that are written on a frame
EACH = 0.4  # of the gesture, that a 1 takes


class Kindled(Ones):
    """``flown`` runs from 0 to 1, from the loss to the input; at 0 there is nothing but the lights of the river."""

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01 or self.flown <= 0:
            return
        land = self.valley.land
        left, right = view.seen(3.0)
        for i, block in enumerate(range(land.depth, 0, -1)):
            begin = i * (1 - EACH) / max(1, land.depth - 1)
            share = eased(self.flown, begin, begin + EACH)
            x, y = self._rest(block)
            if share > 0 and left - PITCH < x < right + PITCH:
                self._gather(pen, block, share)
                if left < x < right:
                    grown = eased(share, 0.55, 1.0)
                    self._one(
                        pen, x, y, 0.6 + 0.4 * grown, grown * thinned(i, PITCH, max(pen.px(80), view.width / MOST))
                    )

    def _gather(self, pen: Pen, block: int, share: float) -> None:
        """The lights leave the deck, and turn green on their way."""
        alpha = min(1.0, 6 * share) * (1 - eased(share, 0.75, 1.0)) * self.shown
        if alpha <= 0.02:
            return
        palette, u = self.valley.palette, (block - 1 + np.linspace(0.06, 0.94, GATHERED)) * PITCH
        there = np.array(self._rest(block))
        away = np.linspace(0.0, 1.0, GATHERED)[:, None]
        moved = np.array([eased(share, 0.25 * abs(one - 0.5), 0.55 + 0.25 * abs(one - 0.5)) for one in away[:, 0]])
        here = seen(u, 0.0, height(u) + 0.3)
        places = here + (there - here) * moved[:, None]
        places[:, 1] += 1.2 * np.sin(np.pi * moved)
        tone = mix(palette.light, palette.deck, eased(share, 0.1, 0.6))
        pen.lights(places, max(0.9, pen.px(30)), tone, 0.35 * alpha)
        pen.lights(places, max(0.3, pen.px(11)), mix(tone, "#FFFFFF", 0.35 if pen.adds else 0.0), alpha, core=True)
