"""The film's three pictures side by side: the branch that falls silent, the overpass, the 1; and the credits below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from manim import Animation, VGroup
from numpy.typing import NDArray

from scenes.figures.blocks.derivation import OF_BRANCH, Sources
from scenes.figures.road.cargo import SumOfImages
from scenes.figures.road.road import Road, RoadPlan
from scenes.figures.road.streams import Fork
from scenes.kit.drawing.equations import Equation
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.page import TITLE, Page
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, fitted, squeezed
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]
LINE = 0.3  # from line to line of the credits


class Triptych(Page):
    """Parts: ``title``, ``zero`` (three images), ``road`` with its messengers, ``equation``, ``names`` of these,
    and ``credits``. Side by side in wide formats, one above the other in others. Animations are returned, not played.

    ``images`` are x, F(x) and H(x) (8×8, 0 … 1); ``log10`` (states,) and ``share`` (stretches,) the measured gradient.
    ``form``: how the equation is written, as the claims tell it. ``words``: title, zero, overpass, one, x, branch,
    total.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        images: Sequence[Floats],
        log10: Floats,
        share: Floats,
        layers: int,
        credits: Sequence[str],
        form: str,
    ) -> None:
        self.stage, self.theme = stage, theme
        width = stage.right - stage.left
        stretch = stage.stretch
        if stage.wide:
            cell = width / 3
            centres = [(stage.left + cell * (i + 0.5), stage.top - 2.35) for i in range(3)]
            heads = [(x, stage.top - 1.15) for x, _ in centres]
            credits_top = stage.top - 4.35
        else:
            cell = width - 1.9
            centres = [(stage.left + 1.9 + cell / 2, stage.top - y * stretch) for y in (1.35, 2.6, 3.72)]
            heads = [(stage.left + 0.95, y - 0.08) for _, y in centres]
            credits_top = stage.top - 4.45 * stretch
        self.title = self._left(words["title"], stage.top - TITLE, "title", "ink", "bold")
        self.names = [
            Label(words[key], theme, "heading", "ink", "bold").move_to([x, y, 0]).on_line(y)
            for key, (x, y) in zip(("zero", "overpass", "one"), heads, strict=True)
        ]
        named = [words[key] for key in ("x", "branch", "total")]
        side = 0.98 if stage.wide else 0.62 * min(stretch, 1.5)
        self.zero = SumOfImages(theme, images, named, centres[0][1], side, gap=0.42, x=centres[0][0], size="small")
        x, y = centres[1]
        half = min(cell / 2 - 0.25, 2.2)
        plan = RoadPlan.between(x - half, x + half, y, range(len(log10)))
        road = Road(plan, theme, layers, skip=True).raise_overpasses(1).darken(1)
        self.fork = Fork(plan, theme, log10, share, 1)
        self.road = VGroup(road.ground, self.fork.low, road.tolls, road.overpasses, self.fork.high)
        small = 1.15 if stage.wide else 0.85
        written, names = Sources("scaled" in form, "post" in form).one()
        tints = dict.fromkeys({*OF_BRANCH} & {*names.split()}, "branch") | {"one": "skip"}
        self.equation = Equation(written, names, theme, centres[2][1], small, tints, "one")
        squeezed(self.equation, cell - 0.35)
        self.equation.shift([centres[2][0] - self.equation.get_center()[0], 0, 0])
        self.credits = self._credits(credits, credits_top, width)

    def _credits(self, lines: Sequence[str], top: float, width: float) -> VGroup:
        """Lines of small type, cut between their parts where they are too long."""
        if self.stage.wide:  # in two columns
            half = (len(lines) + 1) // 2
            columns = [self._column(part, top, width / 2 - 0.2) for part in (lines[:half], lines[half:])]
            columns[1].shift([width / 2 + 0.1, 0, 0])
            return VGroup(*columns)
        return self._column(lines, top, width)

    def _column(self, lines: Sequence[str], top: float, width: float) -> VGroup:
        rows = [part for line in lines for part in wrapped(line, width)]
        room = int((top - self.stage.caption_top) / LINE)
        return VGroup(
            *(squeezed(self._left(row, top - LINE * i, "small", "muted"), width) for i, row in enumerate(rows[:room]))
        )

    def show_zero(self) -> Animation:
        """The three images and their name."""
        return self.zero.appear(self.names[0])

    def send_back(self, **kwargs: object) -> Animation:
        """The gradient comes back along both ways."""
        return Draw(self.road, self.fork.show, **kwargs)


def wrapped(line: str, width: float) -> list[str]:
    """A line of small type in as many lines as it needs, cut between its parts."""
    rows = []
    while line:
        row, line = fitted(line, width, "small")
        rows.append(row)
    return rows
