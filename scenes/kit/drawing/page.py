"""What figures stand on: a stage, a theme, and a left margin where lines begin."""

from __future__ import annotations

from manim import RIGHT

from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.drawing.theme import Theme


class Page:
    """A figure that fills the stage; ``stage`` and ``theme`` are set before anything is laid out."""

    stage: Stage
    theme: Theme

    def _left(self, text: str, y: float, size: str, role: str = "ink", weight: str = "regular") -> Label:
        """A line that begins at the left margin and stands on ``y``; smaller if it is wider than the stage."""
        label = Label(text, self.theme, size, role, weight)
        squeezed(label, self.stage.right - self.stage.left)
        return label.next_to([self.stage.left, 0, 0], RIGHT, buff=0).on_line(y)
