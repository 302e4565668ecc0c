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
from scenes.kit.drawing import signal
from scenes.kit.drawing.numbers import Numbers, power
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import describe
from sim.experiments.activations import Activations
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

MOST = {True: 14, False: 7}  # tolls that are drawn, in wide formats and in others
ALIKE, CHANGED = 0.9, 0.5  # cosines from which a cargo is called like the one that set out, and changed
ANY = 0.1  # difference of cosines up to which it is like one digit as much as like another


class Highway(Lecture):
    """What both chapters share: the records, the road, and what may truly be said of them. Reads [highway]."""

    skip: ClassVar[bool]

    def setup(self) -> None:
        self.net = self.parameters("highway")
        nets = [self.net.only(Network), self.net.only(Network, gain=self.net.strong)]
        self.record, self.strong = self.records("profile", nets)
        quiet = self.net.only(Activations, branch_scale=self.net.quiet)
        self.cargo, self.idle = self.records("activations", [self.net.only(Activations), quiet])
        blocks, states = sampled(self.net.depth, MOST[self.stage.wide])
        self.seed = typical(self.cargo.cosine[PLAIN, :, -1, 0])
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
        return bool(self.net.order == "post" and self.net.activation != "linear")

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

    def arrival(self, likeness: float, other: float) -> dict[str, str]:
        """Whether the cargo still is like what set out, and its likeness; other: that with the other digits."""
        if not np.isfinite(likeness):
            return {"told": self.narration.text("cargo.gone")}
        word = "alike" if likeness >= ALIKE else "changed" if likeness >= CHANGED else "unlike"
        if word == "unlike" and abs(likeness - other) <= ANY:
            word = "unlike_any"
        exact = "same" if self.numbers.decimal(likeness) == self.numbers.decimal(1.0) else word
        value, others = self.numbers.decimal(likeness), self.numbers.decimal(other)
        return {"told": self.narration.text(f"cargo.{exact}", value=value, other=others)}

    def others(self, cargo: Any, skip: int) -> float:
        """How like the other digits the cargo is at the end."""
        return float(cargo.others[skip, self.seed, -1, 0])

    def told(self, table: str, log10: float) -> str:
        """What became of a signal, in words of a table."""
        with np.errstate(all="ignore"):
            value, gain = self.numbers.signal(log10), self.numbers.signal(log10 / self.net.depth)
        return self.narration.text(
            f"{table}.{signal.verdict(log10)}",
            value=value,
            gain=gain,
            count=self.numbers.count(abs(log10)),
            source=self.narration.text(f"source.{self.net.cotangent}"),
        )


def strong_explodes(record: Any) -> bool:
    """Whether large weights make the signal explode in spite of the shortcuts."""
    return signal.verdict(float(record.mean_log10_relative()[RESIDUAL, 0])) == "explodes"


