"""What figures stand on: a stage, a theme, a left margin where lines begin, and the head with the chapter's title."""

from __future__ import annotations

from manim import LEFT, RIGHT, VGroup

from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, Readout, fitted, squeezed
from scenes.kit.drawing.theme import Theme

TITLE, ROWS = 0.4, (0.86, 1.14)  # below the stage's top: the title, and the two rows that say what was measured


def line_at(
    text: str, y: float, stage: Stage, theme: Theme, size: str, role: str = "ink", weight: str = "regular"
) -> Label:
    """A line that begins at the left margin and stands on ``y``; smaller if it is wider than the stage."""
    label = squeezed(Label(text, theme, size, role, weight), stage.right - stage.left)
    return label.next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(y)


def head(title: str, line: str, stage: Stage, theme: Theme, spared: float = 0.0) -> VGroup:
    """The title, and under it one muted line in small type, on two rows where it is too long for one.

    ``spared`` is room at the right that the title leaves free.
    """
    width = stage.right - stage.left
    name = line_at(title, stage.top - TITLE, stage, theme, "title", weight="bold")
    if spared:
        squeezed(name, width - spared).next_to([stage.left, 0, 0], RIGHT, buff=0).on_line(stage.top - TITLE)
    rows = zip(fitted(line, width, "small"), ROWS, strict=True)
    return VGroup(name, *(line_at(row, stage.top - y, stage, theme, "small", "muted") for row, y in rows if row))


def said_rows(stage: Stage, theme: Theme) -> VGroup:
    """The two rows under a title, where what they say changes."""
    return VGroup(*(Readout(theme, [stage.left, stage.top - y, 0], LEFT, "small", "muted") for y in ROWS))


class Page:
    """A figure that fills the stage; ``stage`` and ``theme`` are set before anything is laid out."""

    stage: Stage
    theme: Theme

    def _left(self, text: str, y: float, size: str, role: str = "ink", weight: str = "regular") -> Label:
        return line_at(text, y, self.stage, self.theme, size, role, weight)

    def _chapter_head(self, title: str, line: str, spared: float = 0.0) -> VGroup:
        return head(title, line, self.stage, self.theme, spared)
