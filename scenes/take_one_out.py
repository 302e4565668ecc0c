"""TakeOneOut: blocks are lifted off the road of two trained networks, one by one, several at once, and set down in
another order; behind the road grows what each network gets wrong then.

Read from the record `lesion`, which repeats what Veit et al. 2016 did to networks of 110 layers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, rate_functions

from scenes.figures.valley.convoy import Convoy
from scenes.figures.valley.crane import LIFTED
from scenes.figures.valley.operated import Operated
from scenes.kit.claims import lesions
from scenes.kit.claims.lesions import TAKE_ONE_OUT
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.split import Split
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import layers
from sim.records.record import PLAIN, RESIDUAL

linear = rate_functions.linear
ALONE, CLOSE = 52.0, 26.0  # least width of the view of the plain road alone; of one hall
BOTH = 76.0  # world units: how high the frame is, at least, when both roads are seen
HIGH = {True: 0.115, False: 0.1}  # of the frame's height, that of 100 % then; in wide formats and in others


class TakeOneOut(Filmed):
    """A clip of the encore. Reads [lesion]."""

    lacks = "it takes blocks out of networks that were trained, and a record of atajos measure is of one that is not"
    claims = TAKE_ONE_OUT
    poster = "several"

    def setup(self) -> None:
        self.net = self.parameters("lesion")
        (self.record,) = self.records("lesion", [self.net])
        self.facts = self.record
        text = self.narration.text
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        self.plain, self.residual = (
            Operated(self.stage, self.theme, names, self.record, skip, self.percent) for skip in (PLAIN, RESIDUAL)
        )
        self.both = (self.plain, self.residual)
        plain, residual = self.plain.valley, self.residual.valley
        residual.deck.built = residual.junctions.shown = 1.0
        self.plain.failures.high = 0.28 * self.alone().width * plain.tall
        self.residual.failures.high = self.high(self.residual)
        self.split = Split(residual, plain)
        self.lorry = Convoy(plain, plain.land.lane, None, [0, plain.land.depth], self.numbers, "")
        self.rider = Convoy(residual, residual.deck.way, None, [0, residual.land.depth], self.numbers, "", True)
        self.lorry.hero, self.rider.hero = self.lorry.start(5.0), self.rider.start(0.0)

    def construct(self) -> None:
        plain = self.plain.valley
        plain.shot = lambda: plain.close(*plain.land.hall(1), CLOSE)
        self.enter(self.split)
        self.break_plain()
        self.limp()
        self.more_and_more()
        self.shuffle()
        self.explain()

    # views

    def alone(self) -> View:
        """The plain road and what grows behind it, full frame."""
        plain = self.plain.valley
        at = plain.wide(0.0, 0.6 * ALONE)
        return View(at.x, 0.19 * at.width * plain.tall, at.width)

    def seen(self, one: Operated, times: float = 1.0) -> View:
        """One of the two roads, when the other is seen as well."""
        up = 0.1 if one is self.residual else 0.032 if self.stage.wide else 0.034
        at = one.valley.wide(up, BOTH)
        return View(at.x, at.y, times * at.width)

    def high(self, one: Operated) -> float:
        """The height of 100 % then."""
        return HIGH[self.stage.wide] * self.seen(one).width * one.valley.tall

    def beside(self, one: Operated, block: int) -> View:
        """A hall and the road around it, in half a frame."""
        at = one.valley.stretch(block, 6.0)
        return View(at.x, -2.6 if one is self.plain and self.stage.wide else 0.0, at.width)

    # what happens

    def break_plain(self) -> None:
        """The plain network: its halls are lifted one after the other."""
        valley, crane, failures = self.plain.valley, self.plain.crane, self.plain.failures
        usual = {"plain": lesions.usual(self.record, PLAIN), "residual": lesions.usual(self.record, RESIDUAL)}
        with self.beat("trained", **self.shares(usual)):
            self.play(
                self.drive(self.lorry, 6.0, 4.0),
                self.camera_to(valley.close(*valley.land.hall(1), 0.8 * CLOSE), run_time=4.0),
            )
        errors = lesions.single(self.record, PLAIN)
        failures.head = self.headed("plain_net", "each")
        with self.beat("plain", **self.shares({"high": errors.max()}), low=self.at_least(errors.min())):
            self.play(
                self.turn(crane, 1.6, each=1.0).set_rate_func(linear),
                self.drive(self.lorry, 12.0, 1.6),
                self.camera_to(valley.close(*valley.land.hall(1), 1.25 * CLOSE), run_time=1.6),
            )
            self.play(
                self.turn(crane, 4.4, each=self.plain.depth + 1.0).set_rate_func(linear),
                self.drive(self.lorry, 30.0, 4.4),
                self.turn(failures, 0.8, headed=1.0),
                self.camera_to(self.alone(), run_time=2.4),
            )

    def limp(self) -> None:
        """The residual network above it: the same, and the block that is an exception from near."""
        residual, errors = self.residual.valley, lesions.single(self.record, RESIDUAL)
        residual.shot = lambda: residual.stretch(min(2, residual.land.depth), 4.0)
        self.heads("each")
        usual = lesions.usual(self.record, RESIDUAL)
        said = self.shares({"usual": usual, "median": float(np.median(errors)), "high": errors.max()})
        with self.beat("residual", **said):
            self.play(
                self.turn(self.split, 1.6, share=1.0),
                self.camera_to(self.seen(self.plain), run_time=1.6),
                self.turn(self.plain.failures, 1.6, high=self.high(self.plain)),
                self.drive(self.rider, 8.0, 1.6),
            )
            self.play(
                self.turn(self.residual.crane, 5.6, each=self.residual.depth + 1.0).set_rate_func(linear),
                residual.camera_to(self.seen(self.residual), run_time=3.0),
                self.turn(self.residual.failures, 0.8, headed=1.0),
                self.drive(self.rider, 60.0, 5.6),
            )
        worst = lesions.worst(self.record, RESIDUAL) + 1
        with self.beat("first", **self.shares({"high": errors.max()}), at=worst):
            self.lift_one(worst)

    def lift_one(self, block: int) -> None:
        """One hall of the residual road again, from near, and back to where one saw both roads."""
        residual, halls, far = self.residual.valley, self.residual.valley.halls, self.seen(self.residual)
        near = View(float(residual.land.halls[block - 1]) + 0.1 * far.width, far.y, 0.55 * far.width)
        self.play(
            self.turn(halls, 1.6, up=self.residual.lifted(block, 3.0)),  # below its column's number
            residual.camera_to(near, run_time=2.2),
            self.drive(self.rider, 10.0, 2.2),
        )
        self.play(
            self.turn(halls, 1.4, up=self.residual.lifted(block, 0.0)),
            residual.camera_to(far, run_time=1.8),
            self.drive(self.rider, 10.0, 1.8),
        )

    def more_and_more(self) -> None:
        """Halls leave and stay away; behind both roads a curve grows, by how many are missing."""
        errors = lesions.several(self.record, RESIDUAL)
        few = min(2, len(errors))
        many = max(few, len(errors) // 2)
        numbers = self.shares({"at_few": errors[few - 1], "at_many": errors[many - 1]})
        with self.beat("several", **numbers, few=few, many=many):
            self.play(
                *(self.turn(one.failures, 0.8, raised=0.0 * one.failures.raised, headed=0.0) for one in self.both),
                self.drive(self.rider, 6.0, 0.8),
            )
            self.heads("several")
            for one in self.both:
                one.show_several()
            self.play(
                *(self.turn(one.crane, 4.6, gone=float(one.depth)).set_rate_func(linear) for one in self.both),
                *(self.turn(one.failures, 1.0, joined=1.0, headed=1.0) for one in self.both),
                *(one.valley.camera_to(self.seen(one, 0.94), run_time=4.6) for one in self.both),
            )

    def shuffle(self) -> None:
        """All halls are back; then neighbours change places, more and more of them."""
        swaps = self.record.swaps
        plain, residual = (lesions.shuffled(self.record, skip) for skip in (PLAIN, RESIDUAL))
        said = self.shares({"plain": plain[0], "residual": residual[0], "last": residual[-1]})
        with self.beat("order", **said, swaps=int(swaps[0]), most=int(swaps[-1])):
            self.play(
                *(self.turn(one.crane, 1.2, gone=0.0) for one in self.both),
                *(self.turn(one.failures, 1.2, headed=0.0) for one in self.both),
                *(one.valley.camera_to(self.seen(one), run_time=1.2) for one in self.both),
            )
            self.heads("order")
            for one in self.both:
                one.show_swaps(self.seen(one).width)
            for stop in sorted({0, len(swaps) // 2, len(swaps) - 1}):
                for one in self.both:
                    one.crane.fly_to(one.order(stop))
                raised = [(np.arange(len(one.failures.values)) <= stop).astype(float) for one in self.both]
                self.play(
                    *(self.turn(one.crane, 1.6, flight=1.0).set_rate_func(linear) for one in self.both),
                    *(
                        self.turn(one.failures, 1.5, raised=upto, headed=1.0)
                        for one, upto in zip(self.both, raised, strict=True)
                    ),
                    self.drive(self.rider, 6.0, 1.6),
                )

    def explain(self) -> None:
        """Everything is where it was; lorries drive past a hall that is missing."""
        blocks = {one: min(2, one.depth) for one in self.both}  # whose hall is on our side of the road, if any is
        self.rider.hero = self.rider.start(0.0)
        with self.beat("why"):
            for one in self.both:
                one.crane.fly_to(range(one.depth))
            gone = [0.0 * one.failures.raised for one in self.both]
            self.play(
                *(self.turn(one.crane, 1.4, flight=1.0).set_rate_func(linear) for one in self.both),
                *(
                    self.turn(one.failures, 1.0, raised=raised, joined=0.0, headed=0.0)
                    for one, raised in zip(self.both, gone, strict=True)
                ),
                *(one.valley.camera_to(self.beside(one, block), run_time=2.4) for one, block in blocks.items()),
                self.drive(self.rider, 3.0, 2.4),
            )
            self.lorry.hero = self.lorry.behind(blocks[self.plain]) - 12.0
            self.play(
                *(self.turn(one.valley.halls, 1.4, up=one.lifted(block, LIFTED)) for one, block in blocks.items()),
                self.drive(self.rider, 18.0, 4.4),
                self.drive(self.lorry, 9.0, 4.4),
            )

    # gestures

    def turn(self, part: object, seconds: float, **targets: Any) -> Animation:
        return self.split.turn(part, seconds=seconds, **targets)

    def drive(self, convoy: Convoy, way: float, seconds: float) -> Animation:
        return self.turn(convoy, seconds, hero=convoy.hero + way).set_rate_func(linear)

    # words

    def heads(self, word: str) -> None:
        """What columns are from now on; it is said once, over the upper road."""
        self.plain.failures.head = self.narration.text("plain_net")
        self.residual.failures.head = self.headed("residual_net", word)

    def headed(self, net: str, word: str) -> str:
        return f"{self.narration.text(net)}: {self.narration.text(f'chart.{word}')}"

    def percent(self, value: float) -> str:
        """A training error as it is read."""
        if not np.isfinite(value):
            return "–"
        return f"{self.numbers.misread(value)}{self.numbers.percent}"

    def at_least(self, value: float) -> str:
        """A percentage that is not more than ``value``."""
        if not np.isfinite(value):
            return "?"
        step = 10.0 ** np.floor(np.log10(value)) if 0 < value < 1 else 1.0
        return self.numbers.misread(float(np.floor(value / step + 1e-9) * step))

    def shares(self, values: dict[str, Any]) -> dict[str, str]:
        """Percents as sentences need them."""
        return {key: self.numbers.misread(float(value)) for key, value in values.items()}
