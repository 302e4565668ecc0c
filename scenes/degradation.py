"""Degradation: deeper plain networks train worse, though they need not.

The lecture note's recall, as measured training errors: towers with a floor for every block, and on each roof a bin with
what is misread of a hundred training digits. Then its thought experiment, measured too: floors that do nothing, added
to the smallest tower, leave its error as it was to the last digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, rate_functions
from numpy.typing import NDArray

from scenes.figures.towers.chart import ErrorChart, Run
from scenes.figures.towers.city import City
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import DEGRADATION
from scenes.kit.claims.trained import Deep
from scenes.kit.drawing.camera import View
from scenes.kit.telling.filmed import Filmed
from sim.nets import data
from sim.records.record import PLAIN, RESIDUAL

linear, smooth = rate_functions.linear, rate_functions.smooth
DASHES = (1.0, 0.6, 0.25)  # of the curves, shallow to deep
CLOSER = 0.04  # drift before thin lines, which hardly change in a slower one
RAINING = 120  # training digits among which it rains


class Degradation(Filmed):
    """Storyboard chapter 1. Reads [degradation]."""

    lacks = "it compares networks that were trained, and a record of atajos measure is of one that is not"
    poster = "kept"
    claims = DEGRADATION
    drifts: float = 0.018

    def setup(self) -> None:
        self.net = self.parameters("degradation")
        (self.record,) = self.records("degradation", [self.net])
        self.depths = [int(depth) for depth in self.record.depths]
        self.final = trained.final(self.record)
        self.error = self.medians()
        self.side = [PLAIN] * len(self.depths)  # which network's bin each tower shows
        self.step = [0.0] * len(self.depths)
        text = self.narration.text
        per_block = self.net.layers_per_block
        floors = [max(1, -(-depth // per_block)) for depth in self.depths]
        names = [text("layers", depth=depth) for depth in self.depths]
        images = data.digits()[0][:RAINING].reshape(-1, data.SIDE, data.SIDE)
        self.city = City(self.theme, self.stage, floors, self.wrong, self.number_on, names, images)
        small = self.city.towers[0]
        small.glass = floors[-1] - floors[0]
        small.note = text(
            "nothing" if trained.idle(self.record) else "identities", extra=self.depths[-1] - self.depths[0]
        )
        steps = self.record.check_steps.astype(float)
        ends = (text("at_step", step=0), text("at_step", step=int(steps[-1])), text("chart"))
        for tower in self.city.towers:
            tower.unit = text("of_hundred")
        self.chart = ErrorChart(self.city, steps, self.runs(), self.numbers.percent, ends)
        self.enter(self.city)

    def construct(self) -> None:
        city = self.city
        for tower in city.towers[1:]:
            tower.shown = 0.0
        city.shot = city.at(0)
        for i, depth in enumerate(self.depths):
            self.learn(i, depth)
        self.facts = self.record
        if len(self.depths) > 1:
            self.think()
        self.lift()
        with self.beat("lesson", depth=self.depths[-1], **self.patience()) as beat:
            self.drifts = CLOSER
            self.play(
                self.turn(self.chart, 0.8, shown=1.0),
                self.turn(self.chart, 1.8, flown=1.0),
                *(self.turn(tower, 0.6, counted=0.0, noted=0.0, ghost=0.0) for tower in city.towers),
            )
            beat.cue(1)
            self.play(self.turn(self.chart, 3.4, linear, drawn=1.0))

    def learn(self, i: int, depth: int) -> None:
        """A network learns: digits rain into its tower, and what it misreads lies in the bin on its roof."""
        city, tower = self.city, self.city.towers[i]
        self.facts = Deep(self.record, i)
        with self.beat(f"depth_{depth}", "depth", depth=depth, error=self.percent(PLAIN, i)) as beat:
            if i:
                crane = city.at(i)
                tower.shown = 1.0
                city.rained = i
                self.play(self.camera_to(crane, run_time=2.2), self.turn(tower, 1.0, counted=1.0))
            else:
                tower.counted = 1.0
            training = Training(self, i)
            self.play(
                city.turn(training, seconds=3.4, step=float(self.record.check_steps[-1])),
                *city.rain.raining(3.4, len(self.beats)),
            )
            beat.cue(1)
            if i == len(self.depths) - 1:
                self.play(self.camera_to(city.wide(), run_time=2.4))

    def think(self) -> None:
        """Floors that do nothing slide under the smallest tower's roof; its bin does not change."""
        city, small = self.city, self.city.towers[0]
        first, deepest = self.depths[0], self.depths[-1]
        with self.beat("idle", first=first, extra=deepest - first) as beat:
            small.ghost, city.rained = 0.01, 0
            self.play(self.camera_to(city.at(0, 1.25 * city.lot.close), run_time=1.8), self.turn(small, 1.0, ghost=1.0))
            self.play(self.turn(small, 4.2, linear, idle=1.0))
            beat.cue(1)
        kept = float(trained.median(self.record.deepened_error[PLAIN, -1]))
        self.kept = kept  # what its bin holds from here on: measured anew
        with self.beat("kept", first=first, error=self.numbers.misread(kept)) as beat:
            self.play(self.camera_to(city.wide(), run_time=2.6))
            beat.cue(1)
        with self.beat("gap", depth=deepest) as beat:
            city.rained = last = len(self.depths) - 1
            self.play(self.camera_to(city.at(last), run_time=2.6))
            beat.cue(1)
            self.play(
                self.camera_to(city.at(last, 0.8 * city.lot.close), run_time=3.0),
                *city.rain.raining(3.0, len(self.beats)),
            )

    def lift(self) -> None:
        """A lift shaft runs up the tallest tower, which learns once more."""
        city = self.city
        city.rained = last = len(self.depths) - 1
        tall = city.towers[last]
        error, plain = self.percent(RESIDUAL, last), self.percent(PLAIN, last)
        with self.beat("residual", depth=self.depths[-1], error=error, plain=plain) as beat:
            foot = View(tall.middle, 0.32 * city.lot.close * city.tall, city.lot.close)
            self.play(self.camera_to(foot, run_time=1.2))
            self.play(self.turn(tall, 2.0, shaft=1.0), self.camera_to(city.at(last), run_time=2.2))
            self.side[last], self.step[last] = RESIDUAL, 0.0
            tall.tone = self.tone()
            self.play(
                city.turn(Training(self, last), seconds=3.4, step=float(self.record.check_steps[-1])),
                *city.rain.raining(3.4, len(self.beats)),
            )
            self.play(self.camera_to(city.wide(), run_time=2.0))
            beat.cue(1)

    # what is drawn

    def turn(self, part: object, seconds: float, rate: Any = smooth, **targets: Any) -> Animation:
        return self.city.turn(part, seconds=seconds, **targets).set_rate_func(rate)

    def medians(self) -> NDArray[np.float64]:
        """Training error at every check, % in the median over seeds: [skip, depth, check]; NaN if most diverged."""
        error = np.where(np.isnan(self.record.train_error), np.inf, self.record.train_error)
        middle = np.median(error, axis=2)
        return np.where(np.isfinite(middle), middle, np.nan)

    def wrong(self, i: int) -> float:
        """What a tower's bin holds at the step it has come to: between checks, what lies between them."""
        kept = getattr(self, "kept", None)
        if i == 0 and kept is not None and self.side[0] == PLAIN:
            return float(kept)
        return float(np.interp(self.step[i], self.record.check_steps, self.error[self.side[i], i]))

    def number_on(self, i: int) -> str:
        wrong = self.wrong(i)
        return self.numbers.misread(wrong) if np.isfinite(wrong) else self.narration.text("diverges")

    def tone(self) -> str:
        """The colour of the residual tower's beads: green where they are few."""
        few = self.final[RESIDUAL, -1] <= self.final[PLAIN, 0] + trained.WORSE
        return self.theme.skip if few and np.isfinite(self.final[RESIDUAL, -1]) else self.theme.danger

    def runs(self) -> list[Run]:
        """The curves of the chart; the residual ones lie close together and share a label."""
        theme, last = self.theme, len(self.depths) - 1
        found = []
        for skip, tone in ((PLAIN, theme.danger), (RESIDUAL, theme.skip)):
            for i, depth in enumerate(self.depths):
                key = "end_label" if skip == PLAIN else "residual_label" if i == last else ""
                label = self.narration.text(key, depth=depth, error=self.percent(skip, i)) if key else ""
                dash = DASHES[min(i, len(DASHES) - 1)]
                found.append(Run(self.error[skip, i], lambda i=i: self.city.bin_top(i), tone, dash, label))  # type: ignore[misc]
        return found

    # what is said

    def patience(self) -> dict[str, object]:
        """How long the deepest plain network trained, and what it reached when it trained on."""
        later = float(trained.median(self.record.longer_error))
        return {"steps": self.net.steps, "longer": self.net.longer, "later": self.numbers.misread(later)}

    def percent(self, skip: int, i: int) -> str:
        """Median training error of a network, in %."""
        return self.numbers.misread(float(self.final[skip, i]))


class Training:
    """The step that the network in a tower has come to."""

    def __init__(self, chapter: Degradation, place: int) -> None:
        self._steps, self._place = chapter.step, place

    @property
    def step(self) -> float:
        return self._steps[self._place]

    @step.setter
    def step(self, step: float) -> None:
        self._steps[self._place] = step
