"""Transformers: what the place of LayerNorm does to the +1, on two roads of which it is the only difference.

The residual stream of a transformer is the road with shortcuts; every layer has two tolls, attention and an MLP. Both
stacks are measured by `atajos measure`, as anybody's network is: assets/networks/transformers.py says how.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from manim import rate_functions

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.norms import Norms
from scenes.kit.claims.chapters import TRANSFORMERS, Side, Stacks
from scenes.kit.drawing.numbers import Agreed
from scenes.kit.drawing.split import Split
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import Journey, own_journey
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import agreed
from sim.paths import ASSETS
from sim.records.record import PLAIN, RESIDUAL

linear = rate_functions.linear
SHIPPED = ASSETS / "networks" / "transformers.npz"
BRANCHES = {"_sa_block": "attention", "_ff_block": "mlp"}  # of torch's own layers, by the line that adds them
RIDDEN = 2.4  # stretches that one follows the lights over
BOTH = 24.0  # least height of the view of one of two roads


class Transformers(Filmed):
    """A clip of the encore. Reads no parameters: the records are shipped, or a network's of one's own with two stops,
    one whose shortcuts are bare and one with something behind every sum."""

    lacks = ""
    claims = TRANSFORMERS

    def setup(self) -> None:
        found = [own_journey(record) for record in self.networks(SHIPPED)]
        kinds = {journey.copy: journey for journey in found}
        if len(found) != 2 or set(kinds) != {"exact", "after"}:
            raise UsageError(
                "--network: Transformers compares two stops, one with norms before its branches and one with norms "
                "behind its sums: atajos measure … --vary norm_first=True,False"
            )
        self.pre, self.post = kinds["exact"], kinds["after"]
        self.facts = Stacks(self.pre.record, self.post.record)

    def construct(self) -> None:
        self.figures = [self.road(journey) for journey in (self.pre, self.post)]
        self.norms = [
            Norms(figure.valley, self.narration.text(word), behind)
            for figure, word, behind in zip(self.figures, ("norm", "norm_of_sum"), (False, True), strict=True)
        ]
        pre, post = self.figures
        self.split = Split(post.valley, pre.valley)
        pre.valley.shot = lambda: pre.valley.stretch(min(2, self.pre.depth), 3.4)
        self.enter(self.split)
        self.stream()
        self.back(self.pre, pre, "pre")
        self.after()
        self.compare()

    def road(self, journey: Journey) -> BridgedFigure:
        """The valley of a stack, with its shortcuts already there."""
        _, states = sampled(journey.depth, 14 if self.stage.wide else 6)
        words = {key: self.narration.text(key) for key in ("likeness", "left", "plain", "residual", "x")}
        share = np.clip(np.nan_to_num(journey.share, nan=1.0), 0, 1) * journey.bridged
        figure = BridgedFigure(
            self.stage, self.theme, [[""]], self.agreed(journey), journey.log10[RESIDUAL], share, states, words
        )
        figure.valley.halls.board(self.boards(journey))
        figure.valley.deck.built = 1.0
        figure.high.front = figure.high.way.length
        figure.low.front = float(figure.low.stops[-1]) + 12.0
        return figure

    def boards(self, journey: Journey) -> Sequence[str]:
        """What stands on the halls: attention and MLP where that is known, else the names of the blocks."""
        known = [
            next((key for call, key in BRANCHES.items() if call in block["code"]), "")
            for block in journey.record.blocks
        ]
        return [self.narration.text(key) if key else name for key, name in zip(known, journey.names, strict=True)]

    # what happens

    def stream(self) -> None:
        """The road is the residual stream; booths stand in front of the halls, and none on the deck."""
        valley, norms = self.figures[0].valley, self.norms[0]
        state = float(valley.land.states[1])
        with self.beat("stream"):
            self.play(self.camera_to(valley.close(float(valley.land.halls[0]), 4.6, 16.0), run_time=4.4))
        with self.beat("bare"):
            self.play(
                valley.turn(norms, seconds=1.6, shown=1.0),
                self.camera_to(valley.close(state, 0.0, 29.0), run_time=4.0),
            )
            self.play(self.camera_to(valley.close(state, 0.0, 26.0), run_time=1.6))

    def back(self, journey: Journey, figure: BridgedFigure, beat: str) -> None:
        """By night the gradient comes back over one of the roads, and its columns become the chart."""
        valley, high, low = figure.valley, figure.high, figure.low
        with self.beat(beat, **self.told(journey, RESIDUAL)):
            self.play(
                *(valley.turn(one.valley.night, seconds=1.6, dusk=1.0) for one in self.figures),
                valley.turn(valley.junctions, seconds=1.0, shown=1.0),
                valley.camera_to(valley.close(valley.land.end - 2.0, 0.0, 19.0), run_time=1.8),
            )
            self.play(valley.turn(low, seconds=0.8, front=float(low.stops[-1])).set_rate_func(linear))
            way = min(RIDDEN * valley.pitch, high.front)
            self.play(
                *(valley.turn(one, seconds=2.8, front=one.front - way).set_rate_func(linear) for one in (high, low)),
                valley.camera_to(figure.ride_home(), run_time=2.8),
            )
            chart = [] if self.split.share else [valley.turn(figure.columns, seconds=2.6, raised=1.0)]
            self.play(
                *chart,
                valley.camera_to(valley.wide(-0.07 if self.split.share else 0.11, self.height), run_time=2.6),
                valley.turn(high, seconds=2.6, front=-1.0),
                valley.turn(low, seconds=2.6, front=0.0),
            )

    @property
    def height(self) -> float:
        """How much of a road's surroundings a view must show at least."""
        return BOTH if self.split.share else 0.0

    def after(self) -> None:
        """The other road opens above: its gates stand behind every sum, over both ways."""
        (pre, post), split, norms = self.figures, self.split, self.norms[1]
        post.valley.night.dusk = 1.0
        u = float(post.valley.land.states[1]) + 1.0
        post.valley.shot = lambda: post.valley.close(u, 0.0, 24.0)
        with self.beat("post") as beat:
            self.play(
                split.turn(split, seconds=1.6, share=1.0),
                pre.valley.camera_to(pre.valley.wide(-0.07, BOTH), run_time=1.6),
                split.turn(pre.columns, seconds=0.8, shown=0.0),
            )
            self.play(
                split.turn(norms, seconds=1.4, shown=1.0), split.turn(post.valley.junctions, seconds=1.4, shown=1.0)
            )
            beat.cue(1)
            self.play(split.turn(norms, seconds=0.8, lit=1.0))
            self.play(split.turn(norms, seconds=0.8, lit=0.0))
        self.back(self.post, post, "after")

    def compare(self) -> None:
        """What arrives at both inputs, with shortcuts and, in words, without."""
        split, place = self.split, (-0.36, 0.1) if self.stage.wide else (-0.26, 0.1)
        counters = [
            Counter(figure.valley, partial(self.value, journey, RESIDUAL), self.narration.text(word), place, large=84)
            for figure, journey, word in zip(self.figures, (self.pre, self.post), ("before", "behind"), strict=True)
        ]
        said = {key: self.value(one, PLAIN) for key, one in (("before", self.pre), ("behind", self.post))}
        with self.beat("plain", **said) as beat:
            self.play(*(split.turn(counter, seconds=0.8, shown=1.0) for counter in counters))
            beat.cue(1)
        with self.beat("lesson"):
            self.play(
                *(split.turn(counter, seconds=0.8, shown=0.0) for counter in counters),
                *(
                    one.valley.camera_to(one.valley.stretch(min(3, one.valley.land.depth), 4.4), run_time=2.8)
                    for one in self.figures
                ),
            )
            self.play(*(split.turn(one, seconds=1.2, lit=1.0) for one in self.norms))

    # words

    def value(self, journey: Journey, skip: int) -> str:
        """What arrives at the input, for every 1 that set out."""
        return self.agreed(journey).signal(float(journey.log10[skip, 0]))

    def agreed(self, journey: Journey) -> Agreed:
        """How its signals are written: to the digits that its seeds agree on."""
        return agreed(self.numbers, journey.record)

    def told(self, journey: Journey, skip: int) -> dict[str, Any]:
        share = float(np.mean(journey.share[journey.bridged]))
        fields = {
            "value": self.value(journey, skip),
            "share": self.numbers.percents(share, 1),
            "source": self.narration.text(f"source.{journey.source}"),
        }
        unheard = self.narration.clause("unheard", Side(journey.record, skip), dtype=journey.dtype, **fields)
        return fields | {"unheard": unheard}
