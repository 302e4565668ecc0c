"""A network as a row of blocks that grows: trained blocks, idle ones that do nothing, and overpasses."""

from __future__ import annotations

import numpy as np
from manim import Animation, VGroup, VMobject

from scenes.kit.drawing import shapes
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.theme import Theme

HEIGHT = 0.62
RISE = 0.3  # of an overpass above its block


class Stack(VGroup):
    """Blocks from x = ``left`` on at height ``y``; ``most`` of them reach to ``right``.

    :meth:`show` draws ``blocks`` trained ones, followed by ``idle`` ones in grey, and overpasses over all as far as
    ``skips`` (0 … 1) says. A fraction of a block is one that is growing.
    """

    def __init__(self, left: float, right: float, y: float, most: int, theme: Theme) -> None:
        self.left, self.y, self.pitch = left, y, (right - left) / most
        self.state = (0.0, 0.0, 0.0)
        self.wire = VMobject(stroke_color=theme.faint, stroke_width=3)
        self.idle = VMobject(stroke_color=theme.muted, stroke_width=2.5, fill_color=theme.background, fill_opacity=1)
        self.blocks = VMobject(stroke_color=theme.branch, stroke_width=3, fill_color=theme.panel, fill_opacity=1)
        self.layers = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        self.arches = VMobject(stroke_color=theme.skip, stroke_width=float(np.interp(self.pitch, [0.1, 1], [2, 6])))
        super().__init__(self.wire, self.idle, self.blocks, self.layers, self.arches)

    def show(self, blocks: float, idle: float = 0.0, skips: float = 0.0) -> Stack:
        """Draw a state of the row."""
        self.state = (blocks, idle, skips)
        count = int(np.ceil(blocks + idle - 1e-9))
        k = np.arange(count)
        centre = np.stack([self.left + self.pitch * (k + 0.5), np.full(count, self.y)], axis=1)
        trained = np.clip(blocks - k, 0, 1)
        extra = np.clip(blocks + idle - k, 0, 1) * (trained == 0)
        width = min(0.55 * self.pitch, 0.62)
        self.blocks.set_points(shapes.rounded_boxes(centre, width * trained, HEIGHT * trained, 0.09))
        self.idle.set_points(shapes.rounded_boxes(centre, width * extra, HEIGHT * extra, 0.09))
        bar = np.clip((width - 0.05) * 0.62, 0, 0.4) * trained
        two = np.concatenate([centre + [0, 0.1], centre - [0, 0.1]])
        self.layers.set_points(shapes.rounded_boxes(two, np.tile(bar, 2), 0.13, 0.03))
        end = self.left + self.pitch * (blocks + idle)
        self.wire.set_points(shapes.lines([[self.left, self.y]], [[end, self.y]]))
        start = self.left + self.pitch * k
        up = np.clip(skips * (count + 3) / 4 - k / 4, 0, 1) > 0
        self.arches.set_points(shapes.overpasses(start[up], start[up] + self.pitch, self.y, HEIGHT / 2 + RISE))
        return self

    def become_deep(self, blocks: float, idle: float = 0.0, skips: float = 0.0, **kwargs: object) -> Animation:
        """The row changes from the state it shows to another."""
        begin, end = np.array(self.state), np.array([blocks, idle, skips])
        return Draw(self, lambda progress: self.show(*(begin + (end - begin) * progress)), **kwargs)
