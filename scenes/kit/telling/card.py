"""The card that opens a chapter: its title, and a dot for every chapter, which fly to where titles stand."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, Animation, VGroup, VMobject, rate_functions

from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.drawing.theme import Theme

SECONDS = 1.5  # the whole card
LARGE = 1.4  # times the title's own size
CENTRE = -1.35  # height of the title on the card
DOT, PITCH = 0.055, 0.3


class ChapterCard(VGroup):
    """``title`` large in the middle with ``count`` dots above it, that of chapter ``number`` (from 1) lit.

    It ends as the title in its place: the title ``flies`` there or, where something stands in its way, fades from the
    one place to the other. A scene that is no chapter of the film has no dots (count 0).
    """

    def __init__(self, title: str, number: int, count: int, stage: Stage, theme: Theme, flies: bool = True) -> None:
        self.flies = flies
        self.label = Label(title, theme, "title", weight="bold")
        squeezed(self.label, stage.right - stage.left - 0.8)
        self.label.next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(stage.top - 0.4)
        self._place, self._small = self.label.get_center(), self.label.points.copy()
        grow = min(LARGE, (stage.right - stage.left) / self.label.width)
        self._grow = grow
        x = PITCH * (np.arange(count) - (count - 1) / 2)
        centre = np.stack([x, np.full(count, CENTRE + 0.75)], axis=1)
        lit = np.arange(count) == number - 1
        self.dots = VMobject(stroke_width=0, fill_color=theme.faint, fill_opacity=1)
        self.dots.set_points(shapes.circles(centre[~lit], DOT))
        self.dot = VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1)
        self.dot.set_points(shapes.circles(centre[lit], 1.6 * DOT))
        super().__init__(self.label, self.dots, self.dot)

    def open(self) -> Animation:
        """Appear, stay for a moment, go to the title's place."""
        return Draw(self, self.show, run_time=SECONDS, rate_func=rate_functions.linear)

    def show(self, progress: float) -> ChapterCard:
        """The card after a share of its time."""
        seen = float(np.clip(progress / 0.2, 0, 1))
        gone = rate_functions.smooth(float(np.clip((progress - 0.6) / 0.4, 0, 1)))
        there = gone if self.flies else float(gone >= 0.5)
        grow = self._grow + (1 - self._grow) * there
        centre = np.array([0.0, CENTRE, 0.0]) * (1 - there) + self._place * there
        self.label.set_points((self._small - self._place) * grow + centre)
        self.label.set_fill(opacity=seen if self.flies else seen * abs(1 - 2 * gone))
        for part in (self.dots, self.dot):
            part.set_fill(opacity=seen * (1 - gone))
        return self
