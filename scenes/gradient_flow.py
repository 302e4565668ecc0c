"""GradientFlow: how the gradient travels back through a plain and through a residual network with the same weights.

Part C of the lecture note as a measurement, seen from the air: altitude is the dial of depth. The loss stays where it
is, and the road gets longer. Then levers turn weights, branches and norm; and the map shows all networks at once.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from manim import Animation, FadeIn, FadeOut, rate_functions

from scenes.figures.blocks.lever import Lever
from scenes.figures.valley.altitude import Altitude, Seen
from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.map import Map
from scenes.figures.valley.valley import Valley
from scenes.kit.claims import signals
from scenes.kit.claims.chapters import GRADIENT_FLOW, Side, Stop
from scenes.kit.drawing.camera import View
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import Journey, journeys
from scenes.kit.telling.network import beta_of
from scenes.trip import Trip
from sim.experiments.profiles import Profiles
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

linear = rate_functions.linear
SCALED = "1/sqrt(depth)"  # the branch scale that keeps the residual signal level at any depth
NARROW = (0.25, 4.0)  # weight scales of the map
GRID, SEEDS = 12, 2  # stops of the map along each axis, and networks drawn for each cell


class GradientFlow(Trip):
    """Storyboard chapter 8. Reads [profile], the network, and [gradient_flow], the stops of the dials and the twist.

    A network of one's own stands in its place, if there is one: its stops are the dial of depth, and no other turns.
    """

    lacks: ClassVar[str] = ""
    claims = GRADIENT_FLOW
    told_at: dict[tuple[str, Any], Journey]  # by dial and stop

    def setup(self) -> None:
        if self.setting.network is not None:
            found = journeys(self, [])
            self.told_at = {("depth", journey.depth): journey for journey in found}
            if len(self.told_at) < len(found):
                raise UsageError("--network: two stops have the same number of blocks; vary what changes it")
            self.depths = sorted(depth for _, depth in self.told_at)
        else:
            self.measure()
        self.journey = self.told_at["depth", self.depths[0]]
        self.depth = self.journey.depth
        records = [self.told_at["depth", depth].record for depth in self.depths]
        self.facts = Stop(records[0], depths=tuple(records))
        self.stages()

    def measure(self) -> None:
        """Profiles at all stops, and the sweep of the map."""
        profile, flow = self.parameters("profile"), self.parameters("gradient_flow")
        self.net = profile
        self.depths = sorted({*flow.depths, profile.depth})
        deepest = profile.replace(depth=self.depths[-1])
        self.gains = sorted({*flow.gains, profile.gain}, key=lambda gain: profile.replace(gain=gain).gain_value)
        nets = {("depth", depth): profile.replace(depth=depth) for depth in self.depths}
        nets |= {("gain", gain): deepest.replace(gain=gain) for gain in self.gains}
        if profile.branch_scale != SCALED:
            nets["gain", SCALED] = deepest.replace(gain=self.gains[-1], branch_scale=SCALED)
        nets["twist", "norm"] = flow.bn
        self.told_at = dict(zip(nets, journeys(self, list(nets.values())), strict=True))
        depths = np.unique(np.round(np.geomspace(min(2, self.depths[0]), self.depths[-1], GRID)).astype(int))
        small = profile.replace(seeds=min(SEEDS, profile.seeds), batch=min(32, profile.batch))
        network = Network.model_validate({name: getattr(small, name) for name in Network.model_fields})
        sweep = Profiles(
            depths=tuple(int(depth) for depth in depths),
            gains=tuple(float(f"{gain:.3g}") for gain in np.geomspace(*NARROW, GRID)),
            network=network.replace(depth=int(depths[-1])),
        )
        (self.sweep,) = self.records("profiles", [sweep])

    def stages(self) -> None:
        """Two valleys as deep as the deepest stop, one above the other."""
        deepest = self.told_at["depth", self.depths[-1]]
        lacks = frozenset(int(block) + 1 for block in np.flatnonzero(~deepest.bridged))
        first = stop_of(self.journey)
        log10, share = first.on(deepest.depth)
        words = self.words() | {key: self.narration.text(key) for key in ("plain_net", "residual_net", "post")}
        figure = BridgedFigure(
            self.stage,
            self.theme,
            self.names(),
            self.numbers,
            log10[RESIDUAL],
            share,
            [0, deepest.depth],
            words,
            lacks,
        )
        upper = Valley(self.theme, self.stage, deepest.depth, self.names())
        upper.deck.built = 0.0
        self.city = Altitude(upper, figure, first, words)
        self.city.arrived = self.values(self.journey)

    def construct(self) -> None:
        city, split = self.city, self.city.split
        self.enter(split)
        city.below.front = float(city.below.way.upto(split.lower.land.end - 0.5))
        city.lower.shot = self.near_loss
        with self.beat("start", source=self.narration.text(f"source.{self.journey.source}")):
            self.play(
                split.turn(
                    city.below, seconds=3.0, front=float(city.below.way.upto(split.lower.land.end - 14.0))
                ).set_rate_func(linear),
                self.camera_to(self.near_loss(1.3), run_time=3.0),
            )
        with self.beat("plain", **self.told(PLAIN)):
            self.play(*city.go_home((city.below,), 3.6, linear), self.camera_to(city.over, run_time=3.4))
            self.play(split.turn(city.alone, seconds=0.7, shown=1.0))
        self.bridge()
        self.rise()
        if self.net is not None:
            self.turn_levers()
            self.twist()
            self.draw_map()

    def near_loss(self, times: float = 1.0) -> View:
        """The end of the road, where the gradient is born."""
        land = self.city.lower.land
        wide = self.city.lower.breadth(30.0) * times
        return View(land.end - 0.28 * wide, 0.0, wide)

    def bridge(self) -> None:
        """The same road twice; over the lower one shortcuts are built, and the gradient comes home there, too."""
        city, split = self.city, self.city.split
        figure = city.figure
        city.plain.front = city.below.front
        with self.beat("skip", bridged=int(self.journey.bridged.sum()), depth=self.journey.depth, beta=self.beta()):
            self.play(
                split.turn(split, seconds=1.6, share=1.0),
                split.turn(city.alone, seconds=0.6, shown=0.0),
                split.turn(city.counters[0], seconds=1.2, shown=1.0),
                split.turn(city.below, seconds=1.2, shown=0.0),
            )
            self.play(split.turn(figure.valley.deck, seconds=2.2, built=1.0).set_rate_func(linear))
        figure.valley.deck.built = 1.0
        with self.beat("residual", **self.told(RESIDUAL)):
            self.play(*city.go_home((figure.high, figure.low), 2.8, linear))
            self.play(split.turn(city.counters[1], seconds=0.7, shown=1.0))

    def rise(self) -> None:
        """One rises, stop by stop; the post stays where the signal has fallen below one percent."""
        city, split = self.city, self.city.split
        for i, depth in enumerate(self.depths):
            fallen = signals.fallen(self.told_at["depth", depth].record, PLAIN)
            journey = self.told_at["depth", depth]
            values = self.values(journey)
            if i and depth < self.depths[-1]:
                with self.beat(
                    f"depth_{depth}", "passing", depth=depth, plain=values[PLAIN], residual=values[RESIDUAL]
                ):
                    self.play(*city.become(stop_of(journey), values, 2.2), *self.marked(fallen))
            elif i:
                with self.beat(f"depth_{depth}", "depth", depth=depth, **self.became(journey)):
                    self.play(*city.become(stop_of(journey), values, 2.6), *self.marked(fallen))
            elif fallen is not None:
                city.post = float(fallen)
                self.play(split.turn(city, seconds=0.8, posted=1.0))
        charts = [split.turn(chart, seconds=2.6, raised=1.0).set_rate_func(linear) for chart in city.columns]
        posts = self.posts()
        if len(posts) < 2:
            self.play(*charts)
            return
        with self.beat("post", blocks=posts[-1], depth=self.depths[-1]):
            self.play(*charts)

    def posts(self) -> list[int]:
        """At how many blocks from the loss the plain signal has fallen below one percent, where it has."""
        found = [signals.fallen(record, PLAIN) for record in self.facts.depths]
        return [one for one in found if one is not None]

    def marked(self, fallen: int | None) -> list[Animation]:
        """The post moves to where it belongs now, or goes."""
        city, split = self.city, self.city.split
        if fallen is None:
            return [split.turn(city, seconds=0.6, posted=0.0)] if city.posted > 0 else []
        if city.posted == 0:
            city.post = float(fallen)
            return [split.turn(city, seconds=0.8, posted=1.0)]
        return [split.turn(city, seconds=2.2, post=float(fallen))] if city.post != fallen else []

    def turn_levers(self) -> None:
        """The weight lever: the whole city turns dark, even, burning; then branches are weighed."""
        city, split = self.city, self.city.split
        names = [self.gain_name(gain) for gain in self.gains]
        self.lever = Lever(self.narration.text("gain_dial"), names, self.theme)
        self.lever.show(self.gains.index(self.net.gain))
        x = self.stage.right - self.lever.width / 2
        self.lever.shift([x, self.stage.top - self.lever.height / 2, 0])
        shown = False
        for stop, gain in enumerate(self.gains):
            if gain == self.net.gain:  # the dial of depth has shown this very network
                continue
            journey = self.told_at["gain", gain]
            self.facts = Stop(journey.record)
            with self.beat(f"gain_{stop}", "gain", gain=self.gain_name(gain), **self.became(journey)):
                if not shown:
                    self.play(FadeIn(self.lever, run_time=0.5), split.turn(city, seconds=0.5, posted=0.0))
                    shown = True
                self.play(
                    *city.become(stop_of(journey), self.values(journey), 2.4), self.lever.turn(stop, run_time=1.6)
                )
        if ("gain", SCALED) in self.told_at:
            journey = self.told_at["gain", SCALED]
            self.facts = Stop(journey.record, self.told_at["gain", self.gains[-1]].record)
            with self.beat("branch", **self.became(journey)):
                self.play(*city.become(stop_of(journey), self.values(journey), 2.4))
        if shown:
            self.play(FadeOut(self.lever, run_time=0.4))

    def twist(self) -> None:
        """The lecture note's own block, with its norm: a city of its own size."""
        city = self.city
        journey = self.told_at["twist", "norm"]
        self.facts = Stop(journey.record)
        with self.beat("norm", **self.became(journey)):
            deep = min(journey.depth, city.deepest)
            stop = Seen(journey.log10[:, journey.depth - deep :], journey.share[journey.depth - deep :])
            self.play(*city.become(stop, self.values(journey), 2.8))

    def draw_map(self) -> None:
        """The city one has seen shrinks into one cell of the map; then all the others fill."""
        split, home = self.city.split, self.told_at["depth", self.depths[-1]]
        log10 = self.sweep.mean_log10_relative()[..., 0].transpose(2, 0, 1)
        columns = log10.shape[2]
        own = float(np.log(self.net.gain_value))
        here = int(np.argmin(np.abs(np.log(self.sweep.gains) - own))), columns - 1
        keys = {"plain": "plain", "residual": "residual", "depth": "depth_dial", "gain": "gain_dial"}
        words = {key: self.narration.text(name) for key, name in keys.items()}
        words |= {part: self.narration.text(f"map.{part}") for part in ("dies", "arrives", "explodes")}
        self.map = sheet = Map(self.theme, self.stage, log10, here, self.ticks(), words)
        self.add(sheet)
        with self.beat("map", **self.counted(log10)):
            self.play(
                *self.city.become(stop_of(home), self.values(home), 1.2),
                *(split.turn(one, seconds=1.0, shown=0.0) for one in self.city.counters),
                sheet.turn(sheet, seconds=1.2, shown=1.0),
            )
            self.play(sheet.turn(sheet, seconds=1.0, come=1.0))
            self.play(sheet.turn(sheet, seconds=2.8, filled=1.0).set_rate_func(linear))
            self.play(sheet.turn(sheet, seconds=0.7, named=1.0))

    def ticks(self) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        """What stands along the map's axes: some depths and weight scales, and where among the cells."""
        depths, gains = self.sweep.depths, np.log(self.sweep.gains)
        along = range(len(depths))
        marks = [depth for depth in (1, 2, 8, 20, 56, int(depths[-1])) if depths[0] <= depth <= depths[-1]]
        kept: list[tuple[float, str]] = []
        for depth in sorted(set(marks), reverse=True):
            place = float(np.interp(depth, depths, along))
            if not kept or kept[-1][0] - place > 1.6:
                kept.append((place, str(depth)))
        scales = [(0.25, "¼"), (1.0, "1"), (4.0, "4")]
        return kept[::-1], [(float(np.interp(np.log(g), gains, range(len(gains)))), word) for g, word in scales]

    def counted(self, log10: Any) -> dict[str, str]:
        """In how many networks of the map the signal stays within a factor of ten."""
        level = [int((np.abs(np.nan_to_num(one, nan=np.inf)) <= 1).sum()) for one in log10]
        return {"alone": str(level[0]), "level": str(level[1]), "cells": str(log10[0].size)}

    # words

    def became(self, journey: Journey) -> dict[str, str]:
        """What may truly be said of both networks at a stop."""
        told = [
            self.narration.clause("became", Side(journey.record, skip), value=value)
            for skip, value in enumerate(self.values(journey))
        ]
        return dict(zip(("plain", "residual"), told, strict=True))

    def values(self, journey: Journey) -> list[str]:
        """What arrives at the input of both networks."""
        return [self.numbers.signal(float(log10)) for log10 in journey.log10[:, 0]]

    def beta(self) -> str:
        return beta_of(self.journey.record, self.numbers)

    def gain_name(self, gain: float | str) -> str:
        """A stop of the weight-scale dial: He's scale by its name, any other by its number."""
        value = self.net.replace(gain=gain).gain_value
        return "He" if gain == "he" else self.numbers.signal(math.log10(value))


def stop_of(journey: Journey) -> Seen:
    """What is seen of a network."""
    return Seen(journey.log10, journey.share)
