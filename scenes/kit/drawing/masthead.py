"""The head of a chapter: its title, top left, and one muted line that says what was measured."""

from __future__ import annotations

from manim import LEFT, RIGHT, VGroup

from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, Readout, fitted, squeezed
from scenes.kit.drawing.theme import Theme


class Masthead(VGroup):
    """``title`` stands; :meth:`say` writes the line under it, on two rows where it is too long for one."""

    def __init__(self, title: str, line: str, stage: Stage, theme: Theme) -> None:
        self.stage = stage
        self.width_there = stage.right - stage.left
        self.title = squeezed(Label(title, theme, "title", "ink", "bold"), self.width_there)
        self.title.next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(stage.top - 0.4)
        self.rows = VGroup(
            *(Readout(theme, [stage.left, stage.top - y, 0], LEFT, "small", "muted") for y in (0.86, 1.14))
        )
        super().__init__(self.title, self.rows)
        self.say(line)

    def say(self, line: str) -> Masthead:
        """Write another line."""
        for row, text in zip(self.rows, fitted(line, self.width_there, "small"), strict=True):
            row.show(text)
        return self
