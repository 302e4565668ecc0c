"""GradientFlow: how the gradient travels back through a plain and through a residual network with the same weights.

Part C of the lecture note as a measurement: the signal in front of every block is the width of an arrow, and the same
number is a point of the log chart below. Then two dials turn, depth and weight scale, and batch normalisation brings a
twist.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, rate_functions

from scenes.figures.blocks.dial import Dial
from scenes.figures.blocks.twin import State, TwinFigure
from scenes.kit.claims.chapters import GRADIENT_FLOW, Side, Stop
from scenes.kit.drawing import signal
from scenes.kit.drawing.charts import Range
from scenes.kit.drawing.numbers import power
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import Journey, journeys
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import beta_of, measured, residual_name

SCALED = "1/sqrt(depth)"  # the branch scale that keeps the residual signal level at any depth


class GradientFlow(Lecture):
    """Storyboard chapter 8. Reads [profile], the network, and [gradient_flow], the stops of the dials and the twist.

    A network of one's own stands in its place, if there is one: its stops are the dial of depth, and no other turns.
    """

    lacks = ""
    claims = GRADIENT_FLOW

    def setup(self) -> None:
        self.profile: Any = None
        if self.setting.network is not None:
            self.set_up_own(journeys(self, []))
            return
        profile, flow = self.parameters("profile"), self.parameters("gradient_flow")
        self.profile, self.source = profile, profile.cotangent
        self.depths = sorted({*flow.depths, profile.depth})
        self.gains = sorted({*flow.gains, profile.gain}, key=lambda gain: profile.replace(gain=gain).gain_value)
        nets = {("depth", depth): profile.replace(depth=depth) for depth in self.depths}
        nets |= {("gain", gain): profile.replace(gain=gain) for gain in self.gains}
        if profile.branch_scale != SCALED:
            nets["gain", SCALED] = profile.replace(gain=self.gains[-1], branch_scale=SCALED)
        nets["twist", "norm"] = flow.bn
        found = journeys(self, list(nets.values()))
        self.told = {key: journey.record for key, journey in zip(nets, found, strict=True)}
        states = {key: self.state_of(journey) for key, journey in zip(nets, found, strict=True)}
        self.opening, self.facts = states["depth", self.depths[0]], Stop(self.told["depth", self.depths[0]])
        self.states = share_ranges(states)
        self.home = self.depths.index(profile.depth), self.gains.index(profile.gain)

    def set_up_own(self, found: Sequence[Journey]) -> None:
        """States of a network of one's own, by depth. Raises UsageError for stops that differ in something else."""
        self.source = found[0].source
        self.told = {("depth", journey.depth): journey.record for journey in found}
        states = {("depth", journey.depth): self.state_of(journey) for journey in found}
        if len(states) < len(found):
            raise UsageError("--network: two stops have the same number of blocks; vary what changes it")
        self.depths, self.home = sorted(depth for _, depth in states), (0, 0)
        self.opening, self.facts = states["depth", self.depths[0]], Stop(self.told["depth", self.depths[0]])
        self.states = share_ranges(states)

    def state_of(self, journey: Journey) -> State:
        log10, layers = journey.log10[:, ::-1], max(1.0, float(np.median(journey.layers)))
        line = measured(journey, self.narration)
        return State(journey.depth, layers, log10, Range.around(log10), line, journey.bridged[::-1])

    def construct(self) -> None:
        figure = self.figure = self.lay_out()
        with self.beat("start", source=self.narration.text(f"source.{self.source}")):
            self.add(figure.moving)
            self.play(FadeIn(figure.frame, figure.plain_still), run_time=0.8)
            self.behind(figure.frame, figure.plain_still)
            self.play(figure.sweep(0, upto=0.05), run_time=0.8)
        with self.beat("plain", **self.arrived(0)):
            self.play(figure.sweep(0), run_time=3.0, rate_func=rate_functions.linear)
        depth, beta = self.opening.depth, beta_of(self.facts.record, self.numbers)
        count = depth if self.opening.bridged is None else int(self.opening.bridged.sum())
        with self.beat("skip", bridged=count, depth=depth, beta=beta):
            self.play(FadeIn(figure.residual_still), run_time=0.5)
            self.behind(figure.residual_still)
            self.play(figure.raise_overpasses(), run_time=2.0)
        with self.beat("residual", **self.arrived(1)):
            self.play(figure.sweep(1), run_time=3.0, rate_func=rate_functions.linear)
        self.turn_depth()
        if self.profile is not None:
            self.turn_gain()
            self.twist()

    def turn_depth(self) -> None:
        for stop, depth in enumerate(self.depths[1:], start=1):
            state = self.states["depth", depth]
            with self.beat(f"depth_{depth}", "depth", depth=depth, **self.became("depth", depth)):
                if stop == 1:
                    self.play(FadeIn(self.depth_dial), run_time=0.5)
                self.play(self.figure.turn(state), self.depth_dial.turn(stop), run_time=1.8)

    def turn_gain(self) -> None:
        home_depth, home_gain = self.home
        self.gain_dial.show(home_gain)
        for stop, gain in enumerate(self.gains):
            if stop == home_gain:  # the depth dial has shown this very network
                continue
            state, self.facts = self.states["gain", gain], Stop(self.told["gain", gain])
            with self.beat(f"gain_{stop}", "gain", gain=self.gain_name(gain), **self.became("gain", gain)):
                if self.gain_dial not in self.mobjects:
                    self.play(FadeIn(self.gain_dial), run_time=0.5)
                self.play(
                    self.figure.turn(state),
                    self.depth_dial.turn(home_depth),
                    self.gain_dial.turn(stop),
                    run_time=1.8,
                )
        if ("gain", SCALED) in self.states:
            state = self.states["gain", SCALED]
            self.facts = Stop(self.told["gain", SCALED], self.told["gain", self.gains[-1]])
            with self.beat("branch", **self.became("gain", SCALED)):
                self.play(self.figure.turn(state), run_time=1.8)

    def twist(self) -> None:
        state, self.facts = self.states["twist", "norm"], Stop(self.told["twist", "norm"])
        with self.beat("norm", **self.became("twist", "norm")):
            self.play(FadeOut(self.depth_dial, self.gain_dial), run_time=0.4)
            self.play(self.figure.turn(state), run_time=2.0)
            self.play(self.figure.sweep(1), run_time=2.4, rate_func=rate_functions.linear)

    # words

    def became(self, dial: str, stop: Any) -> dict[str, str]:
        """What may truly be said of both networks at a stop."""
        record = self.told[dial, stop]
        values = [self.numbers.signal(float(log10)) for log10 in record.mean_log10_relative()[:, 0]]
        told = [self.narration.clause("became", Side(record, skip), value=value) for skip, value in enumerate(values)]
        return dict(zip(("plain", "residual"), told, strict=True))

    def arrived(self, skip: int) -> dict[str, str]:
        """The numbers of the first network's signal at the input, or why there are none."""
        log10, record = float(self.opening.log10[skip, -1]), self.facts.record
        source = self.narration.text(f"source.{self.source}")
        unheard = self.narration.clause("unheard", Side(record, skip), source=source, dtype=record.params["dtype"])
        with np.errstate(all="ignore"):
            gain = self.numbers.signal(log10 / self.opening.depth)
        return {"value": self.numbers.signal(log10), "gain": gain, "unheard": unheard}

    def gain_name(self, gain: float | str) -> str:
        """A stop of the weight-scale dial: He's scale by its name, any other by its number."""
        value = self.profile.replace(gain=gain).gain_value
        return "He" if gain == "he" else self.numbers.signal(math.log10(value))

    # geometry

    def lay_out(self) -> TwinFigure:
        keys = ("title", "plain", "input", "loss", "width_legend", "legend_plain", "legend_residual")
        words = {key: self.narration.text(key) for key in keys}
        words["chart"] = self.narration.text("chart" if self.stage.wide else "chart_short")
        words["residual"] = residual_name(self.facts.record, self.narration)
        words["below"] = self.narration.text("below", floor=power(round(signal.FLOOR)))
        figure = TwinFigure(self.stage, self.theme, words, self.numbers, self.opening)
        self.depth_dial = Dial(self.narration.text("depth_dial"), [str(d) for d in self.depths], self.theme)
        y = self.stage.top - (0.42 if self.stage.wide else 1.8)
        if self.profile is None:
            self.depth_dial.shift([self.stage.right - self.depth_dial.get_right()[0], y, 0])
            return figure
        self.gain_dial = Dial(self.narration.text("gain_dial"), [self.gain_name(g) for g in self.gains], self.theme)
        self.gain_dial.shift([self.stage.right - self.gain_dial.get_right()[0], y, 0])
        self.depth_dial.shift([self.gain_dial.get_left()[0] - 0.35 - self.depth_dial.get_right()[0], y, 0])
        return figure


def share_ranges(states: dict[tuple[str, Any], State]) -> dict[tuple[str, Any], State]:
    """Stops of one dial share the chart's range, so that turning it compares like with like."""
    spans = {dial: Range.around(*(s.log10.ravel() for k, s in states.items() if k[0] == dial)) for dial, _ in states}
    return {key: replace(state, span=spans[key[0]]) for key, state in states.items()}
