"""Summary: the three pictures of the film once more, two sentences, and where every number came from."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

import numpy as np
from manim import FadeIn, rate_functions

from scenes.figures.summary.triptych import Triptych
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import SUMMARY
from scenes.kit.claims.signals import activated, form
from scenes.kit.reading.lesson import lesson_of
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.network import describe
from sim import store
from sim.sections.network import Network

STRETCHES = 5  # of the road, in the middle picture
DIGITS = 12  # of a digest
NAMED, LONGEST = 4, 44  # changed parameters that are named, and characters of each


class Summary(Lecture):
    """Storyboard chapter 11. Reads [identity] and [highway], and the tables of all other chapters for the credits."""

    lacks = "it draws again what other chapters found, a block that learned among it"
    claims = SUMMARY

    def setup(self) -> None:
        self.net = self.parameters("highway")
        (self.identity,) = self.records("identity", [self.parameters("identity")])
        (self.profile,) = self.records("profile", [self.net.only(Network)])
        self.facts = self.identity, self.profile
        self.lesson = lesson_of(self.identity)
        _, states = sampled(self.net.depth, STRETCHES)
        blocks = np.array(states[1:]) - 1
        silent = trained.effort(self.identity, 1) == "off"
        self.figure = Triptych(
            self.stage,
            self.theme,
            {key: self.narration.text(key) for key in ("title", "overpass", "one", "x", "branch", "total")}
            | self.joined()
            | {"zero": self.narration.text("zero" if silent else "branch")},
            (self.lesson.image, self.lesson.branch[1, -1], self.lesson.output[1, -1]),
            self.profile.mean_log10_relative()[1, states],
            self.profile.skip_share.mean(axis=0)[blocks],
            self.net.layers_per_block,
            self.credits(),
            form(self.profile),
        )

    def construct(self) -> None:
        figure = self.figure
        with self.beat("zero"):
            self.play(FadeIn(figure.title), run_time=0.6)
            self.play(figure.show_zero(), run_time=1.4)
        with self.beat("routes"):
            self.play(FadeIn(figure.road, figure.names[1]), run_time=0.6)
            self.play(figure.send_back(), run_time=2.4, rate_func=rate_functions.linear)
            self.play(FadeIn(figure.equation, figure.names[2]), run_time=0.8)
        with self.beat("credits"):
            self.play(FadeIn(figure.credits), run_time=0.8)
            self.wait(7.4)

    def joined(self) -> dict[str, str]:
        """What leaves the block that learned: x + F(x), and what an order does with the sum."""
        text = self.narration.text
        if not activated(self.identity):
            return {}
        return {"total": text("total_post", activation=text("network.relu"), total=text("total"))}

    def settings(self) -> str:
        """Which parameters are not the defaults: the first few by name, the others by their number."""
        changed, text = self.changed_parameters(), self.narration.text
        if not changed:
            return text("credits.defaults")
        named = [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in changed[:NAMED]]
        more = [text("credits.more", count=len(changed) - NAMED)] if len(changed) > NAMED else []
        return " · ".join([text("credits.changed"), *named, *more])

    def credits(self) -> list[str]:
        """What was measured, on what, with what: lines of small type."""
        text, record = self.narration.text, self.profile
        digests = hashlib.sha256("".join(store.digest(one) for one in (self.identity, record)).encode()).hexdigest()
        seeds = text("credits.seeds", first=self.net.seed, last=self.net.seed + self.net.seeds - 1)
        if self.net.seeds == 1:
            seeds = text("credits.seed", first=self.net.seed)
        return [
            describe(self.net, self.narration),
            " · ".join([seeds, text("credits.data", digest=record.data_digest[:DIGITS])]),
            text("credits.records", digest=digests[:DIGITS])
            + " · "
            + text(
                "credits.versions",
                torch=record.versions["torch"].split("+")[0],
                numpy=record.versions["numpy"],
                manim=version("manim"),
                atajos=version("atajos"),
            ),
            self.settings(),
            text("credits.papers"),
            text("credits.licences"),
        ]
