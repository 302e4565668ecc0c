"""Keys to the lines of a chart: a stroke in the line's colour and dash, and its name."""

from __future__ import annotations

from collections.abc import Sequence

from manim import RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike

from scenes.kit.drawing import shapes
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import Theme

DASHES = {"solid": None, "dashed": (0.13, 0.08), "dotted": (0.04, 0.07)}  # stroke and gap in scene units
STROKE = 0.55  # length of a key


def stroked(points: ArrayLike, dash: str) -> shapes.Points:
    """The line through points (points, 2) in a dash named in :data:`DASHES`."""
    lengths = DASHES[dash]
    return shapes.dashes(points, *lengths) if lengths else shapes.polyline(points)


def legend(entries: Sequence[tuple[str, str, str]], theme: Theme, left: float, y: float) -> VGroup:
    """Keys from ``left`` on, standing on ``y``; entries are (name, role, dash)."""
    row, at = VGroup(), left
    for name, role, dash in entries:
        key = VMobject(stroke_color=getattr(theme, role), stroke_width=5)
        key.set_points(stroked([(at, y + 0.07), (at + STROKE, y + 0.07)], dash))
        label = Label(name, theme, "small", role, "bold")
        label.next_to([at + STROKE + 0.1, 0, 0], RIGHT, buff=0).on_line(y)
        row.add(key, label)
        at = label.get_right()[0] + 0.35
    return row
