"""Which claims choose the sentences of which beat, chapter by chapter; and what is said of whatever was measured.

A beat's table in ``assets/narration`` has an entry for each claim of its family, and so has a table of clauses. Where a
beat's words stand in a list, ``when`` names a claim, of its family or not. What has no claim is listed in PLAIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scenes.kit.claims import lesions, roads, signals, skips, sums, trained
from scenes.kit.claims.family import Family, either, family, of
from scenes.kit.claims.lasting import AFTER_TRAINING
from scenes.kit.claims.signals import activated, fate, fates
from scenes.kit.claims.starting import GOOD_START
from sim.records.record import PLAIN, RESIDUAL

Beats = Mapping[str, Family]


class Side(NamedTuple):
    """One of the two networks of a record: what a clause is about."""

    record: Any
    skip: int


class Stop(NamedTuple):
    """A stop of a dial: its profile, and where they matter that of the stop before and those of all depths."""

    record: Any
    before: Any = None
    depths: tuple[Any, ...] = ()


class Stacks(NamedTuple):
    """Two networks that differ in where their norms stand: before the branches, and behind the sums."""

    pre: Any
    post: Any


# Tables of clauses, which stand inside sentences of more than one beat: what they are about is a Side.
TABLES: Beats = {
    "became": family((*signals.HEARD, *signals.UNHEARD), lambda side: fate(*side)),
    "said": family((*signals.HEARD, *signals.UNHEARD), lambda side: fate(*side)),
    "unheard": family(signals.UNHEARD, lambda side: fate(*side)),
    "shown_as": {"stretched": roads.stretched},
    "biases": either(signals.biased, "with", "without"),
    "learned": family(
        ("diverged", "never", "instantly", "exactly", "slowly", "well"), lambda side: trained.learned(*side)
    ),
}

DEGRADATION: Beats = {
    "depth": family(("lost", "shallow", "only", "more", "alike"), trained.depth),
    "kept": family(("lost", "exactly", "roughly"), trained.kept),
    "idle": either(trained.idle, "exactly", "roughly"),
    "gap": family(("nothing", "lost", "open", "closed", "short", "match"), trained.gap),
    "residual": family(("lost", "alone", "gone", "both"), trained.rescue),
    "lesson": family(("diverged", "alone", "unlearned", "open", "neither", "better", "slow", "stuck"), trained.moral),
}
PLAIN_BLOCK: Beats = {
    "wanted": either(trained.stacked, "stack", "one"),
    "start": family(("lost", "far", "near"), trained.start),
    "effort": family(("lost", "off", "small", "large"), lambda record: trained.effort(record, PLAIN)),
}
RESIDUAL_BLOCK: Beats = {
    "shortcut": {"stacked": trained.stacked},
    "sum": either(activated, "post", "bare"),
    "branch": family(("lost", "closed", "off", "small", "large"), trained.branch),
    "why": family(("lost", "off", "small", "large"), lambda record: trained.effort(record, RESIDUAL)),
    "compare": family(("start", "start_alone", "both", "neither", "residual", "plain"), trained.winner),
    "lesson": family(("open", "first", "won", "slow", "narrow", "unable", "missed"), trained.lesson),
}
PLAIN_ROAD: Beats = {
    "drive": {
        **either(roads.carries, "sim", "own"),
        **either(lambda facts: signals.usual(facts.profile), "usual", "unusual"),
        **family(("normed", "unscaled"), roads.norming),
    },
    "arrived": {
        **family(roads.ARRIVALS, lambda facts: roads.arrives(facts.cargo, facts.cargo, PLAIN)),
        **either(lambda facts: roads.mostly_read(facts.cargo, PLAIN), "read", "unread"),
    },
    "back": fates(PLAIN, lambda facts: facts.profile),
    "count": fates(PLAIN, lambda facts: facts.profile),
    "night": either(lambda facts: signals.from_loss(facts.profile), "loss", "random"),
    "first": {
        **fates(PLAIN, lambda facts: facts.profile, signals.fate_of_weights),
        "heard": lambda facts: signals.spared(facts.profile),
    },
    "strong": {
        **fates(PLAIN, lambda facts: facts.strong),
        **either(roads.opposite, "opposite", "likewise"),
        **either(roads.larger, "larger", "smaller"),
    },
    "lesson": either(lambda facts: facts.profile.gradient_signal.shape[-1] == 2, "one", "many"),
}
SHORTCUTS: Beats = {
    "raise": {
        "scaled": lambda facts: signals.scaled(facts.profile),
        **either(lambda facts: signals.bridged(facts.profile), "bridged", "gaps"),
    },
    "quiet": {
        **either(lambda facts: roads.keeps_its_cargo(facts.idle, RESIDUAL, roads.carrier(facts.cargo)), "idle", "busy"),
        **either(lambda facts: activated(facts.profile), "outer", "straight"),
    },
    "untouched": family(roads.ARRIVALS, lambda facts: roads.arrives(facts.idle, facts.cargo, RESIDUAL)),
    "sum": either(lambda facts: activated(facts.profile), "post", "bare"),
    "joined": family(roads.ARRIVALS, lambda facts: roads.arrives(facts.cargo, facts.cargo, RESIDUAL)),
    "fork": family(("unknown", "changed", "norm", "post", "copy"), lambda facts: signals.fork(facts.profile)),
    "arrives": fates(RESIDUAL, lambda facts: facts.profile),
    "lesson": {
        **either(lambda facts: signals.bridged(facts.profile), "bridged", "gaps"),
        "explodes": roads.explode_anyway,
    },
}
WATER_PIPES: Beats = {
    "plain": signals.pressures(PLAIN),
    "residual": signals.pressures(RESIDUAL),
    "bypass": either(signals.bridged, "all", "some"),
    "shares": family(("none", "whole", "opposed"), signals.sharing),
    "sum": either(lambda record: signals.copied(record) == "bare", "bare", "other"),
}
FORMS = family(("changed", "post_scaled", "post", "scaled", "bare"), signals.shown_form)
PLUS_ONE: Beats = {
    "sum": FORMS,
    "one": FORMS,
    "chain": FORMS,
    "plain": {**fates(PLAIN), "below_one": lambda record: signals.below_one(record, PLAIN)},
    "residual": {**fates(RESIDUAL), "close_to_one": lambda record: signals.close_to_one(record, RESIDUAL)},
    "share": family(("all", "most", "some", "none", "against", "over", "lost"), signals.division),
    "shortcuts": family(("some", "changed", "post_scaled", "post", "scaled", "bare"), signals.added_form),
    "route": either(activated, "after", "bare"),
    "total": family(("changed", "after", "bare"), signals.copied),
    "vectors": FORMS,
}
GRADIENT_FLOW: Beats = {
    "start": of(lambda stop: stop.record, either(signals.from_loss, "loss", "random")),
    "plain": of(lambda stop: stop.record, fates(PLAIN)),
    "skip": {
        **of(lambda stop: stop.record, either(signals.bridged, "all", "some")),
        "scaled": lambda stop: signals.scaled(stop.record),
    },
    "residual": of(lambda stop: stop.record, fates(RESIDUAL)),
    "gain": of(
        lambda stop: stop.record,
        {"spared": signals.spared, "softened": signals.softened, "harder": signals.harder},
    ),
    "branch": {
        "tamed": lambda stop: signals.tamed(stop.record, stop.before),
        **either(lambda stop: signals.too_large(stop.before), "large", "weighed"),
    },
    "norm": of(lambda stop: stop.record, {"softened": signals.softened, "wild": signals.wild}),
    "post": either(lambda stop: signals.falls_at_one_place(stop.depths), "stays", "moves"),
}
ROUTES: Beats = {
    "start": either(activated, "post", "bare"),
    "share": family(("zero", "overflow", "cancel", "short", "long", "alike"), sums.lean),
    "highway": family(("none", "negative", "little", "some", "much"), sums.highway),
    "lesson": family(("lost", "cancel", "short", "lean", "long", "alike"), sums.lesson),
}
AT_LEAST_ONE: Beats = {
    "branch": either(sums.exact, "exact", "estimate"),
    "total": family(("estimate", "none", "few", "many", "most", "all"), sums.below),
    "ellipse": family(("both", "grows", "shrinks", "same"), sums.ellipse),
    "bound": family(("holds", "some", "void"), sums.bound),
    "typical": family(("none", "few", "many", "most", "all"), sums.random_below),
    "keep": family(("usual", "often", "rare", "post"), sums.habit),
}
SUMMARY: Beats = {
    "zero": either(lambda facts: trained.easier(facts[0]), "easy", "enough"),
    "routes": {
        **either(lambda facts: activated(facts[1]), "post", "bare"),
        **either(lambda facts: trained.easier(facts[0]) and signals.eased(facts[1]), "eased", "apart"),
    },
}
TRANSFORMERS: Beats = {
    "pre": fates(RESIDUAL, lambda stacks: stacks.pre),
    "after": fates(RESIDUAL, lambda stacks: stacks.post),
    "plain": {"alive": lambda stacks: all(fate(one, PLAIN) in ("arrives", "grows") for one in stacks)},
}
CLAIMS: Mapping[str, Beats] = {
    "Degradation": DEGRADATION,
    "PlainBlock": PLAIN_BLOCK,
    "ResidualBlock": RESIDUAL_BLOCK,
    "PlainRoad": PLAIN_ROAD,
    "Shortcuts": SHORTCUTS,
    "WaterPipes": WATER_PIPES,
    "PlusOne": PLUS_ONE,
    "GradientFlow": GRADIENT_FLOW,
    "Routes": ROUTES,
    "AtLeastOne": AT_LEAST_ONE,
    "Summary": SUMMARY,
    "Transformers": TRANSFORMERS,
    "WhyOne": skips.WHY_ONE,
    "TakeOneOut": lesions.TAKE_ONE_OUT,
    "AfterTraining": AFTER_TRAINING,
    "GoodStart": GOOD_START,
}
