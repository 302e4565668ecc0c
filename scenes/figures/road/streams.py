"""Streams of messengers on a road: what they carry where, and how a stream forks at an overpass."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.blocks.twin import UNENDING
from scenes.figures.road.road import RoadPlan
from scenes.figures.road.traffic import Messengers
from scenes.kit.drawing import shapes
from scenes.kit.drawing.course import Course, convoy
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]
BAND = (0.016, 0.1)  # width of the stream that carries next to nothing of a gradient, and of the one that carries all


def finite(log10: Floats) -> Floats:
    """Logarithms with large numbers in place of infinite ones, and far below any floor where there is no number."""
    return np.nan_to_num(log10, nan=-UNENDING, posinf=UNENDING, neginf=-UNENDING)


def convoy_ends(course: Course, x: Floats, traffic: int) -> Floats:
    """Where messengers stand when all have come through: at every state x of a plan, and ``traffic`` − 1 between."""
    at = np.sort(course.distance(x))
    return np.interp(np.linspace(0, len(at) - 1, traffic * (len(at) - 1) + 1), np.arange(len(at)), at)


class Stream:
    """Messengers that drive the road from the loss to the input. ``log10`` (states of the plan,) is what they carry; it
    changes on the way through each toll."""

    def __init__(self, plan: RoadPlan, theme: Theme, log10: Floats, traffic: int) -> None:
        self.plan, self.log10 = plan, log10
        self.course = plan.road().back()
        self.ends = convoy_ends(self.course, plan.x, traffic)
        self.messengers = Messengers(theme, most=0.46 * float(np.diff(self.ends).min()))
        self.low, self.high = VGroup(self.messengers), VGroup()

    def show(self, progress: float) -> float:
        """Draw those that have set out; returns how far (x) the first has come."""
        s, out = convoy(self.course, self.ends, progress, self.course.length)
        place = self.course.place(s)
        half = self.plan.toll_size[0] / 2
        edges = (self.plan.tolls[:, :1] + [-half, half]).ravel()
        carried = np.interp(place[:, 0], edges, np.repeat(finite(self.log10), 2)[1:-1])
        self.messengers.show(place, carried, out)
        return float(place[-1, 0])


class Fork:
    """The gradient in a residual network: at every sum it is copied onto the overpass, and goes through the toll too.

    ``log10`` (states,) is the gradient at the states, ``share`` (stretches,) how much of the gradient in front of each
    block its shortcut has handed back. A copy carries what it is a copy of; what comes out of a toll is the rest. Two
    bands show how wide each of the two streams is: together they make up one. A share of the toll's that is negative
    (it takes away from the copy) is a dashed band.
    """

    def __init__(self, plan: RoadPlan, theme: Theme, log10: Floats, share: Floats, traffic: int) -> None:
        self.plan, self.log10, self.share = plan, log10, share
        self.ways = (plan.road().back(), plan.motorway().back())
        self.ends = [convoy_ends(way, plan.x, traffic) for way in self.ways]
        self.bands = [VMobject(stroke_width=0, fill_color=theme.gradient, fill_opacity=1) for _ in self.ways]
        self.streams = [Messengers(theme, most=0.46 * float(np.diff(ends).min())) for ends in self.ends]
        self.low, self.high = (VGroup(band, stream) for band, stream in zip(self.bands, self.streams, strict=True))

    def carried(self) -> tuple[tuple[Floats, Floats], ...]:
        """Signals along the road and along the overpasses: places x (rising), and log10 there."""
        x, log10, half = self.plan.x, finite(self.log10), self.plan.toll_size[0] / 2
        with np.errstate(all="ignore"):
            rest = finite(log10[:-1] + np.log10(np.abs(1 - self.share)))
        before, after, tolls = log10[1:], log10[:-1], self.plan.tolls[:, 0]
        near = 0.12 * self.plan.pitch  # of a state: both streams are one there
        road = np.stack([x[:-1], x[:-1] + near, tolls - half, tolls + half, x[1:] - near], axis=1)
        of_road = np.stack([after, rest, rest, before, before], axis=1)
        deck = np.stack([x[:-1], x[:-1] + near, x[1:] - near], axis=1)
        of_deck = np.stack([after, before, before], axis=1)
        return tuple(
            (np.append(at, x[-1:]), np.append(values, log10[-1:]))
            for at, values in ((road.ravel(), of_road.ravel()), (deck.ravel(), of_deck.ravel()))
        )

    def show(self, progress: float) -> float:
        """Draw those that have set out, and the bands behind the first of them; returns how far (x) that one is."""
        longest = max(way.length for way in self.ways)
        fronts = []
        for way, ends, stream, (x, log10) in zip(self.ways, self.ends, self.streams, self.carried(), strict=True):
            s, out = convoy(way, ends, progress, longest)
            place = way.place(s)
            stream.show(place, np.interp(place[:, 0], x, log10), out)
            fronts.append(float(place[-1, 0]))
        for band, way, part, front in zip(self.bands, self.ways, (1 - self.share, self.share), fronts, strict=True):
            band.set_points(self._band(way, part, front) if progress > 0 else shapes.NOTHING)
        return max(fronts[1], self.plan.x[0])

    def _band(self, way: Course, part: Floats, front: float) -> shapes.Points:
        """Stretches of a way as wide as the parts say, from the front on."""
        normal = np.stack([-np.sin(way.angle), np.cos(way.angle)], axis=1)
        found = []
        for begin, end, share in zip(self.plan.x[:-1], self.plan.x[1:], part, strict=True):
            if not np.isfinite(share):
                continue
            inside = np.flatnonzero((way.points[:, 0] >= max(begin, front)) & (way.points[:, 0] <= end))
            size = float(np.interp(abs(share), [0, 1], BAND))
            for piece in pieces(inside, 4 if share < 0 else 0):
                p, n = way.points[piece], normal[piece] * size / 2
                found.append(shapes.polygons(np.concatenate([p + n, (p - n)[::-1]])[None]))
        return np.concatenate(found) if found else shapes.NOTHING


def pieces(places: NDArray[np.int64], dash: int) -> list[NDArray[np.int64]]:
    """Places as one run, or cut into dashes of so many with as many left out between."""
    if len(places) < 2:
        return []
    if not dash:
        return [places]
    return [places[i : i + dash + 1] for i in range(0, len(places) - 1, 2 * dash)]
