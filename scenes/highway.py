"""PlainRoad and Shortcuts: the road with its tolls, and the overpasses built over them.

Part B of the lecture note as a measurement. By day cars carry a digit to the right, and at each toll it becomes what
the block really makes of it; by night messengers bring the gradient back, as bright and large as it was measured.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, rate_functions
from numpy.typing import NDArray

from scenes.figures.road.figure import RoadFigure, Trip
from scenes.figures.road.twins import RoadTwins
from scenes.kit.claims.chapters import PLAIN_ROAD, SHORTCUTS, Cargo, Side
from scenes.kit.claims.roads import Roads, carrier, likeness
from scenes.kit.claims.signals import activated
from scenes.kit.drawing import signal
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import describe
from sim.experiments.activations import Activations
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

MOST = {True: 14, False: 7}  # tolls that are drawn, in wide formats and in others


class Highway(Lecture):
    """What both chapters share: the records, the road, and what may truly be said of them. Reads [highway]."""

    skip: ClassVar[bool]

    def setup(self) -> None:
        self.net = self.parameters("highway")
        nets = [self.net.only(Network), self.net.only(Network, gain=self.net.strong)]
        self.record, self.strong = self.records("profile", nets)
        quiet = self.net.only(Activations, branch_scale=self.net.quiet)
        self.cargo, self.idle = self.records("activations", [self.net.only(Activations), quiet])
        self.facts = Roads(self.record, self.strong, self.cargo, self.idle)
        blocks, states = sampled(self.net.depth, MOST[self.stage.wide])
        self.seed = carrier(self.cargo)
        images = np.stack([self.images(self.cargo, skip, states) for skip in (PLAIN, RESIDUAL)])
        share = self.record.skip_share.mean(axis=0)
        self.trip = Trip(
            self.net.depth,
            self.net.layers_per_block,
            blocks,
            states,
            self.record.mean_log10_relative(),
            share[np.array(blocks) - 1],
            images,
            self.cargo.cosine[:, self.seed][:, states, 0],
        )
        self.figure = RoadFigure(
            self.stage, self.theme, self.words(blocks), self.numbers, self.trip, self.net.traffic, self.skip
        )

    def images(self, record: Any, skip: int, states: list[int]) -> NDArray[np.float64]:
        """The first shown digit at some hidden states, each on a scale of its own from black to white."""
        return stretched(record.maps[skip, self.seed][states, 0])

    @property
    def outer(self) -> bool:
        """Whether an activation follows the sum, which the shortcut's copy passes, too."""
        return activated(self.record)

    def words(self, blocks: list[int]) -> dict[str, str]:
        text = self.narration.text
        keys = ("title", "input", "loss", "likeness", "size_legend", "plain_net", "residual_net", "x")
        words = {key: text(key) for key in keys}
        sign, what = self.branch()[1], self.branch()[3:]
        words |= {"branch": what if sign == "+" else f"−{what}", "total": f"x{self.branch()}"}
        words["name"] = text("residual" if self.skip else "plain")
        words["other"] = text("plain")
        words["chart"] = text("signal_chart" if self.stage.wide else "signal_chart_short")
        words["below"] = text("below", floor=power(round(signal.FLOOR)))
        if self.outer:
            words["total"] = text("total_post", activation=text(f"network.{self.net.activation}"), total=words["total"])
        words["line"] = describe(self.net, self.narration) + " · " + text("cargo_line")
        if len(blocks) < self.net.depth:
            words["line"] += " · " + text("sampled", drawn=len(blocks), depth=self.net.depth)
        return words

    # what may be said

    def branch(self) -> str:
        """What a block adds: + F(x), − 0,5 F(x)."""
        beta = self.net.branch_scale_value
        scale = "" if abs(beta) == 1 else self.numbers.significant(abs(beta)) + " "
        return f" {'−' if beta < 0 else '+'} {scale}F(x)"

    def strong_gain(self) -> str:
        """The scale of the large weights."""
        return self.numbers.count(math.log10(self.net.replace(gain=self.net.strong).gain_value))

    def arrival(self, cargo: Any, skip: int) -> dict[str, str]:
        """What has become of a cargo, and its likeness to what set out and to other digits."""
        value, other = (self.numbers.decimal(cosine) for cosine in likeness(cargo, skip, self.seed))
        told = self.narration.clause("cargo", Cargo(cargo, skip, self.seed), value=value, other=other)
        return {"told": told}

    def measured(self, skip: int) -> dict[str, str]:
        """The numbers of a network's signal at the input."""
        log10 = float(self.trip.log10[skip, 0])
        with np.errstate(all="ignore"):
            value, gain = self.numbers.signal(log10), self.numbers.signal(log10 / self.net.depth)
        source = self.narration.text(f"source.{self.net.cotangent}")
        unheard = self.narration.clause("unheard", Side(self.record, skip), source=source, dtype=self.net.dtype)
        count = self.numbers.count(abs(log10))
        return {"value": value, "gain": gain, "count": count, "source": source, "unheard": unheard}

    def clause(self, table: str, record: Any, skip: int) -> str:
        """What became of the signal of a network, as a clause."""
        log10 = float(record.mean_log10_relative()[skip, 0])
        value, count = self.numbers.signal(log10), self.numbers.count(abs(log10))
        return self.narration.clause(table, Side(record, skip), value=value, count=count)


