"""Inside a hall: a room with a floor, ribs and depth, which a camera moves through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scenes.figures.valley.night import Corners
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Colour, Floats, Pen, mix
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

Point = Sequence[float]  # x, y up from the floor, z away from who looks
NEAR = 0.85  # of the frame's longer side: how far from the plane z = 0 one stands
CORNERS = 0.5  # how dark the picture's corners are
RIBS, TILES = 5, 14


@dataclass(frozen=True)
class Paint:
    """The colours of the room in a theme. ``bare``: walls and floor are left out, the clip lies over a slide."""

    back: str
    floor: tuple[str, str]  # far, near
    side: tuple[str, str]
    roof: tuple[str, str]
    seam: str
    panel: str  # of walls of light, where they are dark
    plate: str  # behind words
    ink: str
    muted: str
    bare: bool


def paint_of(theme: Theme) -> Paint:
    bare = theme.opacity < 1
    day = theme.name.endswith("light")
    return Paint(
        back="#E9EDF3" if day else "#161F2F",
        floor=("#D9DFE8", "#F3F5F8") if day else ("#1B2537", "#0B0F18"),
        side=("#E1E6EE", "#F6F7FA") if day else ("#182234", "#0A0D15"),
        roof=("#F7F8FA", "#E6EAF0") if day else ("#141C2A", "#080B11"),
        seam="#7A8BA6" if day else "#8FA6C8",
        panel="#0A0D14",
        plate="#FFFFFF" if day else "#05070C",
        ink=theme.ink,
        muted=theme.muted,
        bare=bare,
    )


class Room(World):
    """A hall of a network, ``half`` wide to each side and ``high``, in world units; the floor is y = 0.

    Who looks stands before the middle of the view, nearer where the view is narrow: what is farther off than z = 0
    moves less than what is near. ``lamps`` are painters of what stands in it, in order, called with (pen, view).
    ``lit`` is how bright the room itself is, 0 to 1.
    """

    def __init__(self, theme: Theme, stage: Stage, view: View, half: float, high: float, beam: Colour) -> None:
        super().__init__(theme, stage, view)
        self.paints, self.half, self.high, self.beam = paint_of(theme), half, high, beam
        self.lit = 1.0
        self.lamps: list[Callable[[Pen, View], object]] = []
        self.moving(self._walls)
        self.corners = Corners(0.0 if self.paints.bare or theme.name.endswith("light") else CORNERS)
        self.moving(self.corners.paint)
        self.moving(lambda pen, view: [paint(pen, view) for paint in self.lamps])

    def at(self, point: Point, view: View) -> tuple[float, float]:
        """Where a point of the room is seen, in the plane z = 0."""
        x, y, z = point
        nearer = self.scale(z, view)
        return view.x + (x - view.x) * nearer, view.y + (y - view.y) * nearer

    def scale(self, z: float, view: View) -> float:
        """How large things at a depth are seen; those at z = 0 as they are."""
        away = NEAR * view.width * max(1.0, self.tall)
        return away / max(away + z, 0.08 * away)

    def scales(self, z: Floats, view: View) -> Floats:
        """The same of many depths."""
        away = NEAR * view.width * max(1.0, self.tall)
        return away / np.maximum(away + z, 0.08 * away)

    def shaded(self, colour: Colour) -> Colour:
        """A colour as it is seen in this light."""
        return colour if self.lit >= 1 else mix("#020305", colour, self.lit)

    def _walls(self, pen: Pen, view: View) -> None:
        paints = self.paints
        if paints.bare:
            return
        near, far, half, high = -0.6 * view.width, 6.0, self.half, self.high
        shade = self.shaded
        pen.colour(shade(paints.back))
        pen.ctx.paint()
        left, right = ([self.at((s * half, y, z), view) for y, z in self._ring(near, far)] for s in (-1, 1))
        middle = view.x
        for face in (left, right):
            (x0, _), (x1, _) = face[0], face[2]
            pen.polygon(face).fade((x0, 0), (x1, 0), _stops(shade(paints.side[1]), shade(paints.side[0])))
        for y, tones in ((0.0, paints.floor), (high, paints.roof)):
            face = [self.at((s * half, y, z), view) for s, z in ((-1, near), (1, near), (1, far), (-1, far))]
            pen.polygon(face)
            pen.fade((middle, face[0][1]), (middle, face[2][1]), _stops(shade(tones[1]), shade(tones[0])))
        self._seams(pen, view, near, far)
        for k, z in enumerate(np.linspace(far, 0.7 * near, RIBS)):
            self._rib(pen, view, float(z), 0.3 + 0.6 * k / RIBS)

    def _ring(self, near: float, far: float) -> list[tuple[float, float]]:
        return [(0.0, near), (self.high, near), (self.high, far), (0.0, far)]

    def _seams(self, pen: Pen, view: View, near: float, far: float) -> None:
        """The tiles of the floor."""
        for x in np.linspace(-self.half, self.half, TILES + 1):
            pen.polygon([self.at((x, 0, near), view), self.at((x, 0, far), view)], close=False)
        for z in np.arange(far, near, -1.2):
            pen.polygon([self.at((-self.half, 0, z), view), self.at((self.half, 0, z), view)], close=False)
        pen.stroke(self.paints.seam, 0.0012 * view.width, 0.12 * self.lit)

    def _rib(self, pen: Pen, view: View, z: float, strong: float) -> None:
        half, high = self.half, self.high
        path = [self.at(point, view) for point in ((-half, 0, z), (-half, high, z), (half, high, z), (half, 0, z))]
        wide, tone = self.scale(z, view), mix(self.beam, self.paints.back, 0.4)
        for width, alpha in ((0.16, 0.16), (0.06, 0.9)):
            pen.polygon(path, close=False).stroke(self.shaded(tone), width * wide, alpha * strong * self.lit)


def _stops(one: Colour, other: Colour) -> list[tuple[float, Colour, float]]:
    return [(0.0, one, 1.0), (1.0, other, 1.0)]
