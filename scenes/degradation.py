"""Degradation: deeper plain networks train worse, though they need not.

The lecture note's recall, as measured training errors; then its thought experiment, measured too: blocks that do
nothing, added to a shallow network, leave its error as it was to the last digit.
"""

from __future__ import annotations

import numpy as np
from manim import LEFT, RIGHT, FadeIn, Indicate
from numpy.typing import NDArray

from scenes.figures.blocks.stack import Stack
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import DEGRADATION
from scenes.kit.claims.trained import Deep
from scenes.kit.drawing.curves import Curve, CurveChart, apart
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.page import head, line_at
from scenes.kit.drawing.text import Label, Readout
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import layers
from sim.records.record import PLAIN, RESIDUAL

DASHES = ("solid", "dashed", "dotted")  # shallow to deep


class Degradation(Lecture):
    """Storyboard chapter 1. Reads [degradation]."""

    lacks = "it compares networks that were trained, and a record of atajos measure is of one that is not"
    claims = DEGRADATION

    def setup(self) -> None:
        self.net = self.parameters("degradation")
        (self.record,) = self.records("degradation", [self.net])
        self.depths = [int(depth) for depth in self.record.depths]
        self.final = trained.final(self.record)
        self.lay_out()

    def construct(self) -> None:
        per_block, deepest = self.net.layers_per_block, self.depths[-1]
        for i, depth in enumerate(self.depths):
            self.facts = Deep(self.record, i)
            with self.beat(f"depth_{depth}", "depth", depth=depth, error=self.percent(PLAIN, i)):
                if i == 0:
                    self.add(self.stack, self.chart, self.kind, self.count)
                    self.play(FadeIn(self.still), run_time=0.8)
                    self.behind(self.still)
                self.count.show(self.narration.text("layers", depth=depth))
                self.play(self.stack.become_deep(depth / per_block), run_time=1.2)
                self.play(self.draw(PLAIN, [i]), run_time=2.2)
                self.play(FadeIn(self.labels[PLAIN][i]), run_time=0.3)
                self.behind(self.labels[PLAIN][i])
        self.facts = self.record
        with self.beat("idle", first=self.depths[0], extra=deepest - self.depths[0]):
            self.count.show(self.narration.text("layers_idle", first=self.depths[0], extra=deepest - self.depths[0]))
            self.play(self.stack.become_deep(self.depths[0] / per_block), run_time=0.8)
            more = (deepest - self.depths[0]) / per_block
            self.play(self.stack.become_deep(self.depths[0] / per_block, more), run_time=2.0)
        kept = float(trained.median(self.record.deepened_error[PLAIN, -1]))
        with self.beat("kept", first=self.depths[0], error=self.number(kept)):
            if trained.kept(self.record) == "exactly":  # the shallow network's own error, once more
                self.play(Indicate(self.labels[PLAIN][0], scale_factor=1.25, color=self.theme.ink), run_time=1.4)
        with self.beat("gap", depth=deepest):
            self.count.show(self.narration.text("layers", depth=deepest))
            self.play(self.stack.become_deep(deepest / per_block), run_time=1.2)
        errors = [self.percent(RESIDUAL, i) for i in range(len(self.depths))]
        with self.beat("residual", depth=deepest, error=errors[-1], plain=self.percent(PLAIN, -1)):
            self.kind.show(self.narration.text("residual"))
            self.play(self.stack.become_deep(deepest / per_block, 0, 1), run_time=1.2)
            places = self.label_places((PLAIN, RESIDUAL))[: len(self.depths)]
            moves = [
                label.animate.shift([0, y - label.baseline, 0])
                for label, y in zip(self.labels[PLAIN], places, strict=True)
            ]
            self.play(self.draw(RESIDUAL, range(len(self.depths))), *moves, run_time=2.4)
            self.play(FadeIn(*self.labels[RESIDUAL]), run_time=0.3)
        with self.beat("lesson", depth=deepest, **self.patience()):
            pass

    def patience(self) -> dict[str, object]:
        """How long the deepest plain network trained, and what it reached when it trained on."""
        later = float(trained.median(self.record.longer_error))
        return {"steps": self.net.steps, "longer": self.net.longer, "later": self.number(later)}

    def number(self, error: float) -> str:
        if not np.isfinite(error):
            return "?"
        return self.numbers.small(error / 100) if error <= 0 else self.numbers.significant(error)

    def percent(self, skip: int, i: int) -> str:
        """Median training error of a network, in %."""
        return self.number(float(self.final[skip, i]))

    # geometry

    def draw(self, skip: int, which: object) -> Draw:
        """Curves of one side are drawn to the end."""
        places = [skip * len(self.depths) + i for i in which]  # type: ignore[attr-defined]

        def show(progress: float) -> None:
            for place in places:
                self.upto[place] = max(progress * self.chart.steps, 1e-6)
            self.chart.show(self.upto)

        return Draw(self.chart, show)

    def lay_out(self) -> None:
        stage, theme, text = self.stage, self.theme, self.narration.text
        stretch = stage.stretch
        top = stage.top

        boxes, _ = layers(self.net, self.narration)
        size = text(f"network.{'channels' if self.net.block == 'conv' else 'units'}", width=self.net.width)
        line = text(
            "training_line",
            block=", ".join(name for box in boxes for name in box),
            size=size,
            steps=self.net.steps,
            rates=len(self.record.learning_rates),
            seeds=text("median_seeds", count=self.net.seeds),
        )
        chart = line_at(text("chart"), top - 3.12 * stretch, stage, theme, "small", "muted")
        self.still = head(text("title"), line, stage, theme).add(chart)
        self.count = Readout(theme, [stage.right, top - 1.5 * stretch, 0], RIGHT, "heading", "ink", "bold")
        most = -(-self.depths[-1] // self.net.layers_per_block)
        self.stack = Stack(stage.left, stage.right, top - 2.3 * stretch, most, theme)
        curves = [
            Curve(self.record.check_steps.astype(float), self.record.train_error[skip, i], role, DASHES[min(i, 2)])
            for skip, role in ((PLAIN, "danger"), (RESIDUAL, "skip"))
            for i in range(len(self.depths))
        ]
        box = (stage.left + 0.8, top - 6.02 * stretch, stage.right - 2.75, top - 3.35 * stretch)
        self.chart = CurveChart(box, curves, theme, self.numbers, log=False, unit=self.numbers.percent)
        self.upto = [0.0] * len(curves)
        self.labels = self.end_labels()
        self.kind = Readout(theme, [stage.left, top - 1.5 * stretch, 0], LEFT, "heading", "ink", "bold")
        self.kind.show(text("plain"))

    def end_labels(self) -> list[list[Label]]:
        """Depth and final error of every curve, beside its end; the residual ones where all have room."""
        places = [self.label_places((PLAIN,)), self.label_places((PLAIN, RESIDUAL))[len(self.depths) :]]
        labels: list[list[Label]] = [[], []]
        for skip, role in ((PLAIN, "danger"), (RESIDUAL, "skip")):
            for i, y in enumerate(places[skip]):
                words = self.narration.text("end_label", depth=self.depths[i], error=self.percent(skip, i))
                label = Label(words, self.theme, "small", role, "bold")
                labels[skip].append(label.next_to([self.chart.right + 0.25, 0, 0], RIGHT, buff=0).on_line(y))
        return labels

    def label_places(self, sides: tuple[int, ...]) -> NDArray[np.float64]:
        """Heights of the labels of some sides' curves: at the curves' ends, moved apart where they would touch."""
        ends = np.nan_to_num(np.concatenate([self.final[skip] for skip in sides]), nan=self.chart.span.high)
        return apart(self.chart.height_of(ends) - 0.07, 0.29, self.chart.bottom - 0.1)
