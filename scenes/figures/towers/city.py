"""The towers of all depths side by side, what stands around them, and the shots that show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scenes.figures.towers.bin import SIDE as ROW
from scenes.figures.towers.country import Country
from scenes.figures.towers.rain import Rain
from scenes.figures.towers.tower import BACK, Tower
from scenes.figures.valley.night import Corners
from scenes.figures.valley.palette import palette_of
from scenes.kit.drawing.camera import Shot, View
from scenes.kit.drawing.painting import Floats
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World


@dataclass(frozen=True)
class Lot:
    """How far apart towers stand in a format, how wide they and their bins are, and how high the tallest is."""

    pitch: float
    wide: float
    side: float
    tall: float
    close: float  # how wide one looks at one tower


LOTS = {
    "16:9": Lot(pitch=5.4, wide=2.5, side=2.5, tall=6.4, close=10.5),
    "1:1": Lot(pitch=3.9, wide=2.2, side=2.2, tall=6.8, close=7.2),
    "9:16": Lot(pitch=2.9, wide=1.75, side=1.8, tall=8.2, close=5.0),
}
LOWEST = 0.55  # the highest that a floor is


class City(World):
    """Towers of ``floors`` floors each, from left to right. ``wrong`` and ``number`` give what a tower's bin holds now,
    of 100 digits, and how that is written; ``names`` stand below, ``images`` rain."""

    def __init__(
        self,
        theme: Theme,
        stage: Stage,
        floors: Sequence[int],
        wrong: Callable[[int], float],
        number: Callable[[int], str],
        names: Sequence[str],
        images: Floats,
    ) -> None:
        super().__init__(theme, stage, View(0, 0, 10))
        self.lot = lot = LOTS[stage.aspect]
        palette, dark = palette_of(theme), not theme.name.endswith("light")
        self.middle = 0.5 * (len(floors) - 1) * lot.pitch + lot.wide / 2
        Country(self, palette, dark, self.middle)
        self.moving(Corners(palette.vignette).paint)
        self.rained = 0  # the tower that it rains on
        self.rain = Rain(self, theme, images, lambda: self.towers[self.rained].roof(), lot.side)
        floor = min(LOWEST, lot.tall / max(floors))
        self.towers: list[Tower] = [
            Tower(
                self,
                theme,
                k * lot.pitch,
                count,
                floor,
                lot.wide,
                lot.side,
                lambda k=k: wrong(k),  # type: ignore[misc]
                lambda k=k: number(k),  # type: ignore[misc]
                names[k],
            )
            for k, count in enumerate(floors)
        ]

    def at(self, k: int, width: float | None = None) -> Shot:
        """One tower's roof and bin, as high as they are now."""
        wide = width or self.lot.close

        def view() -> View:
            tower = self.towers[k]
            high = wide * self.tall
            # the bin in the upper part of what captions leave free, and the ground in view as long as there is room
            y = max(tower.top + self.lot.side + 1.0 - 0.5 * high, 0.5 * high - 0.2 * high)
            ahead = 0.35 * self.lot.side if self.stage.wide else 0.0
            return View(tower.middle + ahead, y, wide)

        return view

    def wide(self) -> View:
        """All towers, their bins and their names."""
        lot, count = self.lot, len(self.towers)
        high = max(tower.top for tower in self.towers) + lot.side + (0.9 if self.stage.wide else 1.6)
        needed = (high + 0.4) / 0.8  # a fifth of the frame lies below the feet
        broad = (count - 1) * lot.pitch + lot.wide + (3.4 if self.stage.wide else 1.0)
        width = max(needed / self.tall, broad)
        tall = width * self.tall
        ahead = 0.55 if self.stage.wide else 0.0
        return View(self.middle + ahead + 0.3 * BACK[0], 0.3 * tall, width)

    def bin_top(self, k: int) -> tuple[float, float]:
        """The top of what lies in a tower's bin."""
        tower = self.towers[k]
        x, y = tower.roof()
        wrong = tower.wrong()
        rows = -(-round(wrong) // ROW) if wrong == wrong and wrong < 1e9 else 0
        return x, y + rows * tower.side / (ROW + 0.6)
