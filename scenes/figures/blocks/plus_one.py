"""Equations over the block they speak of; then, smaller, over a plain and a residual chain with the same weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manim import LEFT, RIGHT, Animation, VGroup, VMobject

from scenes.figures.blocks.chain import BAR_LINE, THICK, THIN, Chain, Copy, Measured
from scenes.figures.blocks.diagram import BlockDiagram
from scenes.kit.drawing import shapes
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.equations import Equation, turn
from scenes.kit.drawing.page import Page
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, text_width
from scenes.kit.drawing.theme import Theme

MOST = {True: 12, False: 6}  # blocks that are drawn, in wide formats and in others
BIG = {"16:9": 2.1, "1:1": 1.8, "9:16": 2.0}  # times the title's size: the equation over its block,
SMALL = {"16:9": 1.05, "1:1": 0.85, "9:16": 1.6}  # and over the chains
OF_BRANCH = ("beta", "F", "dF", "dxF", "xF", "barF", "JF")


class Forms:
    """How the equations of a block are written, and what their letters are called: with β before F, where branches are
    weighed, and an activation φ around the sum, where one follows it. ``form``: see ``claims.signals.form``."""

    def __init__(self, form: str) -> None:
        self.beta = ("beta ", "beta ") if "scaled" in form else ("", "")
        self.post = "post" in form

    def sum(self) -> tuple[str, str]:
        return self._equation("H =", "H =", "F", "F", "x", "x", ("phi (", "phi ("))

    def terms(self) -> tuple[str, str]:
        """Before anything is worked out."""
        return self._derivative("frac(partial x, partial x)", "d x dx xx bar")

    def one(self) -> tuple[str, str]:
        return self._derivative("#h(0.7em) bold(1)", "one")

    def matrices(self) -> tuple[str, str]:
        return self._equation("J_H =", "JH H =", "J_F", "JF F", "#h(0.7em) bold(I)", "I", ("D (", "D ("))

    def identity_first(self) -> tuple[str, str]:
        source, names = "#h(0.75em) bold(I) #h(0.75em) + #h(0.3em)", "I +"
        branch = f"{self.beta[0]}J_F", f"{self.beta[1]}JF F"
        opened = ("D (", "D (") if self.post else ("", "")
        closed = ")" if self.post else ""
        return f"J_H = {opened[0]}{source} {branch[0]}{closed}", f"JH H = {opened[1]} {names} {branch[1]} {closed}"

    def _derivative(self, of_x: str, names: str) -> tuple[str, str]:
        return self._equation(
            "frac(partial H, partial x) =", "dH H dxH xH barH =",
            "frac(partial F, partial x)", "dF F dxF xF barF", of_x, names, ("phi' (", "phi prime ("),
        )  # fmt: skip

    def _equation(
        self, left: str, left_names: str, branch: str, branch_names: str, x: str, x_names: str, outer: tuple[str, str]
    ) -> tuple[str, str]:
        opened, closed = (outer, ")") if self.post else (("", ""), "")
        source = f"{left} {opened[0]}{self.beta[0]}{branch} + {x}{closed}"
        return source, f"{left_names} {opened[1]} {self.beta[1]}{branch_names} + {x_names} {closed}"


def axis_of(stage: Stage) -> Axis:
    """Where the chains stand: between the numbers at their ends."""
    return Axis(stage.left + (1.6 if stage.wide else 1.3), stage.right - (1.25 if stage.wide else 1.0))


def most_blocks(stage: Stage, gains: Sequence[str]) -> int:
    """How many blocks there is room for with gains so long under them; two at least."""
    axis, widest = axis_of(stage), max(text_width(gain, "small") for gain in gains)
    return max(2, min(MOST[stage.wide], int((axis.right - axis.left) / (widest + 0.15))))


class PlusOneFigure(Page):
    """The figure's parts and how they change; animations are returned, not played.

    ``words``: title, line, plain, residual, input, loss, sum, output, note (on the chains), copy, branch.
    ``layers``: (what it computes, its name) of each layer of the block, and what acts after the sum, if anything.
    ``form``: how a block is written, as the claims tell it.
    Parts: ``frame`` (title and line), ``block``, ``equation``; then ``heads`` (what stands still around each chain),
    ``chains``, ``key`` to the bars, and ``copy``.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        words: Mapping[str, str],
        measured: Sequence[Measured],
        layers: tuple[Sequence[tuple[str, str]], str],
        form: str,
    ) -> None:
        self.stage, self.theme, self.words = stage, theme, words
        self.stretch, self.forms = stage.stretch, Forms(form)
        self.big, self.small = BIG[stage.aspect], SMALL[stage.aspect]
        self.equation_y = self._down(2.3)
        self.frame = self._chapter_head(words["title"], words["line"])
        boxes, after = layers
        self.block = BlockDiagram(
            stage.left + (0.9 if stage.wide else 0),
            stage.right - (0.9 if stage.wide else 0),
            self._down(5.1),
            boxes,
            theme,
            skip=True,
            after=after,
            ends=[words[name] for name in ("input", "sum", "output")] if stage.wide else (),
        )
        self.equation = VGroup(self._equation(*self.forms.sum()))
        self.axis = axis_of(stage)
        rows = [self._down(2.92), self._down(4.9)]
        self.chains = [
            Chain(self.axis, y, theme, bool(skip), one, stage.left)
            for skip, (y, one) in enumerate(zip(rows, measured, strict=True))
        ]
        self.heads = [self._head(words["plain"], rows[0], 0.56), self._head(words["residual"], rows[1], 0.78)]
        note = Label(words["note"], theme, "small", "muted")
        self.heads[0].add(note.next_to([stage.right, 0, 0], LEFT, buff=0).on_line(rows[0] + 0.56))
        self.key = self._key(rows[1] - BAR_LINE - 0.42)
        self.copy = Copy(self.chains[1], theme, "" if after else "1")

    def _down(self, y: float) -> float:
        return self.stage.top - y * self.stretch

    def _head(self, name: str, y: float, above: float) -> VGroup:
        """Heading, and the names of the chain's two ends with the loss's own signal, 1."""
        source = self._left(self.words["input"], y + 0.09, "small", "data", "bold")
        loss = Label(self.words["loss"], self.theme, "small", "gradient", "bold")
        loss.next_to([self.stage.right, 0, 0], LEFT, buff=0).on_line(y + 0.09)
        one = Label("1", self.theme, "heading", "gradient", "bold").move_to(loss).on_line(y - 0.29)
        return VGroup(self._left(name, y + above, "heading", "ink", "bold"), source, loss, one)

    def _key(self, y: float) -> VGroup:
        """What the two parts of a bar are."""
        copy, branch = (Label(self.words[name], self.theme, "small", "muted") for name in ("copy", "branch"))
        at = self.axis.left if self.stage.wide else self.stage.left
        thick = VMobject(stroke_width=0, fill_color=self.theme.skip, fill_opacity=1)
        thick.set_points(shapes.rounded_boxes([(at + 0.15, y + 0.08)], 0.3, THICK, 0.03))
        copy.next_to([at + 0.4, 0, 0], RIGHT, buff=0).on_line(y)
        at = copy.get_right()[0] + 0.45
        thin = VMobject(stroke_width=0, fill_color=self.theme.branch, fill_opacity=1)
        thin.set_points(shapes.rounded_boxes([(at + 0.15, y + 0.08)], 0.3, THIN, 0.02))
        branch.next_to([at + 0.4, 0, 0], RIGHT, buff=0).on_line(y)
        return VGroup(thick, copy, thin, branch)

    # equations

    def _equation(self, source: str, names: str, small: bool = False, boxed: str | None = None) -> Equation:
        tints = dict.fromkeys((name for name in OF_BRANCH if name in names.split()), "branch")
        if boxed:
            tints[boxed] = "skip"
        y, scale = (self._down(1.63 if self.stage.wide else 1.7), self.small) if small else (self.equation_y, self.big)
        found = Equation(source, names, self.theme, y, scale, tints, boxed)
        room = (self.stage.right - self.stage.left) / found.width
        return found if room >= 1 else Equation(source, names, self.theme, y, room * scale, tints, boxed)

    def differentiate(self, **kwargs: Any) -> Animation:
        """Term by term: the letters make room, then each goes under a ∂ of its own."""
        when = dict.fromkeys("H=F+x", (0.0, 0.3))
        climbs = {}
        for term, (letter, suffix) in enumerate((("H", "H"), ("F", "F"), ("x", ""))):
            span = climbs[letter] = (0.18 + 0.27 * term, 0.46 + 0.27 * term)
            names = (f"d{suffix}", f"dx{suffix}", f"x{suffix or 'x'}", f"bar{suffix}")
            when |= dict.fromkeys(names, span)
        return turn(self.equation, self._equation(*self.forms.terms()), when=when, climbs=climbs, **kwargs)

    def work_out(self, **kwargs: Any) -> Animation:
        """∂x/∂x gathers into a boxed 1."""
        becomes = {"one": ("d", "x", "dx", "xx", "bar")}
        return turn(self.equation, self._equation(*self.forms.one(), boxed="one"), becomes, **kwargs)

    def make_room(self, **kwargs: Any) -> Animation:
        """The equation goes up, smaller."""
        return turn(self.equation, self._equation(*self.forms.one(), small=True, boxed="one"), **kwargs)

    def to_matrices(self, **kwargs: Any) -> Animation:
        """Each derivative becomes a matrix, and the 1 the identity."""
        becomes = {"JH": ("dH", "dxH", "xH", "barH"), "JF": ("dF", "dxF", "xF", "barF"), "I": ("one",)}
        return turn(self.equation, self._equation(*self.forms.matrices(), small=True, boxed="I"), becomes, **kwargs)

    def put_identity_first(self, **kwargs: Any) -> Animation:
        """The two terms change places."""
        lifts = {"I": 0.3, "beta": -0.4, "JF": -0.4, "F": -0.4}
        new = self._equation(*self.forms.identity_first(), small=True, boxed="I")
        return turn(self.equation, new, lifts=lifts, **kwargs)
