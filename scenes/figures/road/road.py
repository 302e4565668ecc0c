"""A road in bird's-eye view: one toll per block, bends and traffic lights between, overpasses over the tolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import CapStyleType, LineJointType, ManimColor, VGroup, VMobject, interpolate_color
from numpy.typing import NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.course import Course
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]
FINE = 48  # points of a course to each stretch
BEND = 0.31  # how far the road swings out, over the length of a bend
USUAL_BEND = 1.25


@dataclass(frozen=True)
class RoadPlan:
    """Where a road runs: from ``x`` (stretches+1,), where hidden states are, past one toll to each stretch between.

    The road swings out to either side in turn; every toll stands at the outside of a bend. An overpass leads from
    state to state, over the toll, by a shorter way.
    """

    x: Floats
    y: float
    flat: float = 1.0  # bends swing out so much of what they could
    lift: float | None = None  # how high overpasses stand, if not as high as usual

    @classmethod
    def between(cls, left: float, right: float, y: float, states: Sequence[int], flat: float = 1.0) -> RoadPlan:
        """A road along which hidden state l of ``states`` lies at its share of the way, as on a chart below."""
        share = np.asarray(states, dtype=float) / states[-1]
        return cls(left + (right - left) * share, y, flat)

    @property
    def pitch(self) -> float:
        """Length of the shortest stretch."""
        return float(np.diff(self.x).min())

    @property
    def width(self) -> float:
        """Of the carriageway."""
        return float(np.clip(0.3 * self.pitch, 0.2, 0.36))

    @property
    def swing(self) -> float:
        """How far the road swings out."""
        return float(self.flat * min(BEND * self.pitch / self.bends, 0.44))

    @property
    def bends(self) -> int:
        """Bends in each stretch; odd, so that its toll stands in one."""
        return max(1, 2 * round((self.pitch / USUAL_BEND - 1) / 2) + 1)

    @property
    def toll_size(self) -> tuple[float, float]:
        """Width and height of a toll."""
        return float(np.clip(0.4 * self.pitch, 0.2, 0.54)), float(np.clip(0.52 * self.pitch, 0.34, 0.62))

    @property
    def tolls(self) -> Floats:
        """Centres of the tolls, (stretches, 2)."""
        i = np.arange(len(self.x) - 1)
        side = np.sin(np.pi * self.bends * (i + 0.5))
        return np.stack([(self.x[:-1] + self.x[1:]) / 2, self.y + self.swing * side], axis=1)

    @property
    def states(self) -> Floats:
        """Where the hidden states are, (stretches+1, 2)."""
        return np.stack([self.x, np.full(len(self.x), self.y)], axis=1)

    def road(self) -> Course:
        """The middle of the carriageway, left to right."""
        u = np.linspace(0, len(self.x) - 1, FINE * self.bends * (len(self.x) - 1) + 1)
        x = np.interp(u, np.arange(len(self.x)), self.x)
        return Course.through(np.stack([x, self.y + self.swing * np.sin(np.pi * self.bends * u)], axis=1))

    def overpass(self, i: int) -> Course:
        """The overpass over stretch i, from state to state, left to right."""
        u = np.linspace(0, 1, FINE + 1)
        ramp = np.sin(np.pi * u) ** 1.5
        x = self.x[i] + (self.x[i + 1] - self.x[i]) * u
        return Course.through(np.stack([x, self.y + self.rise * ramp], axis=1))

    @property
    def rise(self) -> float:
        """How high an overpass stands over the road, as it looks from above."""
        if self.lift is not None:
            return self.lift
        return float(self.flat * np.clip(0.24 * self.pitch, 0.1, 0.3))

    def motorway(self) -> Course:
        """All overpasses one after the other, left to right."""
        return Course.through(np.concatenate([self.overpass(i).points[(i > 0) :] for i in range(len(self.x) - 1)]))


class Road(VGroup):
    """The road of a plan as a picture: ``ground`` (land, carriageway, traffic lights), ``tolls`` with the bars of their
    layers, and overpasses once they are raised. Vehicles belong between ground and tolls, or above all.

    :meth:`build` draws it up to a share of its length, :meth:`raise_overpasses` builds so much of the overpasses,
    :meth:`darken` turns day to night.
    """

    def __init__(self, plan: RoadPlan, theme: Theme, layers: int, skip: bool) -> None:
        self.plan, self.theme, self.layers, self.skip = plan, theme, layers, skip
        self.course = plan.road()
        width = plan.width
        self.land = stroke(theme.land, 100 * (2.5 * width))
        self.trees = VMobject(stroke_width=0, fill_opacity=1, fill_color=theme.tree)
        self.kerb = stroke(theme.muted, 100 * (width + 0.045))
        self.asphalt = stroke(theme.road, 100 * width)
        self.marks = VMobject(stroke_color=theme.muted, stroke_width=2)
        lamps = (theme.danger, theme.gradient, theme.skip)
        self.lights = VGroup(
            VMobject(stroke_color=theme.muted, stroke_width=1, fill_color=theme.caption, fill_opacity=1),
            *(VMobject(stroke_width=0, fill_opacity=1, fill_color=lamp) for lamp in lamps),
        )
        self.ground = VGroup(self.land, self.trees, self.kerb, self.asphalt, self.marks, self.lights)
        self.roofs = VMobject(stroke_color=theme.branch, stroke_width=3.2, fill_color=theme.panel, fill_opacity=1)
        self.bars = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        self.tolls = VGroup(self.roofs, self.bars)
        self.shade = stroke("#000000", 100 * 0.24, 0.42)
        self.pillars = VMobject(stroke_color=theme.skip, stroke_width=2.5)
        self.rails = stroke(theme.background, 100 * 0.23)
        self.deck = stroke(theme.skip, 100 * 0.175)
        self.deck_marks = VMobject(stroke_color=theme.background, stroke_width=1.6, stroke_opacity=0.75)
        self.sums = VMobject(stroke_color=theme.skip, stroke_width=3, fill_color=theme.background, fill_opacity=1)
        self.crosses = VMobject(stroke_color=theme.skip, stroke_width=3)
        self.overpasses = VGroup(
            self.shade, self.pillars, self.rails, self.deck, self.deck_marks, self.sums, self.crosses
        )
        super().__init__(self.ground, self.tolls, self.overpasses)
        self.build(1.0)

    def build(self, share: float) -> Road:
        """The road as far as it has been built, from left to right."""
        upto = share * self.course.length
        s = np.append(self.course.at[self.course.at < upto], upto)
        path = shapes.polyline(self.course.place(s))
        for part in (self.land, self.kerb, self.asphalt):
            part.set_points(path)
        dash = 0.13
        begin = np.arange(0.1, max(upto - dash, 0.1), 0.28)
        self.marks.set_points(shapes.lines(self.course.place(begin), self.course.place(begin + dash)))
        at = self.course.distance(self.plan.tolls[:, 0])
        self.place_tolls(np.clip((upto - at) / (0.5 * self.plan.pitch), 0, 1))
        self._plant(upto)
        return self

    def place_tolls(self, size: Floats) -> None:
        """Tolls as far as each has grown: (stretches,), 0 … 1."""
        tolls, (w, h) = self.plan.tolls, self.plan.toll_size
        self.roofs.set_points(shapes.rounded_boxes(tolls, w * size, h * size, 0.08))
        spread = 0.16 * h * (self.layers - 1)
        two = np.concatenate([tolls + [0, spread], tolls - [0, spread]][: self.layers])
        self.bars.set_points(
            shapes.rounded_boxes(two, 0.62 * w * np.tile(size, self.layers), 0.2 * h * np.tile(size, self.layers), 0.03)
        )

    def _plant(self, upto: float) -> None:
        """Trees beside the road, and a traffic light before every other toll."""
        count = max(6, int(self.course.length / 0.55))
        i = np.arange(count)
        s = (i + 0.5) / count * self.course.length
        side = np.where(i % 2, 1.0, -1.0)
        away = self.plan.width * (0.86 + 0.16 * np.sin(7.3 * i))
        angle = self.course.heading(s)
        off = np.stack([-np.sin(angle), np.cos(angle)], axis=1) * (side * away)[:, None]
        spot = self.course.place(s) + off
        size = np.where(s < upto, self.plan.width * (0.13 + 0.05 * np.sin(3.1 * i)), 0)
        tolls, (w, h) = self.plan.tolls, self.plan.toll_size
        hidden = ((np.abs(spot[:, None] - tolls) < [w / 2 + 0.12, h / 2 + 0.12]).all(-1)).any(1)
        self.trees.set_points(shapes.circles(spot, np.where(hidden, 0, size)))
        stop = np.arange(0, len(tolls), 2)
        at = self.course.distance(tolls[stop, 0]) - 0.5 * self.course.length / len(tolls) * 0.62
        angle = self.course.heading(at)
        place = self.course.place(at) + np.stack([np.sin(angle), -np.cos(angle)], axis=1) * self.plan.width * 0.78
        place = place[at < upto]
        tall, dot = 0.2, 0.028
        self.lights[0].set_points(shapes.rounded_boxes(place, 0.09, tall, 0.03))
        for light, up in zip(self.lights[1:], (0.06, 0.0, -0.06), strict=True):
            light.set_points(shapes.circles(place + [0, up], dot))

    def raise_overpasses(self, share: float) -> Road:
        """Overpasses from left to right, each rising from the road."""
        count = len(self.plan.x) - 1
        return self.stand(np.clip(share * (count + 2) / 3 - np.arange(count) / 3, 0, 1))

    def stand(self, up: Floats) -> Road:
        """Overpasses as far as each has risen, (stretches,), 0 … 1, and the sums where they meet the road again."""
        plan = self.plan
        standing = np.flatnonzero(up > 0)
        decks, shades, marks, pillars = [], [], [], []
        for i in standing:
            way = plan.overpass(int(i))
            p = way.points.copy()
            p[:, 1] = plan.y + (p[:, 1] - plan.y) * up[i]
            lift = p[:, 1] - plan.y
            decks.append(shapes.polyline(p))
            shades.append(shapes.polyline(np.stack([p[:, 0] + 0.05, plan.y - 0.1 + 0.15 * lift], axis=1)))
            marks.append(shapes.dashes(p, 0.08, 0.09))
            feet = p[[len(p) // 3, -len(p) // 3]]
            pillars.append(shapes.lines(feet, np.stack([feet[:, 0], np.full(2, plan.y - 0.1)], axis=1)))
        empty = [shapes.NOTHING]
        for part, made in (
            (self.deck, decks),
            (self.rails, decks),
            (self.shade, shades),
            (self.deck_marks, marks),
            (self.pillars, pillars),
        ):
            part.set_points(np.concatenate(made or empty))
        radius = 0.105
        centre = plan.states[1:][standing]
        size = radius * up[standing]
        self.sums.set_points(shapes.circles(centre, size))
        arm = 0.6 * size[:, None]
        flat, steep = arm * [1, 0], arm * [0, 1]
        self.crosses.set_points(
            shapes.lines(
                np.concatenate([centre - flat, centre - steep]), np.concatenate([centre + flat, centre + steep])
            )
        )
        return self

    def darken(self, night: float) -> Road:
        """Day at 0, night at 1."""
        theme = self.theme
        for part, day, dark in (
            (self.land, theme.land, theme.night_land),
            (self.asphalt, theme.road, theme.night_road),
        ):
            part.set_stroke(interpolate_color(ManimColor(day), ManimColor(dark), night))
        self.trees.set_fill(interpolate_color(ManimColor(theme.tree), ManimColor(theme.night_land), 0.7 * night))
        self.kerb.set_stroke(interpolate_color(ManimColor(theme.muted), ManimColor(theme.faint), night))
        return self


def stroke(colour: str, width: float, opacity: float = 1.0) -> VMobject:
    """A line with round ends and joints, ``width`` in hundredths of a scene unit."""
    return VMobject(
        stroke_color=colour,
        stroke_width=width,
        stroke_opacity=opacity,
        cap_style=CapStyleType.ROUND,
        joint_type=LineJointType.ROUND,
    )
