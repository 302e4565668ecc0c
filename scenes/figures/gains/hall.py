"""The hall in which the claim is put to the test: a crossing, a gate, and a circle that becomes an ellipse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from scenes.figures.gains.crossing import Crossing
from scenes.figures.gains.ellipse import Ellipse
from scenes.figures.gains.gate import Cloud, Gate
from scenes.figures.walls.hall import FRAMES
from scenes.figures.walls.room import Room
from scenes.figures.walls.words import Words, at
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme

APART = 1.15  # widths of a view from place to place
ASIDE = 1.3  # how far one looks to the right of the gate, where there is room for words beside it
KEEP = 72  # px
KEPT = {"16:9": (4.5, 0.32), "1:1": (6.3, 0.6), "9:16": (8.5, 1.6)}  # heights of the two sentences


class GainHall:
    """``scalar`` are w and the gain at w; without ``clouds`` there is no gate, without ``axes`` (most, least) no
    ellipse. ``words``: see :class:`Crossing` and :class:`Gate`, and keep_copy and keep_sum."""

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        numbers: Numbers,
        words: Mapping[str, str],
        scalar: tuple[Floats, Floats],
        clouds: Mapping[str, Cloud],
        norm: float,
        axes: tuple[float, float] | None,
    ) -> None:
        self.frame = frame = FRAMES[stage.aspect]
        apart = APART * frame.width
        self.places = {"crossing": apart, "gate": ASIDE if stage.wide else 0.0, "ellipse": -apart}
        self.room = Room(theme, stage, self.view("gate"), 2.0 * apart, frame.high, theme.skip)
        self.room.sway = 0.004
        self.crossing = Crossing(self.room, self.places["crossing"], *scalar, words, numbers)
        self.gate = Gate(self.room, 0.0, clouds, words, numbers, norm) if clouds else None
        self.ellipse = Ellipse(self.room, -apart, *axes, numbers) if axes is not None else None
        self.kept = [
            Words(self.room, partial(str, words[key]), at(apart, y), KEEP, tone)
            for key, y, tone in zip(
                ("keep_copy", "keep_sum"), KEPT[stage.aspect], (theme.skip, theme.gradient), strict=True
            )
        ]

    def view(self, place: str, times: float = 1.0, up: float = 0.0) -> View:
        """One of the places, ``times`` as wide as usual."""
        return View(self.places[place], self.frame.y + up, times * self.frame.width)
