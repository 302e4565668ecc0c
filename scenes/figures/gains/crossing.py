"""The smallest residual block, x + wx: cars of the shortcut, and cars of the branch that join them or meet them
head-on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from scenes.figures.walls.room import Room
from scenes.figures.walls.words import Words, at
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Colour, Floats, Pen, mix

GAP, SPEED = 0.44, 1.1  # world units from car to car, and a second
GOLDEN = 0.6180339887
SOFT = 0.07  # of a weight, in which a car comes or goes
LEAN = 50.0  # degrees that the lever leans at w = 1
FORMULA, NUMBER, NAME, SMALL = 92, 92, 56, 50  # px
Line = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Where things are, from the middle of the place: how far the lanes reach to the right, where they meet, where the
    branch turns to come head-on, the lanes' heights (shortcut, head-on, branch), the machine, the column's x, foot and
    height of 1, and words: formula, weight, shortcut, branch."""

    right: float
    meet: float
    turn: float
    lanes: tuple[float, float, float]
    machine: float
    column: tuple[float, float, float]
    formula: Line
    weight: Line
    names: tuple[Line, Line]


PLANS = {
    "16:9": Plan(
        6.2, 0.6, -2.7, (3.05, 2.62, 1.25), 3.0, (-4.3, 0.85, 1.6), (1.2, 4.35), (3.0, 0.32), ((4.8, 3.42), (5.0, 1.62))
    ),
    "1:1": Plan(
        4.3, 0.4, -1.6, (4.6, 4.15, 2.2), 1.6, (-2.9, 1.75, 1.7), (0.3, 6.05), (1.6, 1.05), ((2.9, 5.0), (2.95, 2.6))
    ),
    "9:16": Plan(
        3.3, 0.2, -0.95, (6.7, 6.25, 3.4), 1.1, (-2.0, 2.9, 2.1), (0.0, 8.35), (1.1, 2.2), ((1.9, 7.1), (2.2, 3.75))
    ),
}


