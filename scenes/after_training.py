"""AfterTraining: does it last? The gradient at every block while networks train, with and without shortcuts.

By night the signal comes home over both roads; every step of training that was measured leaves a ridge behind the road.
Then the mountains turn into what weights are told, into how far SGD and Adam move them, and into the same networks with
their norm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, rate_functions

from scenes.figures.valley.ranges import Ranges, drawn, lights, over
from scenes.kit.claims import lasting
from scenes.kit.claims.lasting import AFTER_TRAINING, Lasting
from scenes.kit.drawing.camera import View
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import agreeing, layers
from sim.records.record import PLAIN, RESIDUAL

linear = rate_functions.linear


class AfterTraining(Filmed):
    """A clip of the encore. Reads [training], and [after_training] for the same networks without a norm."""

    lacks = "it follows networks while they train, and the record of a network of one's own holds a single moment"
    claims = AFTER_TRAINING
    poster = "residual"
    drifts = 0.04

    def setup(self) -> None:
        normed, extra = self.parameters("training"), self.parameters("after_training")
        bare = [extra.bare(normed, optimiser) for optimiser in ("sgd", "adam")]
        self.facts = Lasting(*self.records("training", [normed, *bare]))
        self.log10 = lasting.signals(self.facts.sgd)
        words = {key: self.narration.text(key) for key in ("plain", "residual", "step", "left")}
        acts, _ = layers(bare[0], self.narration)
        names = [[self.narration.text("layer", number=i + 1), *one] for i, one in enumerate(acts)]
        steps = self.facts.sgd.snapshot_steps.astype(float)
        self.agreed = agreeing(self.numbers, lasting.known(self.facts))
        self.figure = Ranges(self.stage, self.theme, names, self.agreed, steps, self.log10, words)
        self.span(self.log10, lasting.signals(self.facts.normed))

    def span(self, *shown: Any) -> None:
        """From where to where mountains are drawn: one scale for both networks, and for all that is compared."""
        known = np.concatenate([one[np.isfinite(one)] for one in shown])
        for one in self.figure.ranges:
            one.low, one.top = scale(known)

    def construct(self) -> None:
        figure, split = self.figure, self.figure.split
        self.enter(split)
        figure.lower.shot = self.near_loss
        for river in figure.rivers:
            river.front = float(river.way.upto(figure.land.end - 16.0))
        with self.beat("start"):
            self.play(
                split.turn(figure.high, seconds=4.2, front=0.0).set_rate_func(linear),
                self.camera_to(over(figure.lower), run_time=4.2),
            )
        self.grow()
        self.weights()
        self.adam()
        if self.facts.normed.params["norm"] == "batch":
            self.norm()
        with self.beat("lesson"):
            self.play(
                *(split.turn(counter, seconds=0.8, shown=0.0) for counter in figure.counters),
                self.camera_to(self.at_input(), run_time=3.0),
            )

    def near_loss(self) -> View:
        """The end of the road, where the gradient is born."""
        wide = self.figure.lower.breadth(30.0)
        return View(self.figure.land.end - 0.28 * wide, 0.0, wide)

    def at_input(self) -> View:
        """The input, and the mountains behind it."""
        whole = over(self.figure.lower)
        wide = 0.8 * whole.width
        return View(0.4 * wide, 0.9 * whole.y, wide)

    # what happens

    def grow(self) -> None:
        """The other road opens above; both networks train, and every step leaves a ridge."""
        figure, split = self.figure, self.figure.split
        steps = int(self.facts.sgd.snapshot_steps[-1])
        with self.beat("plain", **self.told(self.log10, PLAIN), steps=steps):
            self.play(
                split.turn(split, seconds=1.6, share=1.0),
                split.turn(figure.plain, seconds=1.6, front=0.0),
                *self.labelled("signal", 1.6),
            )
            self.play(
                *(split.turn(one, seconds=4.0, grown=1.0).set_rate_func(linear) for one in figure.ranges),
                *self.driven(self.log10, 4.0),
            )
        with self.beat("residual", **self.told(self.log10, RESIDUAL), steps=steps):
            self.play(self.camera_to(self.at_input(), run_time=2.8))

    def weights(self) -> None:
        """The mountains become what the weights are told."""
        told = lasting.told(self.facts.sgd)
        self.heights = [told, *(filled(lasting.moved(record)) for record in (self.facts.sgd, self.facts.adam))]
        first = [self.agreed.signal(float(value)) for value in told[:, -1, 0]]
        with self.beat("weights", plain=first[PLAIN], residual=first[RESIDUAL]):
            self.relabel("weights")
            self.play(
                self.camera_to(over(self.figure.lower), run_time=2.0),
                *self.become(told, 2.6, self.heights, self.halls()),
            )

    def adam(self) -> None:
        """How far SGD moves them, and how far Adam; and what came of that."""
        figure, split = self.figure, self.figure.split
        _, sgd, adam = self.heights
        times = self.agreed.signal(lasting.lift(self.facts))
        steps = self.facts.sgd.snapshot_steps
        with self.beat("adam", times=times):
            self.relabel("sgd")
            upto = float(steps[-2] / steps[-1]) if len(steps) > 1 else 1.0
            self.play(
                *self.become(sgd, 1.6, self.heights, self.halls()),
                *(split.turn(one, seconds=1.6, grown=upto) for one in figure.ranges),
            )
            self.relabel("adam")
            self.play(*self.become(adam, 2.6, self.heights, self.halls()))
        with self.beat("learn", **self.missed(self.facts.adam)):
            self.relabel("error", self.facts.adam)
            self.play(self.camera_to(self.at_input(), run_time=2.6))

    def norm(self) -> None:
        """The same networks with their norm."""
        figure, split = self.figure, self.figure.split
        log10 = lasting.signals(self.facts.normed)
        arrived = [self.agreed.signal(float(value)) for value in log10[:, -1, 0]]
        told = {"plain": arrived[PLAIN], "residual": arrived[RESIDUAL]}
        with self.beat("norm", **told, **self.missed(self.facts.normed, "_error")) as beat:
            self.relabel("normed")
            self.play(
                self.camera_to(over(figure.lower), run_time=2.4),
                *self.become(log10, 2.8, [self.log10, log10], figure.land.states),
                *(split.turn(one, seconds=2.8, grown=1.0) for one in figure.ranges),
                *self.driven(log10, 2.8),
            )
            beat.cue(1)
            self.relabel("error", self.facts.normed)

    # gestures

    def labelled(self, what: str, seconds: float) -> list[Animation]:
        """Numbers and mountains are seen for the first time."""
        figure = self.figure
        self.relabel(what)
        parts = (*figure.counters, *figure.ranges)
        return [figure.split.turn(part, seconds=seconds, shown=1.0) for part in parts]

    def relabel(self, what: str, record: Any = None) -> None:
        """What the numbers count from now on: what one sees at the input, or the errors of a record."""
        figure = self.figure
        figure.exact = None
        if record is not None:
            figure.exact = [f"{said}{self.numbers.percent}" for said in self.missed(record).values()]
        for counter, name in zip(figure.counters, ("plain", "residual"), strict=True):
            counter.label = f"{self.narration.text(name)}: {self.narration.text(f'chart.{what}')}"

    def become(self, values: Any, seconds: float, compared: list[Any], places: Any) -> list[Animation]:
        """The mountains turn into others, on the scale of all that is compared with them."""
        known = np.concatenate([one[np.isfinite(one)] for one in compared])
        low, top = scale(known)
        level = 0.0 if places is self.figure.land.states else top
        return [
            self.figure.split.turn(
                one,
                seconds=seconds,
                values=padded(drawn(row), len(places)),
                places=places,
                low=low,
                top=top,
                level=level,
            )
            for one, row in zip(self.figure.ranges, values, strict=True)
        ]

    def driven(self, log10: Any, seconds: float) -> list[Animation]:
        """The lights drive as they do after training."""
        return [
            self.figure.split.turn(river, seconds=seconds, log10=lights(row[-1]))
            for river, row in zip(self.figure.rivers, log10, strict=True)
        ]

    def halls(self) -> Any:
        """Where the blocks are, the first one twice: as many places as there are states."""
        return padded(self.figure.land.halls, self.figure.land.depth + 1)

    # words

    def told(self, log10: Any, skip: int) -> dict[str, str]:
        """What arrives after training, for every 1 that set out."""
        return {"value": self.agreed.signal(float(log10[skip, -1, 0]))}

    def missed(self, record: Any, suffix: str = "") -> dict[str, str]:
        """The training errors after the last step."""
        errors = [self.numbers.misread(float(value)) for value in lasting.errors(record)]
        return {f"plain{suffix}": errors[PLAIN], f"residual{suffix}": errors[RESIDUAL]}


def scale(known: Any) -> tuple[float, float]:
    """From where to where values are drawn, a little room below them."""
    if not len(known):
        return -1.0, 1.0
    low, top = float(min(known.min(), -1.0)), float(known.max())
    return low - 0.06 * (top - low), top + 0.02 * abs(top - low)


def padded(values: Any, places: int) -> Any:
    """The first value once more, where there are fewer values than places."""
    missing = places - values.shape[-1]
    return np.concatenate([values[..., :1]] * missing + [values], axis=-1)


def filled(values: Any) -> Any:
    """What is not known after the last step, as it was before; one does not see it."""
    out = values.copy()
    if out.shape[1] > 1 and np.isnan(out[:, -1]).all():
        out[:, -1] = out[:, -2]
    return out
