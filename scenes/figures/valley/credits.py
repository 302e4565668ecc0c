"""The card at the film's end: what was measured, on what and with what, in lines that one can read."""

from __future__ import annotations

from collections.abc import Sequence

from manim import RIGHT, RoundedRectangle, VGroup

from scenes.kit.drawing.stage import PX, Stage
from scenes.kit.drawing.text import SIZES, Label, fitted
from scenes.kit.drawing.theme import Theme

SIZE, LARGEST, PITCH, AIR = 32.0, 44.0, 1.5, 0.45  # px of a line and of the largest; from line to line, in lines


def credits_card(heading: str, lines: Sequence[str], stage: Stage, theme: Theme) -> VGroup:
    """``lines`` under a heading, cut between their parts where they are too long: as large as there is room for."""
    room, high = stage.right - stage.left - 2 * AIR, stage.top - stage.caption_top - 0.3
    size = LARGEST
    while True:
        rows = [row for line in lines for row in wrapped(line, room * SIZES["small"] / size)]
        pitch = size * PX * PITCH
        if size <= SIZE or (len(rows) + 2.6) * pitch + AIR <= high:
            break
        size = max(SIZE, size - 2)
    pitch = min(pitch, (high - AIR) / (len(rows) + 2.2))
    labels = [Label(heading, theme, "title", "skip", "bold")]
    labels += [Label(row, theme, "small", "ink").scale(size / SIZES["small"]) for row in rows]
    wide = min(max(label.width for label in labels), room)
    labels = [label if label.width <= room else label.scale(room / label.width) for label in labels]
    tall = (len(rows) + 2.0) * pitch + AIR
    middle = (stage.top + stage.caption_top) / 2 + 0.1
    plate = RoundedRectangle(
        width=wide + 2 * AIR,
        height=tall,
        corner_radius=0.18,
        stroke_width=0,
        fill_color=theme.caption,
        fill_opacity=0.95,
    ).move_to([0, middle, 0])
    top = middle + tall / 2 - AIR
    for i, label in enumerate(labels):
        y = top - 0.75 * pitch - (0.0 if i == 0 else (i + 0.45) * pitch)
        label.next_to([-wide / 2, 0, 0], RIGHT, buff=0).on_line(y)
    return VGroup(plate, *labels)


def wrapped(line: str, width: float) -> list[str]:
    """A line in as many as it needs, cut between its parts."""
    rows = []
    while line:
        row, line = fitted(line, width, "small")
        rows.append(row)
    return rows