class Crossing:
    """``weight`` is w, moved by a lever; ``gain`` (w,) the measured |dH/dx| at ``w`` (w,). ``x`` is its middle.
    ``words``: shortcut, branch, at_least."""

    def __init__(
        self, room: Room, x: float, w: Floats, gain: Floats, words: Mapping[str, str], numbers: Numbers
    ) -> None:
        self.room, self.x, self.w, self.gain, self.numbers = room, x, w, gain, numbers
        self.plan = plan = PLANS[room.stage.aspect]
        self.weight, self.said = 0.0, 1.0
        theme = room.theme
        room.lamps.append(self._lanes)
        room.lamps.append(self._drive)
        room.lamps.append(self._column)
        large = 1.0 if room.stage.wide else 0.9
        column, foot, _ = plan.column

        def words_at(said: str, spot: Line, px: float, tone: Colour) -> Words:
            return Words(room, partial(str, said), at(x + spot[0], spot[1]), px * large, tone, plate=0.5)

        self.texts = [
            words_at(words["shortcut"], plan.names[0], NAME, theme.skip),
            words_at(words["branch"], plan.names[1], NAME, theme.branch),
            words_at(words["at_least"], (column, foot - 0.5), SMALL, room.paints.ink),
            Words(room, self.equation, at(x + plan.formula[0], plan.formula[1]), FORMULA * large, plate=0.5),
            Words(room, self.lever_words, at(x + plan.weight[0], plan.weight[1]), NAME * large, theme.branch),
            Words(
                room,
                self.total_words,
                lambda view: (x + column, self.level(self.total()) + 0.14),
                NUMBER,
                theme.gradient,
            ),
        ]

    def total(self) -> float:
        return float(np.interp(self.weight, self.w, self.gain))

    def equation(self) -> str:
        decimal = self.numbers.decimal
        sign = "−" if self.weight < 0 else "+"
        return f"dH/dx = 1 {sign} {decimal(abs(self.weight))}"

    def lever_words(self) -> str:
        return f"w = {self.numbers.decimal(self.weight)}"

    def total_words(self) -> str:
        return self.numbers.decimal(self.total())

    def level(self, value: float) -> float:
        """The height of a value in the column."""
        _, foot, one = self.plan.column
        return foot + value * one

    # what stands

    def _lanes(self, pen: Pen, view: View) -> None:
        plan, x, theme = self.plan, self.x, self.room.theme
        left, right = view.seen(0.5)
        if x + plan.right < left or x - plan.right > right:
            return
        column = plan.column[0]
        self._lane(pen, [(plan.right, plan.lanes[0]), (column, plan.lanes[0])], theme.skip)
        joins, meets = eased(self.weight, 0.0, 0.1), eased(-self.weight, 0.0, 0.1)
        if joins > 0:
            self._lane(pen, self.joining(), theme.branch, joins)
        if meets > 0:
            self._lane(pen, self.opposing(), theme.branch, meets)
        y, at_x = plan.lanes[2], x + plan.machine
        pen.rounded(at_x - 0.75, y - 0.5, 1.5, 1.0, 0.12).fill(theme.panel, 0.95)
        pen.rounded(at_x - 0.75, y - 0.5, 1.5, 1.0, 0.12).stroke(theme.branch, pen.px(6))
        lean = math.radians(90 - LEAN * self.weight)
        foot = (at_x, y + 0.1)
        knob = (at_x + 1.05 * math.cos(lean), y + 0.1 + 1.05 * math.sin(lean))
        pen.polygon([foot, knob], close=False).stroke(mix(theme.branch, "#808890", 0.5), 0.12)
        pen.circle(*foot, 0.14).fill(mix(theme.branch, "#000000", 0.4))
        pen.circle(*knob, 0.19).fill(theme.branch)
        pen.circle(knob[0] - 0.05, knob[1] + 0.06, 0.06).fill("#FFFFFF", 0.6)

    def joining(self) -> list[Line]:
        """The branch's way if it adds: up into the shortcut's."""
        plan = self.plan
        ramp = 0.5 * (plan.machine - 0.75 - plan.meet) if plan.machine - 0.75 > plan.meet else 0.3
        return [
            (plan.right, plan.lanes[2]),
            (plan.meet + max(ramp, 0.3), plan.lanes[2]),
            (plan.meet, plan.lanes[1]),
            (plan.column[0], plan.lanes[1]),
        ]

    def opposing(self) -> list[Line]:
        """Its way if it takes away: beneath, round, and back against the shortcut's."""
        plan = self.plan
        (_, high, low), turn = plan.lanes, plan.turn
        radius = (high - low) / 2
        bend = [
            (turn - 0.55 * radius * math.sin(a), low + radius - radius * math.cos(a))
            for a in np.linspace(0, math.pi, 13)
        ]
        return [(plan.right, low), *bend, (plan.meet, high)]

    def _lane(self, pen: Pen, path: Sequence[Line], tone: str, alpha: float = 1.0) -> None:
        points = [(self.x + px, py) for px, py in path]
        pen.polygon(points, close=False).stroke(tone, 0.34, 0.22 * alpha)
        pen.polygon(points, close=False).stroke(tone, pen.px(3), 0.5 * alpha, dash=(0.16, 0.14))

    # what drives

    def _drive(self, pen: Pen, view: View) -> None:
        plan, theme = self.plan, self.room.theme
        left, right = view.seen(0.5)
        if self.x + plan.right < left or self.x - plan.right > right:
            return
        moved = SPEED * self.room.time
        straight = [(plan.right, plan.lanes[0]), (plan.column[0], plan.lanes[0])]
        to_meet = plan.right - plan.meet
        phase = moved % GAP
        first = -math.floor(moved / GAP)
        size = abs(self.weight)
        for k in range(int((plan.right - plan.column[0]) / GAP) + 1):  # the shortcut's, nearest to the right first
            s = k * GAP + phase
            rank = ((first + k) * GOLDEN) % 1.0
            gone = self._here(size, rank) if self.weight < 0 else 0.0
            met = eased(s, to_meet - 0.25, to_meet + 0.05)
            self._car(pen, straight, s, theme.skip, 1 - gone * met)
        path = self.opposing() if self.weight < 0 else self.joining()
        long = length(path)
        end = long if self.weight < 0 else long - 1e-6
        # Each car of the branch comes to where they meet as one of the shortcut's does.
        shift = (length(path) if self.weight < 0 else upto(path, plan.meet)) - to_meet
        for k in range(-int(shift / GAP) - 1, int((end - shift) / GAP) + 1):
            s = k * GAP + phase + shift
            if 0 < s < end:
                rank = ((first + k) * GOLDEN) % 1.0
                leaving = eased(s, long - 0.3, long) if self.weight < 0 else 0.0
                self._car(pen, path, s, theme.branch, self._here(size, rank) * (1 - leaving))
        if self.weight < 0 and pen.adds:  # where they cancel
            spot = (self.x + plan.meet, (plan.lanes[0] + plan.lanes[1]) / 2)
            pen.lights([spot], 0.9, "#FFFFFF", 0.5 * size)

    def _here(self, size: float, rank: float) -> float:
        """How much of a car of this rank there is: of all, as many as |w| says."""
        return min(1.0, max(0.0, (size * (1 + SOFT) - rank) / SOFT))

    def _car(self, pen: Pen, path: Sequence[Line], s: float, tone: str, alpha: float) -> None:
        if alpha <= 0.02:
            return
        (px, py), angle = along(path, s)
        ctx = pen.ctx
        ctx.save()
        ctx.translate(self.x + px, py)
        ctx.rotate(angle)
        pen.rounded(-0.16, -0.1, 0.32, 0.2, 0.06).fill(tone, alpha)
        pen.rounded(0.02, -0.07, 0.09, 0.14, 0.03).fill("#0B1016", 0.65 * alpha)
        ctx.restore()
        if pen.adds:
            pen.lights([(self.x + px + 0.2 * math.cos(angle), py + 0.2 * math.sin(angle))], 0.3, tone, 0.5 * alpha)

    def _column(self, pen: Pen, view: View) -> None:
        """What comes out, as a column, and the bar at 1."""
        column, foot, one = self.plan.column
        x, theme = self.x + column, self.room.theme
        left, right = view.seen(1.5)
        if not left < x < right:
            return
        high = self.total() * one
        pen.rounded(x - 0.42, foot, 0.84, 2.05 * one, 0.1).fill(theme.gradient, 0.1)
        if high > 0.01:
            pen.rounded(x - 0.42, foot, 0.84, high, 0.1)
            pen.fade((x, foot), (x, foot + high), [(0, theme.gradient, 0.95), (1, theme.gradient, 0.6)])
            if pen.adds:
                pen.lights([(x, foot + high)], 0.9, theme.gradient, 0.6)
        line = [(x - 0.95, self.level(1.0)), (x + 0.95, self.level(1.0))]
        pen.polygon(line, close=False).stroke(self.room.paints.ink, pen.px(9))


def length(path: Sequence[Line]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(path))


def upto(path: Sequence[Line], x: float) -> float:
    """How far along a path that goes to the left one has come at x."""
    gone = 0.0
    for a, b in pairwise(path):
        if b[0] <= x:
            share = (a[0] - x) / (a[0] - b[0]) if a[0] != b[0] else 1.0
            return gone + share * math.dist(a, b)
        gone += math.dist(a, b)
    return gone


def along(path: Sequence[Line], s: float) -> tuple[Line, float]:
    """The point of a path after s, and its heading there."""
    for a, b in pairwise(path):
        long = math.dist(a, b)
        if s <= long or b == path[-1]:
            share = s / long if long else 0.0
            return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share), math.atan2(b[1] - a[1], b[0] - a[0])
        s -= long
    return path[-1], 0.0
