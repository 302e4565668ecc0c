"""AtLeastOne: is a gradient that comes back over a shortcut always at least as large as it was?

The lecture note says "with a magnitude of at least 1". The claim is put to the test: on one number, where the branch
can cancel the shortcut; on a measured block, direction by direction; and on gradients in random directions. What
remains is one sentence to keep.
"""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, VGroup, rate_functions

from scenes.figures.gains.clouds import Cloud, GainFigure
from scenes.figures.gains.keepsake import BackwardBlock
from scenes.figures.gains.scalar import ScalarFigure
from scenes.figures.gains.swarm import percent
from scenes.kit.claims import sums
from scenes.kit.claims.chapters import AT_LEAST_ONE
from scenes.kit.claims.signals import activated, scaled
from scenes.kit.claims.sums import share_below
from scenes.kit.drawing.page import Masthead
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import describe
from sim.records.record import PLAIN, RESIDUAL

START = 0.75  # the weight at which the one-number block is first shown
DOTS = {"singular": 1300, "random": 500}  # at most; gains of random directions crowd, singular values do not


class AtLeastOne(Lecture):
    """Storyboard chapter 10. Reads [gains]; the block in the middle of the network stands for all in the clouds."""

    lacks = "it needs the singular values of each block, which only the simulator computes"
    claims = AT_LEAST_ONE

    def setup(self) -> None:
        self.net = self.parameters("gains")
        (self.record,) = self.records("gains", [self.net])
        self.facts = self.record
        self.block = sums.middle(self.record)
        self.beta = abs(self.net.branch_scale_value)
        self.branch, self.total = sums.branch_values(self.record), sums.total_values(self.record)
        self.exact = sums.exact(self.record)
        self.norm = largest(self.branch)
        self.bound = 1 - self.norm
        self.lay_out()

    def construct(self) -> None:
        self.one_number()
        self.play(FadeOut(self.scalar.still, self.scalar.moving, self.scalar.names), run_time=0.5)
        if np.isfinite(self.norm):
            self.one_block()
            self.random_directions()
            self.play(FadeOut(*self.clouds.strips["random"], self.clouds.still), run_time=0.5)
        else:
            with self.beat("overflow", block=self.block + 1):
                pass
        self.sentence()

    def one_number(self) -> None:
        """x + wx: the branch can take away just what the shortcut adds."""
        scalar = self.scalar
        with self.beat("claim"):
            self.play(FadeIn(self.head, scalar.still), run_time=1.0)
            self.behind(self.head, scalar.still)
        with self.beat("scalar"):
            self.play(FadeIn(scalar.names), run_time=0.6)
            self.behind(scalar.names)
            self.add(scalar.moving)
            scalar.weight = START
            self.play(scalar.draw_curve(), run_time=2.0)
        worst = int(np.argmin(self.record.scalar_gain))
        w, least = float(self.record.scalar_w[worst]), float(self.record.scalar_gain[worst])
        with self.beat("cancel", w=self.numbers.decimal(w, 0), least=self.numbers.small(least)):
            self.play(scalar.slide(w), run_time=3.0)

    def one_block(self) -> None:
        """The singular values of a block's branch, and of the branch with its shortcut."""
        figure = self.clouds
        branch, total = figure.strips["singular"]
        with self.beat("branch"):
            self.head.say(self.scope("singular"))
            self.play(FadeIn(figure.still, branch.unit, branch.heading), run_time=0.6)
            self.add(branch)
            self.play(branch.open(), run_time=1.6)
            self.behind(figure.still, branch)
        share = share_below(self.total)
        least = self.numbers.small(float(np.nanmin(self.total)))
        with self.beat("total", share=percent(share, self.numbers), least=least):
            self.play(FadeIn(total.unit, total.heading), run_time=0.6)
            self.add(total)
            self.play(total.open(), run_time=1.6)
            self.behind(total)
        with self.beat("bound", **self.measured_bound()):
            if figure.can_lay_off:
                self.play(figure.guarantee(), run_time=2.8, rate_func=rate_functions.linear)
            self.play(FadeIn(figure.label), run_time=0.3)

    def random_directions(self) -> None:
        """What is typical: gradients in random directions, through every block."""
        figure = self.clouds
        old = VGroup(*figure.strips["singular"], figure.bar, figure.ends, figure.forbidden, figure.label)
        below = [share_below(self.record.random_gain[skip]) for skip in (PLAIN, RESIDUAL)]
        said = {name: percent(share, self.numbers) for name, share in zip(("alone", "share"), below, strict=True)}
        with self.beat("typical", **said):
            self.play(FadeOut(old), run_time=0.5)
            self.head.say(self.scope("random"))
            strips = figure.strips["random"]
            self.play(FadeIn(*(part for strip in strips for part in (strip.unit, strip.heading))), run_time=0.5)
            self.add(*strips)
            self.play(*(strip.open() for strip in strips), run_time=1.6)
            self.behind(*strips)

    def sentence(self) -> None:
        """What is true whatever was measured."""
        act = self.narration.text(f"network.{self.net.activation}") if activated(self.record) else ""
        with self.beat("keep", act=act):
            self.head.say("")
            self.play(FadeIn(self.card[0], self.card[1]), run_time=0.8)
            self.play(FadeIn(self.card[2]), run_time=0.8)

    # words

    def scope(self, what: str) -> str:
        """What the clouds are made of, in small type."""
        values = self.total if what == "singular" else self.record.random_gain[RESIDUAL]
        count = int(np.isfinite(values).sum())
        line = describe(self.net, self.narration, seeds="all_seeds")
        key = what if self.exact or what == "random" else "estimate"
        words = self.narration.text(f"scope.{key}", block=self.block + 1, depth=self.net.depth, count=count)
        drawn = self.cloud(what, RESIDUAL).drawn
        if drawn < count and key != "estimate":
            words += self.narration.text("scope.thinned", drawn=drawn)
        return f"{line} · {words}"

    def written_bound(self) -> dict[str, str]:
        """‖βJ_F‖ and 1 − ‖βJ_F‖, in as many decimals that the one is seen to be 1 minus the other."""
        digits = 2 if self.norm < 100 else 0
        return {"norm": self.numbers.decimal(self.norm, digits), "bound": self.numbers.decimal(self.bound, digits)}

    def measured_bound(self) -> dict[str, object]:
        """In how many cases, of all blocks and examples, the shortcut outweighs the branch; what is left at least."""
        norms = sums.norms(self.record)
        return {"cases": norms.size, "held": int((norms < 1).sum()), "least": self.numbers.small(1 - norms.max())}

    def cloud(self, what: str, skip: int) -> Cloud:
        """The values of one strip, and what is said of them."""
        text = self.narration.text
        singular = what == "singular"
        values = (self.branch, self.total)[skip] if singular else self.record.random_gain[skip]
        extremes = singular and not self.exact
        beta = "" if self.beta == 1 else "beta "
        source = (f"{beta}J_F", f"I + {beta}J_F")[skip] if singular else ""
        role = "skip" if skip else "branch" if singular else "danger"
        share = percent(share_below(values), self.numbers)
        return Cloud(
            values.reshape(-1, 2) if extremes else values.ravel(),
            extremes,
            role,
            source,
            text("with_shortcut" if skip else "branch_alone"),
            "" if extremes else text("below", share=share),
            DOTS[what],
        )

    # geometry

    def lay_out(self) -> None:
        stage, theme, text = self.stage, self.theme, self.narration.text
        self.head = Masthead(text("title"), text("scalar_line"), stage, theme)
        words = {key: text(key) for key in ("at_least", "shortcut", "branch", "total")}
        record = self.record
        self.scalar = ScalarFigure(stage, theme, words, self.numbers, record.scalar_w, record.scalar_gain)
        if np.isfinite(self.norm):
            pairs = {what: (self.cloud(what, PLAIN), self.cloud(what, RESIDUAL)) for what in ("singular", "random")}
            key = "guarantee" if self.bound > 0 else "no_guarantee"
            words = {"axis": text("axis"), "guarantee": text(key, **self.written_bound())}
            self.clouds = GainFigure(stage, theme, words, self.numbers, pairs, self.norm, self.bound)
        self.card = self.lay_card()

    def lay_card(self) -> VGroup:
        """The sentence in two halves, with the picture that it belongs to between them."""
        stage, theme = self.stage, self.theme
        middle, width = (stage.top - 1.1 + stage.caption_top) / 2, stage.right - stage.left
        stretch = stage.stretch
        halves = [
            squeezed(Label(self.narration.text(key), theme, "title", role, "bold"), width)
            for key, role in (("keep_copy", "skip"), ("keep_sum", "gradient"))
        ]
        for label, y in zip(halves, (1.75, -1.95), strict=True):
            label.move_to([0, 0, 0]).on_line(middle + y * stretch)
        return VGroup(
            halves[0], BackwardBlock((0, middle - 0.45), min(width, 8.0), theme, scaled(self.record)), halves[1]
        )


def largest(values: np.ndarray) -> float:
    """The largest of values that all are numbers; NaN if one is not, or if there are none."""
    return float(values.max()) if values.size and np.isfinite(values).all() else float("nan")
