"""The derivative of a residual block as equations: from H = F + x to the backward step and to matrices.

With a branch that is weighed, F is βF; with an activation behind the sum, H = φ(F + x), whose derivative is a factor of
its own. Letters that two equations share have one name, so that they can travel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Animation, VGroup
from manim.typing import Point3D

from scenes.figures.valley.land import point
from scenes.kit.drawing.camera import eased
from scenes.kit.drawing.equations import Equation, middle, turn
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

OF_BRANCH = ("F", "dF", "dxF", "xF", "barF", "JF", "beta")
GAP = "#h(0.55em)"  # room for the box around the 1
Place = tuple[float, float, float]


@dataclass(frozen=True)
class Sources:
    """The equations in Typst, each with the names of its letters; ``scaled``: with β; ``outer``: with φ."""

    scaled: bool = False
    outer: bool = False

    def _in(self, source: str, names: str, before: tuple[str, str], brackets: bool = False) -> tuple[str, str]:
        """What is added, behind what stands before it if there is an activation, in brackets where they are needed."""
        if not (self.outer or brackets):
            return source, names
        lead, lead_names = before if self.outer else ("", "")
        return f"{lead} ({source})", f"{lead_names} open {names} close"

    @property
    def _beta(self) -> tuple[str, str]:
        return ("beta", "beta ") if self.scaled else ("", "")

    def total(self) -> tuple[str, str]:
        beta, name = self._beta
        source, names = self._in(f"{beta} F + x", f"{name}F + x", ("phi", "phi"))
        return f"H = {source}", f"H = {names}"

    def terms(self) -> tuple[str, str]:
        beta, name = self._beta
        inner = f"{beta} frac(partial F, partial x) + frac(partial x, partial x)"
        source, names = self._in(inner, f"{name}dF F dxF xF barF + d x dx xx bar", ("phi'", "phi prime"))
        return f"frac(partial H, partial x) = {source}", f"dH H dxH xH barH = {names}"

    def one(self) -> tuple[str, str]:
        beta, name = self._beta
        inner = f"{beta} frac(partial F, partial x) + {GAP} bold(1) {'' if not self.outer else GAP}"
        source, names = self._in(inner, f"{name}dF F dxF xF barF + one", ("phi'", "phi prime"))
        return f"frac(partial H, partial x) = {source}", f"dH H dxH xH barH = {names}"

    def chain(self) -> tuple[str, str]:
        beta, name = self._beta
        inner = f"{beta} frac(partial F, partial x) + {GAP} bold(1) {GAP}"
        source, names = self._in(inner, f"{name}dF F dxF xF barF + one", ("phi'", "phi prime"), brackets=True)
        left = "frac(partial L, partial x) = frac(partial L, partial H) dot.c"
        return f"{left} {source}", f"dL L dxH xH barH = dLH LH dH H barLH dot {names}"

    def matrices(self) -> tuple[str, str]:
        beta, name = self._beta
        inner = f"{beta} J_F + {GAP} bold(I) {GAP if self.outer else ''}"
        source, names = self._in(inner, f"{name}JF F + I", ("D", "D"))
        return f"J_H = {source}", f"JH H = {names}"


class Derivation:
    """The equation on the glass: ``holder`` is the mobject, its middle at height ``y``; gestures are returned.

    ``width`` is what there is room for, ``height`` how high a fraction is at least, if it fits.
    """

    def __init__(self, stage: Stage, theme: Theme, sources: Sources, y: float, width: float, height: float) -> None:
        self.stage, self.theme, self.sources, self.y = stage, theme, sources, y
        self.width, self.height = width, height
        longest = self._sized(sources.chain(), 1.0, "one")
        self.scale = min(height / longest.height, width / longest.width)
        self.broad = longest.width * self.scale
        self.holder = VGroup(self._equation(sources.total()))

    def _sized(self, written: tuple[str, str], scale: float, boxed: str | None = None) -> Equation:
        tints = dict.fromkeys((name for name in OF_BRANCH if name in written[1].split()), "branch")
        if boxed:
            tints[boxed] = "skip"
        return Equation(*written, self.theme, self.y, scale, tints, boxed)

    def _equation(self, written: tuple[str, str], boxed: str | None = None) -> Equation:
        """As large as there is room for: short equations larger than long ones, up to 1.35 times."""
        natural = self._sized(written, 1.0, boxed)
        scale = min(1.35 * self.scale, self.width / natural.width, self.height / natural.height)
        return self._sized(written, scale, boxed)

    @property
    def equation(self) -> Equation:
        return self.holder.submobjects[-1]

    def arrive(self, world: World, places: Mapping[str, Place], when: Mapping[str, float], **kwargs: Any) -> Animation:
        """Letters come out of places of the world and fly to theirs; ``when`` each sets out, as a share of the
        gesture; the others fade in with the last one."""
        equation = self.equation
        ends = {name: letter.points.copy() for name, letter in equation.letters.items()}
        last = max(when.values())

        def draw(progress: float) -> None:
            for name, end in ends.items():
                begin = when.get(name, last)
                share = eased(progress, begin, min(1.0, begin + 0.34))
                letter = equation.letters[name]
                goal = middle(end)
                start = goal if name not in places else on_glass(world, places[name])
                place = goal * share + start * (1 - share)
                letter.set_points((end - goal) * (0.35 + 0.65 * share if name in places else 1.0) + place)
                equation.fade_letter(name, min(1.0, 3 * share))

        return Draw(self.holder, draw, **kwargs)

    def differentiate(self, **kwargs: Any) -> Animation:
        """Term by term: the letters make room, then each goes under a ∂ of its own."""
        when = dict.fromkeys(self.equation.letters, (0.0, 0.3))
        climbs = {}
        for term, (letter, suffix) in enumerate((("H", "H"), ("F", "F"), ("x", ""))):
            span = climbs[letter] = (0.18 + 0.27 * term, 0.46 + 0.27 * term)
            names = (f"d{suffix}", f"dx{suffix}", f"x{suffix or 'x'}", f"bar{suffix}")
            when |= dict.fromkeys(names, span)
        return turn(self.holder, self._equation(self.sources.terms()), when=when, climbs=climbs, **kwargs)

    def work_out(self, **kwargs: Any) -> Animation:
        """∂x/∂x gathers into a boxed 1."""
        becomes = {"one": ("d", "x", "dx", "xx", "bar")}
        return turn(self.holder, self._equation(self.sources.one(), "one"), becomes, **kwargs)

    def step_back(self, **kwargs: Any) -> Animation:
        """The sum stands in the chain rule: what reaches H, times it, is what reaches x."""
        return turn(self.holder, self._equation(self.sources.chain(), "one"), **kwargs)

    def to_matrices(self, **kwargs: Any) -> Animation:
        """Each derivative becomes a matrix, and the 1 the identity."""
        becomes = {"JH": ("dH", "dxH", "xH", "barH"), "JF": ("dF", "dxF", "xF", "barF"), "I": ("one",)}
        if self.sources.outer:
            becomes["D"] = ("phi", "prime")
        return turn(self.holder, self._equation(self.sources.matrices(), "I"), becomes, **kwargs)

    def let_go(self, place: tuple[float, float], size: float, **kwargs: Any) -> Animation:
        """All letters fade but the boxed one, which flies to a place on the glass, its box ``size`` high."""
        equation = self.equation
        kept = equation.boxed or ""
        points = equation.letters[kept].points.copy()
        begin, end = middle(points), np.array([*place, 0.0])
        small = size / float(equation.side[1])

        def draw(progress: float) -> None:
            for name in equation.letters:
                if name != kept:
                    equation.fade_letter(name, max(0.0, 1 - 2 * progress))
            at, grown = begin + (end - begin) * progress, 1 + (small - 1) * progress
            equation.letters[kept].set_points((points - begin) * grown + at)
            equation.draw_box(at, grown)

        return Draw(self.holder, draw, **kwargs)

    def begin_again(self) -> VGroup:
        """The derivative with its 1, as a new mobject on the glass."""
        self.holder = VGroup(self._equation(self.sources.one(), "one"))
        return self.holder


def on_glass(world: World, place: Place) -> Point3D:
    """Where a place of a valley is seen, in the frame's units."""
    view, unit = world.view, world.stage.width
    x, y = point(*place)
    return np.array([(x - view.x) / view.width * unit, (y - view.y) / view.width * unit, 0.0])
