"""The valley: one world for the whole film. Land, road, halls, shortcuts and night, and the shots that show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from scenes.figures.valley.deck import Deck, Junctions
from scenes.figures.valley.halls import Halls
from scenes.figures.valley.land import PITCH, Land, Way, point
from scenes.figures.valley.night import Corners, Night
from scenes.figures.valley.palette import palette_of
from scenes.figures.valley.scenery import scenery_of
from scenes.kit.drawing.camera import Shot, View
from scenes.kit.drawing.painting import Pen
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

CLOSE, STRETCH = 10.4, 30.0  # widths of views: of one lorry and a hall, of three halls
AIR = 12.0  # world units around the whole road
TALL = 0.62  # of them where the frame is higher than wide: one looks closer


class Valley(World):
    """The valley of a network of ``depth`` blocks, painted from the farthest to the nearest.

    ``names`` are the lines on each layer's bay. Chapters add what drives there: ``below`` are painters of what halls
    hide, ``above`` of what is before them, ``upon`` of what drives on the deck; each is called with (pen, view).
    """

    def __init__(
        self,
        theme: Theme,
        stage: Stage,
        depth: int,
        names: Sequence[Sequence[str]],
        lacks: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(theme, stage, View(0, 0, CLOSE))
        self.land, self.palette = Land.of(depth), palette_of(theme)
        self.scenery = scenery_of(depth, self.palette)
        self.mapped(self.scenery.paint)
        self.halls = Halls(self, self.land, theme, self.palette, names)
        self.halls.back()
        self.night = Night(self, self.palette)
        self.washed(self.night.paint, self.night.look)
        self.below: list[Callable[[Pen, View], object]] = []
        self.upon: list[Callable[[Pen, View], object]] = []
        self.above: list[Callable[[Pen, View], object]] = []
        self.moving(lambda pen, view: [paint(pen, view) for paint in self.below])
        self.halls.shade = self.night.depth
        self.halls.front()
        self.deck = Deck(self, self.land, self.palette, lacks)
        self.deck.shade, self.deck.built = self.night.depth, 0.0
        self.deck.add()
        self.junctions = Junctions(self, self.land, self.palette, lacks)
        self.moving(lambda pen, view: [paint(pen, view) for paint in self.upon])
        self.corners = Corners(self.palette.vignette)
        self.moving(self.corners.paint)
        self.moving(lambda pen, view: [paint(pen, view) for paint in self.above])

    # shots

    def breadth(self, width: float) -> float:
        """How wide a view is that shows, in this format, what a view of ``width`` shows in the wide one."""
        return width if self.stage.wide else width * TALL

    def close(self, u: float, v: float, width: float = CLOSE) -> View:
        """One place from near, a little above the middle of what captions leave free."""
        x, y = point(u, v, 1.15)
        wide = self.breadth(width)
        return View(x, y - 0.05 * wide * self.tall, wide)

    def stretch(self, block: int, halls: float = 3.0) -> View:
        """A few halls, the one of ``block`` in the middle."""
        wide = self.breadth(STRETCH * halls / 3)
        return View(float(self.land.halls[block - 1]), 0.0, wide)

    def wide(self, up: float = 0.11, least: float = 0.0) -> View:
        """The whole road, with ``up`` of the frame's height more sky than ground; ``least`` is how high it is at
        least."""
        width = max(self.land.end + max(AIR, 0.09 * self.land.end), least / self.tall)
        return View(self.land.end / 2, up * width * self.tall, width)

    def follow(
        self, way: Way, driven: Callable[[], float], width: float = CLOSE, ahead: float = 1.2, up: float = 1.6
    ) -> Shot:
        """A shot that stays with somebody on a way, and cuts its corners; ``ahead`` is how far one looks before him."""
        path, wide = self.land.followed(way, 4.0 if self.stage.wide else 2.4), self.breadth(width)

        def view() -> View:
            u, v, h, angle = (float(part) for part in path.at(driven()))
            x, y = point(u, v, h + up)
            return View(x + ahead * math.cos(angle), y + 0.5 * ahead * math.sin(angle) - 0.05 * wide * self.tall, wide)

        return view

    @property
    def pitch(self) -> float:
        return PITCH
