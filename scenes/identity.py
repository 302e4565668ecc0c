"""PlainBlock and ResidualBlock: learning to do nothing, the hard way and the easy way.

Part A of the lecture note as a measurement: one block with and without its shortcut, the same weights to begin with,
learns to give back the digit it is given. The images on its wires are the record's own.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, rate_functions

from scenes.figures.blocks.identity import IdentityFigure
from scenes.kit.reading.lesson import Lesson, lesson_of, reached
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import layers

FAR = 0.5  # relative squared error of an output that does not resemble its input
SILENT, SMALL = 0.0, 0.1  # branch ratios: switched off, nearly so
STRIP = 4  # images of each block in the comparison


class CopyingBlock(Lecture):
    """What both chapters share: the record, the figure, and what may truly be said of the record. Reads [identity]."""

    lacks = "it watches a block learn, and a record of atajos measure is of a network at rest"

    skip: ClassVar[bool]

    def setup(self) -> None:
        net = self.parameters("identity")
        self.order = net.order
        (record,) = self.records("identity", [net])
        self.lesson = lesson_of(record)
        boxes, after = layers(NoteBlock(net), self.narration)
        names = [self.narration.text("layer", number=i + 1) for i in range(len(boxes))]
        keys = ("title", "plain_block", "residual_block", "plain_key", "residual_key", "step", "error", "ratio")
        words = {key.removesuffix("_block"): self.narration.text(key) for key in keys}
        words |= {key: self.narration.text(key) for key in ("input", "sum", "output")}
        size = self.narration.text(f"network.{'channels' if net.block == 'conv' else 'units'}", width=net.width)
        seeds = self.narration.text("median_seeds", count=net.seeds)
        rates = [self.numbers.significant(float(rate), 1) for rate in record.best_lr]
        words["line"] = self.narration.text(
            "identity_line", depth=net.depth, size=size, seeds=seeds, plain=rates[0], residual=rates[1]
        )
        texts = [(" · ".join(box), name) for box, name in zip(boxes, names, strict=True)]
        self.figure = IdentityFigure(
            self.stage, self.theme, words, self.numbers, self.lesson, texts, skip=self.skip, after=after
        )

    def learned(self, side: int) -> str:
        """How far a block came: the steps it took, or where it stands at the end."""
        error, steps = np.median(self.lesson.error[side], axis=0), self.lesson.steps
        if not np.isfinite(error[-1]):
            return self.narration.text("learned.diverged")
        at = reached(error)
        key = (
            "never"
            if at is None
            else "instantly"
            if at == 0
            else "exactly"
            if error[-1] == 0
            else "slowly"
            if at > steps / 2
            else "well"
        )
        value = self.numbers.small(float(error[-1]))
        return self.narration.text(f"learned.{key}", step=at, steps=steps, value=value)

    def effort(self, side: int) -> tuple[str, str]:
        """How large the branch still is: the word for it, and the number."""
        ratio = float(np.median(self.lesson.ratio[side, :, -1]))
        word = "lost" if not np.isfinite(ratio) else "off" if ratio == SILENT else "small" if ratio < SMALL else "large"
        return word, self.numbers.small(ratio)


class PlainBlock(CopyingBlock):
    """Storyboard chapter 2: the layers of a plain block must work hard to do nothing."""

    skip = False

    def construct(self) -> None:
        figure = self.figure
        with self.beat("wanted"):
            self.play(FadeIn(figure.title, figure.diagram), run_time=1.0)
            self.play(FadeIn(figure.x, figure.names["x"], figure.target), run_time=0.8)
        far = np.median(self.lesson.error[0, :, 0]) >= FAR
        with self.beat("start", "start_far" if far else "start_near"):
            self.play(figure.flow(), run_time=2.6, rate_func=rate_functions.linear)
            self.play(FadeIn(figure.h, figure.names["h"]), run_time=0.6)
        with self.beat("hard"):
            self.play(FadeIn(figure.headings, *figure.charts), run_time=1.0)
        self.remove(figure.target)
        self.add(figure.moving)
        self.behind(figure.title, figure.diagram, figure.x, *figure.names.values(), figure.headings)
        with self.beat("train"):
            self.play(figure.train(), run_time=8.0, rate_func=rate_functions.linear)
        with self.beat("learned", told=self.learned(0)):
            pass
        word, ratio = self.effort(0)
        with self.beat("effort", f"effort_{word}", ratio=ratio):
            pass


class ResidualBlock(CopyingBlock):
    """Storyboard chapter 3: with a shortcut the layers only have to fall silent."""

    skip = True

    def construct(self) -> None:
        figure = self.figure
        self.add(figure.diagram, figure.x, figure.names["x"])  # where PlainBlock left them
        with self.beat("shortcut"):
            self.play(FadeIn(figure.title), run_time=0.6)
            self.play(figure.diagram.raise_shortcut(), run_time=1.6)
        act = self.narration.text(f"network.{NoteBlock.activation}")
        with self.beat("sum", "sum_post" if self.order == "post" else "sum", act=act):
            self.play(figure.flow(), run_time=3.2, rate_func=rate_functions.linear)
            self.play(FadeIn(figure.f, figure.names["f"], figure.h, figure.names["h"], figure.target), run_time=0.8)
        with self.beat("recall"):
            self.play(FadeIn(figure.headings, *figure.charts), run_time=0.6)
            self.play(figure.recall(0), run_time=1.4)
        self.remove(figure.target)
        self.add(figure.moving)
        self.behind(figure.title, figure.diagram, figure.x, *figure.names.values(), figure.headings)
        with self.beat("train"):
            self.play(figure.train(), run_time=6.4, rate_func=rate_functions.linear)
        with self.beat("learned", told=self.learned(1)):
            pass
        word, ratio = self.effort(1)
        with self.beat("branch", f"branch_{word}", ratio=ratio):
            pass
        self.compare()

    def compare(self) -> None:
        """Both blocks side by side, and the lesson, if it is one."""
        figure = self.figure
        shown = (figure.diagram, figure.x, figure.f, figure.h, figure.counter, *figure.names.values())
        plain, residual = (reached(np.median(error, axis=0)) for error in self.lesson.error)
        with self.beat("compare", f"compare_{who(plain, residual)}", plain=plain, residual=residual):
            self.play(FadeOut(*shown), run_time=0.6)
            self.play(FadeIn(figure.strips(strip_steps(self.lesson))), run_time=1.0)
        won = residual is not None and plain is not None and residual < plain
        word = "won" if won else "ahead" if residual is not None and plain is None else "open"
        with self.beat("lesson", f"lesson_{word}", steps=self.lesson.steps):
            pass


def who(plain: int | None, residual: int | None) -> str:
    """Which of the blocks copies, from the steps that each took; None: it does not."""
    if residual == 0 and plain != 0:
        return "start" if plain else "start_alone"
    if plain is not None and residual is not None:
        return "both"
    return "neither" if plain is None and residual is None else "residual" if plain is None else "plain"


class NoteBlock:
    """An [identity] section with the keys that the note's block fixes: two layers, ReLU."""

    layers_per_block, activation = 2, "relu"

    def __init__(self, net: Any) -> None:
        self.block, self.order, self.norm = net.block, net.order, net.norm


def strip_steps(lesson: Lesson) -> list[int]:
    """The first snapshot, the last, and two between them, evenly on a log scale."""
    places = np.geomspace(1, max(lesson.steps, 4), STRIP) - 1
    return [int(lesson.snapshots[lesson.seen(step)]) for step in places]
