"""WhyOne: why shortcuts multiply by exactly 1. One network, with other numbers, a gate and a projection on them.

First shortcuts alone, branches off, then with their branches; and what He et al. 2016 found when they trained such
networks, cited as theirs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import Animation, rate_functions

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.land import Floats
from scenes.figures.valley.skips import FAR, BesideTheirs, Measured, Signs, span_of
from scenes.figures.valley.traveller import Traveller
from scenes.kit.claims import skips
from scenes.kit.claims.chapters import Side
from scenes.kit.claims.skips import WHY_ONE, Skips
from scenes.kit.drawing.camera import View
from scenes.kit.reading.agreement import digits_of_logs, logs_of
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import layers
from sim.records.record import RESIDUAL

linear = rate_functions.linear
RIDE, NEAR = 36.0, 3.4  # width of the view beside who rides; stretches of road that one sees from near
CHART = 0.5  # of the frame's height, that of the columns
# He et al. 2016, "Identity mappings in deep residual networks", table 1: ResNet-110 on CIFAR-10, test error in %. The
# gate is on the shortcut alone and begins at b = 0; halved are shortcut and branch.
THEIRS = {"copy": 6.61, "gate": 12.86, "projection": 12.22, "half": 12.35}


class WhyOne(Filmed):
    """A clip of the encore. Reads [why_one]."""

    lacks = "it puts other things on shortcuts than they have, and a record of atajos measure is of them as they are"
    claims = WHY_ONE
    poster = "gate"

    def setup(self) -> None:
        self.net = net = self.parameters("why_one")
        wanted = [net.with_skip(scale, branches) for branches in (True, False) for scale in (net.less, 1.0, net.more)]
        wanted += [net.with_skip(scale) for scale in ("gate", "projection")]
        self.facts = Skips(*self.records("profile", wanted))
        self.depth = net.depth
        self.less, self.more = (self.numbers.decimal(scale, 3).rstrip("0") for scale in (net.less, net.more))
        self.stages()

    def stages(self) -> None:
        """The valley, what may stand on its shortcuts, and what comes of it."""
        text = self.narration.text
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        one = self.facts.one
        words = {key: text(key) for key in ("likeness", "left")}
        self.figure = figure = BridgedFigure(
            self.stage, self.theme, names, self.numbers, self.log10(one), self.share(one), [0, self.depth], words
        )
        valley = figure.valley
        valley.night.dusk = valley.deck.built = valley.junctions.shown = 1.0
        valley.halls.lit = 0.7
        figure.high.front = figure.low.front = 0.0
        self.signs = {
            "less": Signs(valley, f"×{self.less}"),
            "one": Signs(valley, "×1"),
            "more": Signs(valley, f"×{self.more}"),
            "gate": Signs(valley, "1 − g", "gate", float(1 / (1 + np.exp(self.net.gate_bias)))),
            "projection": Signs(valley, "Wx", "projection"),
        }
        self.signs["one"].shown = 1.0
        wide = self.wide()
        arguments = valley, valley.land, valley.palette, self.numbers
        self.columns = Measured(*arguments, self.log10(self.facts.alone_less), CHART * wide.width * valley.tall)
        self.columns.span = span_of([self.log10(record) for record in self.facts])
        place = (0.31, 0.32) if self.stage.wide else (0.0, 0.34)
        self.counter = Counter(valley, self.arrived, "", place, large=96)
        self.exact, self.at = "", math.nan  # what is told where columns rest, and where that is
        self.rider = self.traveller(self.facts.alone_less)
        self.rider.labelled = 0.0  # signs say by what
        self.panel = self.beside()

    def construct(self) -> None:
        valley = self.figure.valley
        valley.shot = self.near
        self.enter(valley)
        with self.beat("one"):
            self.play(self.camera_to(self.near(0.8), run_time=3.6))
        self.fade_out()
        self.run_wild()
        self.with_branches()
        self.on_the_way("gate", self.facts.gate)
        self.on_the_way("projection", self.facts.projection)
        self.cite()
        self.conclude()

    # views

    def near(self, times: float = 1.0) -> View:
        """The last blocks, where the gradient sets out."""
        valley = self.figure.valley
        wide = valley.breadth(10.0 * NEAR) * times
        return View(valley.land.end - 0.36 * wide, 1.0, wide)

    def wide(self) -> View:
        return self.figure.valley.wide(0.2)

    # what happens

    def fade_out(self) -> None:
        """Branches off; the light on the shortcuts is multiplied by less than 1, block by block."""
        figure, valley, rider = self.figure, self.figure.valley, self.rider
        record = self.facts.alone_less
        with self.beat("less", **self.told(record), factor=self.less):
            self.play(
                valley.turn(valley.halls, seconds=1.2, lit=0.0),
                *(valley.turn(river, seconds=1.2, shown=0.0) for river in (figure.high, figure.low)),
                *self.sign("less", 1.2),
                self.camera_to(rider.riding(RIDE, 0.04), run_time=1.2),
            )
            few = float(valley.land.states[max(0, self.depth - 3)]) + 1.0
            self.play(
                valley.turn(rider, seconds=1.8, u=few).set_rate_func(linear),
                valley.turn(rider, seconds=0.5, shown=1.0),
            )
            self.play(
                valley.turn(rider, seconds=2.0, u=-1.0),
                self.camera_to(self.wide(), run_time=2.0),
            )
            self.settle(record, self.less)
            self.play(
                valley.turn(rider, seconds=0.8, shown=0.0),
                valley.turn(self.counter, seconds=0.8, shown=1.0),
                valley.turn(self.columns, seconds=1.2, raised=1.0).set_rate_func(linear),
            )

    def run_wild(self) -> None:
        """The same with more than 1; and with 1 itself."""
        with self.beat("more", **self.told(self.facts.alone_more), factor=self.more) as beat:
            self.become(self.facts.alone_more, "more", self.more, 2.0)
            beat.cue(1)
            self.become(self.facts.alone_one, "one", "1", 1.8)

    def with_branches(self) -> None:
        """Branches are on again, and change all three."""
        valley = self.figure.valley
        said = {
            name: self.written(record)
            for name, record in (("less", self.facts.less), ("one", self.facts.one), ("more", self.facts.more))
        }
        unheard = [self.told(record)["unheard"] for record in self.facts[:3]]
        fields = said | {
            "factor": self.less,
            "larger": self.more,
            "unheard": next((words for words in unheard if words), ""),
        }
        with self.beat("live", **fields) as beat:
            self.play(valley.turn(valley.halls, seconds=1.0, lit=0.7), *self.rivers(self.facts.one, 1.0))
            self.become(self.facts.more, "more", self.more, 1.3)
            self.become(self.facts.one, "one", "1", 1.3)
            beat.cue(1)
            self.become(self.facts.less, "less", self.less, 1.3)

    def on_the_way(self, name: str, record: Any) -> None:
        """Something stands on each shortcut: from near, and what comes of it."""
        valley = self.figure.valley
        with self.beat(name, **self.told(record)):
            self.play(
                *self.sign(name, 1.0),
                *self.rivers(record, 1.8),
                valley.turn(self.columns, seconds=0.5, shown=0.0),
                valley.turn(self.counter, seconds=0.5, shown=0.0),
                self.camera_to(self.near(0.7), run_time=2.2),
            )
            self.settle(record, self.narration.text(name), "turning")
            self.play(
                self.camera_to(self.wide(), run_time=2.2),
                valley.turn(self.columns, seconds=2.2, log10=self.log10(record), shown=1.0),
                valley.turn(self.counter, seconds=1.2, shown=1.0),
            )
            self.settle(record, self.narration.text(name))

    def cite(self) -> None:
        """What others found, beside what was measured here."""
        valley, panel = self.figure.valley, self.panel
        cited = {name: self.numbers.decimal(value) for name, value in THEIRS.items()}
        with self.beat("theirs", **cited):
            self.play(
                valley.turn(panel, seconds=1.0, shown=1.0),
                *self.sign("", 0.6),
                *(valley.turn(one, seconds=0.6, shown=0.0) for one in (self.counter, self.columns)),
                self.camera_to(self.near(3.0), run_time=1.6),
            )
            self.play(valley.turn(panel, seconds=2.0, grown=1.0), self.camera_to(self.near(2.6), run_time=2.6))

    def conclude(self) -> None:
        """Back to the copy: a 1 on every shortcut."""
        figure, valley = self.figure, self.figure.valley
        with self.beat("lesson"):
            self.play(
                valley.turn(self.panel, seconds=0.8, shown=0.0),
                *self.sign("one", 1.0),
                *self.rivers(self.facts.one, 1.0),
                self.camera_to(self.near(), run_time=1.8),
            )
            self.play(
                *(valley.turn(river, seconds=1.0, shown=1.0) for river in (figure.high, figure.low)),
                self.camera_to(lambda: self.near(2.4), run_time=3.0),
            )

    # gestures

    def sign(self, name: str, seconds: float) -> list[Animation]:
        """One kind of sign comes, the others go; all of them, if there is none of that name."""
        return [
            self.figure.valley.turn(one, seconds=seconds, shown=float(key == name)) for key, one in self.signs.items()
        ]

    def rivers(self, record: Any, seconds: float) -> list[Animation]:
        """The light that comes home, over shortcuts and through halls."""
        high, low, turn = self.figure.high, self.figure.low, self.figure.valley.turn
        share = self.share(record)
        return [
            turn(high, seconds=seconds, log10=self.log10(record), weight=share, shown=1.0),
            turn(low, seconds=seconds, log10=self.log10(record), weight=1 - share, shown=1.0),
        ]

    def changes(self, record: Any, seconds: float) -> list[Animation]:
        """Light and columns turn into those of another shortcut."""
        return [
            *self.rivers(record, seconds),
            self.figure.valley.turn(self.columns, seconds=seconds, log10=self.log10(record)),
        ]

    def become(self, record: Any, sign: str, factor: str, seconds: float) -> None:
        """From afar: another factor on every shortcut, and what comes of it."""
        self.settle(record, factor, "turning")
        wide = self.wide()
        self.play(
            *self.changes(record, seconds),
            *self.sign(sign, min(1.0, seconds)),
            self.camera_to(View(wide.x, wide.y, wide.width * (0.97 if sign == "one" else 1.0)), run_time=seconds),
        )
        self.settle(record, factor)

    def settle(self, record: Any, factor: str, word: str = "on_each") -> None:
        """What the counter counts from now on; ``turning``, while columns are on their way there."""
        self.counter.label = self.narration.text(word, factor=f"×{factor}" if factor[0].isdigit() else factor)
        self.exact, self.at = self.written(record), float(self.log10(record)[0])

    # what is drawn

    def traveller(self, record: Any) -> Traveller:
        """Who rides home over the shortcuts."""
        valley, log10 = self.figure.valley, record.mean_log10_relative()[RESIDUAL]
        with np.errstate(invalid="ignore"):
            factors = [self.numbers.factor(float(gain)) for gain in log10[:-1] - log10[1:]]
        return Traveller(valley, valley.deck.way, log10, factors, self.numbers, valley.palette.deck, on_deck=True)

    def beside(self) -> BesideTheirs:
        """The copy, a gate and a projection: here, and theirs."""
        text, numbers = self.narration.text, self.numbers
        names = ("copy", "gate", "projection")
        ours = (self.facts.one, self.facts.gate, self.facts.projection)
        theirs = [THEIRS[name] for name in names]
        return BesideTheirs(
            self.figure.valley,
            [text(name) for name in names],
            ([float(self.log10(one)[0]) for one in ours], [self.written(one) for one in ours]),
            (theirs, [numbers.decimal(one) + numbers.percent for one in theirs]),
            (text("ours"), text("theirs")),
        )

    def log10(self, record: Any) -> Floats:
        """log10 of the residual signal at every state; finite."""
        return np.nan_to_num(record.mean_log10_relative()[RESIDUAL], nan=-FAR, posinf=FAR, neginf=-FAR)

    def share(self, record: Any) -> Floats:
        """What the shortcut of each block hands back, 0 to 1."""
        return np.clip(np.nan_to_num(record.skip_share.mean(axis=0), nan=1.0), 0, 1)

    # words

    def arrived(self) -> str:
        """What the counter says: what arrives at the input, as the columns stand."""
        value = float(self.columns.log10[0])
        return self.exact if value == self.at or abs(value) > FAR - 1 else self.numbers.signal(value)

    def written(self, record: Any) -> str:
        """What arrives at the input, to the digits that seeds agree on."""
        return self.numbers.signal(skips.arriving(record), int(digits_of_logs(logs_of(record)[RESIDUAL, :, 0])))

    def told(self, record: Any) -> dict[str, Any]:
        """What sentences about one record need."""
        source = self.narration.text(f"source.{self.net.cotangent}")
        fields = {"value": self.written(record), "source": source, "depth": self.depth}
        unheard = self.narration.clause("unheard", Side(record, RESIDUAL), dtype=self.net.dtype, **fields)
        return fields | {"unheard": unheard}
