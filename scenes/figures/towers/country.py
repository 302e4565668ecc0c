"""Where the towers stand: a sky, hills, a plain with fields and trees. Recorded once, replayed as the camera moves."""

from __future__ import annotations

import numpy as np

from scenes.figures.valley.palette import Palette
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen, Recording, mix
from scenes.kit.drawing.world import World

SEED = 4
STARS, TREES, FIELDS = 140, 90, 34
WIDE = 70.0  # world units to each side that are painted


class Country:
    """Sky and ground behind towers whose feet are at y = 0; ``middle`` is where they stand, ``far`` the horizon's
    height. Nothing where the ground is left out."""

    def __init__(self, world: World, palette: Palette, dark: bool, middle: float, far: float = 1.2) -> None:
        self.world, self.palette, self.dark, self.middle, self.far = world, palette, dark, middle, far
        self._ground, self._stars = Recording(self._land), Recording(self._night)
        world.mapped(self._paint)

    def _paint(self, pen: Pen, view: View) -> None:
        if self.palette.bare:
            return
        low, high = self.far, self.far + 16.0
        stops = SKY_DARK if self.dark else SKY_LIGHT
        pen.polygon(_box(view, self.world.tall)).fade((0, high), (0, low), [(s, c, 1.0) for s, c in stops])
        if self.dark:
            self._stars.replay(pen)
        self._ground.replay(pen)

    def _night(self, pen: Pen) -> None:
        rng = np.random.default_rng([SEED, 1])
        for _ in range(STARS):
            x, y = self.middle + rng.uniform(-WIDE, WIDE) / 2, self.far + 3 + 16 * rng.random()
            pen.circle(x, y, rng.uniform(0.015, 0.04)).fill("#FFFFFF", rng.uniform(0.15, 0.6))

    def _land(self, pen: Pen) -> None:
        palette, left, right = self.palette, self.middle - WIDE, self.middle + WIDE
        ridge = np.linspace(left, right, 200)
        tones = ("#2B4156", "#20384A", "#183238") if self.dark else ("#BFD0DC", "#AFC6C6", "#A6C3AE")
        for k, (tone, lift) in enumerate(zip(tones, (0.75, 0.45, 0.15), strict=True)):
            hills = self.far + lift + 0.3 * np.sin(ridge / (3.4 - 0.5 * k) + 1.7 * k) + 0.1 * np.sin(ridge / 0.9 + k)
            pen.polygon([(left, -30), *zip(ridge.tolist(), hills.tolist(), strict=True), (right, -30)]).fill(tone)
        far, near = mix(palette.ground, "#0A1416", 0.45 if self.dark else 0.0), mix(palette.ground, "#0A1416", 0.25)
        pen.polygon([(left, self.far), (right, self.far), (right, -30), (left, -30)])
        pen.fade((0, self.far), (0, -6), [(0, far, 1.0), (1, near if self.dark else palette.fields[3], 1.0)])
        rng = np.random.default_rng([SEED, 2])
        for k in range(FIELDS):
            away = rng.random() ** 1.4
            x0, y0 = self.middle + rng.uniform(-26, 26), self.far - 0.2 - 5.2 * away
            wide, deep = rng.uniform(2, 4) * (0.6 + away), rng.uniform(0.2, 0.4) * (0.6 + 1.6 * away)
            corners = [(x0, y0), (x0 + wide, y0), (x0 + wide + 0.6 * deep, y0 + deep), (x0 + 0.6 * deep, y0 + deep)]
            pen.polygon(corners).fill(mix(palette.fields[k % 4], far, 0.35 if self.dark else 0.0), 0.6)
        for y, at, size in sorted(
            (
                (self.far - 0.05 - 0.7 * rng.random() ** 2, self.middle + rng.uniform(-28, 28), rng.uniform(0.1, 0.2))
                for _ in range(TREES)
            ),
            reverse=True,
        ):
            self._tree(pen, at, y, size)

    def _tree(self, pen: Pen, x: float, y: float, size: float) -> None:
        deep, mid, pale = self.palette.trees
        pen.circle(x + 0.5 * size, y, 1.2 * size, 0.4).fill("#000000", self.palette.shadow)
        for up, wide, tone in ((0.3, 1.0, deep), (0.7, 0.8, mix(deep, mid, 0.6)), (1.1, 0.5, mix(mid, pale, 0.3))):
            pen.circle(x, y + up * size, wide * size, 0.85).fill(tone if not self.dark else mix(tone, "#0A1416", 0.35))


SKY_DARK = ((0.0, "#070B17"), (0.45, "#101D35"), (0.78, "#274059"), (0.93, "#5A5F74"), (1.0, "#A8756A"))
SKY_LIGHT = ((0.0, "#9CC4E4"), (0.5, "#C6DDEE"), (0.85, "#E6EFF4"), (1.0, "#F7EFE2"))


def _box(view: View, tall: float) -> list[tuple[float, float]]:
    left, right = view.seen(0.1)
    half = 0.5 * view.width * tall + 0.1
    return [(left, view.y - half), (right, view.y - half), (right, view.y + half), (left, view.y + half)]
