"""A block that learns to copy digits: its diagram, real images on its wires, and curves that grow as it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from manim import ORIGIN, RIGHT, Animation, VGroup
from numpy.typing import NDArray

from scenes.figures.blocks.diagram import BlockDiagram
from scenes.kit.drawing.curves import Curve, CurveChart
from scenes.kit.drawing.legend import legend
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.page import Page
from scenes.kit.drawing.pixels import PixelImage
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Formula, Label, Readout, squeezed
from scenes.kit.drawing.theme import Theme
from scenes.kit.reading.lesson import Lesson

SIDES = (("plain", "danger", "dashed"), ("residual", "skip", "solid"))
CARD = 0.86  # side of an image in the strips that compare
TRAVELLER = 0.4  # side of an image on its way through the block


class IdentityFigure(Page):
    """The figure's parts and how they move; ``skip`` says whether its block has a shortcut.

    ``moving`` is redrawn by :meth:`show`; the other parts stand. ``words``: title, line, input, sum, output, plain,
    residual, plain_key, residual_key, step, error, ratio. ``layers`` and ``after`` as for :class:`BlockDiagram`.
    Animations are returned and not played.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        numbers: Numbers,
        lesson: Lesson,
        layers: Sequence[tuple[str, str]],
        *,
        skip: bool,
        after: str = "",
    ) -> None:
        self.stage, self.theme, self.words, self.numbers, self.lesson = stage, theme, words, numbers, lesson
        self.skip, self.step, self.upto = skip, 0.0, [0.0, 0.0]
        self.side = 1.25 if stage.wide else 1.05  # of an image, in scene units
        top = stage.top
        stretch = stage.stretch
        self.title = self._chapter_head(words["title"], words["line"])
        inner = 0.0 if not stage.wide else 1.2
        y = top - (2.05 if stage.wide else 2.25) * stretch
        ends = [words[key] for key in ("input", "sum", "output")] if stage.wide else []
        self.diagram = BlockDiagram(
            stage.left + inner, stage.right - inner, y, layers, theme, skip=skip, after=after, ends=ends
        )
        self.row = top - (3.45 if stage.wide else 3.6) * stretch
        self.x = self._image(lesson.image, self.diagram.entry[0] + 0.1, "data")
        self.f = self._image(lesson.branch[int(skip), 0], self.diagram.junction[0] - 0.62, "branch")
        self.h = self._image(lesson.output[int(skip), 0], self.diagram.exit[0] - 0.1, "data")
        self.names = {
            "x": self._name("x", self.x, "data"),
            "h": self._name("H(x)", self.h, "ink"),
        }
        if skip:
            self.names["f"] = self._name("F(x)", self.f, "branch")
        middle = (self.x.get_right()[0] + (self.f if skip else self.h).get_left()[0]) / 2
        self.counter = Readout(theme, [middle, self.row - 0.1, 0], ORIGIN, "heading", "ink", "bold")
        self._lay_charts()
        written = ("H(x) = phi(F(x) + x)" if after else "H(x) = F(x) + x") if skip else "H(x) = x"
        self.target = Formula(written, theme, "title", "ink")
        room = (self.x.get_right()[0] + 0.15, (self.f if skip else self.h).get_left()[0] - 0.15)
        squeezed(self.target, room[1] - room[0]).move_to([sum(room) / 2, self.row, 0])
        self.moving = VGroup(self.h, *([self.f] if skip else []), self.counter, *self.charts)
        self.show()

    # what stands still

    def _lay_charts(self) -> None:
        """Error and branch ratio below the block, each under its heading, with one key to their lines."""
        top, stretch, words = self.stage.top, self.stage.stretch, self.words
        lesson = self.lesson
        bottom = top - 6.02 * stretch
        self.charts = [
            self._chart(lesson.error, 0, bottom, top - 4.72 * stretch),
            self._chart(lesson.ratio, 1, bottom, top - 4.72 * stretch),
        ]
        self.headings = VGroup(
            *(
                self._heading(key, source, chart, top - 4.48 * stretch)
                for key, source, chart in zip(
                    ("error", "ratio"),
                    ("norm(H(x) - x)^2 \\/ norm(x)^2", "norm(F(x)) \\/ norm(x)"),
                    self.charts,
                    strict=True,
                )
            )
        )
        names = [(words[f"{key}_key"], role, dash) for key, role, dash in SIDES]
        keys = legend(names, self.theme, 0, self.headings[1][0].baseline)
        keys.shift([self.charts[1].right - keys.get_right()[0], 0, 0])
        if self.skip and keys.get_left()[0] > self.headings[1].get_right()[0] + 0.2:
            self.headings.add(keys)

    def _image(self, values: NDArray[np.float64], x: float, role: str) -> PixelImage:
        half = self.side / 2 + 0.04
        x = min(max(x, self.stage.left + half), self.stage.right - half)
        return PixelImage(values, self.theme, self.side, role).place([x, self.row, 0])

    def _name(self, source: str, image: PixelImage, role: str) -> Formula:
        return Formula(source, self.theme, "body", role).move_to(
            [image.get_center()[0], self.row + self.side / 2 + 0.24, 0]
        )

    def _chart(self, values: NDArray[np.float64], column: int, bottom: float, top: float) -> CurveChart:
        middle, gutter = (self.stage.left + self.stage.right) / 2, 0.3
        left = (self.stage.left if column == 0 else middle + gutter) + 0.85
        right = (middle - gutter if column == 0 else self.stage.right) - 0.1
        steps = np.arange(values.shape[-1], dtype=float)
        curves = [Curve(steps, values[i], role, dash) for i, (_, role, dash) in enumerate(SIDES)]
        return CurveChart((left, bottom, right, top), curves, self.theme, self.numbers, log=True)

    def _heading(self, key: str, source: str, chart: CurveChart, y: float) -> VGroup:
        label = Label(self.words[key], self.theme, "small", "muted")
        label.next_to([chart.left - 0.75, 0, 0], RIGHT, buff=0).on_line(y)
        formula = Formula(source, self.theme, "small", "muted")
        formula.next_to(label, RIGHT, buff=0.15).set_y(y + 0.07)
        row = VGroup(label, formula)
        if formula.get_right()[0] > chart.right:  # no room beside it
            row.remove(formula)
        return row

    # what moves

    def show(self) -> None:
        """Draw the images and the curves as they were after ``step`` steps of training."""
        seen = self.lesson.seen(self.step)
        self.h.show(self.lesson.output[int(self.skip), seen])
        self.f.show(self.lesson.branch[int(self.skip), seen])
        self.counter.show(f"{self.words['step']} {int(self.step + 1e-9)}")
        for chart in self.charts:
            chart.show(self.upto)

    def flow(self, **kwargs: object) -> Animation:
        """The digit goes through the block as it is before training: x in, the layers' image out.

        With a shortcut a copy of x takes it, and the two meet at the sum. All go at one speed, so that the longer way
        takes longer.
        """
        block, skip = self.diagram, int(self.skip)
        through, over = (PixelImage(self.lesson.image, self.theme, TRAVELLER, role) for role in ("data", "skip"))
        at_end = block.junction[0] if skip else block.boxes[-1][0].get_right()[0]
        detour = 2 * block.rise if skip else 0.0
        total = block.exit[0] - block.entry[0] + detour
        over_top = block.entry[1] + block.rise
        corners = np.array([block.fork[:2], (block.fork[0], over_top), (at_end, over_top), (at_end, block.entry[1])])
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        # Between the layers flow many channels, not an image: there is nothing to show from the first to the last.
        inside = block.boxes[0][0].get_left()[0], block.boxes[-1][0].get_right()[0]

        def draw(progress: float) -> None:
            gone = progress * total
            x = block.entry[0] + gone
            if skip:  # what came through the layers waits at the sum for what came over them
                x = min(x, at_end) if x < at_end + detour else x - detour
            passed = self.lesson.branch[skip, 0] if x <= at_end else self.lesson.output[skip, 0]
            through.values = self.lesson.image if x < inside[0] else passed
            room = min(block.exit[0] - x, max(inside[0] - x, x - inside[1]))
            through.resize([x, block.entry[1], 0], TRAVELLER * float(np.clip(2 * room, 0, 1)))
            way = np.clip(gone - (block.fork[0] - block.entry[0]), 0, along[-1])
            place = [np.interp(way, along, corners[:, i]) for i in (0, 1)]
            over.resize([*place, 0], TRAVELLER * float(np.clip(3 * min(way, along[-1] - way), 0, 1)) * skip)

        return Draw(VGroup(through, over), draw, remover=True, **kwargs)

    def train(self, **kwargs: object) -> Animation:
        """Training runs from the first step to the last."""

        def draw(progress: float) -> None:
            self.step = progress * self.lesson.steps
            self.upto[int(self.skip)] = max(self.step, 1e-6)
            self.show()

        return Draw(self.moving, draw, **kwargs)

    def recall(self, side: int, **kwargs: object) -> Animation:
        """The curve of the other block is drawn, whole."""

        def draw(progress: float) -> None:
            self.upto[side] = max(progress * self.lesson.steps, 1e-6)
            self.show()

        return Draw(VGroup(*self.charts), draw, **kwargs)

    def strips(self, steps: Sequence[int]) -> VGroup:
        """Outputs of both blocks after some steps, side by side under their names."""
        middle = (self.stage.left + self.stage.right) / 2
        halves = [(self.stage.left, middle - 0.25), (middle + 0.25, self.stage.right)]
        both = VGroup()
        for i, ((key, role, _), (left, right)) in enumerate(zip(SIDES, halves, strict=True)):
            side = min(CARD, (right - left) / len(steps) - 0.12) if not self.stage.wide else 1.4
            y = (self.diagram.entry[1] + self.row) / 2 - 0.1
            name = Label(self.words[key], self.theme, "heading", role, "bold")
            both.add(name.next_to([left, 0, 0], RIGHT, buff=0).on_line(y + side / 2 + 0.62))
            for k, step in enumerate(steps):
                centre = left + side / 2 + 0.04 + k * (right - left - side - 0.08) / (len(steps) - 1)
                picture = PixelImage(self.lesson.output[i, self.lesson.seen(step)], self.theme, side, "faint")
                caption = Label(f"{self.words['step']} {step}", self.theme, "small", "muted")
                both.add(picture.place([centre, y, 0]), caption.move_to([centre, 0, 0]).on_line(y + side / 2 + 0.16))
            picture.recolour(role, self.theme)
        return both