class PlainRoad(Highway):
    """Storyboard chapter 4: one long road, where every toll changes the cargo and multiplies the signal."""

    skip = False
    claims = PLAIN_ROAD

    def construct(self) -> None:
        figure = self.figure
        with self.beat("road"):
            self.play(FadeIn(figure.title, figure.ends, figure.sky), run_time=0.8)
            self.behind(figure.title, figure.ends, figure.sky)
            self.play(figure.build(), run_time=2.4, rate_func=rate_functions.linear)
        self.behind(figure.road.ground)
        with self.beat("drive"):
            figure.load(self.trip.images[PLAIN], self.trip.likeness[PLAIN], ["road"])
            self.play(FadeIn(figure.cars, figure.cargo, figure.likeness_title), run_time=0.8)
            self.add(figure.day)
            self.play(figure.drive(), run_time=6.8, rate_func=rate_functions.linear)
        with self.beat("arrived", **self.arrival(self.cargo, PLAIN)):
            pass
        with self.beat("night"):
            self.play(FadeOut(figure.cars, figure.cargo, figure.shelf, figure.likeness_title), run_time=0.6)
            self.add(figure.road)
            self.play(figure.fall_night(), run_time=1.4)
            self.play(FadeIn(figure.chart_title, figure.key), run_time=0.6)
            self.behind(figure.chart_title, figure.key, figure.sky, figure.road.ground)
        with self.beat("back", **self.measured(PLAIN)):
            self.add(figure.night)
            self.play(figure.send_back(), run_time=5.0, rate_func=rate_functions.linear)
        with self.beat("count", **self.measured(PLAIN)):
            pass
        with self.beat("first"):
            pass
        strong = self.strong.mean_log10_relative()
        with self.beat("strong", gain=self.strong_gain(), told=self.clause("became", self.strong, PLAIN)):
            self.play(figure.turn(self.trip.with_signal(strong)), run_time=3.0)
        with self.beat("lesson"):
            figure.road.darken(1)
            shown = (figure.stream.low, figure.chart, figure.arrived, figure.chart_title, figure.key)
            self.play(FadeOut(*shown), run_time=0.6)
            self.play(figure.fall_night(back=True), run_time=1.2)


def percents(share: float, numbers: Numbers) -> str:
    """A share in percent, to two digits; less than a hundredth of a percent is said to be that."""
    percent = 100 * share
    return f"<{numbers.significant(0.01)}" if 0 < percent < 0.01 else numbers.significant(percent)


