"""Summary: the pictures of the film once more in one move, two sentences, and where every number came from."""

from __future__ import annotations

import hashlib
import math
from importlib.metadata import version
from typing import ClassVar

import numpy as np
from manim import FadeIn, rate_functions

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.credits import credits_card
from scenes.figures.valley.kindled import Kindled
from scenes.figures.valley.window import Indoors, Window
from scenes.figures.walls.lamp import LampHall
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import SUMMARY
from scenes.kit.claims.signals import activated, scaled
from scenes.kit.drawing.camera import View
from scenes.kit.reading.lesson import lesson_of
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import beta_of, describe, layers
from sim import store
from sim.records.record import RESIDUAL
from sim.sections.network import Network

DIGITS = 12  # of a digest
NAMED, LONGEST = 4, 44  # changed parameters that are named, and characters of each
WIDEST = 150.0  # world units of the valley on the last picture, in the wide format
linear = rate_functions.linear


def slow_first(share: float) -> float:
    """How far training has come: nearly all is learned in the first steps, which one wants to see."""
    return float(share**4)


class Summary(Filmed):
    """Storyboard chapter 11. Reads [identity] and [highway], and the tables of all other chapters for the credits."""

    lacks = "it draws again what other chapters found, a block that learned among it"
    claims = SUMMARY
    poster: ClassVar[str] = "routes"
    drifts = 0.02

    def setup(self) -> None:
        self.net = self.parameters("highway")
        (self.identity,) = self.records("identity", [self.parameters("identity")])
        (self.profile,) = self.records("profile", [self.net.only(Network)])
        self.facts = self.identity, self.profile
        self.off = trained.effort(self.identity, RESIDUAL) == "off"
        text = self.narration.text
        words = {"x": text("x"), "branch": text("branch"), "total": text("total")}
        words["end"] = self.end()
        self.hall = LampHall(self.stage, self.theme, self.numbers, lesson_of(self.identity), words, self.off)
        names = [[text("layer", number=i + 1), *step] for i, step in enumerate(layers(self.net, self.narration)[0])]
        valley = Indoors(self.theme, self.stage, self.net.depth, names)
        share = np.clip(np.nan_to_num(self.profile.skip_share.mean(axis=0), nan=1.0), 0, 1)
        log10 = self.profile.mean_log10_relative()[RESIDUAL]
        self.figure = BridgedFigure(
            self.stage,
            self.theme,
            names,
            self.numbers,
            log10,
            share,
            [0, self.net.depth],
            {"likeness": ""},
            valley=valley,
        )
        self.ones = Kindled(valley, (0.0, 0.0), frozenset())
        self.ones.shown = 1.0
        valley.night.dusk = valley.deck.built = 1.0
        self.figure.high.front = self.figure.low.front = -1.0
        self.block = min(range(1, self.net.depth + 1), key=self.remote)
        self.valley, self.window = valley, Window(valley, self.block, self.hall.room, "#000000")
        valley.window = self.window

    def remote(self, block: int) -> tuple[bool, float]:
        """How unfit a block is to begin in: its hall should be nearer to us than the deck, in the middle of the
        road."""
        return block % 2 == 1, abs(block - 0.55 * self.net.depth)

    def construct(self) -> None:
        """One move: from the wall of F out of its hall, up to the lit deck, and higher."""
        hall, valley, ones = self.hall, self.valley, self.ones
        valley.shot = self.window.view
        hall.room.shot = lambda: hall.near(hall.f.x, hall.f.y - 0.05, 9.6)
        self.enter(valley)
        with self.beat("zero"):
            gone = [valley.turn(part, seconds=2.6, shown=0.0) for part in hall.around]
            learn = valley.turn(hall, seconds=3.0, step=float(hall.lesson.steps)).set_rate_func(slow_first)
            self.play(learn, hall.room.camera_to(hall.lamp(), run_time=3.0), *gone)
            self.play(
                valley.turn(hall.end, seconds=0.6, shown=1.0),
                valley.turn(hall.room, seconds=0.7, lit=0.04 if self.off else 0.4),
            )
        with self.beat("routes") as beat:
            self.play(self.camera_to(self.deck(), run_time=4.2, rate_func=rate_functions.ease_in_out_sine))
            beat.cue(1)
            self.play(
                valley.turn(ones, seconds=3.6, flown=1.0).set_rate_func(linear),
                valley.turn(self.figure.high, seconds=3.6, shown=0.45),
                self.camera_to(self.poster_view(), run_time=4.4, rate_func=rate_functions.ease_in_out_sine),
            )
        with self.beat("credits"):
            card = credits_card(self.narration.text("credits.title"), self.credits(), self.stage, self.theme)
            self.play(
                FadeIn(card, run_time=0.8),
                valley.turn(ones, seconds=0.8, shown=0.0),
                self.camera_to(self.nearer(), run_time=3.0),
            )

    def deck(self) -> View:
        """The motorway over a few halls, that of the window among them."""
        valley = self.valley
        wide = valley.breadth(26.0)
        return View(float(valley.land.halls[self.block - 1]) + 1.5, 0.3 - 0.03 * wide * valley.tall, wide)

    def poster_view(self) -> View:
        """The valley at night: all of it, or as much as one can make out."""
        valley, whole = self.valley, self.valley.wide(0.04)
        wide = min(whole.width, valley.breadth(WIDEST))
        x = min(
            max(float(valley.land.halls[self.block - 1]), wide / 2 - 9),
            max(wide / 2 - 9, valley.land.end + 9 - wide / 2),
        )
        return View(whole.x if wide == whole.width else x, whole.y * wide / whole.width, wide)

    # words

    def end(self) -> str:
        """What is said of F when training is over: how large it is beside x; only its name, where that is lost."""
        ratio = float(trained.median(self.identity.branch_ratio[RESIDUAL, :, -1])[-1])
        if self.off or not math.isfinite(ratio):
            return self.narration.text("zero" if self.off else "branch")
        return self.narration.text("rest", ratio=self.numbers.significant(100 * ratio))

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
            self.deciding(),
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

    def deciding(self) -> str:
        """What decides how the gradient fares: how a block adds, its order and norm, and how weights were drawn."""
        text, net = self.narration.text, self.net
        beta, plain = beta_of(self.profile, self.numbers), not scaled(self.profile)
        total = "x + F(x)" if plain else f"x + ({beta}) F(x)" if beta.startswith("−") else f"x + {beta} F(x)"
        after = layers(net, self.narration)[1]
        formula = text("total_post", activation=after, total=total) if activated(self.profile) else total
        return " · ".join(
            [
                f"H = {formula}",
                text("credits.beta", beta=beta),
                text("credits.order", order=net.order),
                text("credits.norm" if net.norm == "batch" else "credits.bare"),
                text("credits.gain", scale=self.numbers.signal(math.log10(net.gain_value))),
                self.narration.clause("biases", self.profile),
            ]
        )
