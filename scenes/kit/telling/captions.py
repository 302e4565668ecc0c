"""Captions in the picture: one sentence at a time in its zone, as the beat's script says."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from manim import DOWN, ORIGIN, Animation, RoundedRectangle, VGroup, VMobject, rate_functions
from numpy.typing import NDArray

from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import Theme
from scenes.kit.telling.cues import Script


class Captions(VGroup):
    """The caption of a beat; which of its sentences is seen depends on the beat's time alone."""

    def __init__(self, script: Script, stage: Stage, theme: Theme) -> None:
        self.script = script
        self.boxes = [caption_box(sentence.lines, stage, theme) for sentence in script.sentences]
        self._paths = [[(part, part.points) for part in box.get_family()] for box in self.boxes]
        super().__init__()
        self.is_caption = True
        self.show(0.0)

    def show(self, time: float) -> Captions:
        """The sentence that is said at a time of the beat. The others have no paths: a play goes on drawing the parts
        that it began with when another sentence has begun."""
        now = self.script.begun(time)
        for i, paths in enumerate(self._paths):
            for part, points in paths:
                part.points = points if i == now else points[:0]
        self.submobjects = [part for box in self.boxes[now:][:1] for part in box]
        return self

    def turn(self, begin: float, end: float, frame_rate: float) -> Animation | None:
        """What happens from one time of the beat until just before another; None if nothing does."""
        last = end - 0.5 / frame_rate
        if self.script.begun(begin) == self.script.begun(last):
            return None

        def draw(progress: float) -> None:
            self.show(min(begin + progress * (end - begin), last))

        return Draw(self, draw, run_time=end - begin, rate_func=rate_functions.linear)


def caption_box(lines: Sequence[str], stage: Stage, theme: Theme) -> VGroup:
    """The caption in its zone: lines centred in a quiet box."""
    labels = VGroup(*(Label(line, theme, "caption") for line in lines))
    pitch = 1.22 * labels[0].px * 8 / 1080
    for i, label in enumerate(labels):
        label.move_to(ORIGIN).on_line(-i * pitch)
    box = plate(labels.width + 0.8, pitch * len(labels) + 0.16, theme)
    box.move_to([0, -pitch * (len(labels) - 1) / 2 + 0.12, 0])
    caption = VGroup(box, labels)
    return caption.move_to([0, (stage.caption_top - stage.height / 2) / 2, 0]).shift(DOWN * 0.02)


def plate(width: float, height: float, theme: Theme) -> VMobject:
    """The box, in scene units. manim takes as long for a rounded rectangle as for all else in a caption: one is made,
    and its corners are moved apart."""
    points = _square().copy()
    points[:, :2] += np.sign(points[:, :2]) * [(width - 1) / 2, (height - 1) / 2]
    return VMobject(stroke_width=0, fill_color=theme.caption, fill_opacity=0.92).set_points(points)


@functools.cache
def _square() -> NDArray[np.float64]:
    """The path of a rounded square of side 1."""
    return np.asarray(RoundedRectangle(width=1, height=1, corner_radius=0.1).points)
