"""Equations that turn into each other: what stays travels to its new place, what is worked out gathers into its result.

Every letter of an equation has a name; letters of two equations that share a name are the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from manim import Animation, VGroup, VMobject, interpolate_color, linear, smooth
from manim.typing import Point3D
from numpy.typing import NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Formula
from scenes.kit.drawing.theme import Theme

AIR = 0.14  # between a boxed letter and its box, at the title's size


class Equation(Formula):
    """A formula at ``scale`` times the title's size, its relation sign at height ``y``.

    ``names`` are those of its letters, in the order of writing (a fraction's bar comes after its denominator) and
    parted by spaces; bars are named ``bar…``. ``tints`` gives letters a role of the theme other than ink; the letter
    ``boxed`` stands in a box of its own colour.
    """

    def __init__(
        self,
        source: str,
        names: str,
        theme: Theme,
        y: float,
        scale: float = 1.0,
        tints: Mapping[str, str] | None = None,
        boxed: str | None = None,
    ) -> None:
        super().__init__(source, theme, "title")
        self.theme, self.boxed = theme, boxed
        self.letters: dict[str, VMobject] = dict(zip(names.split(), list(self.submobjects), strict=True))
        for name, role in (tints or {}).items():
            self.letters[name].set_fill(getattr(theme, role))
        self.scale(scale)
        self.shift(-self.get_center()).shift([0, y - self.letters["="].get_center()[1], 0])
        self.bars = {name for name in self.letters if name.startswith("bar")}
        for name in self.bars:
            self.letters[name].set_stroke(getattr(theme, (tints or {}).get(name, "ink")))
        self.box, self.side = VMobject(), np.zeros(2)
        if boxed is not None:
            letter = self.letters[boxed]
            side = max(letter.width, letter.height) + 2 * AIR * scale
            self.side = np.array([side, side])
            self.box.set_stroke(letter.get_fill_color(), width=3.2 * scale**0.5)
            self.draw_box(letter.get_center(), 1.0)
        self.add(self.box)
        self._natural_height = self.height / scale  # with its box

    def draw_box(self, centre: Point3D, size: float) -> None:
        """The box around a place; a ``size`` below 1 is one that grows."""
        side = self.side * size
        self.box.set_points(shapes.rounded_boxes([centre[:2]], side[0], side[1], 0.18 * side[0]))

    def fade_letter(self, name: str, share: float) -> None:
        """Show a letter as far as ``share`` (0 … 1) says."""
        letter = self.letters[name]
        letter.set_fill(opacity=0 if name in self.bars else share)
        letter.set_stroke(opacity=share)
        if self.theme.halo:
            letter.set_stroke(opacity=share, background=True)


def turn(
    holder: VGroup,
    new: Equation,
    becomes: Mapping[str, Sequence[str]] | None = None,
    when: Mapping[str, tuple[float, float]] | None = None,
    climbs: Mapping[str, tuple[float, float]] | None = None,
    lifts: Mapping[str, float] | None = None,
    **kwargs: Any,
) -> Animation:
    """The equation in ``holder`` turns into ``new``.

    ``becomes`` names letters that are worked out: new letter → the old ones that gather in it. Other letters without a
    namesake fade. ``when`` gives letters a part of the gesture of their own (begin, end as shares of it), ``climbs``
    one for the way up or down alone, ``lifts`` an arc to travel on, as high as its middle.
    """
    gesture = Turn(holder, new, becomes or {}, when or {}, climbs or {}, lifts or {})
    return Draw(holder, gesture.draw, **{"rate_func": linear, **kwargs})  # each letter is eased by itself


class Turn:
    """One equation on its way to another: where each letter is, and how far it is seen, after a share of the way."""

    def __init__(
        self,
        holder: VGroup,
        new: Equation,
        becomes: Mapping[str, Sequence[str]],
        when: Mapping[str, tuple[float, float]],
        climbs: Mapping[str, tuple[float, float]],
        lifts: Mapping[str, float],
    ) -> None:
        (old,) = holder.submobjects
        holder.add(new)
        self.holder, self.old, self.new = holder, old, new
        self.becomes, self.when, self.climbs, self.lifts = becomes, when, climbs, lifts
        self.gathered = {one: target for target, several in becomes.items() for one in several}
        self.ends = ends = {name: letter.points.copy() for name, letter in new.letters.items()}
        self.starts = starts = {name: letter.points.copy() for name, letter in old.letters.items()}
        self.colours = {name: letter.get_fill_color() for name, letter in new.letters.items()}
        self.old_colours = {name: letter.get_fill_color() for name, letter in old.letters.items()}
        self.first = {
            name: middle(np.concatenate([starts[one] for one in becomes[name]]))
            if name in becomes
            else middle(ends[name])
            for name in ends
        } | {name: middle(starts[name]) for name in ends if name in starts}
        self.widths = {
            name: (old.letters[name].get_stroke_width(), new.letters[name].get_stroke_width())
            for name in ends
            if name in starts
        }

    def draw(self, progress: float) -> None:
        """Everything after a share of the gesture."""
        for name in self.new.letters:
            self._arriving(name, progress)
        for name in self.old.letters:
            self._leaving(name, progress)
        old, new = self.old, self.new
        if new.boxed is not None:
            p = self._share(new.boxed, progress)
            begin = float(old.side[0] / new.side[0])
            new.draw_box(self._place(new.boxed, progress), begin * (1 - p) + p if begin else max(0.0, 2 * p - 1))
        old.box.set_stroke(opacity=0)
        if progress >= 1:
            self.holder.remove(old)

    def _share(self, name: str, progress: float, own: Mapping[str, tuple[float, float]] | None = None) -> float:
        part = self.when.get(name, (0.0, 1.0))
        begin, end = part if own is None else own.get(name, part)
        return smooth(float(np.clip((progress - begin) / (end - begin), 0, 1)))

    def _place(self, name: str, progress: float) -> Point3D:
        """Where the middle of a new letter is."""
        p, up = self._share(name, progress), self._share(name, progress, self.climbs)
        at = self.first[name] + (middle(self.ends[name]) - self.first[name]) * [p, up, 0]
        return at + [0, self.lifts.get(name, 0.0) * np.sin(np.pi * p), 0]

    def _arriving(self, name: str, progress: float) -> None:
        letter, end = self.new.letters[name], self.ends[name]
        p, place = self._share(name, progress), self._place(name, progress)
        if name in self.starts:
            size = extent(self.starts[name]) * (1 - p) + extent(end) * p
            letter.set_points((end - middle(end)) * (size / extent(end)) + place)
            if name in self.new.bars:
                letter.set_stroke(width=self.widths[name][0] * (1 - p) + self.widths[name][1] * p)
            else:
                letter.set_fill(interpolate_color(self.old_colours[name], self.colours[name], p))
        else:
            worked_out = name in self.becomes
            letter.set_points((end - middle(end)) * max(2 * p - 1 if worked_out else p, 1e-3) + place)
            self.new.fade_letter(name, max(0.0, 2 * p - 1) if worked_out else p)

    def _leaving(self, name: str, progress: float) -> None:
        old, letter = self.old, self.old.letters[name]
        if name in self.new.letters:
            old.fade_letter(name, 0)
            return
        target = self.gathered.get(name)
        p = self._share(target or name, progress)
        centre = middle(self.starts[name])
        goal = self._place(target, progress) if target else centre
        letter.set_points((self.starts[name] - centre) * max(1 - p, 1e-3) + centre * (1 - p) + goal * p)
        if target and name not in old.bars:  # what is worked out takes its result's colour first
            letter.set_fill(interpolate_color(self.old_colours[name], self.colours[target], min(1.0, 3 * p)))
        old.fade_letter(name, 1 - max(0.0, 1.5 * p - 0.5))


def middle(points: NDArray[np.float64]) -> Point3D:
    """The centre of the box around points."""
    return (points.min(axis=0) + points.max(axis=0)) / 2


def extent(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sides of the box around points; 1 for a side that has no length."""
    sides = np.ptp(points, axis=0)
    return np.where(sides > 1e-9, sides, 1.0)
