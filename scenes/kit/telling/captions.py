"""Captions in the picture: one sentence at a time in its zone, as the beat's script says."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, ORIGIN, Animation, RoundedRectangle, VGroup, rate_functions

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
    box = RoundedRectangle(
        width=labels.width + 0.8,
        height=pitch * len(labels) + 0.16,
        corner_radius=0.1,
        stroke_width=0,
        fill_color=theme.caption,
        fill_opacity=0.92,
    ).move_to([0, -pitch * (len(labels) - 1) / 2 + 0.12, 0])
    caption = VGroup(box, labels)
    return caption.move_to([0, (stage.caption_top - stage.height / 2) / 2, 0]).shift(DOWN * 0.02)