class Shortcuts(Highway):
    """Storyboard chapter 5: the same road and weights, with an overpass over every toll."""

    skip = True
    claims = SHORTCUTS

    def construct(self) -> None:
        figure = self.figure
        self.add(figure.road, figure.ends, figure.sky)  # where PlainRoad left them
        with self.beat("raise"):
            self.play(FadeIn(figure.title), run_time=0.6)
            self.behind(figure.title, figure.ends, figure.sky, figure.road.ground)
            self.play(figure.raise_overpasses(), run_time=2.4)
        self.quiet()
        self.split()
        self.back()
        self.compare()

    def quiet(self) -> None:
        """Tolls that do next to nothing: the cargo takes the overpass and stays what it was."""
        figure, states = self.figure, self.trip.states
        alike = self.idle.cosine[RESIDUAL, self.seed][states, 0]
        with self.beat("quiet", scale=self.numbers.significant(self.net.quiet, 1)):
            self.play(FadeIn(figure.likeness_title), run_time=0.4)
            figure.load(self.images(self.idle, RESIDUAL, list(states)), alike, ["motorway"])
            self.add(figure.day)
            self.play(figure.drive(), run_time=5.0, rate_func=rate_functions.linear)
        with self.beat("untouched", **self.arrival(self.idle, RESIDUAL)):
            pass

    def split(self) -> None:
        """Tolls that do something: road and overpass join, and the cargo is a sum."""
        figure = self.figure
        ratio = self.record.branch_ratio.mean(axis=0)[np.array(self.trip.blocks) - 1]
        stretch = int(np.argmax(np.nan_to_num(ratio, nan=0.0, posinf=0.0)))  # where the toll adds most
        with self.beat("sum", branch=self.branch()):
            self.play(FadeOut(figure.shelf, figure.likeness_title, figure.cargo), run_time=0.5)
            self.play(figure.split(stretch), run_time=1.6, rate_func=rate_functions.linear)
            sum_of_images = figure.sum_of_images(*self.summands(self.trip.blocks[stretch]))
            self.play(sum_of_images.appear(), run_time=0.8)
        with self.beat("joined", **self.arrival(self.cargo, RESIDUAL)):
            self.play(FadeOut(sum_of_images), FadeIn(figure.likeness_title), run_time=0.4)
            figure.load(self.trip.images[RESIDUAL], self.trip.likeness[RESIDUAL], ["motorway", "road"])
            self.add(figure.day)
            self.play(figure.drive(), run_time=4.6, rate_func=rate_functions.linear)

    def back(self) -> None:
        """The gradient at night: at every sum it forks."""
        figure = self.figure
        share = float(self.record.skip_share.mean())
        with self.beat("fork", share=percents(share, self.numbers) if np.isfinite(share) else ""):
            self.play(
                FadeOut(figure.cars, figure.high_cars, figure.cargo, figure.shelf, figure.likeness_title), run_time=0.6
            )
            self.add(figure.road)
            self.play(figure.fall_night(), FadeIn(figure.chart_title, figure.key), run_time=1.2)
            self.behind(figure.chart_title, figure.key, figure.sky, figure.road.ground)
            self.add(figure.night)
            self.play(figure.send_back(), run_time=4.8, rate_func=rate_functions.linear)
        with self.beat("arrives", **self.measured(RESIDUAL)):
            pass

    def compare(self) -> None:
        """Both roads over one chart."""
        figure = self.figure
        twins = RoadTwins(figure, self.trip)
        plain, residual = (self.clause("said", self.record, skip) for skip in (PLAIN, RESIDUAL))
        with self.beat("counted", plain=plain, residual=residual):
            self.play(FadeOut(figure.night, figure.road.ground, figure.ends, figure.chart_title), run_time=0.6)
            self.play(FadeIn(twins.still), run_time=0.8)
            self.behind(twins.still)
            self.play(twins.reveal(), run_time=2.4)
        strong = float(self.strong.mean_log10_relative()[RESIDUAL, 0])
        with self.beat("lesson", gain=self.strong_gain(), strong=self.numbers.signal(strong)):
            pass

    def summands(self, block: int) -> tuple[NDArray[np.float64], ...]:
        """x, βF(x) and what leaves a block, on one scale of grey; a branch with negative values is centred on grey."""
        x, H = self.cargo.maps[RESIDUAL, self.seed, block - 1 : block + 1, 0]
        F = self.cargo.branch_maps[self.seed, block - 1, 0]
        low, high = min(x.min(), H.min()), max(x.max(), H.max())
        span = high - low if np.isfinite(high - low) and high > low else 1.0
        return (x - low) / span, F / span + (0.5 if F.min() < 0 else 0.0), (H - low) / span


def stretched(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maps (n, 8, 8), each from its least value (0) to its greatest (1); a uniform one is black."""
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    with np.errstate(all="ignore"):
        return np.where(high > low, (maps - low) / (high - low), 0.0 * maps)
