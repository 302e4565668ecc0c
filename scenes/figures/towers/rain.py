"""Training digits that rain into a tower from above, as long as it learns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import Animation, rate_functions

from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Floats, Pen
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

SHOWER = 3.4  # s, what falls in one
DROPS, SPEED, HIGH, SIDE = 7, 4.2, 9.0, 0.62
SEED = 7


class Rain:
    """Plates with ``images`` [n, 8, 8] that fall to ``target``, a point of the world; ``falls`` fades them all.

    ``fallen`` are the seconds for which it has rained.
    """

    def __init__(
        self, world: World, theme: Theme, images: Floats, target: Callable[[], tuple[float, float]], wide: float
    ) -> None:
        self.world, self.theme, self.images, self.target, self.wide = world, theme, images, target, wide
        self.falls, self.fallen = 0.0, 0.0
        world.moving(self.paint)

    def raining(self, seconds: float, shower: int, much: float = SHOWER) -> tuple[Animation, Animation]:
        """It rains for some seconds, and stops: the shower of that number, always the same one. ``much`` falls, in its
        seconds."""
        self.fallen = SHOWER * shower
        falls, fallen = (
            self.world.turn(self, seconds=seconds, **{key: value})
            for key, value in (("falls", 1.0), ("fallen", self.fallen + much))
        )
        return falls.set_rate_func(_shower), fallen.set_rate_func(rate_functions.linear)

    def paint(self, pen: Pen, view: View) -> None:
        if self.falls <= 0.01:
            return
        x, y = self.target()
        for drop in range(DROPS):
            fallen = self.fallen * SPEED / HIGH + drop / DROPS
            turn, share = int(fallen), fallen % 1.0
            rng = np.random.default_rng([SEED, drop, turn])
            at, image = x + self.wide * rng.uniform(-0.4, 0.4), self.images[int(rng.integers(len(self.images)))]
            up = y + HIGH * (1 - share)
            seen = self.falls * min(1.0, 6 * share, 8 * (1 - share))
            streak = [(at - SIDE / 2, up), (at + SIDE / 2, up), (at + SIDE / 2, up + 1.4), (at - SIDE / 2, up + 1.4)]
            tone = self.theme.data
            pen.polygon(streak).fade((0, up), (0, up + 1.4), [(0, tone, 0.28 * seen), (1, tone, 0.0)])
            pen.rounded(at - SIDE / 2 - 0.03, up - SIDE / 2 - 0.03, SIDE + 0.06, SIDE + 0.06, 0.05).fill(tone, seen)
            pen.image(at, up, SIDE, image, alpha=seen)


def _shower(share: float) -> float:
    """Soon there, and gone again at the end."""
    return min(1.0, 8 * share, 8 * (1 - share))
