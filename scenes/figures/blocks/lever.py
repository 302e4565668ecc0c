"""A lever with a few stops: what is turned, in large letters on the glass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import Animation, Circle, Line, RoundedRectangle, VGroup

from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import Theme

ROOM = 0.42  # between two stops' labels
HIGH = 1.5
GROWN = 1.3


class Lever(VGroup):
    """``stops`` from the left to the right, ``name`` over them; the knob stands at the stop last shown."""

    def __init__(self, name: str, stops: Sequence[str], theme: Theme) -> None:
        self.labels = [Label(stop, theme, "heading", "ink", "bold") for stop in stops]
        pitch = max(label.width for label in self.labels) + ROOM
        self.places = [pitch * (i - (len(stops) - 1) / 2) for i in range(len(stops))]
        head = Label(name, theme, "heading", "muted", "bold")
        wide = max(pitch * len(stops), head.width + 0.5)
        plate = RoundedRectangle(
            width=wide, height=HIGH, corner_radius=0.14, stroke_width=0, fill_color=theme.caption, fill_opacity=0.92
        )
        head.move_to([0, 0, 0]).on_line(HIGH / 2 - 0.42)
        self.track = Line([self.places[0], -0.02, 0], [self.places[-1], -0.02, 0], color=theme.muted, stroke_width=6)
        for label, x in zip(self.labels, self.places, strict=True):
            label.move_to([x, 0, 0]).on_line(-HIGH / 2 + 0.16)
        self.knob = Circle(0.17, color=theme.ink, fill_color=theme.gradient, fill_opacity=1, stroke_width=4)
        super().__init__(plate, head, self.track, *self.labels, self.knob)
        self.stop = 0.0
        self.show(0)
        self.scale(GROWN)

    def show(self, stop: float) -> Lever:
        """The knob at a stop, or between two."""
        low = min(int(stop), len(self.places) - 1)
        high = min(low + 1, len(self.places) - 1)
        x = self.places[low] + (self.places[high] - self.places[low]) * (stop - low)
        along = (x - self.places[0]) / max(self.places[-1] - self.places[0], 1e-9)
        self.knob.move_to(self.track.point_from_proportion(min(1.0, max(0.0, along))))
        self.stop = stop
        return self

    def turn(self, stop: int, **kwargs: Any) -> Animation:
        begin = self.stop
        return Draw(self.knob, lambda progress: self.show(begin + (stop - begin) * progress), **kwargs)
