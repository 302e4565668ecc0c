"""Routes: the product of the blocks' derivatives, multiplied out into routes, and what routes of each length carry.

(1 + F′)(1 + F′)… is a sum of 2, 4, 8 … 2^L products, one for every way back along the road of part B. Most routes pay
many tolls; what the signal really took is measured (Veit et al. 2016 took such sums apart first).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, FadeIn, FadeOut, VGroup, rate_functions
from numpy.typing import NDArray

from scenes.figures.routes.chart import RouteChart
from scenes.figures.routes.figure import RouteFigure
from scenes.kit.claims import sums
from scenes.kit.claims.chapters import ROUTES
from scenes.kit.claims.signals import activated, form
from scenes.kit.drawing.numbers import Numbers, power, raised
from scenes.kit.drawing.page import Masthead
from scenes.kit.drawing.text import Label
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import describe

SHOWN = 3  # blocks whose routes are driven one by one
DRIVE = {1: 2.8, 2: 4.6, 3: 7.0}  # s that all routes through so many blocks take


class Routes(Lecture):
    """Storyboard chapter 9. Reads [routes]."""

    lacks = "it weighs every route by itself, which only the simulator can tell apart"
    claims = ROUTES

    def setup(self) -> None:
        self.net = self.parameters("routes")
        (self.record,) = self.records("routes", [self.net])
        self.facts = self.record
        self.share = sums.shares(self.record)
        self.blocks = min(SHOWN, self.net.depth)
        self.lay_out()

    def construct(self) -> None:
        self.multiply_out()
        self.play(FadeOut(self.small.still, self.small.moving, self.small.axis), run_time=0.5)
        self.count_routes()
        if len(self.share):
            self.measure()
        else:
            with self.beat("share"):
                pass
            with self.beat("lesson"):
                pass

    def multiply_out(self) -> None:
        """One block after the other joins; the routes through them light their summands."""
        small = self.small
        act = self.narration.text(f"network.{self.net.activation}") if activated(self.record) else ""
        with self.beat("start", act=act):
            self.add(small.moving)
            self.play(FadeIn(self.head, small.still, small.axis), run_time=0.8)
            self.behind(self.head, small.still, small.axis)
            self.play(small.grow(1), run_time=1.4)
        for blocks in range(1, self.blocks + 1):
            with self.beat(f"routes_{2**blocks}"):
                if blocks > 1:
                    self.play(small.grow(blocks), run_time=0.8)
                self.play(small.drive(), run_time=DRIVE[blocks], rate_func=rate_functions.linear)

    def count_routes(self) -> None:
        """How many routes pay how many tolls."""
        chart = self.chart
        mean = self.numbers.decimal(chart.means[1], 1)
        with self.beat("many", depth=self.net.depth, amount=self.amount(), mean=mean):
            self.head.say(self.measured_line())
            self.play(FadeIn(chart.still), run_time=0.5)
            self.behind(chart.still)
            self.play(chart.draw_count(), run_time=2.0)
            self.play(FadeIn(chart.count_flag), run_time=0.4)

    def measure(self) -> None:
        """What routes of each length contribute."""
        chart = self.chart
        with self.beat("share", mean=self.numbers.decimal(chart.means[0], 1)):
            self.play(FadeIn(chart.grid), run_time=0.3)
            self.behind(chart.grid)
            self.play(chart.raise_bars(), run_time=2.6)
            self.bring_to_front(chart.curve, chart.count_flag)
            self.play(FadeIn(chart.share_flag), run_time=0.4)
        first = float(chart.mean_share[0])
        with self.beat("highway", share=in_percent(first, self.numbers)):
            self.play(chart.point_out_highway(), run_time=0.8)
            self.play(FadeIn(chart.callout), run_time=0.5)
        with self.beat("lesson"):
            self.play(FadeIn(self.cited), run_time=0.4)

    # words

    def amount(self) -> str:
        """The number of routes: 2³ = 8; 2²⁷, about 134 million; 2¹¹⁰, about 10³³."""
        total = float(self.record.count.sum())
        two = f"2{raised(self.net.depth)}"
        if total < 1e6:
            return self.narration.text("amount.exact", power=two, value=f"{total:.0f}")
        if total < 1e9:
            return self.narration.text("amount.millions", power=two, value=self.numbers.decimal(total / 1e6, 0))
        return self.narration.text("amount.power", power=two, value=power(round(float(np.log10(total)))))

    def measured_line(self) -> str:
        line = describe(self.net, self.narration)
        if 0 < len(self.share) < self.net.seeds:
            line += " · " + self.narration.text("some_seeds", count=len(self.share))
        return line + (" · " + self.narration.text("spread") if len(self.share) > 1 else "")

    # geometry

    def lay_out(self) -> None:
        stage, theme, text = self.stage, self.theme, self.narration.text
        self.head = Masthead(text("title"), text("road_line", blocks=self.blocks), stage, theme)
        words = {key: text(key) for key in ("input", "loss", "tolls")}
        self.small = RouteFigure(stage, theme, words, self.blocks, form(self.record))
        self.chart = RouteChart(stage, theme, self.chart_words(self.share), self.numbers, self.share, self.record.count)
        self.cited = VGroup(Label(text("source"), theme, "small", "muted"))
        self.cited.next_to([stage.right, 0, 0], LEFT, buff=0)
        self.cited[0].on_line(self.chart.bottom - 0.92)

    def chart_words(self, share: NDArray[np.float64]) -> dict[str, str]:
        text: Any = self.narration.text
        lengths = np.arange(len(self.record.count))
        words = {key: text(f"chart.{key}") for key in ("axis", "share", "count", "highway")}
        by_count = float(lengths @ (self.record.count / self.record.count.sum()))
        words["count_mean"] = text("chart.mean", mean=self.numbers.decimal(by_count, 1))
        if len(share):
            words["share_mean"] = text("chart.mean", mean=self.numbers.decimal(float(lengths @ share.mean(axis=0)), 1))
            words["highway_share"] = in_percent(float(share[:, 0].mean()), self.numbers) + self.numbers.percent
        return words


def in_percent(share: float, numbers: Numbers) -> str:
    """A signed share in percent: 0,2; 12; −3; what is next to nothing, but is not, is ≈0."""
    percent = 100 * share
    if 0 < abs(percent) < 0.01:
        return "≈0"
    return numbers.significant(percent, 1 if abs(percent) < 10 else 2)
