"""PlusOne: where the 1 in the derivative of a residual block comes from, and what it does to a chain of blocks.

Part C of the lecture note: H = F + x is differentiated term by term; ∂x/∂x is the 1. Under it stand the gains that were
measured in a plain and a residual network with the same weights, and how each sum divides between copy and branch.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import FadeIn, FadeOut, rate_functions

from scenes.figures.blocks.chain import Measured
from scenes.figures.blocks.plus_one import PlusOneFigure, most_blocks
from scenes.kit.claims.chapters import PLUS_ONE, Side
from scenes.kit.claims.signals import bridged, copied, form, share_of_copy
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import journeys
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import beta_of, changed, following, layers, measured, residual_name
from sim.sections.network import Network


class PlusOne(Lecture):
    """Storyboard chapter 7. Reads [highway], the network of the road."""

    lacks = ""
    claims = PLUS_ONE

    def setup(self) -> None:
        (self.journey,) = journeys(self, [self.parameters("highway").only(Network)])[:1]
        if not any(bare(*one) for one in zip(self.journey.kinds, self.journey.factors, strict=True)):
            raise UsageError(f"--network: PlusOne derives H = F + x, and no shortcut of {self.journey.name} is bare")
        self.record = self.facts = self.journey.record
        self.log10 = self.journey.log10
        with np.errstate(invalid="ignore"):  # an exact zero or an infinite signal on both sides of a block
            gains = self.log10[:, :-1] - self.log10[:, 1:]  # they multiply exactly, as logs are what is averaged
        self.gains = [[self.numbers.factor(float(gain)) for gain in row] for row in gains]
        most = most_blocks(self.stage, [*self.gains[0], *self.gains[1]])
        self.blocks, self.states = sampled(self.journey.depth, most)
        boxes, self.after = self.layers()
        names = [self.narration.text("layer", number=i + 1) for i in range(len(boxes))]
        texts = [(" · ".join(box), name) for box, name in zip(boxes, names, strict=True)]
        measured = [self.measured(skip) for skip in (0, 1)]
        self.figure = PlusOneFigure(
            self.stage, self.theme, self.words(), measured, (texts, self.after), form(self.record)
        )
        self.form = {"beta": beta_of(self.record, self.numbers), "after": self.after}

    def construct(self) -> None:
        figure = self.figure
        self.derive()
        plain, residual = figure.chains
        with self.beat("plain", **self.arrived(0)):
            self.play(FadeOut(figure.block), figure.make_room(), run_time=1.0)
            self.play(FadeIn(figure.heads[0], plain), run_time=0.6)
            self.behind(figure.frame, figure.heads[0], figure.equation)
            self.play(plain.sweep(), run_time=3.0, rate_func=rate_functions.linear)
        with self.beat("shortcuts", **self.form):
            self.play(FadeIn(figure.heads[1], residual), run_time=0.6)
            self.behind(figure.heads[1], plain)
            self.play(residual.raise_overpasses(), run_time=1.8)
        with self.beat("residual", **self.arrived(1)):
            self.play(residual.sweep(), run_time=3.0, rate_func=rate_functions.linear)
        with self.beat("share", copy=self.copy()):
            self.play(FadeIn(figure.key), residual.divide(), run_time=1.6)
        self.behind(figure.key, residual)
        if bridged(self.record) and copied(self.record) != "changed":
            with self.beat("route", after=self.after):
                self.play(figure.copy.ride(), run_time=4.6, rate_func=rate_functions.linear)
                self.remove(figure.copy)
        with self.beat("total", after=self.after, change=changed(self.journey, self.narration)):
            pass
        with self.beat("vectors", **self.form):
            self.play(figure.to_matrices(), run_time=1.4)
            self.play(figure.put_identity_first(), run_time=1.2)

    def derive(self) -> None:
        """H = F + x, term by term, until the last term is 1."""
        figure = self.figure
        with self.beat("sum", **self.form):
            self.play(FadeIn(figure.frame, figure.block), run_time=0.6)
            self.play(figure.block.raise_shortcut(), run_time=1.2)
            self.play(FadeIn(figure.equation), run_time=0.8)
        self.behind(figure.frame, figure.block)
        with self.beat("terms"):
            self.play(figure.differentiate(), run_time=3.2)
        with self.beat("one", **self.form):
            self.play(figure.work_out(), run_time=1.6)
        with self.beat("chain", **self.form):
            pass

    # what was measured

    def layers(self) -> tuple[list[list[str]], str]:
        """What each layer of a block does, and what acts after the sum; of a network of one's own, how many there are,
        up to two, in most blocks."""
        if self.journey.net is not None:
            return layers(self.journey.net, self.narration)
        count = int(np.clip(np.median(self.journey.layers), 1, 2))
        return [["F"]] * count, following(self.journey, self.narration)

    def measured(self, skip: int) -> Measured:
        """What is drawn of one network."""
        log10, at = self.log10[skip], np.array(self.blocks) - 1
        return Measured(
            log10[self.states],
            [self.gains[skip][block] for block in at],
            self.journey.share[at],
            [right - left > 1 for left, right in pairwise(self.blocks)],
            self.numbers.signal(float(log10[0])),
            self.journey.bridged[at],
        )

    # words

    def words(self) -> dict[str, str]:
        keys = ("title", "plain", "input", "loss", "sum", "output", "branch")
        words = {key: self.narration.text(key) for key in keys}
        words["residual"] = residual_name(self.record, self.narration)
        words["line"] = measured(self.journey, self.narration)
        if self.journey.seeds > 1:
            words["line"] += self.narration.text("of_logs")
        words["copy"] = self.narration.text("copy_after" if self.after else "copy", after=self.after)
        notes = [self.narration.text("width")]
        if len(self.blocks) < self.journey.depth:
            notes.append(self.narration.text("drawn", drawn=len(self.blocks), depth=self.journey.depth))
        words["note"] = " · ".join(notes)
        return words

    def arrived(self, skip: int) -> dict[str, str]:
        """The number of a network's signal at the input, or why there is none."""
        source = self.narration.text(f"source.{self.journey.source}")
        unheard = self.narration.clause("unheard", Side(self.record, skip), source=source, dtype=self.journey.dtype)
        value = self.numbers.signal(float(self.log10[skip, 0]))
        return {"value": value, "depth": str(self.journey.depth), "unheard": unheard}

    def copy(self) -> int | None:
        """The percentage of the gradient before a block that its shortcut handed back, on average."""
        share = share_of_copy(self.record)
        return round(100 * share) if np.isfinite(share) else None


def bare(kind: str, factor: float) -> bool:
    """Whether a shortcut hands on what it is given."""
    return kind == "identity" and factor == 1
