"""WaterPipes: the same measured signal once more, as water in two long pipes.

Part B of the lecture note has a second analogy, water: every block is a valve, every shortcut a bypass pipe. The
pressure is the gradient signal that the road shows, and the split at each fork is the measured share of the shortcut.
"""

from __future__ import annotations

import math

import numpy as np
from manim import FadeIn

from scenes.figures.water.figure import RUN, SWING, WaterFigure
from scenes.figures.water.pipes import Reading
from scenes.kit.claims.chapters import WATER_PIPES, Drawn, Side
from scenes.kit.claims.signals import opposed
from scenes.kit.drawing import signal
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.reading.networks import journeys
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import measured, residual_name
from sim.sections.network import Network

ROOM = {True: (14, 12), False: (7, 6)}  # valves that fit a wide and a narrow stage, and how many stand for more


class WaterPipes(Lecture):
    """Storyboard chapter 6. Reads [highway], the network of the road."""

    lacks = ""
    claims = WATER_PIPES

    def setup(self) -> None:
        (self.journey,) = journeys(self, [self.parameters("highway").only(Network)])[:1]
        self.record, self.log10 = self.journey.record, self.journey.log10[:, 0]  # at the input: plain, residual
        self.share = self.journey.share  # (depth,)
        self.parts = self.share[self.journey.bridged]  # where there is something to share out
        self.figure = self.lay_out()

    def construct(self) -> None:
        figure = self.figure
        plain, residual = figure.ways
        still = [figure.frame, figure.stills[0], figure.dials[0]]  # in drawing order
        with self.beat("pipe", source=self.narration.text(f"source.{self.journey.source}")):
            self.play(FadeIn(figure.frame, figure.stills[0]), run_time=1.2)
        with self.beat("gauges"):
            self.play(FadeIn(figure.dials[0], figure.needles[0]), run_time=1.0)
        self.behind(*still)
        with self.beat("plain", **self.pressure(0)):
            figure.open_tap(0)
            self.play(*figure.flow(RUN + SWING, filling=0))
        still += [plain.water, figure.needles[0], figure.stills[1], figure.dials[1]]
        self.behind(*still[:-2])
        with self.beat("bypass", count=len(self.parts), depth=self.journey.depth):
            self.play(*figure.raise_plain(0.9), *figure.flow(0.9))
            self.play(FadeIn(*still[-2:], figure.needles[1]), *figure.flow(0.7), run_time=0.7)
            self.behind(*still)
            self.play(figure.lay_bypasses(run_time=2.0), *figure.flow(2.0))
            self.behind(*still, residual.bypasses)
        with self.beat("residual", **self.pressure(1)):
            figure.open_tap(1)
            self.play(*figure.flow(RUN + SWING, filling=1))
        self.behind(*still, residual.bypasses, residual.water, figure.needles[1])
        with self.beat("shares", **self.shares()):
            if len(self.parts) and np.isfinite(self.parts).all():
                share = figure.shares(*(self.narration.text(key, **self.shares()) for key in ("bypass", "valve")))
                self.play(FadeIn(share), *figure.flow(0.7), run_time=0.7)
                self.behind(share)
        with self.beat("sum"):
            pass

    def linger(self, seconds: float) -> None:
        """Water that flows does not stop while one listens."""
        if flow := self.figure.flow(seconds):
            self.play(*flow)
        else:
            self.wait(seconds)

    # words

    def pressure(self, skip: int) -> dict[str, str]:
        """The pressure at the input of a pipe, or why it has none."""
        source = self.narration.text(f"source.{self.journey.source}")
        unheard = self.narration.clause("unheard", Side(self.record, skip), source=source, dtype=self.journey.dtype)
        return {"value": self.numbers.signal(float(self.log10[skip])), "unheard": unheard}

    def shares(self) -> dict[str, object]:
        mean = float(self.parts.mean()) if len(self.parts) else math.nan
        shares = {"share": percent(mean, self.numbers), "rest": percent(1 - mean, self.numbers)}
        return shares | {"count": int(opposed(self.parts).sum())}

    # geometry

    def lay_out(self) -> WaterFigure:
        depth, text = self.journey.depth, self.narration.text
        fit, few = ROOM[self.stage.wide]
        blocks, states = sampled(depth, fit if depth <= fit else few)
        drawn = np.array(blocks) - 1
        self.facts = Drawn(self.record, drawn)
        log10 = self.journey.log10
        with np.errstate(invalid="ignore"):
            gain = log10[0, :-1] - log10[0, 1:]
        bridged = self.journey.bridged[drawn]
        readings = [
            Reading(log10[0, states], gain[drawn]),
            Reading(log10[1, states], gain[drawn], self.share[drawn], bridged),
        ]
        keys = ("title", "plain", "input", "loss", "key", "key_short")
        words = {key: text(key) for key in keys} | {"residual": residual_name(self.record, self.narration)}
        words["line"] = measured(self.journey, self.narration)
        words["below"] = text("below", floor=power(round(signal.FLOOR)))
        words["sample"] = text("sample", drawn=len(blocks), depth=depth) if len(blocks) < depth else ""
        return WaterFigure(self.stage, self.theme, words, self.numbers, readings)


def percent(share: float, numbers: Numbers) -> str:
    """A share as a percentage, with as many decimals as tell it from 0 and 100 if it is neither."""
    digits = 0
    while digits < 6 and share not in (0, 1) and round(100 * share, digits) in (0, 100):
        digits += 1
    return numbers.decimal(100 * share, digits) if np.isfinite(share) else "?"