class PlainRoad(Highway):
    """Storyboard chapter 4: one long road, where every toll changes the cargo and multiplies the signal."""

    skip = False

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
        with self.beat("arrived", **self.arrival(float(self.trip.likeness[PLAIN, -1]), self.others(self.cargo, PLAIN))):
            pass
        with self.beat("night"):
            self.play(FadeOut(figure.cars, figure.cargo, figure.shelf, figure.likeness_title), run_time=0.6)
            self.add(figure.road)
            self.play(figure.fall_night(), run_time=1.4)
            self.play(FadeIn(figure.chart_title, figure.key), run_time=0.6)
            self.behind(figure.chart_title, figure.key, figure.sky, figure.road.ground)
        log10 = float(self.trip.log10[PLAIN, 0])
        with self.beat("back", told=self.told("toll", log10)):
            self.add(figure.night)
            self.play(figure.send_back(), run_time=5.0, rate_func=rate_functions.linear)
        with self.beat("count", told=self.told("count", log10)):
            pass
        with self.beat("first", told=self.told("first", float(self.record.mean_log10_weights()[PLAIN, 0]))):
            pass
        strong = self.strong.mean_log10_relative()
        with self.beat("strong", gain=self.strong_gain(), told=self.told("became", float(strong[PLAIN, 0]))):
            self.play(figure.turn(self.trip.with_signal(strong)), run_time=3.0)
        with self.beat("lesson", "lesson" if self.net.depth > 1 else "lesson_one"):
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
    claims: ClassVar = {key: {"explodes": strong_explodes} for key in ("lesson", "lesson_post")}

    def construct(self) -> None:
        self.facts = self.strong
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
        likeness = self.idle.cosine[RESIDUAL, self.seed][states, 0]
        idle = float(likeness[-1]) >= ALIKE
        with self.beat("quiet", "quiet" if idle else "quiet_not", scale=self.numbers.significant(self.net.quiet, 1)):
            self.play(FadeIn(figure.likeness_title), run_time=0.4)
            figure.load(self.images(self.idle, RESIDUAL, list(states)), likeness, ["motorway"])
            self.add(figure.day)
            self.play(figure.drive(), run_time=5.0, rate_func=rate_functions.linear)
        with self.beat("untouched", **self.arrival(float(likeness[-1]), self.others(self.idle, RESIDUAL))):
            pass

    def split(self) -> None:
        """Tolls that do something: road and overpass join, and the cargo is a sum."""
        figure = self.figure
        ratio = self.record.branch_ratio.mean(axis=0)[np.array(self.trip.blocks) - 1]
        stretch = int(np.argmax(np.nan_to_num(ratio, nan=0.0, posinf=0.0)))  # where the toll adds most
        with self.beat("sum", "sum_post" if self.outer else "sum", branch=self.branch()):
            self.play(FadeOut(figure.shelf, figure.likeness_title, figure.cargo), run_time=0.5)
            self.play(figure.split(stretch), run_time=1.6, rate_func=rate_functions.linear)
            sum_of_images = figure.sum_of_images(*self.summands(self.trip.blocks[stretch]))
            self.play(sum_of_images.appear(), run_time=0.8)
        with self.beat(
            "joined", **self.arrival(float(self.trip.likeness[RESIDUAL, -1]), self.others(self.cargo, RESIDUAL))
        ):
            self.play(FadeOut(sum_of_images), FadeIn(figure.likeness_title), run_time=0.4)
            figure.load(self.trip.images[RESIDUAL], self.trip.likeness[RESIDUAL], ["motorway", "road"])
            self.add(figure.day)
            self.play(figure.drive(), run_time=4.6, rate_func=rate_functions.linear)

    def back(self) -> None:
        """The gradient at night: at every sum it forks."""
        figure = self.figure
        share = float(self.record.skip_share.mean())
        word = "unknown" if not np.isfinite(share) else "post" if self.outer else "copy"
        percent = percents(share, self.numbers) if np.isfinite(share) else ""
        with self.beat("fork", f"fork_{word}", share=percent):
            self.play(
                FadeOut(figure.cars, figure.high_cars, figure.cargo, figure.shelf, figure.likeness_title), run_time=0.6
            )
            self.add(figure.road)
            self.play(figure.fall_night(), FadeIn(figure.chart_title, figure.key), run_time=1.2)
            self.behind(figure.chart_title, figure.key, figure.sky, figure.road.ground)
            self.add(figure.night)
            self.play(figure.send_back(), run_time=4.8, rate_func=rate_functions.linear)
        with self.beat("arrives", told=self.told("joined", float(self.trip.log10[RESIDUAL, 0]))):
            pass

    def compare(self) -> None:
        """Both roads over one chart."""
        figure = self.figure
        twins = RoadTwins(figure, self.trip)
        plain, residual = (float(row[0]) for row in self.trip.log10)
        with self.beat("counted", plain=self.told("said", plain), residual=self.told("said", residual)):
            self.play(FadeOut(figure.night, figure.road.ground, figure.ends, figure.chart_title), run_time=0.6)
            self.play(FadeIn(twins.still), run_time=0.8)
            self.behind(twins.still)
            self.play(twins.reveal(), run_time=2.4)
        strong, gain = float(self.strong.mean_log10_relative()[RESIDUAL, 0]), self.strong_gain()
        key = "lesson_post" if self.outer else "lesson"
        with self.beat("lesson", key, gain=gain, strong=self.numbers.signal(strong)):
            pass

    def summands(self, block: int) -> tuple[NDArray[np.float64], ...]:
        """x, βF(x) and what leaves a block, on one scale of grey; a branch with negative values is centred on grey."""
        x, H = self.cargo.maps[RESIDUAL, self.seed, block - 1 : block + 1, 0]
        F = self.cargo.branch_maps[self.seed, block - 1, 0]
        low, high = min(x.min(), H.min()), max(x.max(), H.max())
        span = high - low if np.isfinite(high - low) and high > low else 1.0
        return (x - low) / span, F / span + (0.5 if F.min() < 0 else 0.0), (H - low) / span


def typical(values: NDArray[np.float64]) -> int:
    """The place of the median of some values; of the lower one of two in the middle."""
    return int(np.argsort(np.nan_to_num(values, nan=np.inf), kind="stable")[(len(values) - 1) // 2])


def stretched(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maps (n, 8, 8), each from its least value (0) to its greatest (1); a uniform one is black."""
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    with np.errstate(all="ignore"):
        return np.where(high > low, (maps - low) / (high - low), 0.0 * maps)
