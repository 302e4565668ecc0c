"""What may be said of shortcuts that are no copies: predicates on profiles of one network with several of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scenes.kit.claims.family import Family, family
from scenes.kit.claims.signals import BOUNDS, HEARD, activated, fate, fates, scale_of
from sim.records.record import RESIDUAL

EXACT = 1e-9  # of log10, within which a signal is what set out


class Skips(NamedTuple):
    """Profiles of one network whose shortcuts multiply by less than 1, by 1 and by more, and without its branches (β =
    0) likewise; and with a gate, and a projection, on each."""

    less: Any
    one: Any
    more: Any
    alone_less: Any
    alone_one: Any
    alone_more: Any
    gate: Any
    projection: Any


def arriving(record: Any) -> float:
    """log10 of what arrives at the input, of every 1 that set out."""
    return float(record.mean_log10_relative()[RESIDUAL, 0])


def alone(record: Any) -> str:
    """What is left where shortcuts are alone: a power of λ; or an activation after the sums has its part in it."""
    if fate(record, RESIDUAL) not in HEARD:
        return "unheard"
    return "mixed" if activated(record) else "power"


def kept(skips: Skips) -> bool:
    """Whether shortcuts alone hand on exactly what they get, if they multiply by 1."""
    return abs(arriving(skips.alone_one)) < EXACT


def heard(skips: Skips) -> str:
    """Whether there are numbers of all three with their branches, and whether these add anything."""
    if not all(fate(one, RESIDUAL) in HEARD for one in skips[:3]):
        return "unheard"
    return "heard" if scale_of(skips.one) else "dead"


def tidier(skips: Skips) -> bool:
    """Whether λ below 1 looks better than 1, as what arrives is nearer to what set out, though the copy itself is
    half gone at least: then it is the branches that bring it."""
    if heard(skips) != "heard" or alone(skips.alone_less) != "power":
        return False
    return abs(arriving(skips.less)) < abs(arriving(skips.one)) and arriving(skips.alone_less) < BOUNDS["fades"]


def agree(skips: Skips) -> bool:
    """Whether the copy does best here as well: of the three, what arrives is nearest to what set out."""
    if any(fate(one, RESIDUAL) not in HEARD for one in (skips.one, skips.gate, skips.projection)):
        return False
    return abs(arriving(skips.one)) < min(abs(arriving(skips.gate)), abs(arriving(skips.projection)))


WHY_ONE: Mapping[str, Family] = {
    "less": family(("power", "mixed", "unheard"), lambda skips: alone(skips.alone_less)),
    "more": {**family(("power", "mixed", "unheard"), lambda skips: alone(skips.alone_more)), "kept": kept},
    "live": {**family(("heard", "dead", "unheard"), heard), "tidier": tidier},
    "gate": fates(RESIDUAL, lambda skips: skips.gate),
    "projection": fates(RESIDUAL, lambda skips: skips.projection),
    "theirs": {"agree": agree},
}
