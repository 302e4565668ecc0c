"""One block as the lecture note draws it: input, layers, sum, output, and the shortcut over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LEFT, RIGHT, Animation, Arrow, VGroup, VMobject
from manim.typing import Point3D

from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Label, fitted
from scenes.kit.drawing.theme import Theme

HEIGHT = 0.86  # of a layer's box


class BlockDiagram(VGroup):
    """A block between x = ``left`` and ``right`` at height ``y``.

    ``layers`` are (what it computes, its name) of each box; ``after`` what acts after the sum, if anything; ``ends``
    the names of input, sum and output, where there is room for them. Ports: :attr:`entry`, :attr:`fork` (where the
    shortcut starts), :attr:`junction` (the sum) and :attr:`exit`. The shortcut is hidden until :meth:`raise_shortcut`.
    """

    def __init__(
        self,
        left: float,
        right: float,
        y: float,
        layers: Sequence[tuple[str, str]],
        theme: Theme,
        *,
        skip: bool,
        after: str = "",
        ends: Sequence[str] = (),
    ) -> None:
        self.theme, self.skip = theme, skip
        width = right - left
        self.entry, self.exit = np.array([left, y, 0]), np.array([right, y, 0])
        self.fork = self.entry + [0.085 * width, 0, 0]
        box_width = (0.235 if skip else 0.25) * width
        start = left + 0.18 * width
        pitch = box_width + 0.075 * width
        self.boxes = VGroup(*(self._box(start + i * pitch, y, box_width, *text) for i, text in enumerate(layers)))
        end = start + (len(layers) - 1) * pitch + box_width
        self.junction = np.array([end + 0.095 * width, y, 0])
        stops = [self.entry, *self._ends()]
        self.wires = VGroup(
            *(
                self._arrow(a, b, "data" if i == 0 else "branch")
                for i, (a, b) in enumerate(zip(stops[::2], stops[1::2], strict=True))
            )
        )
        after_box, out = self._after(after, y)
        self.out = self._arrow(out, self.exit, "data")
        self.shortcut = VMobject(stroke_color=theme.skip, stroke_width=7)
        self.tip = VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1)
        self.sum = self._sum() if skip else VGroup()
        self.rise = HEIGHT / 2 + 0.4
        names = self._names(ends) if ends else VGroup()
        super().__init__(self.wires, self.out, self.boxes, after_box, self.sum, self.shortcut, self.tip, names)

    def _box(self, left: float, y: float, width: float, what: str, name: str) -> VGroup:
        box = VMobject(stroke_color=self.theme.branch, stroke_width=4, fill_color=self.theme.panel, fill_opacity=1)
        box.set_points(shapes.rounded_boxes([(left + width / 2, y)], width, HEIGHT, 0.12))
        rows = [row for row in fitted(what, width - 0.2, "small") if row]
        lines = [(row, "ink") for row in rows] + [(name, "muted")]
        pitch = 0.35 if len(lines) == 2 else 0.26
        labels = VGroup(*(Label(text, self.theme, "small", role) for text, role in lines))
        for i, label in enumerate(labels):
            label.move_to(box).on_line(y + pitch * ((len(lines) - 1) / 2 - i) - 0.09)
        return VGroup(box, labels)

    def _names(self, ends: Sequence[str]) -> VGroup:
        """Input and output over the ends of the wire, the sum beside its junction."""
        source, total, out = (Label(name, self.theme, "small", "muted") for name in ends)
        source.next_to(self.entry, RIGHT, buff=0).on_line(self.entry[1] + 0.14)
        out.next_to(self.exit, LEFT, buff=0).on_line(self.exit[1] + 0.14)
        total.next_to(self.junction, RIGHT, buff=0.2).on_line(self.junction[1] + 0.33)
        return VGroup(source, out, *([total] if self.skip else []))

    def _ends(self) -> list[Point3D]:
        """Right and left ends of what stands along the wire, from the first box on."""
        ends = []
        for box in self.boxes:
            ends += [box[0].get_left(), box[0].get_right()]
        return [*ends, self.junction - [0.19, 0, 0]] if self.skip else ends[:-1]

    def _after(self, after: str, y: float) -> tuple[VGroup, Point3D]:
        start = self.junction + [0.19, 0, 0] if self.skip else self.boxes[-1][0].get_right()
        if not after:
            return VGroup(), start
        label = Label(after, self.theme, "small")
        centre = start + [0.25 + label.width / 2 + 0.1, 0, 0]
        box = VMobject(stroke_color=self.theme.muted, stroke_width=3, fill_color=self.theme.panel, fill_opacity=1)
        box.set_points(shapes.rounded_boxes([centre[:2]], label.width + 0.25, 0.5, 0.1))
        label.move_to(box).on_line(y - 0.08)
        wire = VMobject(stroke_color=self.theme.data, stroke_width=6)
        wire.set_points(shapes.lines([start[:2]], [box.get_left()[:2]]))
        return VGroup(wire, box, label), box.get_right()

    def _arrow(self, start: Point3D, end: Point3D, role: str) -> Arrow:
        return Arrow(
            start,
            end,
            buff=0,
            color=getattr(self.theme, role),
            stroke_width=6,
            max_stroke_width_to_length_ratio=99,
            tip_length=0.2,
            max_tip_length_to_length_ratio=0.6,
        )

    def _sum(self) -> VGroup:
        ring = VMobject(stroke_color=self.theme.skip, stroke_width=4, fill_color=self.theme.background, fill_opacity=1)
        ring.set_points(shapes.circles([self.junction[:2]], 0.19))
        cross = VMobject(stroke_color=self.theme.skip, stroke_width=4)
        arm = np.array([[0.1, 0], [0, 0.1]])
        cross.set_points(shapes.lines(self.junction[:2] - arm, self.junction[:2] + arm))
        return VGroup(ring, cross)

    def raise_shortcut(self, **kwargs: object) -> Animation:
        """The shortcut grows from the fork over the layers down into the sum."""
        top = self.fork[1] + self.rise
        corners = np.array(
            [self.fork[:2], (self.fork[0], top), (self.junction[0], top), self.junction[:2] + [0, 0.19 + 0.18]]
        )
        lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])

        def draw(progress: float) -> None:
            at = progress * lengths[-1]
            end = [np.interp(at, lengths, corners[:, i]) for i in (0, 1)]
            self.shortcut.set_points(shapes.polyline([*corners[lengths < at], end]))
            x, y = self.junction[0], self.junction[1] + 0.19
            tip = [[(x, y), (x - 0.11, y + 0.2), (x + 0.11, y + 0.2)]] if progress >= 1 else np.zeros((0, 3, 2))
            self.tip.set_points(shapes.polygons(tip))

        return Draw(self, draw, **kwargs)
