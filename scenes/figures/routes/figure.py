"""The product (1 + F′)(1 + F′)… multiplied out on the road: a summand for every route."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, Animation, ManimColor, VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.routes.road import RouteRoad
from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Formula, Label, Readout
from scenes.kit.drawing.theme import Theme

CELL = 0.5  # height of a summand's box
Taken = tuple[bool, ...]  # by block, from the last one back: True is the toll


class RouteFigure:
    """``blocks`` blocks of road, a factor over each, and under them a box per summand, heaped by tolls paid.

    ``form``: how a block is written, as the claims tell it. ``words``: input, loss, tolls. ``still`` stands; ``moving``
    is redrawn. Animations are returned.
    """

    def __init__(self, stage: Stage, theme: Theme, words: Mapping[str, str], blocks: int, form: str = "bare") -> None:
        self.theme, self.blocks = theme, blocks
        self.scaled, self.post = "scaled" in form, "post" in form
        stretch = stage.stretch
        inset = 1.6 if stage.wide else 1.25
        y = stage.top - 3.0 * stretch
        self.road = RouteRoad(stage.left + inset, stage.right - inset, y, blocks, theme)
        self.factors = VGroup(*(self._factor(block, y + 1.32) for block in range(1, blocks + 1)))
        self.trail = VMobject(stroke_color=theme.gradient, stroke_width=11)
        self.head = VMobject(stroke_width=0, fill_color=theme.gradient, fill_opacity=1)
        self.mark = VMobject(stroke_color=theme.background, stroke_width=4)
        self.bottom = stage.top - 5.72 * stretch
        self.pitch = (stage.right - stage.left) / (blocks + 1)
        self.columns = stage.left + self.pitch * (np.arange(blocks + 1) + 0.5)
        self.order = self._order()
        self.terms = {taken: self._term(taken) for taken in self.order[-1]}
        self.cells = VMobject(stroke_color=theme.faint, stroke_width=3, fill_color=theme.panel, fill_opacity=1)
        self.lit = VMobject(stroke_color=theme.gradient, stroke_width=5, fill_color=theme.panel, fill_opacity=1)
        self.still = VGroup(self.road.ground, *self._names(words, y))
        self.axis = self._axis(words["tolls"], stage)
        self.moving = VGroup(
            self.road.overpasses,
            self.trail,
            self.road.tolls,
            self.head,
            self.mark,
            self.factors,
            self.cells,
            self.lit,
            *self.terms.values(),
        )
        self.show(0.0)

    # what there is

    def _order(self) -> list[list[Taken]]:
        """Routes through the last 1, 2, … blocks, in the order they are driven: first those that take the newest
        block's overpass, and so bring no new summand."""
        stages = []
        for count in range(1, self.blocks + 1):
            routes = [tuple(choice) for choice in product((False, True), repeat=count)]
            stages.append(sorted(routes, key=lambda taken: (taken[::-1], sum(taken))))
        return stages

    def _factor(self, block: int, y: float) -> Formula:
        written = f"(1 + {'beta ' * self.scaled}F'_{block})"
        written = f"phi'_{block} {written}" if self.post else written
        factor = Formula(written, self.theme, "title" if self.road.pitch > 2 else "heading")
        return factor.move_to([self.road.centre(block), y, 0])

    def _slot(self, taken: Taken) -> NDArray[np.float64]:
        """Where a summand's box stands: over the number of tolls its route pays, on those that were there before it."""
        padded = self._padded(taken)
        before = [other for other in self.order[-1] if sum(other) == sum(padded)]
        row = before.index(padded)
        return np.array([self.columns[sum(padded)], self.bottom + CELL * (row + 0.5)])

    def _padded(self, taken: Taken) -> Taken:
        """The same summand among those of all blocks."""
        return taken + (False,) * (self.blocks - len(taken))

    def _term(self, taken: Taken) -> Formula:
        paid = [self.blocks - i for i, toll in enumerate(taken) if toll]
        beta = ("beta " if len(paid) == 1 else f"beta^{len(paid)} ") if paid and self.scaled else ""
        source = beta + " ".join(f"F'_{block}" for block in sorted(paid)) or "1"
        return Formula(source, self.theme, "heading").move_to([*self._slot(taken), 0])

    def _names(self, words: Mapping[str, str], y: float) -> list[Label]:
        source = Label(words["input"], self.theme, "body", "data", "bold")
        source.next_to([self.road.left - 0.3, 0, 0], LEFT, buff=0).on_line(y - 0.08)
        loss = Label(words["loss"], self.theme, "body", "gradient", "bold")
        loss.next_to([self.road.right + 0.3, 0, 0], RIGHT, buff=0).on_line(y - 0.08)
        return [source, loss]

    def _axis(self, words: str, stage: Stage) -> VGroup:
        line = VMobject(stroke_color=self.theme.faint, stroke_width=2.5)
        line.set_points(shapes.lines([(stage.left, self.bottom - 0.04)], [(stage.right, self.bottom - 0.04)]))
        marks = VGroup()
        for tolls, x in enumerate(self.columns):
            anchor = [x, self.bottom - 0.33, 0]
            marks.add(Readout(self.theme, anchor, ORIGIN, "small", "muted").show(str(tolls)))
        name = Label(words, self.theme, "small", "muted")
        name.move_to([(stage.left + stage.right) / 2, 0, 0]).on_line(self.bottom - 0.65)
        return VGroup(line, marks, name)

    # what moves

    def show(self, grown: float, driven: float = 0.0) -> None:
        """Draw ``grown`` blocks, and of the whole blocks' routes those driven so far: a share of their joint length."""
        self.grown = grown
        self.road.show(grown)
        stage = int(grown + 1e-9)
        current, trail, done = self._drive(stage, driven)
        self.trail.set_points(shapes.polyline(trail))
        tip = trail[-1:]
        self.head.set_points(shapes.circles(tip, 0.17))
        wedge = [(0.06, 0.08), (-0.06, 0.0), (0.06, -0.08)]
        self.mark.set_points(shapes.polyline(tip + wedge) if len(tip) else shapes.NOTHING)
        for block, factor in enumerate(self.factors, start=1):
            self._paint_factor(factor, block, grown, current)
        slots = np.array([self._slot(taken) for taken in done]).reshape(-1, 2)
        width = min(self.pitch - 0.12, 2.3)
        self.cells.set_points(shapes.rounded_boxes(slots, width, CELL - 0.06, 0.08))
        here = np.array([self._slot(current)]) if current else np.zeros((0, 2))
        self.lit.set_points(shapes.rounded_boxes(here, width, CELL - 0.06, 0.08))
        shown = {self._padded(taken) for taken in [*done, *([current] if current else [])]}
        for taken, term in self.terms.items():
            lit = current is not None and taken == self._padded(current)
            colour = self.theme.gradient if lit else self.theme.ink
            self._ink(term, colour, float(taken in shown))

    def _drive(self, stage: int, driven: float) -> tuple[Taken | None, NDArray[np.float64], list[Taken]]:
        """The route being driven, its trail so far, and the routes whose summands are there."""
        before = self.order[stage - 2] if stage >= 2 else []
        if not stage or driven <= 0:
            return None, np.zeros((0, 2)), list(before)
        routes = self.order[stage - 1]
        ways = [self.road.route(taken) for taken in routes]
        lengths = np.array([np.hypot(*np.diff(way, axis=0).T).sum() for way in ways])
        ends = np.cumsum(lengths) / lengths.sum()
        i = min(int(np.searchsorted(ends, driven, side="right")), len(routes) - 1)
        begun = 0.0 if i == 0 else ends[i - 1]
        if driven >= 1:
            return None, np.zeros((0, 2)), list(routes)
        share = (driven - begun) / (ends[i] - begun)
        at = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(ways[i], axis=0).T))])
        reach = share * at[-1]
        tip = [np.interp(reach, at, ways[i][:, axis]) for axis in (0, 1)]
        trail = np.concatenate([ways[i][at < reach], [tip]])
        return routes[i], trail, [*dict.fromkeys(self._padded(taken) for taken in [*before, *routes[:i]])]

    def _paint_factor(self, factor: Formula, block: int, grown: float, current: Taken | None) -> None:
        """Light what the current route takes of a factor: its 1, or its F′, with β."""
        place = self.blocks - block  # counted from the last block
        there = float(np.clip(grown - place, 0, 1))
        self._ink(factor, self.theme.ink, there)
        if current is not None and place < len(current):
            factor.set_fill(self.theme.muted, 1.0)
            first = 3 * self.post  # the letters of φ′ stand before the bracket
            taken = range(3, 6 + self.scaled) if current[place] else (1,)
            for i in taken:
                factor[first + i].set_fill(self.theme.gradient, 1.0)

    def _ink(self, formula: Formula, colour: str, opacity: float) -> None:
        """Colour a formula; what is not there has no halo either."""
        formula.set_fill(ManimColor(colour), opacity)
        if self.theme.halo:
            formula.set_stroke(self.theme.background, self.theme.halo, opacity, background=True)

    def grow(self, blocks: int, **kwargs: object) -> Animation:
        """One more block joins at the left."""
        begin = self.grown

        def draw(progress: float) -> None:
            grown = begin + (blocks - begin) * progress
            self.show(grown, float(int(grown + 1e-9) == int(begin + 1e-9)))  # until it is there, what was driven stays

        return Draw(self.moving, draw, **kwargs)

    def drive(self, **kwargs: object) -> Animation:
        """All routes through the blocks there are, one after the other, at one speed."""
        return Draw(self.moving, lambda progress: self.show(self.grown, max(progress, 1e-6)), **kwargs)
