"""A dial with labelled stops: which of a few settings is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import PI, Animation, Arc, Line, ManimColor, VGroup, interpolate_color

from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import Theme

SWEEP = (1.22 * PI, -0.22 * PI)  # angle of the first and of the last stop


class Dial(VGroup):
    """A knob of radius ``radius`` whose needle points at one of ``stops``; ``name`` stands under it."""

    def __init__(self, name: str, stops: Sequence[str], theme: Theme, radius: float = 0.3) -> None:
        self.theme, self.radius = theme, radius
        self.angles = np.linspace(*SWEEP, len(stops)) if len(stops) > 1 else np.array([PI / 2])
        self.rim = Arc(radius, SWEEP[0], SWEEP[1] - SWEEP[0], stroke_color=theme.muted, stroke_width=4)
        ticks = VGroup()
        self.labels = VGroup()
        for text, angle in zip(stops, self.angles, strict=True):
            out = np.array([np.cos(angle), np.sin(angle), 0])
            ticks.add(Line(out * radius, out * (radius + 0.07), stroke_color=theme.muted, stroke_width=3))
            label = Label(text, theme, "small")
            reach = np.array([radius + 0.14 + label.width / 2, radius + 0.2, 0])
            self.labels.add(label.move_to(out * reach))
        self.needle = Line(stroke_color=theme.ink, stroke_width=6)
        self.name = Label(name, theme, "small", "muted").move_to([0, -radius - 0.3, 0])
        super().__init__(self.rim, ticks, self.labels, self.name, self.needle)
        self.show(0)

    def turn(self, stop: int, **kwargs: Any) -> Animation:
        """Turn the needle from where it points to stop number ``stop``."""
        begin = self.position
        return Draw(self, lambda progress: self.show(begin + (stop - begin) * progress), **kwargs)

    def show(self, position: float) -> Dial:
        """Turn the needle to stop number ``position``; between stops while it turns."""
        self.position = position
        centre = self.rim.get_arc_center()
        angle = float(np.interp(position, np.arange(len(self.angles)), self.angles))
        out = np.array([np.cos(angle), np.sin(angle), 0])
        self.needle.put_start_and_end_on(centre + out * self.radius * 0.15, centre + out * self.radius * 0.82)
        rest, lit = ManimColor(self.theme.muted), ManimColor(self.theme.ink)
        for i, label in enumerate(self.labels):
            label.set_fill(interpolate_color(rest, lit, max(0.0, 1 - abs(position - i))))
        return self
