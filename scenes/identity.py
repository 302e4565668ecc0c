"""PlainBlock and ResidualBlock: learning to do nothing, the hard way and the easy way.

Part A of the lecture note as a measurement: one block with and without its shortcut, the same weights to begin with,
learns to give back the digit it is given. The images on its wires are the record's own.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, rate_functions

from scenes.figures.blocks.identity import IdentityFigure
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import PLAIN_BLOCK, RESIDUAL_BLOCK, Side
from scenes.kit.reading.lesson import Lesson, lesson_of, reached
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import layers

STRIP = 4  # images of each block in the comparison


class CopyingBlock(Lecture):
    """What both chapters share: the record, the figure, and what may truly be said of the record. Reads [identity]."""

    lacks = "it watches a block learn, and a record of atajos measure is of a network at rest"

    skip: ClassVar[bool]

    def setup(self) -> None:
        net = self.parameters("identity")
        (record,) = self.records("identity", [net])
        self.facts = record
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
        error = trained.median(self.facts.relative_error[side])
        value = self.numbers.small(float(error[-1]))
        return self.narration.clause(
            "learned", Side(self.facts, side), step=reached(error), steps=self.lesson.steps, value=value
        )

    def ratio(self, side: int) -> str:
        """How large the branch still is, beside its input."""
        return self.numbers.small(float(trained.median(self.facts.branch_ratio[side, :, -1])[-1]))


class PlainBlock(CopyingBlock):
    """Storyboard chapter 2: the layers of a plain block must work hard to do nothing."""

    skip = False
    claims = PLAIN_BLOCK

    def construct(self) -> None:
        figure = self.figure
        with self.beat("wanted"):
            self.play(FadeIn(figure.title, figure.diagram), run_time=1.0)
            self.play(FadeIn(figure.x, figure.names["x"], figure.target), run_time=0.8)
        with self.beat("start"):
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
        with self.beat("effort", ratio=self.ratio(0)):
            pass


class ResidualBlock(CopyingBlock):
    """Storyboard chapter 3: with a shortcut the layers only have to fall silent."""

    skip = True
    claims = RESIDUAL_BLOCK

    def construct(self) -> None:
        figure = self.figure
        self.add(figure.diagram, figure.x, figure.names["x"])  # where PlainBlock left them
        with self.beat("shortcut"):
            self.play(FadeIn(figure.title), run_time=0.6)
            self.play(figure.diagram.raise_shortcut(), run_time=1.6)
        act = self.narration.text(f"network.{NoteBlock.activation}")
        with self.beat("sum", act=act):
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
        with self.beat("branch", ratio=self.ratio(1)):
            pass
        self.compare()

    def patience(self) -> dict[str, object]:
        """How much longer and wider the runs were that tell slow from unable, and what the longer one reached."""
        params, error = self.facts.params, float(trained.median(self.facts.longer_error[0]))
        percent = self.numbers.significant(100 * error) if np.isfinite(error) else "?"
        return {"longer": params["longer"], "wider": params["wider"], "error": percent}

    def compare(self) -> None:
        """Both blocks side by side, and the lesson, if it is one."""
        figure = self.figure
        shown = (figure.diagram, figure.x, figure.f, figure.h, figure.counter, *figure.names.values())
        plain, residual = (reached(trained.median(error)) for error in self.facts.relative_error)
        with self.beat("compare", plain=plain, residual=residual):
            self.play(FadeOut(*shown), run_time=0.6)
            self.play(FadeIn(figure.strips(strip_steps(self.lesson))), run_time=1.0)
        with self.beat("lesson", **self.patience()):
            pass


class NoteBlock:
    """An [identity] section with the keys that the note's block fixes: two layers, ReLU."""

    layers_per_block, activation = 2, "relu"

    def __init__(self, net: Any) -> None:
        self.block, self.order, self.norm = net.block, net.order, net.norm


def strip_steps(lesson: Lesson) -> list[int]:
    """The first snapshot, the last, and two between them, evenly on a log scale."""
    places = np.geomspace(1, max(lesson.steps, 4), STRIP) - 1
    return [int(lesson.snapshots[lesson.seen(step)]) for step in places]
