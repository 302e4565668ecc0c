"""TakeOneOut: blocks are lifted off the road of two trained networks, one by one, several at once, and set down in
another order; behind the road grows what each network gets wrong then.

Read from the record `lesion`, which repeats what Veit et al. 2016 did to networks of 110 layers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, rate_functions

from scenes.figures.valley.convoy import Convoy
from scenes.figures.valley.crane import LIFTED, Crane
from scenes.figures.valley.failures import Failures
from scenes.figures.valley.land import Floats
from scenes.figures.valley.valley import Valley
from scenes.kit.claims import lesions
from scenes.kit.claims.lesions import TAKE_ONE_OUT
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import mix
from scenes.kit.drawing.split import Split
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import layers
from sim.records.record import PLAIN, RESIDUAL

linear = rate_functions.linear
ALONE, CLOSE = 52.0, 26.0  # least width of the view of the plain road alone; of one hall
BOTH = 76.0  # world units: how high the frame is, at least, when both roads are seen
HIGH = {True: 0.115, False: 0.1}  # of the frame's height, that of 100 % then; in wide formats and in others
NUMBERED = 4  # columns with a number, at most


class TakeOneOut(Filmed):
    """A clip of the encore. Reads [lesion]."""

    lacks = "it takes blocks out of networks that were trained, and a record of atajos measure is of one that is not"
    claims = TAKE_ONE_OUT
    poster = "several"

    def setup(self) -> None:
        self.net = self.parameters("lesion")
        (self.record,) = self.records("lesion", [self.net])
        self.facts = self.record
        self.roads = [self.road(skip) for skip in (PLAIN, RESIDUAL)]
        self.failures = [self.columns(skip) for skip in (PLAIN, RESIDUAL)]
        self.cranes = [self.crane(skip) for skip in (PLAIN, RESIDUAL)]
        plain, residual = self.roads
        residual.deck.built = residual.junctions.shown = 1.0
        self.split = Split(residual, plain)
        self.lorry = Convoy(plain, plain.land.lane, None, [0, plain.land.depth], self.numbers, "")
        self.rider = Convoy(residual, residual.deck.way, None, [0, residual.land.depth], self.numbers, "", True)
        self.lorry.hero, self.rider.hero = self.lorry.start(5.0), self.rider.start(0.0)

    def road(self, skip: int) -> Valley:
        """The valley of one of the networks; the roofs of its halls go from dark to bright, in the trained order."""
        text = self.narration.text
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        valley = Valley(self.theme, self.stage, int(self.record.blocks[skip]), names)
        valley.sway = 0.006
        depth = valley.land.depth
        dark, bright = mix(self.theme.branch, "#000000", 0.55), mix(self.theme.branch, "#FFFFFF", 0.55)
        valley.halls.roofs = [mix(dark, bright, i / max(1, depth - 1)) for i in range(depth)]
        return valley

    def columns(self, skip: int) -> Failures:
        """A column for every block, or for every number of swaps if those are more."""
        valley, errors = self.roads[skip], lesions.single(self.record, skip)
        spare = max(0, len(self.record.swaps) - len(errors))
        values = np.append(errors, np.full(spare, errors[-1]))
        high = 0.28 * self.alone().width * valley.tall if skip == PLAIN else self.high(skip)
        failures = Failures(valley, values, lesions.usual(self.record, skip), high, self.percent)
        failures.u = np.append(valley.land.halls, np.full(spare, valley.land.halls[-1]))
        failures.seen = np.append(np.ones(len(errors)), np.zeros(spare))
        failures.numbered = some(len(errors))
        return failures

    def crane(self, skip: int) -> Crane:
        count = int(self.record.blocks[skip])
        gone = self.record.removed[skip, :count, 0, :count]  # of the first draw
        order = sorted(range(count), key=lambda block: int(np.flatnonzero(gone[:, block])[0]))
        return Crane(self.roads[skip].halls, self.failures[skip], order)

    def construct(self) -> None:
        plain = self.roads[PLAIN]
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
        plain = self.roads[PLAIN]
        at = plain.wide(0.0, 0.6 * ALONE)
        return View(at.x, 0.19 * at.width * plain.tall, at.width)

    def both(self, skip: int) -> View:
        """One of the two roads, when the other is seen as well."""
        valley = self.roads[skip]
        up = 0.1 if skip == RESIDUAL else 0.032 if self.stage.wide else 0.034
        return valley.wide(up, BOTH)

    def high(self, skip: int) -> float:
        return HIGH[self.stage.wide] * self.both(skip).width * self.roads[skip].tall

    # what happens

    def break_plain(self) -> None:
        """The plain network: its halls are lifted one after the other."""
        plain, crane, failures = self.roads[PLAIN], self.cranes[PLAIN], self.failures[PLAIN]
        with self.beat("trained", **self.shares({"plain": lesions.usual(self.record, PLAIN), "residual": self.usual})):
            self.play(
                self.drive(self.lorry, 6.0, 4.0),
                self.camera_to(plain.close(*plain.land.hall(1), 0.8 * CLOSE), run_time=4.0),
            )
        errors = lesions.single(self.record, PLAIN)
        failures.head = f"{self.narration.text('plain_net')}: {self.narration.text('chart.each')}"
        with self.beat("plain", **self.shares({"high": errors.max()}), low=self.at_least(errors.min())):
            self.play(
                self.split.turn(crane, seconds=1.6, each=1.0).set_rate_func(linear),
                self.drive(self.lorry, 12.0, 1.6),
                self.camera_to(plain.close(*plain.land.hall(1), 1.25 * CLOSE), run_time=1.6),
            )
            self.play(
                self.split.turn(crane, seconds=4.4, each=plain.land.depth + 1.0).set_rate_func(linear),
                self.drive(self.lorry, 30.0, 4.4),
                self.split.turn(failures, seconds=0.8, headed=1.0),
                self.camera_to(self.alone(), run_time=2.4),
            )

    def limp(self) -> None:
        """The residual network above it: the same, and the block that is an exception from near."""
        plain, residual = self.roads
        crane, failures, errors = self.cranes[RESIDUAL], self.failures[RESIDUAL], lesions.single(self.record, RESIDUAL)
        residual.shot = lambda: residual.stretch(min(2, residual.land.depth), 4.0)
        self.heads("each")
        said = self.shares({"usual": self.usual, "median": float(np.median(errors)), "high": errors.max()})
        with self.beat("residual", **said, blocks=residual.land.depth):
            self.play(
                self.split.turn(self.split, seconds=1.6, share=1.0),
                plain.camera_to(self.both(PLAIN), run_time=1.6),
                self.split.turn(self.failures[PLAIN], seconds=1.6, high=self.high(PLAIN)),
                self.drive(self.rider, 8.0, 1.6),
            )
            self.play(
                self.split.turn(crane, seconds=5.6, each=residual.land.depth + 1.0).set_rate_func(linear),
                residual.camera_to(self.both(RESIDUAL), run_time=3.0),
                self.split.turn(failures, seconds=0.8, headed=1.0),
                self.drive(self.rider, 60.0, 5.6),
            )
        worst = lesions.worst(self.record, RESIDUAL)
        with self.beat(
            "first", **self.shares({"high": errors.max(), "median": float(np.median(errors))}), at=worst + 1
        ):
            self.lift_one(worst)

    def lift_one(self, block: int) -> None:
        """One hall of the residual road again, from near, and back to where one saw both roads."""
        residual, crane = self.roads[RESIDUAL], self.cranes[RESIDUAL]
        up = np.zeros(residual.land.depth)
        up[block] = 3.0  # its column, and what is written over it, are seen beside it
        near = self.both(RESIDUAL)
        view = View(float(residual.land.halls[block]) + 0.1 * near.width, near.y, 0.55 * near.width)
        self.play(
            self.split.turn(crane.halls, seconds=1.6, up=up),
            residual.camera_to(view, run_time=2.2),
            self.drive(self.rider, 10.0, 2.2),
        )
        self.play(
            self.split.turn(crane.halls, seconds=1.4, up=np.zeros_like(up)),
            residual.camera_to(near, run_time=1.8),
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
                *(self.split.turn(one, seconds=0.8, raised=0.0 * one.raised, headed=0.0) for one in self.failures),
                self.drive(self.rider, 6.0, 0.8),
            )
            self.heads("several")
            for skip, failures in enumerate(self.failures):
                failures.values[: self.record.blocks[skip]] = lesions.several(self.record, skip)
            self.play(
                *(
                    self.split.turn(crane, seconds=4.6, gone=float(road.land.depth)).set_rate_func(linear)
                    for crane, road in zip(self.cranes, self.roads, strict=True)
                ),
                *(self.split.turn(one, seconds=1.0, joined=1.0, headed=1.0) for one in self.failures),
                *(
                    road.camera_to(View(at.x, at.y, 0.94 * at.width), run_time=4.6)
                    for road, at in zip(self.roads, (self.both(PLAIN), self.both(RESIDUAL)), strict=True)
                ),
            )

    def shuffle(self) -> None:
        """All halls are back; then neighbours change places, more and more of them."""
        record, swaps = self.record, self.record.swaps
        errors = [lesions.shuffled(record, skip) for skip in (PLAIN, RESIDUAL)]
        said = self.shares({"plain": errors[PLAIN][0], "residual": errors[RESIDUAL][0], "last": errors[RESIDUAL][-1]})
        stops = sorted({0, len(swaps) // 2, len(swaps) - 1})
        with self.beat("order", **said, swaps=int(swaps[0]), most=int(swaps[-1])):
            self.play(
                *(self.split.turn(crane, seconds=1.2, gone=0.0) for crane in self.cranes),
                *(self.split.turn(one, seconds=1.2, headed=0.0) for one in self.failures),
                *(road.camera_to(self.both(skip), run_time=1.2) for skip, road in enumerate(self.roads)),
            )
            self.heads("order")
            for skip, failures in enumerate(self.failures):
                self.spread(failures, errors[skip], self.both(skip).width)
            for stop in stops:
                for skip, crane in enumerate(self.cranes):
                    crane.fly_to(record.order[skip, stop, 0, : record.blocks[skip]])
                grown = [(np.arange(len(one.values)) <= stop).astype(float) for one in self.failures]
                self.play(
                    *(self.split.turn(one, seconds=1.6, flight=1.0).set_rate_func(linear) for one in self.cranes),
                    *(
                        self.split.turn(one, seconds=1.5, raised=raised, headed=1.0)
                        for one, raised in zip(self.failures, grown, strict=True)
                    ),
                    self.drive(self.rider, 6.0, 1.6),
                )

    def spread(self, failures: Failures, errors: Floats, wide: float) -> None:
        """As many columns as numbers of swaps, evenly along the road; none has grown yet."""
        count, land = len(errors), failures.valley.land
        half = max(land.halls[-1] - land.halls[0], 0.46 * wide) / 2
        failures.numbered = some(count)
        failures.values[:count] = errors
        failures.seen = (np.arange(len(failures.values)) < count).astype(float)
        failures.u = np.full(len(failures.values), land.end / 2 + half)
        failures.u[:count] = land.end / 2 + (np.linspace(-half, half, count) if count > 1 else 0.0)

    def explain(self) -> None:
        """Everything is where it was; a lorry drives past a hall that is missing."""
        blocks = [min(2, road.land.depth) for road in self.roads]  # whose hall is on our side of the road, if any is
        self.rider.hero = self.rider.start(0.0)
        with self.beat("why"):
            for one, road in zip(self.cranes, self.roads, strict=True):
                one.fly_to(range(road.land.depth))
            self.play(
                *(self.split.turn(one, seconds=1.4, flight=1.0).set_rate_func(linear) for one in self.cranes),
                *(
                    self.split.turn(one, seconds=1.0, raised=0.0 * one.raised, joined=0.0, headed=0.0)
                    for one in self.failures
                ),
                *(
                    road.camera_to(self.beside(road, block), run_time=2.4)
                    for road, block in zip(self.roads, blocks, strict=True)
                ),
                self.drive(self.rider, 3.0, 2.4),
            )
            ups = [
                LIFTED * (np.arange(road.land.depth) == block - 1)
                for road, block in zip(self.roads, blocks, strict=True)
            ]
            self.lorry.hero = self.lorry.behind(blocks[PLAIN]) - 12.0
            self.play(
                *(self.split.turn(one.halls, seconds=1.4, up=up) for one, up in zip(self.cranes, ups, strict=True)),
                self.drive(self.rider, 18.0, 4.4),
                self.drive(self.lorry, 9.0, 4.4),
            )

    def beside(self, road: Valley, block: int) -> View:
        """A hall and the road around it, in half a frame."""
        at = road.stretch(block, 6.0)
        return View(at.x, -2.6 if road is self.roads[PLAIN] and self.stage.wide else 0.0, at.width)

    # words

    def drive(self, convoy: Convoy, way: float, seconds: float) -> Animation:
        return self.split.turn(convoy, seconds=seconds, hero=convoy.hero + way).set_rate_func(linear)

    def heads(self, word: str) -> None:
        """What columns are from now on; it is said once, over the upper road."""
        plain, residual = (self.narration.text(name) for name in ("plain_net", "residual_net"))
        self.failures[PLAIN].head = plain
        self.failures[RESIDUAL].head = f"{residual}: {self.narration.text(f'chart.{word}')}"

    @property
    def usual(self) -> float:
        return lesions.usual(self.record, RESIDUAL)

    def percent(self, value: float) -> str:
        """A training error as it is read."""
        if not np.isfinite(value):
            return "–"
        return f"{self.share(value)}{self.numbers.percent}"

    def share(self, value: float) -> str:
        return self.numbers.significant(value, 2) if np.isfinite(value) else "?"

    def at_least(self, value: float) -> str:
        """A percentage that is not more than ``value``."""
        if not np.isfinite(value):
            return "?"
        step = 10.0 ** (np.floor(np.log10(value)) - 1) if value > 0 else 1.0
        return self.share(float(np.floor(value / step + 1e-9) * step))

    def shares(self, values: dict[str, Any]) -> dict[str, str]:
        """Percents as sentences need them."""
        return {key: self.share(float(value)) for key, value in values.items()}


def some(count: int) -> list[int]:
    """A few of so many columns, both ends among them."""
    return sorted({round(i) for i in np.linspace(0, count - 1, min(count, NUMBERED))})
