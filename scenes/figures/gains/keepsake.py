"""One block on the way back, as small as it gets: the copy that takes the shortcut, the branch, and their sum."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from scenes.figures.blocks.lane import arrows
from scenes.kit.drawing import shapes
from scenes.kit.drawing.text import Formula
from scenes.kit.drawing.theme import Theme

REACH = 0.85  # length of an arrow


class BackwardBlock(VGroup):
    """The gradient comes in from the right, and leaves as a sum on the left; centred on ``centre``, ``width`` wide.

    ``scaled``: whether the branch is weighed, by β."""

    def __init__(self, centre: tuple[float, float], width: float, theme: Theme, scaled: bool = False) -> None:
        x, y = centre
        half = width / 2 - REACH - 0.3
        fork, joint = x + half, x - half
        rise, side = 0.92, 0.78
        wire = VMobject(stroke_color=theme.gradient, stroke_width=6)
        starts, stops = [(fork + 0.3, y), (x - 0.75 * side, y)], [(x + 0.75 * side, y), (joint + 0.2, y)]
        wire.set_points(shapes.lines(starts, stops))
        box = VMobject(stroke_color=theme.branch, stroke_width=4, fill_color=theme.panel, fill_opacity=1)
        box.set_points(shapes.rounded_boxes([(x, y)], 1.5 * side, side, 0.12))
        arch = VMobject(stroke_color=theme.skip, stroke_width=9)
        arch.set_points(shapes.overpasses([fork], [joint], y, rise + 0.2))
        node = VMobject(stroke_color=theme.skip, stroke_width=4, fill_color=theme.background, fill_opacity=1)
        node.set_points(shapes.circles([(joint, y)], 0.21))
        cross = VMobject(stroke_color=theme.skip, stroke_width=4)
        arm = np.array([[0.11, 0], [0, 0.11]])
        cross.set_points(shapes.lines(np.array([joint, y]) - arm, np.array([joint, y]) + arm))
        ends = VGroup()
        for at in (fork + 0.3 + REACH / 2, joint - 0.3 - REACH / 2):
            arrow = VMobject(stroke_width=0, fill_color=theme.gradient, fill_opacity=1)
            ends.add(arrow.set_points(arrows([at], y, [REACH], [0.2])))
        copy = Formula("times 1", theme, "heading", "skip").move_to([x, y + 0.2 + rise + 0.27, 0])
        branch = Formula("times beta J_F" if scaled else "times J_F", theme, "heading", "branch").move_to([x, y, 0])
        super().__init__(wire, box, arch, node, cross, ends, copy, branch)
