"""One network as water: its pipe with valves and bypasses, the water that has come so far, and the bubbles in it."""

from __future__ import annotations

import numpy as np
from manim import ManimColor, VGroup, VMobject

from scenes.figures.water.pipes import CASING, WALL, PipeCourse
from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.theme import Theme

SPACING = 0.13  # between the bubbles that there could be; of a signal of 1, every other is drawn
LENGTH, BREADTH = 0.22, 0.036  # of a bubble
STRIDES = (0.6180339887, 0.7548776662, 0.5698402910)  # spread the numbers of the bubbles evenly over 0 … 1


class Waterway(VGroup):
    """The pipe of one network. ``still`` is the pipe; ``bypasses``, ``water`` and ``bubbles`` draw themselves."""

    def __init__(self, course: PipeCourse, theme: Theme) -> None:
        self.course, self.theme = course, theme
        self.still = self._still()
        self.bypasses = VGroup(
            VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1),
            VMobject(stroke_width=0, fill_color=theme.panel, fill_opacity=1),
        )
        self.streams = shapes.Ribbon(), shapes.Ribbon()  # in the pipe, in the bypasses
        self.hatch = VMobject(stroke_color=theme.background, stroke_width=3)
        self.water = VGroup(*self.streams, self.hatch)
        self.bubbles = shapes.Ribbon()
        colours = signal.colour(course.reading.pressure, theme)
        self.rgba = colours
        light = np.array(ManimColor("#FFFFFF").to_rgb())
        self.shine = np.concatenate([0.3 * colours[:, :3] + 0.7 * light, colours[:, 3:]], axis=1)
        super().__init__(self.still, self.bypasses, self.water, self.bubbles)

    @property
    def length(self) -> float:
        """How far the water flows."""
        return self.course.right - self.course.left

    def _still(self) -> VGroup:
        course, theme = self.course, self.theme
        centre = np.stack([course.valves, np.full(len(course.valves), course.y)], axis=1)
        bodies = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        bodies.set_points(shapes.rounded_boxes(centre, course.valve, 2 * course.shoulder, 0.05))
        wheel, top = np.array([0.85 * course.valve / 2, 0]), centre + [0, course.shoulder + 0.1]
        stems = VMobject(stroke_color=theme.branch, stroke_width=4)
        stems.set_points(np.concatenate([shapes.lines(centre, top), shapes.lines(top - wheel, top + wheel)]))
        tube = VMobject(stroke_color=theme.muted, stroke_width=100 * WALL, fill_color=theme.panel, fill_opacity=1)
        tube.set_points(course.outline(course.grid, course.hole(course.grid)))
        return VGroup(stems, bodies, tube)

    def lay(self, progress: float) -> None:
        """Lay the bypasses, one after the other from the loss on, each from its fork to its sum."""
        course = self.course
        blocks = len(course.valves)
        order = np.arange(blocks)[::-1]
        laid = np.clip(progress * (blocks + 2) / 3 - order / 3, 0, 1)
        bore = np.maximum(course.narrow, 1.08 * course.divided[0]) * course.reading.over
        outer, inner = self.bypasses
        end = course.mouth + (1 - 2 * course.mouth) * laid
        outer.set_points(course.tubes((bore + 2 * CASING) * course.reading.over, course.mouth, end))
        inner.set_points(
            course.tubes(bore * (laid > 0), 0.5 * course.mouth, np.where(laid < 1, end, 1 - course.mouth / 2))
        )

    def pour(self, distance: float) -> None:
        """Draw the water that has flowed ``distance`` from the loss."""
        course = self.course
        front = max(course.right - distance, course.left)
        x = np.concatenate([[front], course.grid[course.grid > front]])
        stream, branched = self.streams
        round_front = np.sqrt(np.clip((x - front) / 0.2, 0, 1)) if front > course.left else 1.0
        water = course.outline(x, course.width(x) * round_front) if distance > 0 else shapes.NOTHING
        stream.blend(water, course.nodes, self.rgba)
        if course.reading.share is not None:
            come = np.clip((course.valves + course.reach - front) / (2 * course.reach), 0, 1)
            branched.blend(course.tubes(course.divided[0], 0, come), course.nodes, self.rgba)
        self.hatch.set_points(self._hatching(front))

    def _hatching(self, front: float) -> shapes.Points:
        """Strokes across water under too great a pressure, and where one way takes from what the other brings."""
        course = self.course
        at = np.arange(course.left + 0.1, course.right, 0.11)
        node = np.abs(at[:, None] - course.nodes).argmin(axis=1)
        hot = (course.reading.pressure[node] >= signal.BOUNDS["grows"]) & (at > front)
        x, half = at[hot], course.width(at[hot]) / 2
        start, end = np.stack([x - 0.05, course.y - half], axis=1), np.stack([x + 0.05, course.y + half], axis=1)
        strokes = [shapes.lines(start, end)]
        opposed = course.reading.opposed & (course.valves - course.reach > front)
        for k in np.flatnonzero(opposed):
            over = course.reading.clipped[k] == 1
            y, half_width = course.y + course.height * over, course.divided[0 if over else 1, k] / 2
            at = course.valves[k] + np.linspace(-1, 1, 4) * (course.reach - 2 * course.bend)
            foot, head = (np.stack([at + s * 0.04, np.full(4, y + s * half_width)], axis=1) for s in (-1, 1))
            strokes.append(shapes.lines(foot, head))
        return np.concatenate(strokes)

    def drift(self, distance: float) -> None:
        """Draw the bubbles of water that has flowed ``distance`` from the loss: as many as the signal says.

        Bubble i set out when the water had flowed i·SPACING. Its number says at which signal it fades, on which side of
        the stream it drifts and, block by block, which way it takes; so many take the bypass as the share says.
        """
        course = self.course
        i = np.arange(np.ceil(max(distance - self.length, 0) / SPACING), np.floor(distance / SPACING) + 1)
        x = course.right - (distance - i * SPACING)
        rank, side = (i * STRIDES[0] % 1), 1.3 * (i * STRIDES[1] % 1) - 0.65
        level = np.interp(x, course.nodes, course.full) / course.bore
        full = course.width(x)
        point, heading = np.stack([x, course.y + side * full / 2], axis=1), np.tile([-1.0, 0.0], (len(i), 1))
        if course.reading.share is not None and len(i):
            k = np.abs(x[:, None] - course.valves).argmin(axis=1)
            share, branched = np.nan_to_num(course.reading.clipped)[k], course.divided[0][k]
            over = (np.abs(x - course.valves[k]) < course.reach) & ((i * STRIDES[2] + k * STRIDES[0]) % 1 < share)
            gone = (course.valves[k] + course.reach - x) / (2 * course.reach)
            middle, normal = course.along(gone)
            near = np.clip(np.minimum(gone, 1 - gone) / course.mouth, 0, 1)  # 0 in the pipe, 1 in the bypass
            width = full * (1 - near) + branched * near
            arch = middle + np.stack([course.valves[k], np.full(len(k), course.y)], axis=1)
            arch = arch - normal * (side * width / 2)[:, None]
            point = np.where(over[:, None], arch, point)
            heading = np.where(over[:, None], np.stack([normal[:, 1], -normal[:, 0]], axis=1), heading)
            full = np.where(over, width, full)
        front = max(course.left, course.right - distance)
        ends = np.clip(np.minimum(x - front, course.right - x) / LENGTH - 0.5, 0, 1)
        size = np.clip(10 * level - 13 * rank, 0, 1) * (full > 0) * ends
        breadth = np.minimum(BREADTH, 0.5 * full) * size
        self.bubbles.blend(shapes.lenses(point, heading, LENGTH * size, breadth), course.nodes, self.shine)
