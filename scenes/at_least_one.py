"""AtLeastOne: is a gradient that comes back over a shortcut always at least as large as it was?

The lecture note says "with a magnitude of at least 1". The claim is put to the test: on one number, where the branch
can cancel the shortcut; on a measured block, direction by direction; and on gradients in random directions. What
remains is one sentence to keep.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from manim import Animation, rate_functions
from numpy.typing import NDArray

from scenes.figures.gains.ellipse import Ellipse
from scenes.figures.gains.gate import Cloud, Gate
from scenes.figures.gains.hall import GainHall
from scenes.figures.gains.swarm import paired, percent
from scenes.figures.valley.window import Indoors, Window
from scenes.kit.claims import sums
from scenes.kit.claims.chapters import AT_LEAST_ONE
from scenes.kit.claims.signals import activated, scale_of
from scenes.kit.claims.sums import share_below
from scenes.kit.drawing.camera import View
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import layers
from sim.records.record import RESIDUAL

START = 0.75  # the weight at which the one-number block is first shown
DOTS = {"singular": 1280, "random": 500}  # at most; gains of random directions crowd, singular values do not
linear = rate_functions.linear


class AtLeastOne(Filmed):
    """Storyboard chapter 10. Reads [gains]; the block in the middle of the network stands for all in the clouds."""

    lacks = "it needs the singular values of each block, which only the simulator computes"
    claims = AT_LEAST_ONE
    poster: ClassVar[str] = "total"
    drifts = 0.02

    def setup(self) -> None:
        self.net = self.parameters("gains")
        (self.record,) = self.records("gains", [self.net])
        self.facts = self.record
        self.block = sums.middle(self.record)
        self.branch, self.total = sums.branch_values(self.record), sums.total_values(self.record)
        self.exact = sums.exact(self.record)
        self.norm = largest(self.branch)
        self.bound = 1 - self.norm
        self.lay_out()

    def construct(self) -> None:
        hall, valley = self.hall, self.valley
        valley.shot = self.outside
        valley.night.dusk, valley.halls.lit = 1.0, 0.6
        hall.room.shot = lambda: hall.view("crossing")
        self.enter(valley)
        with self.beat("claim"):
            self.play(self.camera_to(self.window.view(), run_time=3.2), *self.show(hall.crossing.texts[:3], 3.2))
            self.go_in()
        self.one_number()
        if hall.gate is not None:
            self.one_block(hall.gate)
            self.random_directions(hall.gate)
        else:
            with self.beat("overflow", block=self.block + 1):
                pass
        self.sentence()

    def outside(self) -> View:
        """The block in the valley."""
        up = 0.42 if self.window.y < 0 else 0.8  # the hall is below the deck, or above it
        return View(self.window.x + 1.5, up * self.window.y, self.valley.breadth(21.0))

    def go_in(self) -> None:
        """From where nothing but the room is to be seen, it is the world."""
        room = self.hall.room
        room.host, room.time = room, self.now
        self.mobjects[self.mobjects.index(self.valley)] = room
        self.world = room

    def turn(self, part: object, seconds: float, **targets: Any) -> Animation:
        return self.hall.room.turn(part, seconds=seconds, **targets)

    def look(self, place: str, seconds: float, times: float = 1.0, up: float = 0.0) -> Animation:
        """The camera goes to a place of the hall."""
        return self.camera_to(self.hall.view(place, times, up), run_time=seconds)

    def show(self, parts: Any, seconds: float = 0.7, shown: float = 1.0) -> list[Animation]:
        return [self.turn(part, seconds, shown=shown) for part in parts]

    def one_number(self) -> None:
        """x + wx: the branch can take away just what the shortcut adds."""
        crossing = self.hall.crossing
        with self.beat("scalar"):
            self.play(*self.show(crossing.texts[3:], 0.6), self.look("crossing", 2.4, 0.95))
            self.play(self.turn(crossing, 1.8, weight=START))
        worst = int(np.argmin(self.record.scalar_gain))
        w, least = float(self.record.scalar_w[worst]), float(self.record.scalar_gain[worst])
        with self.beat("cancel", w=self.numbers.decimal(w, 0), least=self.numbers.small(least)):
            self.play(self.turn(crossing, 3.4, weight=w), self.look("crossing", 3.4, 1.0))

    def one_block(self, gate: Gate) -> None:
        """The singular values of a block's branch, and of the branch with its shortcut."""
        swarm = gate.swarms["singular"]
        with self.beat("branch"):
            swarm.shown = 1.0
            self.play(
                self.look("gate", 2.0),
                *self.show(self.hall.crossing.texts, 1.0, 0.0),
                *self.show((gate.heading, gate.scope, gate.axis), 2.0),
                self.turn(swarm, 3.6, flown=1.0).set_rate_func(linear),
            )
            self.play(*self.show(gate.below, 0.5))
        least = self.numbers.small(float(np.nanmin(self.total)))
        with self.beat("total", share=self.below(self.total), least=least):
            self.play(
                self.turn(swarm, 2.0, slid=0.6).set_rate_func(linear),
                self.turn(gate.scope, 0.6, shown=0.0),
                self.camera_to(self.hall.at_bar(gate), run_time=2.0),
            )
            self.play(self.turn(swarm, 1.9, slid=1.0).set_rate_func(linear), self.look("gate", 1.9, 0.9))
        if self.hall.ellipse is not None:
            self.circle(self.hall.ellipse, gate)
        with self.beat("bound", **self.measured_bound()):
            self.play(self.look("gate", 1.6))
            if gate.can_lay_off:
                self.play(self.turn(gate, 2.8, laid=1.0).set_rate_func(linear))
            self.play(self.turn(gate.bound, 0.4, shown=1.0), self.look("gate", 1.6, 0.95))

    def circle(self, ellipse: Ellipse, gate: Gate) -> None:
        """All directions between the one that is stretched least and the one that is stretched most."""
        said = dict(zip(("most", "least"), map(self.numbers.small, sums.worst(self.record)), strict=True))
        with self.beat("ellipse", **said):
            self.play(self.look("ellipse", 1.8), self.turn(ellipse, 1.6, drawn=1.0))
            self.play(
                self.turn(ellipse, 2.2, turned=1.0), *self.show(ellipse.numbers, 2.2), self.look("ellipse", 2.2, 0.93)
            )
        ellipse_gone = [*self.show(ellipse.numbers, 0.8, 0.0)]
        self.play(self.look("gate", 1.4), *ellipse_gone, self.turn(gate.scope, 1.4, shown=1.0))

    def random_directions(self, gate: Gate) -> None:
        """What is typical: gradients in random directions, through every block."""
        old, new = gate.swarms["singular"], gate.swarms["random"]
        said = dict(zip(("alone", "share"), map(self.below, self.record.random_gain), strict=True))
        with self.beat("typical", **said):
            self.play(
                self.turn(old, 0.5, shown=0.0), self.turn(gate.bound, 0.5, shown=0.0), self.turn(gate, 0.5, laid=0.0)
            )
            gate.active, new.shown = new, 1.0
            self.play(self.turn(new, 2.2, flown=1.0).set_rate_func(linear), self.turn(gate.scope, 0.6, shown=1.0))
            self.play(self.turn(new, 2.4, slid=1.0).set_rate_func(linear), self.look("gate", 2.4, 0.92))

    def sentence(self) -> None:
        """What is true whatever was measured."""
        hall, gate = self.hall, self.hall.gate
        act = self.narration.text(f"network.{self.net.activation}") if activated(self.record) else ""
        leaving = (gate.heading, gate.scope, gate.axis, *gate.below, gate.bound) if gate is not None else ()
        with self.beat("keep", act=act):
            self.play(
                self.look("crossing", 1.8),
                self.turn(hall.crossing, 1.8, weight=START),
                *self.show(leaving, 0.8, 0.0),
                *self.show(hall.crossing.texts[3:], 0.8, 0.0),
            )
            self.play(*self.show(hall.kept[:1]), *self.show(hall.crossing.texts[:2]))
            self.play(*self.show(hall.kept[1:]), self.look("crossing", 2.4, 0.97))

    # words

    def below(self, values: NDArray[np.float64]) -> str:
        """The share of values [seed, …] below 1 in percent, to the digits that seeds agree on."""
        return percent(share_below(values), self.numbers, sums.digits_below(values))

    def scope(self, what: str, drawn: int) -> str:
        """What a cloud is made of."""
        values = self.total if what == "singular" else self.record.random_gain[RESIDUAL]
        count = int(np.isfinite(values).sum())
        key = what if self.exact or what == "random" else "estimate"
        words = self.narration.text(f"scope.{key}", block=self.block + 1, depth=self.net.depth, count=count)
        if drawn < count and key != "estimate":
            words += self.narration.text("scope.thinned", drawn=drawn)
        return words

    def written_bound(self) -> dict[str, str]:
        """‖βJ_F‖ and 1 − ‖βJ_F‖, in as many decimals that the one is seen to be 1 minus the other."""
        digits = 2 if self.norm < 100 else 0
        return {"norm": self.numbers.decimal(self.norm, digits), "bound": self.numbers.decimal(self.bound, digits)}

    def measured_bound(self) -> dict[str, object]:
        """In how many cases, of all blocks and examples, the shortcut outweighs the branch; what is left at least."""
        norms = sums.norms(self.record)
        return {"cases": norms.size, "held": int((norms < 1).sum()), "least": self.numbers.small(1 - norms.max())}

    def cloud(self, what: str) -> Cloud:
        """The values of one gate, alone and with the shortcut, and what is said of them."""
        singular = what == "singular"
        one, other = (self.branch, self.total) if singular else self.record.random_gain
        shares, digits = (share_below(one), share_below(other)), (sums.digits_below(one), sums.digits_below(other))
        if singular and not self.exact:
            values = np.stack([part.reshape(-1, 2) for part in (one, other)])
            values, shares = values[:, np.isfinite(values).all(axis=(0, 2))], (float("nan"),) * 2
        else:
            values = paired(one, other, DOTS[what])
        names = tuple(self.narration.text(key) for key in ("branch_alone", "with_shortcut"))
        headings = (
            tuple(f"{name}: {form}" for name, form in zip(names, self.forms(), strict=True)) if singular else names
        )
        return Cloud(values, (headings[0], headings[1]), self.scope(what, values[0].size), shares, digits)

    def forms(self) -> tuple[str, str]:
        """How the derivative of a block is written, alone and with the shortcut."""
        beta = scale_of(self.record)
        size = "" if abs(beta) == 1 else f"{self.numbers.significant(abs(beta))}·"
        return f"{'−' if beta < 0 else ''}{size}J", f"I {'−' if beta < 0 else '+'} {size}J"

    # geometry

    def lay_out(self) -> None:
        text, record = self.narration.text, self.record
        keys = ("at_least", "shortcut", "branch", "axis", "keep_copy", "keep_sum")
        words = {key: text(key) for key in keys} | {"below": text("below", share="{share}")}
        clouds: dict[str, Cloud] = {}
        if np.isfinite(self.norm):
            clouds = {what: self.cloud(what) for what in DOTS}
            words["guarantee"] = text("guarantee" if self.bound > 0 else "no_guarantee", **self.written_bound())
        axes = sums.worst(record) if clouds and self.exact else None
        scalar = record.scalar_w, record.scalar_gain
        self.hall = GainHall(self.stage, self.theme, self.numbers, words, scalar, clouds, self.norm, axes)
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        self.valley = valley = Indoors(self.theme, self.stage, self.net.depth, names)
        valley.deck.built = 1.0
        self.window = valley.window = Window(valley, self.block + 1, self.hall.room, self.theme.skip)


def largest(values: np.ndarray) -> float:
    """The largest of values that all are numbers; NaN if one is not, or if there are none."""
    return float(values.max()) if values.size and np.isfinite(values).all() else float("nan")
